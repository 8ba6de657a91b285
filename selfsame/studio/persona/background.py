"""How often words and phrases are said by everybody, and how surprising it is that one person says them more. Pure.

English comes from a language model of spoken English (`data/en.txt.gz`: occurrences in a hundred million words).
Spanish and Chinese have only lists of common words and characters by rank, with shares by Zipf's law (Zipf 1949, in
Mandelbrot's form), so their phrases are expected as if words followed one another by chance.
"""

from __future__ import annotations

import gzip
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from math import log

SIZE = 1e8
LIKE_BEFORE = 0.4
"""How much a shorter history counts: the stupid back-off of Brants et al., "Large language models in machine
translation" (2007)."""
UNHEARD = 1e-5
"""Share of a word that is not in the table, at most."""
SEEN = 2e7
"""Words that the background counts as in the test of likelihood; far more than any transcript has."""


class Background:
    """Shares of words and phrases in what everybody says."""

    def __init__(self, shares: dict[str, float], between: str = " ") -> None:
        self._shares = shares
        self._between = between
        self._rank = {word: rank for rank, word in enumerate(shares)}
        self._least = min(UNHEARD, min(shares.values()) / 3)

    def share(self, words: Sequence[str]) -> float:
        """Probability that these words begin at any given word."""
        found = self._shares.get(self._between.join(words))
        if found is not None:
            return found
        if len(words) == 1:
            return self._least
        return self.share(words[:-1]) * self._next(words[max(0, len(words) - 3) : -1], words[-1])

    def _next(self, before: Sequence[str], word: str) -> float:
        """Probability of a word after one or two others."""
        whole = self._shares.get(self._between.join([*before, word]))
        if whole is not None:
            return min(1.0, whole / self.share(before))
        if len(before) > 1:
            return LIKE_BEFORE * self._next(before[1:], word)
        return LIKE_BEFORE * self.share([word])

    def is_common(self, word: str, most: int) -> bool:
        """Whether a word is among the `most` commonest entries."""
        return self._rank.get(word, most) < most


def surprise(count: int, total: int, share: float) -> float:
    """Dunning's log-likelihood ratio (G squared) of `count` in `total` words against a share in the background.

    Ted Dunning, "Accurate methods for the statistics of surprise and coincidence" (1993). Zero when it is said no more
    often than by others; above 10.8 that happens by chance less than once in a thousand.
    """
    if count <= 0 or total <= 0 or count / total <= share:
        return 0.0
    behind = share * SEEN
    both = (count + behind) / (total + SEEN)
    gain = count * log(count / (total * both))
    return 2.0 * (gain + (behind * log(behind / (SEEN * both)) if behind > 0 else 0.0))


@lru_cache(maxsize=4)
def background(language: str) -> Background:
    """The background of EN, ES or ZH; read once (some 30 ms for English)."""
    folder = resources.files("selfsame.studio.persona").joinpath("data")
    if language == "EN":
        packed = folder.joinpath("en.txt.gz").read_bytes()
        lines = (line.partition(" ") for line in gzip.decompress(packed).decode().splitlines())
        return Background({text: int(count) / SIZE for count, _, text in lines})
    listed = list(dict.fromkeys(folder.joinpath(f"{language.lower()}.txt").read_text(encoding="utf-8").split()))
    return Background({word: 0.14 / (rank + 2.4) for rank, word in enumerate(listed)}, "" if language == "ZH" else " ")
