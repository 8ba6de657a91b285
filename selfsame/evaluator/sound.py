"""Sound for the evaluator: files as microphone PCM, and where in it somebody can be heard."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
import soxr

from selfsame.errors import BadInput
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm, from_float

AUDIBLE = 164
"""Samples of at least this size (-46 dBFS) can be heard."""
_WINDOW = MICROPHONE_RATE // 100
_BELOW_PEAK = 0.03
"""Windows of 10 ms whose level lies within 30 dB of the loudest one count as voice."""


def load(path: Path) -> Pcm:
    """A sound file as 16 kHz mono. Raises BadInput when it is none."""
    try:
        samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    except (soundfile.LibsndfileError, OSError) as error:
        raise BadInput(f"{path.name} is not a sound file: {error}") from error
    return at_microphone_rate(samples.mean(axis=1), rate)


def at_microphone_rate(samples: np.ndarray, rate: int) -> Pcm:
    """Float samples of any rate as 16 kHz PCM."""
    return from_float(samples if rate == MICROPHONE_RATE else soxr.resample(samples, rate, MICROPHONE_RATE))


def voiced_span(pcm: Pcm) -> tuple[int, int]:
    """First and last voiced sample, to 10 ms, by level; the whole of it when all is silent."""
    windows = len(pcm) // _WINDOW
    if windows == 0:
        return 0, len(pcm)
    level = np.sqrt(np.mean(pcm[: windows * _WINDOW].reshape(windows, _WINDOW).astype(np.float32) ** 2, axis=1))
    voiced = np.flatnonzero(level > max(_BELOW_PEAK * float(level.max()), 1.0))
    if len(voiced) == 0:
        return 0, len(pcm)
    return int(voiced[0]) * _WINDOW, int(voiced[-1] + 1) * _WINDOW


def audible_span(pcm: Pcm) -> tuple[int, int] | None:
    """First and one past the last audible sample, or None."""
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) >= AUDIBLE)
    return None if len(loud) == 0 else (int(loud[0]), int(loud[-1]) + 1)
