"""`selfsame bench sessions`: what many sessions at once cost, with engines that only wait."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import anyio
import click
import soundfile

from selfsame.cli.bench.options import json_option, questions, server, show
from selfsame.errors import BadInput
from selfsame.evaluator.crowd import Answered, Crowd, Outcome
from selfsame.evaluator.figures import histogram_percentile, spread, table
from selfsame.evaluator.server import Server
from selfsame.evaluator.sound import voiced_span
from selfsame.kit import tasks
from selfsame.kit.clock import SYSTEM
from selfsame.kit.pcm import MICROPHONE_RATE

_LAG = "selfsame_loop_lag_seconds"
_JITTER_MS = 60.0
_SETTLE = 3.0
_QUESTIONS = 6


@click.command()
@click.option("--n", "many", type=click.IntRange(1, 2000), default=100, show_default=True, help="Sessions at once.")
@click.option("--minutes", type=click.FloatRange(0.05, 60), default=1.0, show_default=True, help="How long they talk.")
@click.option("--processes", type=click.IntRange(1, 8), default=1, show_default=True, help="Processes of callers.")
@click.option("--delays", default="asr=0.05,llm=0.2,tts=0.1", show_default=True, help="Seconds the fake engines take.")
@click.option("--url", help="A server that runs already; otherwise one is started.")
@json_option
def command(many: int, minutes: float, processes: int, delays: str, url: str | None, as_json: bool) -> None:
    """Let many callers talk at once; print added latency, CPU, memory, and the event loop's lag.

    Callers say recorded questions and end each by hand, as with the page's button. Added latency is what passes from
    then to the first audible sample of the answer, less the client's own jitter buffer and the engines' fixed delays:
    all three of them one after the other, or the recogniser's alone when the reply had been begun on speculation.
    Retrieval is the real one, and its part is shown. Turns asked while callers still open their sessions (twenty a
    second) stand apart. "Callers were late" says by how much the worst frame of each call left late: when that is
    much, this machine was too busy to call, and the latencies say little of the server. With --url the server must
    already run with fake engines of these delays.
    """
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
        crowd = Crowd("", "", many, 60.0 * minutes, speech=write_speech(Path(folder)))
        result = anyio.run(_run, crowd, processes, delays, url)
    show(as_json, result, readable(result))


def write_speech(folder: Path) -> tuple[str, ...]:
    """Put what the callers say into files, for their processes; without the quiet at the ends of the recordings."""
    names: list[str] = []
    for number, question in enumerate(questions(None, _QUESTIONS)):
        names.append(str(folder / f"{number}.wav"))
        first, last = voiced_span(question.pcm)
        soundfile.write(names[-1], question.pcm[first:last], MICROPHONE_RATE, subtype="PCM_16")
    return tuple(names)


@dataclass(frozen=True, slots=True)
class Fixed:
    """The engines' delays in ms: waits that are no fault of the orchestration."""

    asr: float = 0.0
    llm: float = 0.0
    tts: float = 0.0

    def wait(self, speculated: bool) -> float:
        """The least wait for an answer. A speculative reply was begun in a pause, before the end of the question."""
        return self.asr if speculated else self.asr + self.llm + self.tts


def fixed_waits(delays: str) -> Fixed:
    """Read `role=seconds,...`; roles are asr, llm and tts. Raises BadInput."""
    try:
        pairs = [part.split("=") for part in delays.split(",") if part.strip()]
        return Fixed(**{role.strip(): 1000 * float(seconds) for role, seconds in pairs})
    except (TypeError, ValueError) as error:
        raise BadInput("delays look like asr=0.05,llm=0.2,tts=0.1") from error


async def _run(crowd: Crowd, processes: int, delays: str, url: str | None) -> dict[str, Any]:
    fixed = fixed_waits(delays)
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
    settled = [turn for turn in turns if not turn.arriving]
    talked = max(sum(outcome.talked for outcome in outcomes), 1e-9) / 60.0
    return {
        "benchmark": "sessions",
        "sessions": crowd.many,
        "seconds": round(lasted, 1),
        "milliseconds": {
            "at the ear": spread(turn.ear for turn in turns),
            "added": spread(_added(turn, fixed) for turn in settled),
            "of which retrieval": spread(turn.retrieval for turn in settled),
            "added without retrieval": spread(_added(turn, fixed) - turn.retrieval for turn in settled),
            "added while callers arrive": spread(_added(turn, fixed) for turn in turns if turn.arriving),
            "callers were late": spread(1000 * x for outcome in outcomes for x in outcome.late),
        },
        "cpuSecondsPerSessionMinute": round((after.cpu - before.cpu) / talked, 4),
        "callersCpuSecondsPerSessionMinute": round(sum(x.cpu for x in outcomes) / talked, 4),
        "mebibytesPerSession": round((max(peak) - before.resident) / crowd.many / 2**20, 3),
        "loopLagMs": {share: _ms(histogram_percentile(lag, _LAG, float(share))) for share in ("0.5", "0.95", "0.99")},
        "turns": len(turns),
        "lostTurns": sum(x.lost for x in outcomes),
        "failedCalls": sum(x.failed for x in outcomes),
        "reasons": sorted({why for x in outcomes for why in x.reasons}),
    }


def _added(turn: Answered, fixed: Fixed) -> float:
    return turn.ear - _JITTER_MS - fixed.wait(turn.speculated)


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else 1000 * seconds


async def _watch(running: Server, peak: list[int]) -> None:
    while True:
        peak.append(running.usage().resident)
        await SYSTEM.sleep(1.0)


async def _send(crowd: Crowd, outcomes: list[Outcome]) -> None:
    command = [sys.executable, "-m", "selfsame.evaluator.crowd", json.dumps(asdict(crowd))]
    done = await anyio.run_process(command, stderr=None)
    told = json.loads(done.stdout)
    told["turns"] = [Answered(**turn) for turn in told["turns"]]
    outcomes.append(Outcome(**told))


def readable(result: dict[str, Any]) -> str:
    """The figures as a table."""
    lag = result["loopLagMs"]
    lines = [
        table(result["milliseconds"], "ms"),
        "",
        f"{result['sessions']} sessions for {result['seconds']} s: {result['turns']} turns, "
        f"{result['lostTurns']} lost, {result['failedCalls']} calls failed",
        f"CPU seconds per session-minute {result['cpuSecondsPerSessionMinute']} "
        f"(the callers' own {result['callersCpuSecondsPerSessionMinute']})",
        f"MiB per session {result['mebibytesPerSession']}",
        f"event-loop lag at most {lag['0.5']} ms (p50), {lag['0.95']} ms (p95), {lag['0.99']} ms (p99)",
    ]
    return "\n".join(lines + result["reasons"])
