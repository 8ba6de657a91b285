"""The idle face: endless, reproducible, alive, and joined to speech without a jump."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.contracts.face_animator import animate
from selfsame.events.shown import BLENDSHAPES, CHANNELS, MOTION_FPS
from selfsame.face.idle import blend, idle_frames, idle_share, settle
from selfsame.face.motion import PhonemeAnimator
from tests.support.speech import TEXTS, spoken

COLUMN = {name: number for number, name in enumerate(CHANNELS)}
MINUTES = 5
LONG = idle_frames(0, MINUTES * 60 * MOTION_FPS, seed=11)


@given(first=st.integers(-1000, 10**8), count=st.integers(0, 200), cut=st.integers(0, 200), seed=st.integers(0, 2**32))
def test_any_stretch_is_the_same_as_in_the_whole(first: int, count: int, cut: int, seed: int) -> None:
    whole, cut = idle_frames(first, count, seed), min(cut, count)
    parts = [idle_frames(first, cut, seed), idle_frames(first + cut, count - cut, seed)]
    np.testing.assert_array_equal(np.concatenate(parts), whole)
    assert np.isfinite(whole).all()
    weights = whole[:, : len(BLENDSHAPES)]
    assert not count or (weights.min() >= 0 and weights.max() <= 1)


def test_breath_blinks_and_sway_have_human_measure() -> None:
    breath = LONG[:, COLUMN["breath"]]
    rising = ((breath[1:] > 0.5) & (breath[:-1] <= 0.5)).sum() / MINUTES
    assert 11.5 <= rising <= 16.5 and breath.min() >= 0 and breath.max() <= 1
    lid = LONG[:, COLUMN["eyeBlinkLeft"]]
    gaps = np.diff(np.flatnonzero((lid[1:] > 0.5) & (lid[:-1] <= 0.5))) / MOTION_FPS
    assert gaps.min() > 1.9 and gaps.max() < 6.1 and gaps.std() > 0.4
    for name, most in (("headYaw", 1.5), ("headPitch", 1.4), ("headRoll", 1.0)):
        assert 0.3 < np.abs(LONG[:, COLUMN[name]]).max() < most
        assert np.abs(np.diff(LONG[:, COLUMN[name]])).max() < 0.1, "degrees a frame"
    gaze = np.hypot(LONG[:, COLUMN["gazeYaw"]], LONG[:, COLUMN["gazePitch"]])
    assert np.median(gaze) < 1.2 and 2 < gaze.max() < 8
    assert LONG[:, COLUMN["jawOpen"]].max() == 0


def test_a_blink_shuts_fast_and_opens_slowly() -> None:
    lid = LONG[:, COLUMN["eyeBlinkLeft"]]
    top = int(np.flatnonzero(lid > 0.999)[0])
    assert lid[top - 3] < 0.1 and lid[top + 3] > 0.1 and lid[top + 8] < 0.01
    np.testing.assert_array_equal(lid, LONG[:, COLUMN["eyeBlinkRight"]])


def test_faces_differ() -> None:
    assert np.abs(idle_frames(0, 300, 1) - idle_frames(0, 300, 2)).max() > 0.3


@pytest.mark.parametrize("start", [0, 100, 257])
def test_from_idle_to_speech_and_back_without_a_jump(start: int) -> None:
    speech = animate(PhonemeAnimator(), spoken(TEXTS["EN"]))
    ended = sum(chunk.seconds for chunk in spoken(TEXTS["EN"]))
    idle = idle_frames(start, len(speech) + 60, seed=4)
    during = blend(speech, idle[30:-30], idle_share(0, len(speech), ended))
    shown = np.concatenate([idle[:30], during, idle[-30:]])
    steps = np.abs(np.diff(shown, axis=0))
    usual = np.maximum(np.abs(np.diff(speech, axis=0)).max(0), np.abs(np.diff(idle, axis=0)).max(0))
    for edge in (29, 30, 29 + len(speech), 30 + len(speech)):
        slow = [COLUMN[n] for n in ("headYaw", "headPitch", "headRoll", "breath", "browInnerUp", "jawOpen")]
        assert np.all(steps[edge, slow] < usual[slow] + 0.05)
    assert np.all(steps[:, COLUMN["jawOpen"]] < 0.4)
    assert shown[:, : len(BLENDSHAPES)].min() >= 0 and shown[:, : len(BLENDSHAPES)].max() <= 1
    mouth = [number for name, number in COLUMN.items() if name == "mouthPucker" or name == "jawOpen"]
    np.testing.assert_array_equal(during[:, mouth], speech[:, mouth])


def test_a_cut_reply_settles_into_idle() -> None:
    speech = animate(PhonemeAnimator(), spoken(TEXTS["EN"]))
    shown = speech[40:41]
    idle = idle_frames(500, 60, seed=4)
    after = settle(shown, idle)
    assert np.abs(after[0] - shown[0]).max() < 0.1 + np.abs(idle[0] - shown[0]).max() * 0.03
    np.testing.assert_allclose(after[20:], idle[20:], atol=1e-6)
    np.testing.assert_allclose(settle(shown, idle[10:], since=11), after[10:], atol=1e-6)
