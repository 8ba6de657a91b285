"""What a question is about when it leans on the one before ("and how long does that take?"). Pure."""

from __future__ import annotations

import re

from selfsame.events.turns import Exchange
from selfsame.kit.words import content_words, fold, tokens

_POINTS_BACK = frozenset({
    "it", "its", "that", "this", "those", "these", "they", "them", "there", "one", "ones", "he", "she", "him",
    "her", "eso", "esto", "esa", "ese", "ello", "ellos", "alli",
})  # fmt: skip
_OPENINGS = (
    "and ",
    "what about ",
    "how about ",
    "but ",
    "so ",
    "why",
    "y ",
    "pero ",
    "por que",
    "how long",
    "how much",
    "then ",
)
_CHINESE_BACK = re.compile(r"那|它|这个|这样|为什么")
_MOST_OWN_WORDS = 3


def leans_back(text: str) -> bool:
    """Whether a question is likely to need the topic of the one before it."""
    folded = fold(text).lstrip("¿¡ ")
    own = len(content_words(text))
    if _CHINESE_BACK.search(text):
        return own <= 2 * _MOST_OWN_WORDS
    if own > _MOST_OWN_WORDS:
        return False
    words = tokens(text)
    points = any(word in _POINTS_BACK for word in words)
    return points or own <= 1 or (folded.startswith(_OPENINGS) and own <= 2)


def standalone(text: str, history: tuple[Exchange, ...]) -> str:
    """The question with the words of the last question that had a topic of its own, when it leans on it.

    At most three exchanges back. The words stand behind the question, for a search and not for a reader.
    """
    if not leans_back(text):
        return text
    for exchange in reversed(history[-3:]):
        if content_words(exchange.user) and not leans_back(exchange.user):
            return f"{text} {exchange.user}"
    return text


def offered(history: tuple[Exchange, ...]) -> str | None:
    """The question that the clone offered at the end of its last reply ("You could ask me: ...?"), or None."""
    if not history:
        return None
    found = re.search(r"[:：]\s*([^:：]{3,200}[?？])\s*$", history[-1].clone)
    return found.group(1) if found else None
