"""Figures over time in a fixed amount of memory: slots of equal length, the oldest overwritten by the newest. Pure.

Slots lie on the wall clock (slot n begins at n * `span` seconds of Unix time), so those of several processes cover the
same moments and can be added up, row by row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from selfsame.kit.sketch import BINS, Sketch, bin_of


@dataclass(frozen=True, slots=True)
class Window:
    """What was noted in a stretch of time. `seconds` of it have passed; `begins` is Unix time.

    Two windows of the same stretch (from two processes) are merged by `+`; so are two stretches that follow each other.
    """

    begins: float
    seconds: float
    sketches: Mapping[str, Sketch]
    counters: Mapping[str, float]

    def __add__(self, other: Window) -> Window:
        return Window(
            min(self.begins, other.begins),
            max(self.begins + self.seconds, other.begins + other.seconds) - min(self.begins, other.begins),
            {name: sketch + other.sketches[name] for name, sketch in self.sketches.items()},
            {name: count + other.counters[name] for name, count in self.counters.items()},
        )

    def mean(self, total: str, times: str) -> float | None:
        """One counter divided by another; None where that is 0."""
        return self.counters[total] / self.counters[times] if self.counters[times] else None

    def per_minute(self, counter: str) -> float:
        """How much the counter grew in a minute, on average."""
        return 60 * self.counters[counter] / self.seconds if self.seconds > 0 else 0.0


class Ring:
    """`slots` slots of `span` seconds. `sketches` are names of distributions, `counters` of sums.

    Memory: slots * (4 * BINS * sketches + 8 * (sketches + counters)) bytes, from the beginning and for ever.
    Times are Unix seconds. What is older than the ring reaches is dropped.
    """

    def __init__(self, span: float, slots: int, sketches: Sequence[str], counters: Sequence[str]) -> None:
        self.span = span
        self.slots = slots
        self._sketches = {name: i for i, name in enumerate(sketches)}
        self._counters = {name: i for i, name in enumerate(counters)}
        self._number = np.full(slots, -1, np.int64)
        self._bins = np.zeros((slots, len(sketches), BINS), np.uint32)
        self._sums = np.zeros((slots, len(sketches)), np.float64)
        self._counts = np.zeros((slots, len(counters)), np.float64)

    @property
    def nbytes(self) -> int:
        """Memory of the figures."""
        return self._number.nbytes + self._bins.nbytes + self._sums.nbytes + self._counts.nbytes

    def note(self, at: float, sketches: Mapping[str, float], counters: Mapping[str, float]) -> None:
        """Add values to distributions and to sums, at that time."""
        number = int(at // self.span)
        row = number % self.slots
        if self._number[row] != number:
            if self._number[row] > number:
                return
            self._bins[row] = 0
            self._sums[row] = 0
            self._counts[row] = 0
            self._number[row] = number
        for name, value in sketches.items():
            i = self._sketches[name]
            self._bins[row, i, bin_of(value)] += 1
            self._sums[row, i] += value
        for name, value in counters.items():
            self._counts[row, self._counters[name]] += value

    def window(self, now: float, seconds: float) -> Window:
        """The last `seconds`, in whole slots and the one that is not over yet; at most what the ring holds."""
        last = int(now // self.span)
        many = min(self.slots, max(1, round(seconds / self.span)))
        return self._window(last - many + 1, last, now)

    def series(self, now: float, seconds: float, step: float) -> list[Window]:
        """The last `seconds` in windows of `step` (rounded to whole slots), oldest first; the last is not over yet."""
        each = max(1, round(step / self.span))
        last = int(now // self.span) // each
        oldest = max(0, int(now // self.span) - self.slots + 1)
        many = max(1, min(round(seconds / (each * self.span)), self.slots // each))
        groups = range(last - many + 1, last + 1)
        return [self._window(max(oldest, n * each), n * each + each - 1, now) for n in groups]

    def _window(self, first: int, last: int, now: float) -> Window:
        here = (self._number >= first) & (self._number <= last)
        rows = np.flatnonzero(here)
        bins = self._bins[rows].sum(axis=0, dtype=np.int64)
        sums = self._sums[rows].sum(axis=0)
        counts = self._counts[rows].sum(axis=0)
        begins, ends = first * self.span, min(now, (last + 1) * self.span)
        return Window(
            begins,
            ends - begins,
            {name: Sketch(bins[i], float(sums[i])) for name, i in self._sketches.items()},
            {name: float(counts[i]) for name, i in self._counters.items()},
        )
