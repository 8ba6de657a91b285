"""From sound to what the network sees: 40 mel bands of power, 100 frames a second.

The numbers are those of librosa's `melspectrogram` with its defaults (Slaney's mel scale and area normalisation,
centred frames, periodic Hann window), as the network was trained on them: power, not its logarithm.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from selfsame.kit.pcm import MICROPHONE_RATE, Samples

WINDOW = 400
HOP = 160
BANDS = 40
BINS = WINDOW // 2 + 1


def mel_spectrogram(sound: Samples) -> Samples:
    """Power in mel bands, shape (1 + samples // 160, 40), of sound in [-1, 1) at 16 kHz."""
    padded = np.pad(sound, WINDOW // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, WINDOW)[::HOP]
    spectrum = np.fft.rfft(frames * _hann(), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    return (power @ filterbank()).astype(np.float32)


@lru_cache(maxsize=1)
def filterbank() -> np.ndarray:
    """Triangles of equal area over the mel scale, shape (201, 40), float64."""
    bins = np.linspace(0, MICROPHONE_RATE / 2, BINS)
    edges = _to_hertz(np.linspace(0, _to_mel(MICROPHONE_RATE / 2), BANDS + 2))
    widths = np.diff(edges)
    slopes = edges[None, :] - bins[:, None]
    rising, falling = -slopes[:, :-2] / widths[:-1], slopes[:, 2:] / widths[1:]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return triangles * (2 / (edges[2:] - edges[:-2]))


@lru_cache(maxsize=1)
def _hann() -> np.ndarray:
    return 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)


# Slaney's scale (Auditory Toolbox, 1998): linear to 1 kHz, then 27 steps to each factor of 6.4.
_STEP, _KNEE = 200 / 3, 1000.0
_LOG_STEP = np.log(6.4) / 27


def _to_mel(hertz: float) -> float:
    return hertz / _STEP if hertz < _KNEE else _KNEE / _STEP + float(np.log(hertz / _KNEE)) / _LOG_STEP


def _to_hertz(mels: np.ndarray) -> np.ndarray:
    knee = _KNEE / _STEP
    return np.where(mels < knee, mels * _STEP, _KNEE * np.exp(_LOG_STEP * (mels - knee)))
