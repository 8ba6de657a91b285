from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.ears.denoise import WINDOW, Denoiser, noise_power
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from tests.ears.sounds import noise, pink, silence, vowels


def strength(pcm: np.ndarray) -> float:
    return float(np.sqrt(np.mean(pcm.astype(np.float64) ** 2)))


def decibels(pcm: np.ndarray, of: np.ndarray) -> float:
    return 20 * np.log10(strength(pcm) / strength(of))


def mixed(*sounds: Pcm) -> Pcm:
    return np.clip(np.sum(sounds, axis=0, dtype=np.int32), -32768, 32767).astype(np.int16)


def streamed(pcm: Pcm, sizes: list[int], room: Pcm) -> Pcm:
    denoiser, out, at = Denoiser(), [], 0
    denoiser.learn(room)
    for size in sizes:
        out.append(denoiser.process(pcm[at : at + size]))
        at += size
    out.append(denoiser.process(pcm[at:]))
    return np.concatenate([*out, denoiser.flush()])


@pytest.mark.parametrize("make", [noise, pink])
@pytest.mark.parametrize("level", [0.001, 0.005, 0.02])
def test_steady_noise_is_weakened(make, level: float) -> None:
    room, later = make(1.0, level, seed=1), make(1.0, level, seed=2)
    assert decibels(streamed(later, [512] * 30, room), later) < -8


def test_silence_stays_silent() -> None:
    assert not streamed(silence(0.5), [512] * 15, silence(1.0)).any()
    assert not streamed(silence(0.5), [512] * 15, noise(1.0, 0.01)).any()


def test_voice_far_above_the_noise_is_kept() -> None:
    voice = vowels(1.0)
    heard = mixed(voice, noise(1.0, 0.1 * 10 ** (-40 / 20), seed=2))
    out = streamed(heard, [512] * 31, noise(1.0, 0.1 * 10 ** (-40 / 20), seed=1))
    assert abs(decibels(out, voice)) < 1
    assert decibels(out.astype(float) - voice, voice) < -12, "and its shape, too"


def test_noise_goes_and_voice_stays() -> None:
    """At 15 dB the sound that comes out is nearer to the voice than what went in."""
    voice, level = vowels(1.0), 0.1 * 10 ** (-15 / 20)
    heard = mixed(voice, noise(1.0, level, seed=2))
    out = streamed(heard, [], noise(1.0, level, seed=1))
    assert decibels(out.astype(float) - voice, voice) < decibels(heard.astype(float) - voice, voice) - 3


def test_without_a_room_nothing_is_taken_away() -> None:
    voice = vowels(0.6)
    assert noise_power(noise(0.1)) is None
    for room in (voice[:0], noise(0.1, 0.05), silence(1.0)):
        assert np.abs(streamed(voice, [320] * 20, room).astype(int) - voice).max() <= 3


def test_the_room_stays_known_when_the_next_is_too_short() -> None:
    denoiser, later = Denoiser(), noise(0.5, 0.01, seed=2)
    denoiser.learn(noise(1.0, 0.01, seed=1))
    denoiser.learn(noise(0.05, 0.2))
    denoiser.reset()
    assert decibels(denoiser.process(later), later) < -8


def test_a_word_in_the_room_does_not_count_as_noise() -> None:
    """A cough in a third of the sound moves the estimate by less than 3 dB; a mean would move by 20."""
    room = noise(1.5, 0.003, seed=1)
    with_cough = room.copy()
    with_cough[:8000] = mixed(room[:8000], noise(0.5, 0.06, seed=3))
    clean, spoilt = noise_power(room), noise_power(with_cough)
    assert clean is not None and spoilt is not None
    assert 10 * np.log10(spoilt.sum() / clean.sum()) < 3


def test_the_estimate_is_the_mean_power() -> None:
    """White noise of strength s has the power s^2 * sum(window^2) in a bin: half the window's length."""
    found = noise_power(noise(4.0, 0.01))
    assert found is not None
    assert 10 * np.log10(np.mean(found) / ((0.01 * 32768) ** 2 * WINDOW / 2)) == pytest.approx(0, abs=0.5)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 3000), max_size=12))
def test_a_stream_does_not_depend_on_its_slicing(sizes: list[int]) -> None:
    pcm = mixed(vowels(0.6), noise(0.6, 0.01, seed=2))
    whole = streamed(pcm, [], noise(0.5, 0.01))
    assert len(whole) == len(pcm)
    assert np.array_equal(streamed(pcm, sizes, noise(0.5, 0.01)), whole)


def test_chunks_and_edges_do_not_click() -> None:
    """A loud tone in noise bends no more anywhere, its first and last samples included, than the tone itself."""
    t = np.arange(MICROPHONE_RATE) / MICROPHONE_RATE
    tone = (0.3 * 32767 * np.sin(2 * np.pi * 440 * t)).astype(np.int16)
    out = streamed(tone, [320] * 49, noise(1.0, 0.002)).astype(np.float64)
    assert np.abs(np.diff(out, n=2)).max() < 1.1 * np.abs(np.diff(tone.astype(np.float64), n=2)).max()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(0.0001, 0.5), st.floats(0.0001, 0.5))
def test_nothing_gets_louder(seed: int, level: float, room: float) -> None:
    """No gain is above 1, so no stretch of sound gains energy (0.1 dB for rounding and the windows' seams)."""
    pcm = noise(0.4, level, seed)
    out = streamed(pcm, [500] * 10, noise(0.4, room, seed + 1))
    assert strength(out) <= strength(pcm) * 1.012 + 0.5


def test_the_lag_is_at_most_one_window() -> None:
    denoiser, given_, got = Denoiser(), 0, 0
    for size in (100, 28, 1, 400, 512, 37, 512):
        given_ += size
        got += len(denoiser.process(noise(size / MICROPHONE_RATE)))
        assert 0 <= given_ - got < WINDOW
