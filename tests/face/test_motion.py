"""Motion from phonemes: the contract, and what the mouth must do."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.contracts.face_animator import FaceAnimatorContract, animate, joined, recut
from selfsame.events.shown import CHANNELS, MOTION_FPS, Frames
from selfsame.events.spoken import PhonemeTime, SpokenChunk
from selfsame.face.articulation import LEAD
from selfsame.face.motion import PhonemeAnimator
from tests.support.speech import TEXTS, spoken

COLUMN = {name: number for number, name in enumerate(CHANNELS)}


class TestPhonemeAnimatorContract(FaceAnimatorContract):
    @pytest.fixture
    def animator(self) -> PhonemeAnimator:
        return PhonemeAnimator()

    @pytest.fixture(params=TEXTS)
    def speech(self, request: pytest.FixtureRequest) -> list[SpokenChunk]:
        return list(spoken(TEXTS[request.param], request.param))


def said(*phonemes: tuple[str, float], rate: int = 16_000) -> SpokenChunk:
    """Phonemes with their durations in seconds, "" being a pause, under a steady hum."""
    times, at, sound = [], 0.0, []
    for ipa, seconds in phonemes:
        if ipa:
            times.append(PhonemeTime(ipa, at, at + seconds))
        count = int((at + seconds) * rate) - int(at * rate)
        sound.append(np.sin(np.arange(count) * 0.05) * (4000 if ipa else 0))
        at += seconds
    return SpokenChunk(np.concatenate(sound).astype(np.int16), rate, "", (), tuple(times))


def track(*phonemes: tuple[str, float]) -> Frames:
    return animate(PhonemeAnimator(), [said(*phonemes)])


def at(frames: Frames, seconds: float, channel: str) -> float:
    """The channel's value at a moment of the sound, the frames' lead over it taken into account."""
    return float(np.interp((seconds - LEAD) * MOTION_FPS, np.arange(len(frames)), frames[:, COLUMN[channel]]))


def nearest(frames: Frames, seconds: float, channel: str) -> float:
    """The channel's value in the frame nearest to a moment of the sound."""
    return float(frames[round((seconds - LEAD) * MOTION_FPS), COLUMN[channel]])


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("speed", [0.8, 1.0, 1.4])
def test_lips_are_shut_in_every_m_b_p_and_on_the_teeth_in_every_f_v(language: str, speed: float) -> None:
    whole = joined(spoken(TEXTS[language], language, speed=speed))
    frames = animate(PhonemeAnimator(), [whole])
    counted = 0
    for phoneme in whole.phonemes:
        centre = (phoneme.start + phoneme.end) / 2
        if centre < LEAD:
            continue  # over before the first frame, with the lips still as they were
        if phoneme.ipa in ("m", "b", "p", "ph"):
            assert nearest(frames, centre, "mouthClose") > 0.97, phoneme
            assert nearest(frames, centre, "jawOpen") < 0.12, phoneme
            counted += 1
        if phoneme.ipa in ("f", "v"):
            assert nearest(frames, centre, "mouthRollLower") > 0.55, phoneme
            assert nearest(frames, centre, "mouthClose") < 0.1 and nearest(frames, centre, "jawOpen") < 0.12
            counted += 1
    assert counted >= 3


def test_closures_and_bites_next_to_each_other_are_both_reached() -> None:
    frames = track(("a", 0.2), ("m", 0.06), ("f", 0.07), ("a", 0.2), ("p", 0.05), ("m", 0.05), ("a", 0.2))
    assert nearest(frames, 0.23, "mouthClose") > 0.9
    assert nearest(frames, 0.295, "mouthRollLower") > 0.55 and nearest(frames, 0.295, "mouthClose") < 0.15


def test_vowels_open_the_mouth_as_they_should() -> None:
    wide, narrow, rounded = (track(("h", 0.05), (vowel, 0.25), ("h", 0.05)) for vowel in ("ɑ", "i", "u"))
    middle = 0.175
    assert at(wide, middle, "jawOpen") > 0.35 > 0.2 > at(narrow, middle, "jawOpen")
    assert at(narrow, middle, "mouthStretchLeft") > 0.25 and at(narrow, middle, "mouthPucker") < 0.05
    assert at(rounded, middle, "mouthPucker") > 0.65 and at(rounded, middle, "mouthStretchLeft") < 0.1


def test_a_diphthong_moves() -> None:
    frames = track(("t", 0.08), ("aʊ", 0.3), ("t", 0.08))
    assert at(frames, 0.15, "jawOpen") > at(frames, 0.36, "jawOpen") + 0.08
    assert at(frames, 0.36, "mouthPucker") > at(frames, 0.15, "mouthPucker") + 0.2


def test_rounding_comes_a_tenth_of_a_second_early_and_velars_take_the_vowels_lips() -> None:
    frames = track(("a", 0.2), ("k", 0.1), ("u", 0.25))
    full = at(frames, 0.43, "mouthPucker")
    assert at(frames, 0.3 - 0.05, "mouthPucker") > 0.25 * full
    assert at(frames, 0.3 - 0.2, "mouthPucker") < 0.15 * full
    spread = track(("a", 0.2), ("k", 0.1), ("i", 0.25))
    assert at(frames, 0.28, "mouthPucker") > at(spread, 0.28, "mouthPucker") + 0.3


def test_the_mouth_closes_softly_in_a_pause() -> None:
    frames = track(("h", 0.05), ("a", 0.3), ("", 0.6), ("a", 0.3))
    assert at(frames, 0.35, "jawOpen") > 0.2
    assert at(frames, 0.35 + 0.16, "jawOpen") < 0.06
    assert at(frames, 0.7, "jawOpen") < 0.01
    assert np.abs(np.diff(frames[:, COLUMN["jawOpen"]])).max() < 0.25


def test_quiet_speech_moves_less() -> None:
    loud, quiet = said(("h", 0.1), ("a", 0.4), ("n", 0.1)), said(("h", 0.1), ("a", 0.4), ("n", 0.1))
    whisper = SpokenChunk(quiet.pcm // 8, quiet.sample_rate, "", (), quiet.phonemes)
    frames = animate(PhonemeAnimator(), [loud, whisper])
    assert 0.4 < at(frames, 0.6 + 0.3, "jawOpen") / at(frames, 0.3, "jawOpen") < 0.8


def test_blinks_nods_and_brows_live_but_keep_measure() -> None:
    text = " ".join([TEXTS["EN"]] * 5)
    frames = animate(PhonemeAnimator(), [joined(spoken(text))], seed=3)
    seconds = len(frames) / MOTION_FPS
    lid = frames[:, COLUMN["eyeBlinkLeft"]]
    begins = np.flatnonzero((lid[1:] > 0.5) & (lid[:-1] <= 0.5)) / MOTION_FPS
    assert seconds / 6.2 - 1 <= len(begins) <= seconds / 1.8
    assert np.diff(begins).min() > 1.5 and np.diff(begins).max() < 6.2
    shut = [lid[int(b * MOTION_FPS) : int(b * MOTION_FPS) + 6].max() for b in begins]
    assert min(shut) > 0.97
    brow = frames[:, COLUMN["browInnerUp"]]
    accents = ((brow[1:] > 0.1) & (brow[:-1] <= 0.1)).sum()
    assert 0.1 < accents / seconds < 1.3
    pitch, yaw = frames[:, COLUMN["headPitch"]], frames[:, COLUMN["headYaw"]]
    assert 0.5 < np.ptp(pitch) < 9 and 0.5 < np.ptp(yaw) < 7
    assert np.abs(np.diff(yaw)).max() < 0.5 and np.abs(np.diff(pitch)).max() < 1.2


PHONES = ["m", "a", "ˈaʊ", "tʃ", "", "f", "k", "ˈi", "w", "s", "(en)", "p"]


@settings(max_examples=60, deadline=None)
@given(
    phonemes=st.lists(st.tuples(st.sampled_from(PHONES), st.floats(0.02, 0.4)), min_size=1, max_size=14),
    cuts=st.lists(st.integers(1, 9000), max_size=12),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_cut_of_any_speech_gives_the_same_motion(phonemes, cuts: list[int], seed: int) -> None:
    whole = said(*phonemes)
    pieces = recut([whole], cuts)
    assert sum(len(p.pcm) for p in pieces) == len(whole.pcm)
    expected = animate(PhonemeAnimator(), [whole], seed)
    np.testing.assert_allclose(animate(PhonemeAnimator(), pieces, seed), expected, atol=2e-5)
    assert np.isfinite(expected).all()


def test_phonemes_that_overlap_or_last_nothing_do_no_harm() -> None:
    pcm = np.zeros(16_000, np.int16)
    times = (
        PhonemeTime("a", 0.1, 0.5),
        PhonemeTime("m", 0.3, 0.4),
        PhonemeTime("u", 0.6, 0.6),
        PhonemeTime("i", 0.7, 0.65),
    )
    frames = animate(PhonemeAnimator(), [SpokenChunk(pcm, 16_000, "", (), times)])
    assert np.isfinite(frames).all() and nearest(frames, 0.35, "mouthClose") > 0.97


def test_a_change_of_the_sample_rate_keeps_the_time() -> None:
    first, second = said(("h", 0.1), ("a", 0.4)), said(("m", 0.3), ("a", 0.3), rate=24_000)
    frames = animate(PhonemeAnimator(), [first, second])
    assert nearest(frames, 0.65, "mouthClose") > 0.97
    assert abs(len(frames) / MOTION_FPS - 1.6) < 0.1


def test_nothing_can_be_added_after_the_end() -> None:
    animation = PhonemeAnimator().open(1)
    animation.finish()
    with pytest.raises(ValueError, match="finished"):
        animation.add(said(("a", 0.1)))
