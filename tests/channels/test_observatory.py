"""What is counted: the same before and after a restart, in a fixed amount of memory."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.channels.observatory import MOST_CODES, MOST_ENGINES, STAGES, STEPS, SUMS, Observatory, component_of
from selfsame.channels.operations_view import span
from selfsame.errors import Throttled, Unavailable
from selfsame.events import told
from selfsame.events.turns import TurnCosts, TurnMetrics, TurnRecord

START = 1_800_000_000.0


class Now:
    def __init__(self) -> None:
        self.value = START

    def __call__(self) -> float:
        return self.value


def turn(total: float = 700.0, *, spoken: bool = True, **more: Any) -> TurnRecord:
    metrics = TurnMetrics(total, asr=90, endpointing=300, rag=20, llm=40, tts=50, model="own", speculated=spoken)
    fields = {"interrupted": False, "costs": TurnCosts(llm=0.01)} | more
    return TurnRecord(
        1, None, None, None, "EN", confidence=0.8, user_audio_ms=2000 if spoken else 0, reply_audio_ms=3000,
        heard_ms=1500, metrics=metrics, **fields,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("code", "component"),
    [("ASR_UNAVAILABLE", "asr"), ("LLM_THROTTLED", "llm"), ("EMBEDDING_UNAVAILABLE", "rag"), ("FACE_FAILED", "lipSync")]
    + [("DATABASE_UNAVAILABLE", "database"), ("TOO_MANY_MESSAGES", "websocket"), ("INTERNAL", "websocket")],
)
def test_whose_error_it_is(code: str, component: str) -> None:
    assert component_of(code) == component


TURNS = st.lists(st.tuples(st.floats(0, 3_000), st.floats(0, 9_000), st.booleans(), st.booleans()), max_size=30)


@settings(max_examples=40, deadline=None)
@given(TURNS)
def test_a_restart_changes_no_figure_of_turns(turns: list[tuple[float, float, bool, bool]]) -> None:
    lived, again = Now(), Now()
    before = Observatory(lived)
    for offset, total, spoken, cut in sorted(turns):
        lived.value = START + offset
        before.turn(turn(total, spoken=spoken, interrupted=cut))
    lived.value = again.value = START + 3_000
    after = Observatory(again)
    for offset, total, spoken, cut in sorted(turns):
        after.turn(turn(total, spoken=spoken, interrupted=cut), START + offset)
    for seconds in (300, 3_600, 86_400):
        one, other = before.window(seconds), after.window(seconds)
        assert one.counters == pytest.approx(other.counters)
        assert all((one.sketches[s].counts == other.sketches[s].counts).all() for s in STAGES)
    assert after.totals["turns"] == 0 and not after.ever.any()  # counters since the start begin anew


def test_stages_are_of_answered_turns_and_ears_of_spoken_ones() -> None:
    seen = Observatory(Now())
    seen.turn(turn())
    seen.turn(turn(900, spoken=False))
    seen.turn(turn(0, interrupted=True))  # cut before it was heard
    window = seen.window(300)
    counts = {stage: len(window.sketches[stage]) for stage in STAGES}
    assert counts == {"endToEnd": 2, "asr": 1, "endpointing": 1, "rag": 2, "llm": 2, "tts": 2, "lipSync": 0}
    traffic = span(seen, 300).traffic
    assert (traffic.turns, traffic.answered, traffic.interrupted, traffic.speculated) == (3, 2, 1, 2)
    assert (traffic.interruption_rate, traffic.confidence, traffic.error_rate) == (0.3333, 0.8, 0.0)
    assert window.counters["cost"] == pytest.approx(0.03)


def test_troubles_fallbacks_and_interruptions() -> None:
    seen = Observatory(Now())
    for code in ("LLM_UNAVAILABLE", "LLM_UNAVAILABLE", "ASR_UNAVAILABLE", "TOO_MANY_MESSAGES"):
        seen.told(told.Trouble(code, "..."))
    for action in ("pause", "stop", "pause", "resume"):
        seen.told(told.PlaybackOrdered(1, action))  # type: ignore[arg-type]
    seen.told(told.UserHeard("a secret", True, 1.0, 1))
    count = seen.window(300).counters
    assert (count["errors"], count["retries"]) == (3, 1)
    assert (count["overlaps"], count["stops"], count["resumed"]) == (2, 1, 1)
    assert seen.totals["error:llm:LLM_UNAVAILABLE"] == 2


def test_an_engine_that_is_too_slow_has_failed_once() -> None:
    seen = Observatory(Now())
    late = Unavailable("no output in time", role="llm", provider="vendor")
    seen.call("llm", "vendor", "left", 2.5)
    seen.fell_back("llm", "vendor", "own", late)
    seen.call("llm", "vendor", "LLM_THROTTLED", 0.1)
    seen.fell_back("llm", "vendor", "own", Throttled("slow down", role="llm", provider="vendor"))
    seen.call("llm", "own", "ok", 0.1)
    log = seen.engines["llm", "vendor"]
    figures = log.ring.window(seen.now(), 300).counters
    assert (figures["calls"], figures["failures"]) == (2, 2)
    assert (log.last_error, log.last_message) == ("LLM_THROTTLED", "slow down")
    assert seen.fallbacks == {("llm", "vendor", "own"): 2}


def test_memory_is_bounded() -> None:
    now = Now()
    seen = Observatory(now)
    for number in range(500):
        now.value += 60
        seen.trouble(f"LLM_{number}")
        seen.call("llm", f"engine {number}", "ok", 1.0)
        seen.turn(turn(number))
    assert len(seen.errors) <= MOST_CODES + 1 and len(seen.engines) <= MOST_ENGINES + 1
    assert seen.errors["websocket", "OTHER"].window(now(), 86_400).counters["errors"] == 500 - MOST_CODES
    assert seen.nbytes < 12e6


def test_samples_and_charts() -> None:
    now = Now()
    seen = Observatory(now)
    seen.active = lambda: 3
    for second in range(120):
        now.value = START + second
        seen.sample(100 + 0.5 * second)
        seen.lag(0.002)
    window = seen.window(60)
    assert window.mean("active", "samples") == 3
    assert window.mean("cpu", "samples") == pytest.approx(0.5)
    assert window.sketches["lag"].quantile(0.99) == pytest.approx(2.0, rel=0.03)
    for minutes, step in STEPS:
        found, points = seen.series(minutes)
        assert found == step and len(points) == minutes * 60 // step
    assert set(SUMS) == set(window.counters)
