"""What the sound network hears: log-mel bands a hundred times a second, against the reply's own spectrum so far. Pure.

The bands are taken at the sound's own sample rate, so nothing is resampled. Level and mean spectrum are followed from
the first hop on, from an expectation that fades: other voices, microphones and volumes look alike to the network.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from selfsame.kit.pcm import Pcm

HOP = 0.01
"""Seconds of sound per row."""

WINDOW = 0.025
"""Seconds of sound that a row is made from; row k begins at k HOP."""

BANDS = 26
LOWEST, HIGHEST = 90.0, 7600.0  # Hz
_FLOOR = 1e-9  # of full scale: -90 dB
_SPEECH = 25.0  # dB below the level: quieter rows say nothing about the voice
_LEVEL, _LEVEL_WEIGHT = -28.0, 20.0  # dB expected, and the rows that the expectation counts for
_SHAPE_WEIGHT = 120.0
_FORGET = 0.999  # a row: half in 7 s
_SPREAD = 12.0  # dB: brings the rows to about -1..1

Rows = npt.NDArray[np.float32]
"""Features, shape (hops, BANDS)."""


class Features:
    """Turns sound into rows as it comes; how it is cut makes no difference. `shape` is the expected spectrum, dB."""

    def __init__(self, shape: npt.NDArray[np.float32]) -> None:
        self._rest: Pcm = np.zeros(0, np.int16)
        self._rate = 0
        self._start = 0  # the sample, of this rate, where `_rest` begins
        self._hop = 0  # the next row, of this rate
        self._level, self._weight = _LEVEL * _LEVEL_WEIGHT, _LEVEL_WEIGHT
        self._shape, self._shaped = shape.astype(np.float64) * _SHAPE_WEIGHT, _SHAPE_WEIGHT
        self._rows: list[Rows] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, pcm: Pcm, rate: int) -> None:
        """Take the next samples. When the rate changes, what is left of a window is dropped."""
        if rate != self._rate:
            self._rest, self._rate, self._start, self._hop = pcm[:0], rate, 0, 0
        sound = np.concatenate([self._rest, pcm])
        size = int(WINDOW * rate)
        last = int((self._start + len(sound) - size) / (HOP * rate)) + 1 if self._start + len(sound) >= size else 0
        if last > self._hop:
            starts = (np.arange(self._hop, last) * (HOP * rate)).astype(np.int64) - self._start
            for row in mel_db(sound[starts[:, None] + np.arange(size)], rate):
                self._take(row)
            self._hop = last
            keep = int(last * (HOP * rate)) - self._start
            sound, self._start = sound[keep:], self._start + min(keep, len(sound))
        self._rest = sound

    def _take(self, db: npt.NDArray[np.float64]) -> None:
        loud = float(db.max()) + 3.0
        if loud > self._level / self._weight - _SPEECH:
            self._level = self._level * _FORGET + loud
            self._weight = self._weight * _FORGET + 1.0
            self._shape *= _FORGET
            self._shape += db - self._level / self._weight
            self._shaped = self._shaped * _FORGET + 1.0
        row = (db - self._level / self._weight - self._shape / self._shaped) / _SPREAD
        self._rows.append(np.clip(row, -4.0, 3.0).astype(np.float32))
        self._count += 1

    def between(self, first: int, end: int, *, silent: bool) -> Rows:
        """Rows `first` to `end`, not included. Before the beginning it is silent; after what is known it is silent or,
        if not `silent`, as it was last."""
        quiet = np.full(BANDS, -3.5, np.float32)
        last = self._rows[-1] if self._rows and not silent else quiet
        rows = [quiet] * max(0, min(end, 0) - first)
        rows += self._rows[max(0, first) : max(0, end)]
        rows += [last] * (end - first - len(rows))
        return np.array(rows, np.float32).reshape(-1, BANDS)


def mel_db(windows: npt.NDArray[np.integer], rate: int) -> npt.NDArray[np.float64]:
    """Windows of samples, shape (n, samples), to the power of each band in dB below full scale, shape (n, BANDS)."""
    shape, bank = _bank(windows.shape[1], rate)
    spectrum = np.fft.rfft(windows * shape, 2 * (bank.shape[0] - 1))
    return 10.0 * np.log10((spectrum.real**2 + spectrum.imag**2) @ bank + _FLOOR)


@lru_cache(maxsize=8)
def _bank(size: int, rate: int) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The Hann window scaled to full scale 1, and triangles of equal width in mel (O'Shaughnessy's formula)."""
    length = 1 << max(4, (size - 1).bit_length())
    hann = np.hanning(size + 2)[1:-1]
    frequencies = np.arange(length // 2 + 1) * rate / length
    low, high = (2595.0 * np.log10(1.0 + hertz / 700.0) for hertz in (LOWEST, HIGHEST))
    edges = 700.0 * (10.0 ** (np.linspace(low, high, BANDS + 2) / 2595.0) - 1.0)
    rising = (frequencies[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - frequencies[:, None]) / (edges[2:] - edges[1:-1])
    bank = np.maximum(0.0, np.minimum(rising, falling))
    return hann / 32768.0, bank * (2.0 / (length * (hann**2).sum()))
