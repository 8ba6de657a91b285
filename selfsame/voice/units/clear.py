"""The clear manner: the guide's own sound, moved towards the person's pitch and colour. Pure.

Nothing of the person is heard, so no word is lost; it is likest to them where little was recorded.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.pitch import filled, marks_of, track
from selfsame.voice.units.sound import RATE, Floats, centres

_TAPS = 512
_WIDEST = 400
_RANGE = (0.6, 1.5)
_MOST = np.log(1.4)  # the pitch is not moved further: grains spread more than this cost words


def clear_sound(model: VoiceModel, sound: Floats, raised: float = 1.0) -> Floats:
    """The guide's `sound` (at RATE, full scale 1), as long, in the person's pitch, range and long-term spectrum.

    `raised` multiplies the pitch.
    """
    if len(sound) < _TAPS:
        return sound
    hertz = track(sound, once=True)
    if (hertz > 0).any():
        sound = _repitched(model, sound, hertz, raised)
    return _filtered(sound, model.clear.gains)


def _repitched(model: VoiceModel, sound: Floats, hertz: Floats, raised: float) -> Floats:
    """Pitch by overlapping grains; formants move by model.clear.warp, as each grain is read at another speed."""
    marks, voiced = marks_of(sound, hertz)
    if len(marks) < 4:
        return sound
    logs = filled(hertz)
    middle, spread = model.guide[0, -1], max(0.05, float(model.guide[1, -1]))
    share = float(np.clip(model.pitch[1] / spread, *_RANGE))
    wanted = model.pitch[0] + (logs - middle) * share + np.log(raised)
    shift = np.clip(wanted - logs, -_MOST, _MOST)
    out, weight = np.zeros(len(sound) + 2 * _WIDEST, np.float32), np.zeros(len(sound) + 2 * _WIDEST, np.float32)
    now, warp = float(marks[0]), model.clear.warp
    while now < len(sound) - 1:
        z = int(np.clip(np.searchsorted(marks, now), 1, len(marks) - 2))
        z -= int(z > 1 and now - marks[z - 1] < marks[z] - now)
        centre = int(marks[z])
        left, right = min(_WIDEST, centre - int(marks[z - 1])), min(_WIDEST, int(marks[z + 1]) - centre)
        reach = np.arange(-left, right)
        window = np.where(
            reach < 0, 0.5 + 0.5 * np.cos(np.pi * reach / left), 0.5 + 0.5 * np.cos(np.pi * reach / right)
        )
        grain = np.interp(centre + reach * warp, np.arange(centre - 700, centre + 700), _around(sound, centre, 700))
        at = _WIDEST + round(now) - left
        out[at : at + left + right] += (window * grain).astype(np.float32)
        weight[at : at + left + right] += window.astype(np.float32)
        frame = min(len(shift) - 1, centre // 110)
        now += max(20.0, right * float(np.exp(-shift[frame])) if voiced[z] else right)
    inside = slice(_WIDEST, _WIDEST + len(sound))
    return out[inside] / np.maximum(weight[inside], 0.4)


def _around(sound: Floats, centre: int, reach: int) -> Floats:
    """Samples around a place, silence beyond the ends."""
    a, b = max(0, centre - reach), min(len(sound), centre + reach)
    return np.concatenate([np.zeros(a - centre + reach), sound[a:b], np.zeros(centre + reach - b)]).astype(np.float32)


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
