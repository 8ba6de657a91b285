"""Reproducible chance: numbers that depend on a seed and a place only, so that any stretch can be computed alone."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

_MASK = 0xFFFFFFFF


def chance(seed: int, kind: int, number: int) -> float:
    """A number in [0, 1) for event `number` of a kind.

    The mixing is Chris Wellons' "lowbias32" (an integer hash of 32 bits), easy to write again in other languages.
    """
    return _mix((_mix((_mix(seed & _MASK) + kind) & _MASK) + number) & _MASK) / 2**32


def _mix(x: int) -> int:
    x ^= x >> 16
    x = x * 0x7FEB352D & _MASK
    x ^= x >> 15
    x = x * 0x846CA68B & _MASK
    return x ^ x >> 16


def ease(x: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """From 0 to 1 without a corner as x goes from 0 to 1; 0 before, 1 after."""
    x = np.minimum(np.maximum(x, 0.0), 1.0)  # np.clip is several times slower on a few frames
    return x * x * (3.0 - 2.0 * x)


def sway(times: npt.NDArray[np.float64], seed: int, kind: int) -> npt.NDArray[np.float64]:
    """Three slow wanders within about -1..1, shape (times, 3).

    Each is a sum of sines of 0.07 to 0.9 Hz, the slower the larger (as 1/f noise has it), with phases by chance.
    """
    waves = np.sin(2 * np.pi * (_HERTZ * times[:, None, None] + _phases(seed, kind)))
    return waves @ _SIZES


@lru_cache(maxsize=256)
def _phases(seed: int, kind: int) -> npt.NDArray[np.float64]:
    numbers = range(3 * len(_HERTZ))
    return np.array([chance(seed, kind, number) for number in numbers]).reshape(3, len(_HERTZ))


_HERTZ = np.array([0.071, 0.131, 0.233, 0.41, 0.87])
_SIZES = np.array([0.38, 0.27, 0.18, 0.11, 0.06])
