"""How the two legs of a search become one list: reciprocal rank fusion. Pure."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from math import log
from typing import TypeVar

T = TypeVar("T", bound=Hashable)

CONSTANT = 60
"""Of reciprocal rank fusion (Cormack, Clarke, Buettcher, "Reciprocal Rank Fusion outperforms Condorcet", 2009)."""
NEAR_WEIGHT = 1.0
WORDED_WEIGHT = {"EN": 1.0, "ES": 1.0, "ZH": 1.0}
"""How much the words' leg counts beside the vectors', by the question's language."""
CANDIDATES = 50
"""How many hits each leg gives to the fusion."""


def worded_weight(language: str) -> float:
    """The weight of the words' leg for a question in `language`."""
    return WORDED_WEIGHT.get(language, 1.0)


def fuse(near: Sequence[T], worded: Sequence[T], language: str) -> dict[T, float]:
    """Scores of all that either leg brought, best first; each leg's best hit comes first in its list."""
    scores: dict[T, float] = {}
    for leg, weight in ((near, NEAR_WEIGHT), (worded, worded_weight(language))):
        for place, key in enumerate(leg, start=1):
            scores[key] = scores.get(key, 0.0) + weight / (CONSTANT + place)
    return dict(sorted(scores.items(), key=lambda item: -item[1]))


def rarity(chunks: int, total: int) -> float:
    """The weight of a word that stands in `chunks` of `total`: inverse document frequency as in BM25 (Robertson)."""
    return log(1.0 + (total - chunks + 0.5) / (chunks + 0.5))
