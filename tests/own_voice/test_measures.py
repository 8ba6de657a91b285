"""What is measured in sound: cepstra, pitch, marks; and phonemes' likeness."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.voice.units import phones, pitch, sound
from selfsame.voice.units.sound import HOP, RATE


def buzz(hertz: float, seconds: float = 0.6) -> np.ndarray:
    """A pulse train through a resonance: a crude vowel."""
    wave = np.zeros(int(seconds * RATE), np.float32)
    wave[(np.arange(0, seconds, 1 / hertz) * RATE).astype(int)] = 1.0
    decay = np.exp(-np.arange(300) / 60) * np.cos(2 * np.pi * 600 * np.arange(300) / RATE)
    return (0.3 * np.convolve(wave, decay)[: len(wave)]).astype(np.float32)


@pytest.mark.parametrize("hertz", [80.0, 110.0, 180.0, 250.0, 380.0])
def test_pitch_is_found(hertz: float) -> None:
    found = pitch.track(buzz(hertz))
    inside = found[20:-20]
    assert (inside > 0).mean() > 0.95
    assert np.median(inside[inside > 0]) == pytest.approx(hertz, rel=0.02)


def test_noise_and_silence_have_no_pitch() -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32)
    assert (pitch.track(noise) > 0).mean() < 0.1
    assert not (pitch.track(np.zeros(RATE, np.float32)) > 0).any()


@pytest.mark.parametrize("hertz", [90.0, 200.0, 330.0])
def test_marks_lie_a_period_apart(hertz: float) -> None:
    wave = buzz(hertz)
    marks, voiced = pitch.marks_of(wave, pitch.track(wave))
    assert (np.diff(marks) > 0).all()
    periods = np.diff(marks)[voiced[1:] & voiced[:-1]]
    assert np.median(periods) == pytest.approx(RATE / hertz, rel=0.02)
    assert (np.abs(np.log(periods / (RATE / hertz))) < 0.1).mean() > 0.9


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 2**32 - 1))
def test_any_sound_can_be_measured(samples: int, seed: int) -> None:
    wave = np.random.default_rng(seed).normal(0, 0.2, samples).astype(np.float32)
    hertz = pitch.track(wave)
    marks, voiced = pitch.marks_of(wave, hertz)
    assert len(hertz) == len(sound.log_mels(wave)) == sound.frames_of(samples)
    assert len(marks) == len(voiced) and (np.diff(marks) > 0).all()
    assert np.isfinite(pitch.filled(hertz)).all()


def test_cepstra_keep_the_shape_of_the_spectrum() -> None:
    mels = sound.log_mels(buzz(150))
    back = sound.mels_of(sound.cepstra_of(mels))
    assert back.shape == mels.shape
    assert np.abs(back - mels)[20:-20].mean() < 1.0
    louder = sound.cepstra_of(sound.log_mels(2 * buzz(150)))
    difference = (louder - sound.cepstra_of(mels))[20:-20].mean(0)
    assert difference[0] == pytest.approx(np.log(4) * np.sqrt(sound.BANDS), rel=0.05)
    assert np.abs(difference[1:]).max() < 0.3


def test_names_and_stress() -> None:
    assert phones.name_of("ˈɑː") == ("ɑː", 2)
    assert phones.name_of("ˌɪ") == ("ɪ", 1)
    assert phones.name_of("tʃ") == ("tʃ", 0)


@pytest.mark.parametrize(
    ("said", "near", "far"),
    [("ɾ", "d", "m"), ("x", "h", "m"), ("r", "ɾ", "s"), ("ɲ", "n", "k"), ("a", "ɑː", "iː"), ("β", "v", "k"),
     ("ɕ", "ʃ", "p"), ("ts", "tʃ", "w"), ("y", "i", "ɑ"), ("o", "ɔ", "æ")],
)  # fmt: skip
def test_borrowed_phones_sound_alike(said: str, near: str, far: str) -> None:
    assert 0 < phones.distance(said, near) < phones.distance(said, far) <= 1


def test_a_diphthongs_halves_are_its_vowels() -> None:
    assert phones.distance("aɪ", "a", 0) < phones.distance("aɪ", "i", 0)
    assert phones.distance("aɪ", "ɪ", 1) < phones.distance("aɪ", "a", 1)


@given(st.text(max_size=6), st.text(max_size=6))
def test_any_signs_have_a_distance(a: str, b: str) -> None:
    assert 0 <= phones.distance(a, b) <= 1
    assert phones.distance(a, a) == 0
    assert HOP > 0
