"""A trigram model that can be changed: dictionaries of log10 probabilities, pruned from the stock model."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from io import StringIO

import numpy as np
import numpy.typing as npt

from selfsame.providers.embedded.sphinx.adaptation.trie import Floats, Ints, TrieModel

Bigram = tuple[str, str]
Trigram = tuple[str, str, str]
Mask = npt.NDArray[np.bool_]
UNSEEN = 1e-7
"""Probability of a word that the model does not have."""
START, END = "<s>", "</s>"


@dataclass(slots=True)
class NGrams:
    """`one[w]` and `two[a, b]` are (log10 probability, log10 back-off); `three[a, b, c]` a log10 probability."""

    one: dict[str, tuple[float, float]]
    two: dict[Bigram, tuple[float, float]]
    three: dict[Trigram, float]

    def p1(self, word: str) -> float:
        """P(word)."""
        found = self.one.get(word)
        return 10 ** found[0] if found else UNSEEN

    def p2(self, first: str, word: str) -> float:
        """P(word | first), backing off."""
        found = self.two.get((first, word))
        if found:
            return 10 ** found[0]
        history = self.one.get(first)
        return (10 ** history[1] if history else 1.0) * self.p1(word)

    def p3(self, first: str, second: str, word: str) -> float:
        """P(word | first second), backing off."""
        found = self.three.get((first, second, word))
        if found is not None:
            return 10**found
        history = self.two.get((first, second))
        return (10 ** history[1] if history else 1.0) * self.p2(second, word)

    def arpa(self) -> str:
        """The model in the ARPA text format, sorted, so that equal models give equal bytes."""
        out = StringIO()
        out.write(f"\\data\\\nngram 1={len(self.one)}\nngram 2={len(self.two)}\nngram 3={len(self.three)}\n")
        out.write("\n\\1-grams:\n")
        out.writelines(f"{p:.4f}\t{w}\t{b:.4f}\n" for w, (p, b) in sorted(self.one.items()))
        out.write("\n\\2-grams:\n")
        out.writelines(f"{p:.4f}\t{a} {w}\t{b:.4f}\n" for (a, w), (p, b) in sorted(self.two.items()))
        out.write("\n\\3-grams:\n")
        out.writelines(f"{p:.4f}\t{a} {b} {w}\n" for (a, b, w), p in sorted(self.three.items()))
        out.write("\n\\end\\\n")
        return out.getvalue()


def _finder(model: TrieModel) -> tuple[Ints, Ints, int]:
    size = len(model.words)
    key = model.two_history * size + model.two_word
    order = np.argsort(key)
    return key[order], order, size


def _find(keys: tuple[Ints, Ints, int], first: Ints, second: Ints) -> Ints:
    """Index of each bigram (first, second), or -1."""
    ordered, order, size = keys
    wanted = first * size + second
    j = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
    return np.where(ordered[j] == wanted, order[j], -1)


def prune(model: TrieModel, likeliest: int, keep: Collection[str], threshold: float = 2e-8) -> NGrams:
    """Limit a model to the `likeliest` unigrams plus `keep`, drop n-grams that say little, and set back-offs anew.

    An n-gram is dropped when its probability times the log10 difference to backing off is below `threshold`, a plain
    form of entropy pruning (Stolcke, "Entropy-based pruning of backoff language models", 1998).
    """
    allowed = np.zeros(len(model.words), bool)
    allowed[np.argsort(-model.one, kind="stable")[:likeliest]] = True
    kept = {START, END, *keep}
    allowed |= np.array([word in kept for word in model.words])
    keys = _finder(model)
    owner = _find(keys, model.three_first, model.three_second)
    lower = _find(keys, model.three_second, model.three_word)
    two_backed = model.one_backoff[model.two_history] + model.one[model.two_word]
    three_backed = np.where(
        lower >= 0, model.two[lower], model.one_backoff[model.three_second] + model.one[model.three_word]
    ) + np.where(owner >= 0, model.two_backoff[owner], 0.0)
    weight = np.power(10.0, model.one[model.three_first] + model.two[owner] + model.three)
    three = allowed[model.three_first] & allowed[model.three_second] & allowed[model.three_word]
    three &= (owner >= 0) & (weight * np.abs(model.three - three_backed) > threshold)
    needed = np.zeros(len(model.two), bool)
    needed[owner[three]] = True
    weight = np.power(10.0, model.one[model.two_history] + model.two)
    two = needed | (weight * np.abs(model.two - two_backed) > threshold)
    two &= allowed[model.two_history] & allowed[model.two_word]
    return _select(model, allowed, two, np.flatnonzero(three), owner, lower)


def _backoff(history: Ints, size: int, explicit: Floats, lower: Floats) -> Floats:
    """log10 back-off of each history, from the log10 probabilities of its n-grams and of their lower orders."""
    given = np.bincount(history, np.power(10.0, explicit), size)
    backed = np.bincount(history, np.power(10.0, lower), size)
    return np.log10(np.maximum(1e-6, 1.0 - given) / np.maximum(1e-6, 1.0 - backed))


def _select(model: TrieModel, one: Mask, two: Mask, three: Ints, owner: Ints, lower: Ints) -> NGrams:
    """The chosen n-grams with back-offs that make every history sum to one."""
    size = len(model.words)
    p1 = model.one - np.log10(np.power(10.0, model.one[one]).sum())
    history, word, p2 = model.two_history[two], model.two_word[two], model.two[two]
    backoff1 = _backoff(history, size, p2, p1[word])
    place = np.cumsum(two) - 1
    mine, next_lower = place[owner[three]], lower[three]
    kept_lower = (next_lower >= 0) & two[next_lower]
    second, third, p3 = model.three_second[three], model.three_word[three], model.three[three]
    low = np.where(kept_lower, model.two[next_lower], backoff1[second] + p1[third])
    backoff2 = _backoff(mine, len(p2), p3, low)
    names = np.array(model.words, dtype=object)
    return NGrams(
        dict(zip(names[one], _pairs(p1[one], backoff1[one]), strict=True)),
        dict(zip(zip(names[history], names[word], strict=True), _pairs(p2, backoff2), strict=True)),
        dict(
            zip(
                zip(names[model.three_first[three]], names[second], names[third], strict=True),
                p3.tolist(),
                strict=True,
            )
        ),
    )


def _pairs(p: Floats, backoff: Floats) -> list[tuple[float, float]]:
    return list(zip(p.tolist(), backoff.tolist(), strict=True))


def log10(p: float) -> float:
    """log10 that never fails."""
    return math.log10(max(p, 1e-12))
