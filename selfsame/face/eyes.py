"""Where the eyes look and how they blink. Pure functions of time.

A blink shuts the lid in about 80 ms and opens it in about twice that (Trutoiu et al., "Modeling and animating eye
blinks", ACM Transactions on Applied Perception 2011). Between quick saccades the gaze stands still.
"""

from __future__ import annotations

from functools import lru_cache
from math import floor

import numpy as np
import numpy.typing as npt

from selfsame.events.shown import CHANNELS, Frames
from selfsame.face.chance import chance, ease

BLINK_SECONDS = 0.32
_SHUT, _HELD = 0.085, 0.125  # seconds from the beginning: the lid is down, the lid begins to rise
_SLOT = 1.3  # seconds: one saccade in each
_SACCADE = 0.05
_AWAY = 0.14  # share of fixations that leave the viewer's eyes
_KIND = 40
_LIDS = [CHANNELS.index(name) for name in ("eyeBlinkLeft", "eyeBlinkRight")]
_ANGLES = [CHANNELS.index("gazeYaw"), CHANNELS.index("gazePitch")]


def blink(frames: Frames, times: npt.NDArray[np.float64], begin: float) -> None:
    """Add a blink that begins at `begin` to the frames at `times`."""
    age = times - begin
    lid = ease(age / _SHUT) * (1.0 - ease((age - _HELD) / (BLINK_SECONDS - _HELD)) ** 0.8)
    for column in _LIDS:
        frames[:, column] = np.maximum(frames[:, column], lid)


def look(frames: Frames, times: npt.NDArray[np.float64], seed: int) -> None:
    """Write the gaze in degrees: mostly within half a degree of the viewer, at times a few degrees away."""
    first, last = floor(times[0] / _SLOT) - 1, floor(times[-1] / _SLOT)
    frames[:, _ANGLES] = _fixation(seed, first)[1:]
    for slot in range(first + 1, last + 1):
        jump, *angles = _fixation(seed, slot)
        if jump + _SACCADE <= times[0]:
            frames[:, _ANGLES] = angles
        elif jump < times[-1]:
            share = ease((times - jump) / _SACCADE)[:, None]
            frames[:, _ANGLES] += share * (np.array(angles) - frames[:, _ANGLES])


@lru_cache(maxsize=4096)
def _fixation(seed: int, slot: int) -> tuple[float, float, float]:
    """When the eyes jump in this slot, and where to: yaw and pitch."""
    jump = (slot + 0.8 * chance(seed, _KIND, slot)) * _SLOT
    x, y = 2 * chance(seed, _KIND + 1, slot) - 1, 2 * chance(seed, _KIND + 2, slot) - 1
    if chance(seed, _KIND + 3, slot) < _AWAY:
        return jump, 4.5 * x, 2.0 * y - 0.6
    return jump, 0.6 * x, 0.4 * y
