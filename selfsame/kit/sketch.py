"""Quantiles with a known error from counts in logarithmic bins: small, mergeable, of fixed size. Pure.

After DDSketch (Masson, Rim and Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with Relative-Error
Guarantees", VLDB 2019), with a fixed range instead of a growing one. A value between `LOWEST` and `HIGHEST` (here
always milliseconds) is given back within `ACCURACY` of itself; smaller ones become 0, larger ones `HIGHEST`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ACCURACY = 0.03
"""Largest relative error of a quantile."""
LOWEST, HIGHEST = 0.1, 120_000.0
_GAMMA = (1 + ACCURACY) / (1 - ACCURACY)
_LOG = math.log(_GAMMA)
_FIRST = math.ceil(math.log(LOWEST) / _LOG)
BINS = math.ceil(math.log(HIGHEST) / _LOG) - _FIRST + 2
"""Bin 0 holds what is at most `LOWEST`; the last one what is `HIGHEST` or more."""

Counts = NDArray[np.uint32]


def bin_of(value: float) -> int:
    """The bin of a value; that of 0 for what is no number."""
    if not value > LOWEST:
        return 0
    if value >= HIGHEST:
        return BINS - 1
    return max(1, math.ceil(math.log(value) / _LOG) - _FIRST + 1)


def upper_edge(index: int) -> float:
    """The largest value that falls into the bin (but for the last one, which has no end)."""
    return LOWEST if index == 0 else _GAMMA ** (index + _FIRST - 1)


def value_of(index: int) -> float:
    """The value that stands for a bin: within `ACCURACY` of every value in it."""
    if index == 0:
        return 0.0
    return min(HIGHEST, 2 * _GAMMA ** (index + _FIRST - 1) / (_GAMMA + 1))


@dataclass(frozen=True, slots=True, eq=False)
class Sketch:
    """How often each bin was hit, and the exact sum of the values. Two are merged by `+`, in any order."""

    counts: NDArray[np.int64]
    total: float = 0.0

    @classmethod
    def of(cls, values: list[float]) -> Sketch:
        """The sketch of these values."""
        counts = np.zeros(BINS, np.int64)
        for value in values:
            counts[bin_of(value)] += 1
        return cls(counts, math.fsum(values))

    def __add__(self, other: Sketch) -> Sketch:
        return Sketch(self.counts + other.counts, self.total + other.total)

    def __len__(self) -> int:
        return int(self.counts.sum())

    @property
    def mean(self) -> float | None:
        """The exact mean; None without values."""
        return self.total / len(self) if len(self) else None

    def quantile(self, q: float) -> float | None:
        """The value of rank floor(q * (n - 1)), within `ACCURACY`; None without values. `q` is 0..1."""
        return self.quantiles(q)[0]

    def quantiles(self, *wanted: float) -> list[float | None]:
        """Several of them, for little more than the price of one."""
        upto = np.cumsum(self.counts)
        n = int(upto[-1])
        if n == 0:
            return [None] * len(wanted)
        ranks = [math.floor(min(1.0, max(0.0, q)) * (n - 1)) for q in wanted]
        return [value_of(int(index)) for index in np.searchsorted(upto, ranks, side="right")]
