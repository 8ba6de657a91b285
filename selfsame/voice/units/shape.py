"""The sound of joined units brought towards what the acoustic model expects of the person. Pure.

Units recorded in another context, and the edges where two of them meet, are off in colour and level. A filter that
changes from frame to frame takes away a share of that: its gains are smooth in frequency, so that the person's pitch,
breath and fine colour stay, and it has no delay, so that no time moves. Allen and Rabiner, "A unified approach to
short-time Fourier analysis and synthesis" (Proceedings of the IEEE 65, 1977).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from selfsame.voice.units.phones import PAUSE
from selfsame.voice.units.plan import Target
from selfsame.voice.units.sound import (
    CEPSTRA,
    FRAMES,
    HOP,
    RATE,
    Floats,
    centres,
    cepstra_of,
    cosines,
    frames_of,
    log_mels,
)

_WINDOW, _TRANSFORM = 512, 1024


@dataclass(frozen=True)
class Shaping:
    """Shares of the difference that are taken away: of the `colour` and of the `level`. `smooth` is the odd number of
    frames over which gains are averaged, `most` the largest gain in nepers."""

    colour: float = 0.4
    level: float = 0.8
    smooth: int = 7
    most: float = 1.0

    @classmethod
    def learnt_from(cls, seconds: float) -> Shaping:
        """What an acoustic model of so much speech may be trusted with: all at a minute, a quarter at half a minute.

        With less it knows the person so little that its colour costs likeness.
        """
        trust = float(np.interp(seconds, (30.0, 60.0), (0.25, 1.0)))
        return cls(trust * cls.colour, trust * cls.level)


def shaped(sound: Floats, edges: npt.NDArray[np.float64], target: Target, shaping: Shaping) -> Floats:
    """The rendered `sound` (at RATE), as long, nearer to the target's cepstra; pauses stay as they are.

    `edges` are seconds in the sound where the target's phones begin, and the end.
    """
    if not len(target.phones) or len(sound) < HOP:
        return sound
    have = cepstra_of(log_mels(sound))
    planned = np.append(target.spans.first, target.spans.last[-1])
    place = np.interp(np.arange(len(have)) / FRAMES, edges, planned)
    frame = np.clip(np.round(place).astype(np.int64), 0, len(target.cepstra) - 1)
    shares = np.full(CEPSTRA, shaping.colour)
    shares[0] = shaping.level
    wanted = (target.cepstra[frame] - have) * shares
    wanted[_silent(target)[frame]] = 0.0
    gains = _smoothed(wanted, shaping.smooth) @ cosines().T * 0.5
    return _filtered(sound, np.clip(gains, -shaping.most, shaping.most))


def _silent(target: Target) -> npt.NDArray[np.bool_]:
    silent = np.zeros(max(1, len(target.cepstra)), np.bool_)
    for phone, a, b in zip(target.phones, target.spans.first, target.spans.last, strict=True):
        silent[a:b] = phone.name == PAUSE
    return silent


def _smoothed(rows: Floats, width: int) -> Floats:
    kernel = np.hanning(width + 2)[1:-1]
    padded = np.pad(rows, ((width // 2, width // 2), (0, 0)), "edge")
    views = np.lib.stride_tricks.sliding_window_view(padded, width, axis=0)
    return views @ (kernel / kernel.sum())


def _filtered(sound: Floats, gains: Floats) -> Floats:
    """Through gains (nepers, by frame and band); windows add up to one, whatever the hop."""
    shape, across = _tables()
    reach, around = _WINDOW // 2, (_TRANSFORM - _WINDOW) // 2
    count = frames_of(len(sound) + reach) + 1
    padded = np.concatenate([np.zeros(reach), sound, np.zeros(count * HOP + _WINDOW - len(sound))])
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:count] * shape
    windows = np.pad(windows, ((0, 0), (around, around)))
    factors = np.exp(gains[np.minimum(np.arange(count), len(gains) - 1)] @ across)
    pieces = np.fft.irfft(np.fft.rfft(windows, axis=1) * factors, axis=1)
    out, weight = np.zeros(len(padded) + 2 * around), np.zeros(len(padded) + 2 * around)
    for n, piece in enumerate(pieces):
        out[n * HOP : n * HOP + _TRANSFORM] += piece
        weight[n * HOP + around : n * HOP + around + _WINDOW] += shape
    inside = slice(around + reach, around + reach + len(sound))
    return (out[inside] / weight[inside]).astype(np.float32)


@lru_cache(maxsize=1)
def _tables() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The window, and gains by band to gains by bin: flat below the first band and above the last."""
    bands = centres()
    hertz = np.fft.rfftfreq(_TRANSFORM, 1 / RATE)
    across = np.stack([np.interp(hertz, bands, row) for row in np.eye(len(bands))])
    return np.hanning(_WINDOW + 2)[1:-1], across
