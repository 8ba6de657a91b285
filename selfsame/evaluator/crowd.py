"""Many callers at once from one process, and what they cost the server: `python -m selfsame.evaluator.crowd`.

Reads one JSON object from the command line (see `Crowd`) and prints one on standard output. A process of its own, so
that the callers' work does not stand in the server's or the report's way.

A caller ends each question with `endUtterance`, as the page's button does. So a turn's wait begins at a moment that
the caller knows, and holds no silence by which the ears make sure: no tuning of theirs is needed to judge it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from selfsame.channels.wire import client as c
from selfsame.channels.wire import server as s
from selfsame.errors import SelfsameError
from selfsame.evaluator.client import Call, CallOptions, Lost, call
from selfsame.evaluator.sound import load
from selfsame.kit import tasks
from selfsame.kit.clock import SYSTEM, cpu_seconds
from selfsame.kit.pcm import Pcm


@dataclass(frozen=True, slots=True)
class Crowd:
    """`many` callers who talk for `seconds`, resting `pause` seconds after an answer; one comes every `spacing`.

    `speech` names sound files; the callers say them in turn. It must be speech: a buzz is no voice to good ears.
    """

    url: str
    token: str
    many: int
    seconds: float
    seed: int = 0
    pause: float = 2.0
    spacing: float = 0.05
    speech: tuple[str, ...] = ()
    clone: str | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """One answered turn, in milliseconds: `ear` from the end of the question to the first audible sample, `retrieval`
    as the server measured it. `arriving`: some callers were still opening their sessions then."""

    ear: float
    retrieval: float
    speculated: bool
    arriving: bool


@dataclass(slots=True)
class Outcome:
    """What the crowd met: answered turns, turns without an answer and calls that failed, by count and reason.

    `late` the seconds by which the worst frame of each call left late; `cpu` the seconds of CPU that calling took;
    `talked` the seconds of all calls together.
    """

    turns: list[Answered]
    lost: int
    failed: int
    reasons: list[str]
    late: list[float]
    cpu: float = 0.0
    talked: float = 0.0


async def run(crowd: Crowd, speech: list[Pcm]) -> Outcome:
    """Let them all talk; `speech` is what they say."""
    outcome = Outcome([], 0, 0, [], [])
    async with tasks.group() as group:
        for number in range(crowd.many):
            group.start_soon(_caller, crowd, number, speech, outcome)
    outcome.cpu = cpu_seconds()
    return outcome


async def _caller(crowd: Crowd, number: int, speech: list[Pcm], outcome: Outcome) -> None:
    settled = SYSTEM.now() + crowd.spacing * crowd.many + 1.0
    await SYSTEM.sleep(crowd.spacing * number)
    ends = SYSTEM.now() + crowd.seconds
    try:
        async with call(crowd.url, crowd.token, SYSTEM, CallOptions(clone=crowd.clone)) as one:
            began = SYSTEM.now()
            await SYSTEM.sleep(0.3 + (number * 0.618) % 1.0 * crowd.pause)
            asked = number + crowd.seed
            while SYSTEM.now() < ends:
                try:
                    outcome.turns.append(await _ask(one, speech[asked % len(speech)], settled))
                except SelfsameError as error:
                    outcome.lost += 1
                    outcome.reasons.append(error.message)
                    break
                asked += 1
                await SYSTEM.sleep(crowd.pause)
            outcome.late.append(one.latest_beat)
            outcome.talked += SYSTEM.now() - began
    except SelfsameError as error:
        outcome.failed += 1
        outcome.reasons.append(error.message)


async def _ask(one: Call, question: Pcm, settled: float) -> Answered:
    """Ask, end the question by hand, and listen to the whole answer."""
    place = len(one.log)
    await one.say(question)
    await one.send(c.EndUtterance())
    asked = SYSTEM.now()
    _, end = await one.until(s.ResponseEnd, after=place, within=20.0)
    heard = one.playout.heard.get(end.turn_id)
    if heard is None or heard.first_audible is None:
        raise Lost("the answer could not be heard")
    metrics = end.metrics
    ear = 1000 * (heard.first_audible - asked)
    return Answered(ear, metrics.rag_latency_ms, metrics.speculated, asked < settled)


def main() -> None:
    """Run the crowd of the command line."""
    crowd = Crowd(**json.loads(sys.argv[1]))
    outcome = tasks.run(run, crowd, [load(Path(name)) for name in crowd.speech])
    outcome.reasons = sorted(set(outcome.reasons))[:5]
    sys.stdout.write(json.dumps(asdict(outcome)) + "\n")


if __name__ == "__main__":
    main()
