"""The words of a text as they are counted for times: the unit in which history is cut.

A word is a run of characters without a space; each Han character is a word of its own. Signs without a letter or digit
(a dash, a full-width comma) belong to the word before them, or to the first word when they open the text. So the words
of a text hold every character of it but the spaces, in order.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
FULL_WIDTH_MARKS = "，。！？；：、「」『』（）《》"
_PIECE = re.compile(rf"[{HAN}]|[{FULL_WIDTH_MARKS}]+|[^\s{HAN}{FULL_WIDTH_MARKS}]+")


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its place in the text: characters `start` (included) to `end` (excluded)."""

    text: str
    start: int
    end: int


def split_words(text: str) -> list[Word]:
    """The words of `text`, in order; empty when it holds no letter and no digit."""
    spans: list[tuple[int, int]] = []
    opening: int | None = None
    for piece in _PIECE.finditer(text):
        start, end = piece.span()
        if not any(map(str.isalnum, piece.group())):
            if spans:
                spans[-1] = (spans[-1][0], end)
            elif opening is None:
                opening = start
            continue
        if opening is not None:
            start, opening = opening, None
        spans.append((start, end))
    return [Word(text[start:end], start, end) for start, end in spans]
