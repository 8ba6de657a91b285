"""Full-text queries from what people say: pure."""

from __future__ import annotations

import re

MOST_TERMS = 24
"""Terms of one query; a long question gains nothing from more, and each costs time."""

CONFIGURATIONS = {"EN": "english", "ES": "spanish"}

_WORD = re.compile(r"[一-鿿]+|[^\W_一-鿿]+")
_IDEOGRAPH = re.compile(r"[一-鿿]")


def configuration(language: str) -> str:
    """The text-search configuration that stems `language`; `simple` where Postgres has none."""
    return CONFIGURATIONS.get(language, "simple")


def any_word(text: str) -> str:
    """A `to_tsquery` text that matches any of the words: `'voice' | 'clone'`. Empty when there is no word.

    Stop words are left to the configuration. Chinese has no spaces: each pair of neighbouring ideographs is asked for
    as neighbours (`'声' <-> '音'`), since single ideographs match nearly everything.
    """
    terms: dict[str, None] = {}
    for found in _WORD.findall(text.lower()):
        for term in _terms(found):
            terms[term] = None
            if len(terms) == MOST_TERMS:
                return " | ".join(terms)
    return " | ".join(terms)


def _terms(word: str) -> list[str]:
    if not _IDEOGRAPH.match(word):
        return [f"'{word}'"]
    if len(word) == 1:
        return [f"'{word}'"]
    return [f"('{first}' <-> '{second}')" for first, second in zip(word, word[1:], strict=False)]
