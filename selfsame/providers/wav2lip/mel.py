"""The mel spectrogram that Wav2Lip was trained on. Pure.

16 kHz, window 800, hop 200 (80 columns a second), 80 bands from 55 to 7600 Hz, pre-emphasis 0.97, decibels above
-100 minus 20, spread over -4..4.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from selfsame.kit.pcm import Samples

RATE, WINDOW, HOP, BANDS = 16_000, 800, 200, 80
COLUMNS_A_SECOND = RATE // HOP
COLUMNS = 16
"""Columns that go with one picture: 0.2 s."""
_LOW, _HIGH, _EMPHASIS, _FLOOR, _REFERENCE, _SPREAD = 55.0, 7600.0, 0.97, -100.0, 20.0, 4.0

Spectrogram = npt.NDArray[np.float32]


def mel_spectrogram(sound: Samples) -> Spectrogram:
    """Sound (samples,) at 16 kHz in [-1, 1] to (80, columns); column k is centred at k / 80 s."""
    emphasised = np.append(sound[:1], sound[1:] - _EMPHASIS * sound[:-1]) if len(sound) else sound
    padded = np.pad(emphasised.astype(np.float32), WINDOW // 2)
    count = 1 + max(0, len(padded) - WINDOW) // HOP
    if len(padded) < WINDOW:
        padded = np.pad(padded, (0, WINDOW - len(padded)))
    strides = (padded.strides[0] * HOP, padded.strides[0])
    pieces = np.lib.stride_tricks.as_strided(padded, (count, WINDOW), strides, writeable=False)
    hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)
    spectrum = np.abs(np.fft.rfft(pieces * hann, axis=1))
    decibels = 20 * np.log10(np.maximum(1e-5, spectrum @ _filters().T)) - _REFERENCE
    scaled = 2 * _SPREAD * (decibels - _FLOOR) / -_FLOOR - _SPREAD
    return np.clip(scaled, -_SPREAD, _SPREAD).T.astype(np.float32)


def windows(mel: Spectrogram, count: int, frames_a_second: float) -> Spectrogram:
    """The sound of `count` pictures, shape (count, 1, 80, 16): each begins where its picture does.

    The last column is repeated where the sound ends earlier.
    """
    starts = (np.arange(count) * COLUMNS_A_SECOND / frames_a_second).astype(int)
    columns = np.minimum(starts[:, None] + np.arange(COLUMNS)[None], mel.shape[1] - 1)
    return np.ascontiguousarray(mel[:, columns].transpose(1, 0, 2)[:, None])


@lru_cache(maxsize=1)
def _filters() -> npt.NDArray[np.float64]:
    """Triangles of equal area on Slaney's mel scale (linear to 1 kHz, then logarithmic)."""
    edges = _to_hertz(np.linspace(_to_mel(_LOW), _to_mel(_HIGH), BANDS + 2))
    bins = np.linspace(0, RATE / 2, WINDOW // 2 + 1)
    rising = (bins[None] - edges[:-2, None]) / np.diff(edges)[:-1, None]
    falling = (edges[2:, None] - bins[None]) / np.diff(edges)[1:, None]
    triangles = np.maximum(0, np.minimum(rising, falling))
    return triangles * (2.0 / (edges[2:] - edges[:-2]))[:, None]


def _to_mel(hertz: float) -> float:
    return hertz * 3 / 200 if hertz < 1000 else 15 + 27 * np.log(hertz / 1000) / np.log(6.4)


def _to_hertz(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp(np.log(6.4) * (mel - 15) / 27))
