"""`selfsame bench sessions`: what many sessions at once cost, with engines that only wait."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, replace
from typing import Any

import anyio
import click

from selfsame.cli.bench.options import json_option, server, show
from selfsame.errors import BadInput
from selfsame.evaluator.crowd import Crowd, Outcome
from selfsame.evaluator.figures import histogram_percentile, spread, table
from selfsame.evaluator.server import Server
from selfsame.kit import tasks
from selfsame.kit.clock import SYSTEM

_LAG = "selfsame_loop_lag_seconds"
_JITTER_MS = 60.0
_SETTLE = 3.0
_PAUSE = 0.12
"""Seconds of silence after which the ears let a reply begin on speculation (their own tuning)."""


@click.command()
@click.option("--n", "many", type=click.IntRange(1, 2000), default=100, show_default=True, help="Sessions at once.")
@click.option("--minutes", type=click.FloatRange(0.05, 60), default=1.0, show_default=True, help="How long they talk.")
@click.option("--processes", type=click.IntRange(1, 8), default=1, show_default=True, help="Processes of callers.")
@click.option("--delays", default="asr=0.05,llm=0.2,tts=0.1", show_default=True, help="Seconds the fake engines take.")
@click.option("--url", help="A server that runs already; otherwise one is started.")
@json_option
def command(many: int, minutes: float, processes: int, delays: str, url: str | None, as_json: bool) -> None:
    """Let many callers talk at once; print added latency, CPU, memory, and the event loop's lag.

    Added latency is what the ear waited beyond the client's own jitter buffer and the least wait for that turn: its
    endpointing and the engines' fixed delays, side by side where the reply was begun on speculation. "Callers were
    late" says by how much the worst frame of each call left late: when that is much, this machine was too busy to
    call, and the latencies mean nothing. With --url the server must already run with fake engines of these delays.
    """
    crowd = Crowd("", "", many, 60.0 * minutes)
    result = anyio.run(_run, crowd, processes, delays, url)
    show(as_json, result, readable(result))


@dataclass(frozen=True, slots=True)
class Fixed:
    """Waits that are no fault of the orchestration, in ms: the engines' delays, and the silence that begins a reply.

    `pause` is the short silence after which the ears let a reply begin on speculation.
    """

    asr: float = 0.0
    llm: float = 0.0
    tts: float = 0.0
    pause: float = 0.0

    def wait(self, endpointing: float, speculated: bool) -> float:
        """The least wait for an answer. A speculative reply is made while the end of the turn is being confirmed."""
        confirmed = endpointing + self.asr
        if speculated:
            return max(confirmed, self.pause + self.llm + self.tts)
        return confirmed + self.llm + self.tts


def fixed_waits(delays: str, pause: float) -> Fixed:
    """Read `role=seconds,...`; roles are asr, llm and tts. Raises BadInput."""
    try:
        pairs = [part.split("=") for part in delays.split(",") if part.strip()]
        return Fixed(**{role.strip(): 1000 * float(seconds) for role, seconds in pairs}, pause=1000 * pause)
    except (TypeError, ValueError) as error:
        raise BadInput("delays look like asr=0.05,llm=0.2,tts=0.1") from error


async def _run(crowd: Crowd, processes: int, delays: str, url: str | None) -> dict[str, Any]:
    fixed = fixed_waits(delays, _PAUSE)
    env = {"SELFSAME_ASR": "fake", "SELFSAME_LLM": "fake", "SELFSAME_TTS": "fake", "SELFSAME_FAKE_DELAYS": delays}
    env["SELFSAME_MAX_SESSIONS"] = str(2 * crowd.many + 10)
    async with server(url, env) as running:
        return await measure(running, crowd, processes, fixed)


async def measure(running: Server, crowd: Crowd, processes: int, fixed: Fixed) -> dict[str, Any]:
    """Send the crowd and watch the server meanwhile."""
    token, address = await running.token(crowd.clone)
    crowd = replace(crowd, token=token, url=address)
    await SYSTEM.sleep(_SETTLE)
    before, began = running.usage(), SYSTEM.now()
    outcomes: list[Outcome] = []
    peak = [before.resident]
    async with tasks.background() as watch:
        watch.start_soon(_watch, running, peak)
        async with tasks.group() as group:
            for number in range(processes):
                share = (crowd.many + number) // processes
                if share:
                    group.start_soon(_send, replace(crowd, many=share, seed=number), outcomes)
    after, lasted = running.usage(), SYSTEM.now() - began
    lag = await running.metrics()
    turns = [turn for outcome in outcomes for turn in outcome.turns]
    talked = crowd.many * crowd.seconds / 60.0
    return {
        "benchmark": "sessions",
        "sessions": crowd.many,
        "seconds": round(lasted, 1),
        "milliseconds": {
            "at the ear": spread(ear for ear, _, _ in turns),
            "added": spread(ear - _JITTER_MS - fixed.wait(end, guessed) for ear, end, guessed in turns),
            "callers were late": spread(1000 * x for outcome in outcomes for x in outcome.late),
        },
        "cpuSecondsPerSessionMinute": round((after.cpu - before.cpu) / talked, 4),
        "mebibytesPerSession": round((max(peak) - before.resident) / crowd.many / 2**20, 3),
        "loopLagMs": {share: _ms(histogram_percentile(lag, _LAG, float(share))) for share in ("0.5", "0.95", "0.99")},
        "turns": len(turns),
        "lostTurns": sum(x.lost for x in outcomes),
        "failedCalls": sum(x.failed for x in outcomes),
        "reasons": sorted({why for x in outcomes for why in x.reasons}),
    }


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else 1000 * seconds


async def _watch(running: Server, peak: list[int]) -> None:
    while True:
        peak.append(running.usage().resident)
        await SYSTEM.sleep(1.0)


async def _send(crowd: Crowd, outcomes: list[Outcome]) -> None:
    command = [sys.executable, "-m", "selfsame.evaluator.crowd", json.dumps(asdict(crowd))]
    done = await anyio.run_process(command, stderr=None)
    outcomes.append(Outcome(**json.loads(done.stdout)))


def readable(result: dict[str, Any]) -> str:
    """The figures as a table."""
    lag = result["loopLagMs"]
    lines = [
        table(result["milliseconds"], "ms"),
        "",
        f"{result['sessions']} sessions for {result['seconds']} s: {result['turns']} turns, "
        f"{result['lostTurns']} lost, {result['failedCalls']} calls failed",
        f"CPU seconds per session-minute {result['cpuSecondsPerSessionMinute']}",
        f"MiB per session {result['mebibytesPerSession']}",
        f"event-loop lag at most {lag['0.5']} ms (p50), {lag['0.95']} ms (p95), {lag['0.99']} ms (p99)",
    ]
    return "\n".join(lines + result["reasons"])
