"""Offset and drift of logged play-out are what was put in, with jitter, replies that begin anew and wild samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput
from selfsame.evaluator.drift import Shown, drift


def session(
    minutes: float,
    *,
    late_ms: float = 0.0,
    per_minute: float = 0.0,
    every: float = 0.25,
    seed: int = 0,
    wild: float = 0,
) -> list[Shown]:
    """A log of replies of 7 s, looked at every 0.25 s (with jitter); the picture is late by a drifting amount."""
    rng, log = np.random.default_rng(seed), []
    for at in np.arange(0, minutes * 60, 0.25):
        at = float(at + rng.uniform(0, 0.1))
        played = at % 7.0
        late = (late_ms + per_minute * at / 60) / 1000
        frame = int(np.floor((played - late) * 30))
        if rng.random() < wild:
            frame += int(rng.integers(-200, 200))
        log.append(Shown(at, played, frame))
    return log


def test_a_perfect_player_is_within_half_a_frame_and_does_not_drift() -> None:
    found = drift(session(20))
    assert abs(found.p50_ms) < 1.5 and found.max_abs_ms <= 1000 / 60 + 0.001
    assert found.drift_ms_per_minute is not None and abs(found.drift_ms_per_minute) < 0.1
    assert found.samples == 4800 and found.minutes == pytest.approx(20, abs=0.01)


@settings(max_examples=30, deadline=None)
@given(
    late=st.floats(-150, 150),
    rate=st.floats(-20, 20),
    seed=st.integers(0, 10**6),
    wild=st.sampled_from([0.0, 0.02, 0.15]),
)
def test_known_offset_and_drift_are_found(late: float, rate: float, seed: int, wild: float) -> None:
    found = drift(session(10, late_ms=late, per_minute=rate, seed=seed, wild=wild))
    assert found.drift_ms_per_minute == pytest.approx(rate, abs=0.5)
    assert found.p50_ms == pytest.approx(late + 5 * rate, abs=6)


def test_the_sign_is_positive_when_the_picture_is_late() -> None:
    assert drift([Shown(0, 2.0, 45)]).p50_ms == pytest.approx(2000 - 45.5 / 30 * 1000)


def test_largest_and_ninety_fifth() -> None:
    log = [Shown(float(k), 1.0, 30) for k in range(99)] + [Shown(99.0, 2.0, 30)]
    found = drift(log)
    assert found.max_abs_ms == pytest.approx(2000 - 30.5 / 30 * 1000)
    assert found.p95_abs_ms == pytest.approx(abs(1000 - 30.5 / 30 * 1000))


def test_too_short_for_a_drift() -> None:
    assert drift([Shown(1, 1, 30)] * 5).drift_ms_per_minute is None


def test_order_does_not_matter() -> None:
    log = session(2, late_ms=20, per_minute=5)
    assert drift(log[::-1]) == drift(log)


@pytest.mark.parametrize("log", [[], [Shown(0, float("nan"), 1)], [Shown(float("inf"), 0, 1)]])
def test_what_is_no_log_is_refused(log: list[Shown]) -> None:
    with pytest.raises(BadInput):
        drift(log)
