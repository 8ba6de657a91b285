"""Cutting a document into retrievable pieces: pure.

Structure first: a section (the text under one heading, or one question with its answer) is never joined with another,
and one that fits is one chunk. A longer one is cut into windows of about 512 tokens that overlap by about 50 (DOC-06),
at the best place near the end: paragraph, then line, then sentence, then word.

Tokens are estimated, since every embedder counts otherwise: a word counts one token for each five letters or part of
them, a mark or an ideograph counts one. For English this gives about 1.3 tokens a word, as common tokenisers do.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from selfsame.library.port import Chunk

LETTERS_A_TOKEN = 5
_PIECE = re.compile(r"[㐀-鿿぀-ヿ가-힯]|[^\W㐀-鿿぀-ヿ가-힯]+|[^\w\s]")
_SENTENCE_ENDS = frozenset(".!?。！？")
_IDEOGRAPHS = re.compile(r"[㐀-鿿぀-ヿ가-힯]")


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of the document's text, `[start, end)` in characters, under one heading path."""

    start: int
    end: int
    heading: str = ""
    locator: str = ""
    question: str | None = None


@dataclass(frozen=True, slots=True)
class SplitOptions:
    """Window and overlap, in estimated tokens."""

    tokens: int = 512
    overlap: int = 50

    def __post_init__(self) -> None:
        if not 0 <= self.overlap < self.tokens:
            raise ValueError("the overlap must be smaller than the window")


def count_tokens(text: str) -> int:
    """The estimate described above."""
    return sum(_weight(piece) for piece in _PIECE.findall(text))


def split(
    text: str,
    sections: list[Section],
    options: SplitOptions = SplitOptions(),
    places: Sequence[tuple[int, str]] = (),
) -> list[Chunk]:
    """Chunks in the order of the text; `chunk.content == text[chunk.start:chunk.end]`, none empty or bare space.

    `places` (first letter, name; ascending) say where stretches of the text stand: a page, a time. A chunk stands where
    it begins, unless its section names its own place.
    """
    starts = [start for start, _ in places]
    spans = [(section, span) for section in sections for span in _windows(text, section, options)]
    chunks = []
    for index, (section, (start, end)) in enumerate(spans):
        place = bisect_right(starts, start) - 1
        locator = section.locator or (places[place][1] if place >= 0 else "")
        chunks.append(Chunk(index, text[start:end], start, end, section.heading, locator, section.question))
    return chunks


def _windows(text: str, section: Section, options: SplitOptions) -> list[tuple[int, int]]:
    """Spans of at most `options.tokens` that cover the section but for bare space."""
    pieces = _pieces(text, section)
    if not pieces:
        return []
    totals = [0, *accumulate(weight for _, _, weight in pieces)]
    spans: list[tuple[int, int]] = []
    first = fresh = 0  # the window's first piece, and the first one that no window holds yet
    while True:
        last = max(bisect_right(totals, totals[first] + options.tokens) - 2, first)  # the last piece that fits
        if last < len(pieces) - 1:
            last = _best_end(text, pieces, max(first + (last - first) // 2, fresh), last)
        spans.append((pieces[first][0], pieces[last][1]))
        fresh = last + 1
        if fresh == len(pieces):
            return spans
        # Go back for the overlap, but never so far that the next fresh piece would not fit.
        back = max(totals[fresh] - options.overlap, totals[fresh + 1] - options.tokens)
        first = min(max(first + 1, bisect_left(totals, back)), fresh)


def _pieces(text: str, section: Section) -> list[tuple[int, int, int]]:
    """Words and marks as (start, end, tokens); a word longer than a token's reach stays whole up to 100 letters."""
    found: list[tuple[int, int, int]] = []
    for match in _PIECE.finditer(text, section.start, section.end):
        for start in range(match.start(), match.end(), 100):
            end = min(start + 100, match.end())
            found.append((start, end, _weight(text[start:end])))
    return found


def _best_end(text: str, pieces: list[tuple[int, int, int]], earliest: int, last: int) -> int:
    """The best piece from `earliest` to `last` to end on; the latest of equals."""
    return max(range(last, earliest - 1, -1), key=lambda index: _rank(text, pieces[index], pieces[index + 1]))


def _rank(text: str, piece: tuple[int, int, int], following: tuple[int, int, int]) -> int:
    """How good it is to cut between two pieces: 3 paragraph, 2 line, 1 sentence, 0 word, -1 inside a word or mark."""
    gap = text[piece[1] : following[0]]
    if "\n" in gap:
        return 3 if gap.count("\n") > 1 else 2
    if text[piece[0] : piece[1]] in _SENTENCE_ENDS:
        return 1
    return 0 if gap else -1


def _weight(piece: str) -> int:
    if _IDEOGRAPHS.match(piece):
        return 1
    return -(-len(piece) // LETTERS_A_TOKEN)
