"""The caller against a real server process with scripted sessions: real sockets, real time, a few seconds."""

from __future__ import annotations

import sys
from pathlib import Path

import anyio
import pytest

from selfsame.channels.wire import server as s
from selfsame.cli.bench import barge_in, sessions, turn
from selfsame.errors import BadInput, Unavailable
from selfsame.evaluator.client import Lost, call
from selfsame.evaluator.crowd import Crowd
from selfsame.evaluator.questions import Question, hum
from selfsame.evaluator.server import ServeOptions, serve
from selfsame.kit.clock import SYSTEM

pytestmark = pytest.mark.anyio
FAKE = ServeOptions(command=(sys.executable, "-m", "tests.evaluator.fake_server"))


@pytest.fixture
def speech(tmp_path: Path) -> tuple[str, ...]:
    return sessions.write_speech(tmp_path)


async def test_the_benchmarks_measure_a_real_server(speech: tuple[str, ...]) -> None:
    async with serve(FAKE) as server:
        results: dict[str, object] = {}
        async with anyio.create_task_group() as group:

            async def ask() -> None:
                asked = [Question("hum", hum(0.5), "How do I make a clone?")]
                results["turn"] = turn.summary(*await turn.ask_all(server, asked, None))

            async def interrupt() -> None:
                results["barge"] = await barge_in.interrupt_all(server, [Question("hum", hum(0.5))], 1, None)

            async def crowd() -> None:
                results["crowd"] = await sessions.measure(
                    server, Crowd("", "", 4, 3.0, pause=0.5, speech=speech), 1, sessions.Fixed(llm=100.0)
                )

            group.start_soon(ask)
            group.start_soon(interrupt)
            group.start_soon(crowd)
        _check_turn(results["turn"])
        _check_barge_in(results["barge"])
        _check_crowd(results["crowd"])
    assert server.usage().cpu == 0.0, "the process is gone"


def _check_turn(result: dict) -> None:
    assert (result["answered"], result["lost"], result["wordError"]) == (1, [], 0.0)
    ear = result["milliseconds"]["at the ear"]["p50"]
    assert 400 <= ear <= 1_500, "300 ms of quiet, 100 ms of delay, 60 ms of jitter buffer, and a frame or two"
    assert "at the ear" in turn.readable(result)


def _check_barge_in(result: dict) -> None:
    assert (result["lost"], result["notStopped"], result["answerWasOver"]) == ([], 0, 0)
    assert 0 < result["milliseconds"]["onset to silence"]["p50"] < 700
    assert "onset to silence" in barge_in.readable(result)


def _check_crowd(result: dict) -> None:
    assert (result["failedCalls"], result["reasons"]) == (0, [])
    assert result["turns"] >= 4
    assert result["cpuSecondsPerSessionMinute"] > 0
    assert result["loopLagMs"]["0.5"] is not None
    assert "sessions for" in sessions.readable(result)


async def test_a_refused_call_says_why() -> None:
    async with serve(FAKE) as server:
        token, address = await server.token()
        with pytest.raises(Lost, match="401"):
            async with call(address, "nonsense", SYSTEM):
                pass
        async with call(address, token, SYSTEM) as one:
            assert one.ready is not None and one.ready.clone_name == "Ada Guide"
        with pytest.raises(Lost, match="no ResponseEnd"):
            async with call(address, token, SYSTEM) as one:
                await one.until(s.ResponseEnd, within=0.05)


async def test_a_server_that_does_not_start_says_why() -> None:
    command = (sys.executable, "-c", "import sys; sys.exit('no luck today')")
    with pytest.raises(Unavailable, match="no luck today"):
        async with serve(ServeOptions(command=command)):
            pass


def test_the_least_wait_of_a_turn() -> None:
    fixed = sessions.fixed_waits("asr=0.05,llm=0.2, tts=0.1")
    assert fixed.wait(False) == pytest.approx(350)
    assert fixed.wait(True) == pytest.approx(50)
    for bad in ("asr", "asr=x", "legs=1"):
        with pytest.raises(BadInput):
            sessions.fixed_waits(bad)
