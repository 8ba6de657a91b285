"""Maximum a posteriori adaptation of a trigram model with a small text.

The stock model is the Dirichlet prior: `weight` imaginary observations a history, spread as the stock model spreads
them (Federico, "Bayesian estimation methods for n-gram language model adaptation", ICSLP 1996). Only histories that the
text has are touched, and their back-off is made to sum to one again.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from selfsame.providers.embedded.sphinx.adaptation.ngrams import END, START, Bigram, NGrams, Trigram, log10


@dataclass(frozen=True, slots=True)
class Trust:
    """Imaginary observations given to the stock model for 1-, 2- and 3-grams: larger is gentler."""

    one: float = 1000.0
    two: float = 8.0
    three: float = 4.0


@dataclass(frozen=True, slots=True)
class Counts:
    """Weighted n-gram counts of sentences."""

    one: dict[str, float]
    two: dict[Bigram, float]
    three: dict[Trigram, float]


def count(sentences: Iterable[tuple[str, float]]) -> Counts:
    """Count n-grams of (sentence of space-separated words, weight)."""
    one: Counter[str] = Counter()
    two: Counter[Bigram] = Counter()
    three: Counter[Trigram] = Counter()
    for sentence, weight in sentences:
        words = [START, *sentence.split(), END]
        for i in range(1, len(words)):
            one[words[i]] += weight  # type: ignore[assignment]
            two[words[i - 1], words[i]] += weight  # type: ignore[assignment]
            if i > 1:
                three[words[i - 2], words[i - 1], words[i]] += weight  # type: ignore[assignment]
    return Counts(dict(one), dict(two), dict(three))


def adapt(model: NGrams, counts: Counts, trust: Trust | None = None) -> None:
    """Adapt `model` in place."""
    trust = trust or Trust()
    _adapt_one(model, counts.one, trust.one)
    _adapt_two(model, counts.two, trust.two)
    _adapt_three(model, counts.three, trust.three)


def _adapt_one(model: NGrams, seen: dict[str, float], trust: float) -> None:
    total = sum(seen.values()) + trust
    for word, (p, backoff) in model.one.items():
        model.one[word] = (log10((10**p * trust + seen.get(word, 0.0)) / total), backoff)
    for word, n in seen.items():
        if word not in model.one:
            model.one[word] = (log10(n / total), 0.0)


def _adapt_two(model: NGrams, seen: dict[Bigram, float], trust: float) -> None:
    by_history: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for (first, word), n in seen.items():
        by_history[first][word] = n
    known: defaultdict[str, list[str]] = defaultdict(list)
    for first, word in model.two:
        if first in by_history:
            known[first].append(word)
    for first, words in by_history.items():
        total = sum(words.values()) + trust
        here = known[first]  # the unigrams have changed: first make what the history had fit them again
        fit = _rest(sum(10 ** model.two[first, w][0] for w in here), sum(model.p1(w) for w in here))
        model.one[first] = (model.one[first][0] if first in model.one else -99.0, fit)
        new = {w: (n + trust * model.p2(first, w)) / total for w, n in words.items()}
        for word in known[first]:
            if word not in new:
                new[word] = trust / total * 10 ** model.two[first, word][0]
        rest = _rest(sum(new.values()), sum(model.p1(w) for w in new))
        for word, p in new.items():
            model.two[first, word] = (log10(p), model.two.get((first, word), (0.0, 0.0))[1])
        model.one[first] = (model.one[first][0], rest)


def _adapt_three(model: NGrams, seen: dict[Trigram, float], trust: float) -> None:
    by_history: defaultdict[Bigram, dict[str, float]] = defaultdict(dict)
    for (first, second, word), n in seen.items():
        by_history[first, second][word] = n
    known: defaultdict[Bigram, list[str]] = defaultdict(list)
    for first, second, word in model.three:
        if (first, second) in by_history:
            known[first, second].append(word)
    for history, words in by_history.items():
        total = sum(words.values()) + trust
        here = known[history]
        fit = _rest(sum(10 ** model.three[(*history, w)] for w in here), sum(model.p2(history[1], w) for w in here))
        model.two[history] = (model.two[history][0], fit)
        new = {w: (n + trust * model.p3(*history, w)) / total for w, n in words.items()}
        for word in known[history]:
            if word not in new:
                new[word] = trust / total * 10 ** model.three[(*history, word)]
        rest = _rest(sum(new.values()), sum(model.p2(history[1], w) for w in new))
        for word, p in new.items():
            model.three[(*history, word)] = log10(p)
        model.two[history] = (model.two[history][0], rest)


def _rest(explicit: float, lower: float) -> float:
    """The log10 back-off that makes a history sum to one."""
    return log10(max(1e-6, 1.0 - explicit) / max(1e-6, 1.0 - lower))
