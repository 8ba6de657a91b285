"""The filters of a recording: a high-pass and a soft gate."""

from __future__ import annotations

import numpy as np
import pytest

from selfsame.ears.front_end import apply_high_pass_filter, apply_noise_gate
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm


def tone(hertz: float, seconds: float = 1.0, level: float = 0.3) -> Pcm:
    t = np.arange(round(seconds * MICROPHONE_RATE)) / MICROPHONE_RATE
    return (level * 32767 * np.sin(2 * np.pi * hertz * t)).astype(np.int16)


def strength(pcm: np.ndarray) -> float:
    return float(np.sqrt(np.mean(pcm.astype(np.float64) ** 2)))


@pytest.mark.parametrize(("hertz", "kept"), [(50, 0.0), (120, 0.0), (190, 0.0), (210, 1.0), (400, 1.0), (3000, 1.0)])
def test_the_high_pass_removes_what_is_below_200_hertz(hertz: float, kept: float) -> None:
    pcm = tone(hertz)
    assert strength(apply_high_pass_filter(pcm)) / strength(pcm) == pytest.approx(kept, abs=0.01)


@pytest.mark.parametrize("dtype", [np.int16, np.float32, np.float64])
def test_the_filters_keep_length_and_kind(dtype: type) -> None:
    sound = tone(500).astype(dtype) if dtype is np.int16 else (tone(500) / 32768).astype(dtype)
    for filtered in (apply_high_pass_filter(sound), apply_noise_gate(sound)):
        assert (filtered.dtype, filtered.shape) == (sound.dtype, sound.shape)
    assert len(apply_high_pass_filter(sound[:0])) == 0


def test_the_high_pass_takes_other_cutoffs_and_rates() -> None:
    sound = np.sin(2 * np.pi * 500 * np.arange(8000) / 8000)
    assert strength(apply_high_pass_filter(sound, cutoff=600, fs=8000)) < 0.01
    assert strength(apply_high_pass_filter(sound, cutoff=400, fs=8000)) == pytest.approx(strength(sound), rel=0.01)


def test_the_gate_softens_and_never_silences() -> None:
    quiet, loud = round(0.005 * 32768), round(0.02 * 32768)
    sound = np.array([quiet, -quiet, loud, -loud], dtype=np.int16)
    assert apply_noise_gate(sound).tolist() == [33, -33, loud, -loud]
    assert apply_noise_gate(sound / 32768).tolist() == pytest.approx(
        [quiet / 163840, -quiet / 163840, loud / 32768, -loud / 32768]
    )
