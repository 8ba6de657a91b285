"""The clear manner: the guide's own sound, moved towards the person's pitch and colour. Pure.

Nothing of the person is heard, so no word is lost; it is likest to them where little was recorded.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.pitch import Marks, filled, marks_of, track
from selfsame.voice.units.sound import HOP, RATE, Floats, centres

_TAPS = 512
_WIDEST = 400  # samples of a grain's side
_AROUND = 700  # at the ends of the sound: more than the widest grain read at the greatest warp
_RANGE = (0.6, 1.5)
_MOST = 1.4  # the pitch is not moved further: grains spread more than this cost words


@dataclass(frozen=True, slots=True, eq=False)
class Repitched:
    """Sound in another pitch: Hz by frame (0: none), and where its periods are, as pitch.marks_of tells them."""

    sound: Floats
    hertz: Floats
    marks: Marks
    voiced: npt.NDArray[np.bool_]


def clear_sound(model: VoiceModel, sound: Floats, raised: float = 1.0) -> Floats:
    """The guide's `sound` (at RATE, full scale 1), as long, in the person's pitch, range and long-term spectrum.

    `raised` multiplies the pitch.
    """
    if len(sound) < _TAPS:
        return sound
    moved = repitched(model, sound, track(sound, once=True), raised)
    return _filtered(moved.sound, model.clear.gains)


def repitched(model: VoiceModel, sound: Floats, hertz: Floats, raised: float = 1.0, most: float = _MOST) -> Repitched:
    """The guide's `sound`, as long, in the person's pitch and range; it is moved by the factor `most` at most.

    `hertz` is its pitch by frame. Pitch by overlapping grains; formants move by model.clear.warp, as each grain is
    read at another speed.
    """
    marks, voiced = marks_of(sound, hertz)
    if len(marks) < 4 or not voiced.any():
        return Repitched(sound, hertz, marks, voiced)
    shift = np.clip(_wanted(model, hertz) + np.log(raised) - filled(hertz), -np.log(most), np.log(most))
    padded = np.pad(sound, _AROUND).astype(np.float32)
    out, weight = np.zeros(len(sound) + 2 * _WIDEST, np.float32), np.zeros(len(sound) + 2 * _WIDEST, np.float32)
    at_marks, steps = marks.tolist(), np.exp(-shift).tolist()
    now, places, kinds = float(at_marks[0]), [], []
    while now < len(sound) - 1:
        z = min(max(bisect_left(at_marks, now), 1), len(at_marks) - 2)
        z -= int(z > 1 and now - at_marks[z - 1] < at_marks[z] - now)
        centre = at_marks[z]
        left, right = min(_WIDEST, centre - at_marks[z - 1]), min(_WIDEST, at_marks[z + 1] - centre)
        window = np.concatenate([_fall(left)[:0:-1], _fall(right)[:-1]])
        at = _WIDEST + round(now) - left
        out[at : at + left + right] += window * _grain(padded, centre, (left, right), model.clear.warp)
        weight[at : at + left + right] += window
        places.append(round(now))
        kinds.append(bool(voiced[z]))
        now += max(20.0, right * steps[min(len(steps) - 1, centre // HOP)]) if voiced[z] else right
    inside = slice(_WIDEST, _WIDEST + len(sound))
    made = out[inside] / np.maximum(weight[inside], 0.4)
    return Repitched(made, (hertz * np.exp(shift)).astype(np.float32), np.array(places, np.int64), np.array(kinds))


def _wanted(model: VoiceModel, hertz: Floats) -> Floats:
    """The guide's melody as log pitch of the person."""
    middle, spread = model.guide[0, -1], max(0.05, float(model.guide[1, -1]))
    share = float(np.clip(model.pitch[1] / spread, *_RANGE))
    return model.pitch[0] + (filled(hertz) - middle) * share


def _grain(padded: Floats, centre: int, sides: tuple[int, int], warp: float) -> Floats:
    """Samples around a place of a sound with _AROUND more at both ends; silence beyond."""
    middle = centre + _AROUND
    if warp == 1.0:
        return padded[middle - sides[0] : middle + sides[1]]
    reach = middle + np.arange(-sides[0], sides[1]) * warp
    low = reach.astype(np.int64)
    share = (reach - low).astype(np.float32)
    return (1 - share) * padded[low] + share * padded[low + 1]


@lru_cache(maxsize=1024)
def _fall(length: int) -> Floats:
    """The falling half of a Hann window, both ends included."""
    return (0.5 + 0.5 * np.cos(np.pi * np.arange(length + 1) / max(1, length))).astype(np.float32)


def _filtered(sound: Floats, gains: Floats) -> Floats:
    """Through a linear-phase filter with these gains (dB) in the mel bands, its delay taken away."""
    taps = _taps(tuple(float(g) for g in gains))
    return np.convolve(sound, taps)[_TAPS // 2 : _TAPS // 2 + len(sound)].astype(np.float32)


@lru_cache(maxsize=32)
def _taps(gains: tuple[float, ...]) -> Floats:
    hertz = np.fft.rfftfreq(_TAPS, 1 / RATE)
    decibels = np.interp(hertz, centres(), gains)
    taps = np.roll(np.fft.irfft(10 ** (decibels / 20), _TAPS), _TAPS // 2) * np.hanning(_TAPS)
    return taps.astype(np.float32)
