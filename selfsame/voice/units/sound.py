"""What the cloned voice measures in sound: mel-frequency cepstra, two hundred times a second. Pure.

Davis and Mermelstein, "Comparison of parametric representations for monosyllabic word recognition" (IEEE Trans. ASSP
28, 1980). The bands end at 7.6 kHz, so that recordings made at 16 kHz measure like any other.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.floating]
"""Numbers of 32 bits, unless a docstring says more."""

RATE = 22_050
"""Samples a second of everything that the cloned voice stores and says."""

HOP = 110
"""Samples from one frame to the next; frame k stands for the sound around sample k * HOP."""

FRAMES = RATE / HOP
"""Frames a second, about 200."""

BANDS = 32
CEPSTRA = 20
LOWEST, HIGHEST = 70.0, 7600.0  # Hz
_WINDOW, _TRANSFORM = 560, 1024
_FLOOR = 1e-10
_BLOCK = 4096  # frames at a time, to bound the memory


def frames_of(samples: int) -> int:
    """How many frames cover so many samples."""
    return -(-samples // HOP)


def log_mels(sound: Floats) -> Floats:
    """Natural logarithm of the energy in each mel band. `sound` at RATE, full scale 1; returns (frames, BANDS)."""
    count = frames_of(len(sound))
    padded = np.concatenate([np.zeros(_WINDOW // 2, np.float32), sound, np.zeros(_WINDOW + HOP, np.float32)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:count]
    shape, bank = _bank()
    out = np.empty((count, BANDS), np.float32)
    for start in range(0, count, _BLOCK):
        spectrum = np.fft.rfft(windows[start : start + _BLOCK] * shape, _TRANSFORM)
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        out[start : start + _BLOCK] = np.log(power @ bank + _FLOOR)
    return out


def cepstra_of(mels: Floats) -> Floats:
    """The cosine transform of log mel bands: (frames, CEPSTRA). The first is the level."""
    return mels @ cosines()


def mels_of(cepstra: Floats) -> Floats:
    """Log mel bands again, smoothed: the inverse of `cepstra_of`, shape (frames, BANDS)."""
    return cepstra @ cosines().T


def centres() -> npt.NDArray[np.float64]:
    """Centre frequency of each band in Hz."""
    return _edges()[1:-1]


@lru_cache(maxsize=1)
def cosines() -> Floats:
    """Orthonormal cosine transform (type II), shape (BANDS, CEPSTRA)."""
    place = (np.arange(BANDS) + 0.5) / BANDS
    basis = np.cos(np.pi * place[:, None] * np.arange(CEPSTRA)) * np.sqrt(2.0 / BANDS)
    basis[:, 0] /= np.sqrt(2.0)
    return basis.astype(np.float32)


def _edges() -> npt.NDArray[np.float64]:
    low, high = (2595.0 * np.log10(1.0 + hertz / 700.0) for hertz in (LOWEST, HIGHEST))
    return 700.0 * (10.0 ** (np.linspace(low, high, BANDS + 2) / 2595.0) - 1.0)


@lru_cache(maxsize=1)
def _bank() -> tuple[Floats, Floats]:
    """A Hann window scaled to unit power, and triangles of equal width in mel, shape (bins, BANDS)."""
    shape = np.hanning(_WINDOW + 2)[1:-1]
    hertz = np.arange(_TRANSFORM // 2 + 1) * RATE / _TRANSFORM
    edges = _edges()
    rising = (hertz[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - hertz[:, None]) / (edges[2:] - edges[1:-1])
    bank = np.maximum(0.0, np.minimum(rising, falling))
    bank /= np.maximum(bank.sum(0), 1e-9)
    return (shape / np.sqrt((shape**2).sum())).astype(np.float32), bank.astype(np.float32)
