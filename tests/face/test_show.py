"""Motion at another rate, how one motion gives way to another, and the ladder of quality."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from selfsame.events.shown import CHANNELS, MOTION_FPS, Motion, still
from selfsame.face.show import (
    SOUND_ALONE,
    STILL,
    TO_IDLE,
    TO_SPEECH,
    Ladder,
    LadderOptions,
    MotionTrack,
    idle_at,
    ladder,
    to_idle,
    to_speech,
)
from tests.face.painter import opening

JAW, CLOSE, BLINK, YAW = (CHANNELS.index(x) for x in ("jawOpen", "mouthClose", "eyeBlinkLeft", "headYaw"))


def track_of(rows: np.ndarray) -> MotionTrack:
    track = MotionTrack()
    track.add(Motion(0, rows))
    return track


def sampled(track: MotionTrack, fps: float, count: int) -> np.ndarray:
    return np.concatenate([track.at(k / fps, 1 / fps) for k in range(count)])


def test_motion_is_interpolated() -> None:
    rows = still(31)
    rows[:, YAW] = np.arange(31) / 10
    seen = sampled(track_of(rows), 25, 25)
    assert seen[:, YAW] == pytest.approx(np.arange(25) / 25 * 3, abs=1e-5)


@pytest.mark.parametrize("fps", [8, 15, 20, 25, 30, 50])
@given(where=some.integers(3, 56))
def test_lips_that_shut_for_one_frame_are_seen_shut_once(fps: int, where: int) -> None:
    rows = still(60)
    rows[:, JAW] = 0.6
    rows[where, CLOSE] = 1.0
    seen = sampled(track_of(rows), fps, 2 * fps)
    shut = [k for k, row in enumerate(seen) if opening(row) < 0.05]
    assert len(shut) == 1
    assert abs(shut[0] / fps - where / MOTION_FPS) <= 0.5 / fps + 1e-6


@pytest.mark.parametrize("fps", [8, 20, 25])
@given(where=some.integers(3, 56))
def test_a_blink_is_seen_shut(fps: int, where: int) -> None:
    rows = still(60)
    rows[where - 1 : where + 2, BLINK] = 0.6, 1.0, 0.6
    assert sampled(track_of(rows), fps, 2 * fps)[:, BLINK].max() == pytest.approx(1.0)


def test_later_stretches_replace_earlier_ones_and_the_ends_are_held() -> None:
    track = MotionTrack()
    assert len(track) == 0 and track.at(1.0, 0.04).shape == (1, len(CHANNELS))
    for first, value, count in ((0, 1.0, 40), (30, 2.0, 40), (65, 3.0, 100)):
        rows = still(count)
        rows[:, YAW] = value
        track.add(Motion(first, rows))
    assert len(track) == 165 and track.end == pytest.approx(164 / 30)
    assert [float(track.at(t, 0.04)[0, YAW]) for t in (-1.0, 0.5, 1.5, 3.0, 99.0)] == [1.0, 1.0, 2.0, 3.0, 3.0]


def test_the_idle_face_is_the_same_at_any_rate() -> None:
    def idle(first: int, count: int) -> np.ndarray:
        rows = still(count)
        rows[:, YAW] = np.arange(first, first + count) / 100
        return rows

    for period in (0.04, 0.125):
        assert [float(idle_at(idle, t, period)[0, YAW]) for t in (0.0, 0.5, 7.03)] == pytest.approx(
            [0.0, 0.15, 2.109], abs=1e-4
        )


def test_a_reply_takes_over_the_head_but_its_lips_at_once() -> None:
    shown, speech = still(), still()
    shown[0, YAW], speech[0, JAW], speech[0, BLINK] = 4.0, 0.7, 1.0
    first, last = to_speech(shown, speech, 0.0), to_speech(shown, speech, TO_SPEECH)
    assert (first[0, YAW], first[0, JAW], first[0, BLINK]) == (4.0, np.float32(0.7), 1.0)
    assert np.array_equal(last, speech)


def test_the_idle_face_comes_back_softly() -> None:
    shown, idle = still(), still()
    shown[0, JAW], idle[0, YAW] = 0.8, 1.0
    jaws = [float(to_idle(shown, idle, age)[0, JAW]) for age in np.linspace(0, TO_IDLE, 10)]
    assert jaws[0] == pytest.approx(0.8) and jaws[-1] == 0.0
    assert all(a > b for a, b in zip(jaws, jaws[1:], strict=False))


# --- the ladder ------------------------------------------------------------------------------------------------------

FPS = 20.0
BUDGET = LadderOptions().budget / FPS


def run(steps: Ladder, seconds: float, cost: float | dict[int, float], start: float = 0.0) -> tuple[Ladder, list[int]]:
    """Make pictures for so long; `cost` in seconds by size. Returns the ladder and the sizes it passed through."""
    sizes = [steps.rung.size]
    for k in range(round(seconds * FPS)):
        now = start + k / FPS
        if steps.rung.moving:
            steps = steps.took(now, cost[steps.rung.size] if isinstance(cost, dict) else cost)
        else:
            steps = steps.rested(now)
        if steps.rung.size != sizes[-1]:
            sizes.append(steps.rung.size)
    return steps, sizes


@pytest.mark.parametrize(
    ("quality", "first", "best"), [("low", 256, 256), ("medium", 360, 360), ("high", 512, 512), ("auto", 360, 512)]
)
def test_a_wish_is_the_best_that_is_shown(quality: str, first: int, best: int) -> None:
    steps = ladder(quality, FPS)  # type: ignore[arg-type]
    assert steps.rung.size == first
    assert run(steps, 60, 0.002)[0].rung.size == best


def test_what_takes_too_long_is_made_smaller_and_comes_back_when_there_is_time() -> None:
    steps, sizes = run(ladder("high", FPS), 3, {512: 0.05, 360: 0.02, 256: 0.01})
    assert sizes == [512, 360]
    steps, sizes = run(steps, 30, {512: 0.05, 360: 0.002, 256: 0.001}, start=3)
    assert sizes[:3] == [360, 512, 360], "a climb is tried when it looks affordable"
    steps, sizes = run(steps, 200, 0.002, start=33)
    assert sizes == [360, 512]


def test_nothing_affordable_leaves_a_still_picture_and_a_new_try_now_and_then() -> None:
    steps, _ = run(ladder("auto", FPS), 5, 0.2)
    assert steps.rung == STILL
    tries, moving = [], False
    for k in range(round(600 * FPS)):
        now = 5 + k / FPS
        steps = steps.took(now, 0.2) if steps.rung.moving else steps.rested(now)
        if steps.rung.moving and not moving:
            tries.append(now)
        moving = steps.rung.moving
    gaps = np.diff(tries)
    assert 3 < len(tries) < 20 and gaps[-1] >= 100, "ever more rarely"
    assert run(steps, 300, 0.002, start=700)[0].rung.size == 512


def test_one_frozen_picture_is_enough() -> None:
    assert ladder("high", FPS).took(0.0, 1.5).rung == STILL


def test_an_engine_that_fails_leaves_the_photo_then_sound_alone() -> None:
    steps = ladder("medium", FPS).failed(1.0)
    assert steps.rung == STILL
    steps = steps.failed(1.1)
    assert steps.rung == SOUND_ALONE
    assert steps.failed(1.2).rung == SOUND_ALONE
    assert steps.rested(2.0).rung == SOUND_ALONE
    assert steps.rested(100.0).rung.moving


@given(some.lists(some.floats(0.0, 0.3), max_size=400))
def test_whatever_happens_it_stays_on_the_ladder(costs: list[float]) -> None:
    steps, now = ladder("auto", FPS), 0.0
    for cost in costs:
        now += max(cost, 1 / FPS)
        steps = steps.took(now, cost) if steps.rung.moving else steps.rested(now)
        assert steps.rung in steps.rungs
        if cost > BUDGET and steps.measured >= LadderOptions().pictures:
            assert steps.mean <= BUDGET
