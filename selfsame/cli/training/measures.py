"""How well a mouth follows another one: correlation, and closures found, missed and invented. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.events.spoken import PhonemeTime
from selfsame.face.visemes import gestures

Track = npt.NDArray[np.floating]
_NEAR = 0.06  # seconds either side of a closure's centre in which shut lips count as its closure
_CLEAR = 0.12  # seconds from any closure or pause: shut lips there are invented


@dataclass(frozen=True, slots=True)
class Closures:
    """Of all m, b, p how many are shown (`recall`), and how many shut stretches a minute are where speech is open."""

    recall: float
    invented: float
    wanted: int


def correlation(one: Track, other: Track) -> float:
    """Pearson's; 0 when one does not move."""
    if len(one) < 3 or one.std() < 1e-9 or other.std() < 1e-9:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])


def best_lag(one: Track, other: Track, most: int) -> tuple[float, int]:
    """The highest correlation when `one` comes up to `most` steps after (positive) or before `other`, and the steps."""
    found = []
    for lag in range(-most, most + 1):
        a, b = one[max(0, lag) : len(one) + min(0, lag)], other[max(0, -lag) : len(other) - max(0, lag)]
        size = min(len(a), len(b))
        found.append((correlation(a[:size], b[:size]), lag))
    return max(found)


def closures(shut: npt.NDArray[np.bool_], times: Track, phonemes: Sequence[PhonemeTime], pauses: Iterable[float]):
    """Compare where the lips are `shut` at `times` with where m, b and p are. `pauses` are moments without speech."""
    centres = [(p.start + p.end) / 2 for p in phonemes if any(g.viseme.closes for g in gestures(p.ipa))]
    hits = sum(bool(shut[np.abs(times - centre) <= _NEAR].any()) for centre in centres)
    excused = np.array([*centres, *pauses]) if centres else np.array([*pauses, -9.0])
    begins = np.flatnonzero(shut & ~np.concatenate([[False], shut[:-1]]))
    ends = np.flatnonzero(shut & ~np.concatenate([shut[1:], [False]]))
    middles = (times[begins] + times[ends]) / 2
    false = sum(bool(np.abs(excused - middle).min() > _CLEAR) for middle in middles)
    minutes = max(1e-9, (times[-1] - times[0]) / 60) if len(times) else 1.0
    return Closures(hits / max(1, len(centres)), false / minutes, len(centres))
