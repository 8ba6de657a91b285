"""Many callers at once from one process, and what they cost the server: `python -m selfsame.evaluator.crowd`.

Reads one JSON object from the command line (see `Crowd`) and prints one on standard output. A process of its own, so
that the callers' work does not stand in the server's or the report's way.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass

import anyio

from selfsame.errors import SelfsameError
from selfsame.evaluator.client import CallOptions, call
from selfsame.evaluator.questions import hum
from selfsame.evaluator.turns import ask
from selfsame.kit import tasks
from selfsame.kit.clock import SYSTEM


@dataclass(frozen=True, slots=True)
class Crowd:
    """`many` callers who talk for `seconds`, asking every `pause` seconds; they arrive `spacing` seconds apart."""

    url: str
    token: str
    many: int
    seconds: float
    seed: int = 0
    pause: float = 2.0
    spacing: float = 0.05
    speech: float = 1.5
    clone: str | None = None


@dataclass(slots=True)
class Outcome:
    """What the crowd met: turns without an answer and calls that failed, by count and reason.

    `turns` holds (ear ms, endpointing ms, speculated) of each answered turn; `late` the seconds by which the worst
    frame of each call left late.
    """

    turns: list[tuple[float, float, bool]]
    lost: int
    failed: int
    reasons: list[str]
    late: list[float]


async def run(crowd: Crowd) -> Outcome:
    """Let them all talk."""
    outcome = Outcome([], 0, 0, [], [])
    async with tasks.group() as group:
        for number in range(crowd.many):
            group.start_soon(_caller, crowd, number, outcome)
    return outcome


async def _caller(crowd: Crowd, number: int, outcome: Outcome) -> None:
    await SYSTEM.sleep(crowd.spacing * number)
    ends = SYSTEM.now() + crowd.seconds
    try:
        async with call(crowd.url, crowd.token, SYSTEM, CallOptions(clone=crowd.clone)) as one:
            await SYSTEM.sleep(0.3 + (number * 0.618) % 1.0 * crowd.pause)
            while SYSTEM.now() < ends:
                try:
                    turn = await ask(one, hum(crowd.speech), within=20.0)
                    outcome.turns.append((turn.ear_ms, turn.metrics.endpointing_ms, turn.metrics.speculated))
                except SelfsameError as error:
                    outcome.lost += 1
                    outcome.reasons.append(error.message)
                    break
                await SYSTEM.sleep(crowd.pause)
            outcome.late.append(one.latest_beat)
    except SelfsameError as error:
        outcome.failed += 1
        outcome.reasons.append(error.message)


def main() -> None:
    """Run the crowd of the command line."""
    outcome = anyio.run(run, Crowd(**json.loads(sys.argv[1])))
    outcome.reasons = sorted(set(outcome.reasons))[:5]
    sys.stdout.write(json.dumps(asdict(outcome)) + "\n")


if __name__ == "__main__":
    main()
