"""Is a clip's lip-sync score earned? The same mouth at wrong times, in wrong orders and backwards. Pure numpy.

A scorer that gave a mouth its points for moving at all would give them to these as well. Each control is the clip's own
mouth, seen in its own pictures, with nothing changed but when it moves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.evaluator.lip_sync import LipSync

SHIFT = 0.2
"""Seconds by which the mouth comes early and late: beyond what viewers accept (see `lip_sync.NEAR`)."""
PIECE = 0.28
"""Seconds of a shuffled piece: about a syllable, so that every piece still moves as mouths move."""
ORDERS = 20
"""Shuffled orders that are tried; the best of them counts, as the worst case."""

Openings = npt.NDArray[np.floating]
Score = Callable[[Openings, float], LipSync]
"""`score(openings, late)`: the mouth against the words of the clip, the words `late` seconds later than they are."""


@dataclass(frozen=True, slots=True)
class Controls:
    """Scores 0..1. `shuffled` is the best of `ORDERS` orders and `shuffled_p50` their median.

    `closure_shuffled` is the share of closures that shuffled mouths meet by chance (the mean; None where there are
    none). `margin` is what the true score is above the best control.
    """

    early: float
    late: float
    shuffled: float
    shuffled_p50: float
    backwards: float
    closure_shuffled: float | None
    margin: float


def controls(true: LipSync, openings: Openings, fps: float, score: Score) -> Controls:
    """Score the controls of a clip whose own score is `true`. Raises BadInput as the scorer does."""
    early, late = score(openings, SHIFT).score, score(openings, -SHIFT).score
    random = np.random.default_rng(1)
    mixed = [score(shuffled(openings, fps, random), 0.0) for _ in range(ORDERS)]
    best = max(one.score for one in mixed)
    backwards = score(openings[::-1], 0.0).score
    met = [one.closure_rate for one in mixed if one.closure_rate is not None]
    return Controls(
        early,
        late,
        best,
        float(np.median([one.score for one in mixed])),
        backwards,
        float(np.mean(met)) if met else None,
        true.score - max(early, late, best, backwards),
    )


def shuffled(openings: Openings, fps: float, random: np.random.Generator) -> Openings:
    """The openings in pieces of a syllable's length, none of them at its own place (unless there is but one)."""
    pieces = np.array_split(openings, max(1, round(len(openings) / (PIECE * fps))))
    # A random cycle leaves nothing where it was (Sattolo 1986).
    order = np.arange(len(pieces))
    for k in range(len(order) - 1, 0, -1):
        other = int(random.integers(0, k))
        order[[k, other]] = order[[other, k]]
    return np.concatenate([pieces[k] for k in order])
