"""A transcript cut into sentences, clauses and words, each with its place in the text. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from selfsame.studio.persona.transcript import Transcript

_WORD = re.compile(r"[一-鿿㐀-䶿]|[^\W\d_一-鿿㐀-䶿]+(?:['’][^\W\d_一-鿿㐀-䶿]+)*|\d+(?:[.,]\d+)*%?")
_EDGE = re.compile(r"[.,;:!?…—–。，！？；：、\"“”()¿¡\n]|\s-\s|--")
_STOP = frozenset(".!?…。！？\n")
PUNCTUATED = 25
"""Words between two marks from which a text counts as written without punctuation."""
NOT_NAMES = frozenset({"i", "i'm", "i've", "i'll", "i'd"})


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two marks. `begins` and `ends`: it opens or closes its sentence; `mark` is what follows it."""

    words: tuple[str, ...]
    sentence: int
    begins: bool
    ends: bool
    mark: str
    start: int
    stop: int
    names: frozenset[int] = frozenset()
    """Places of words written with a capital inside a sentence."""


@dataclass(frozen=True)
class Script:
    """The text and its parts. `spaced`: written with spaces between words (not Chinese)."""

    text: str
    language: str
    clauses: tuple[Clause, ...]

    @property
    def spaced(self) -> bool:
        return self.language != "ZH"

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words in order, in lower case; characters of Chinese."""
        return tuple(word for clause in self.clauses for word in clause.words)

    @cached_property
    def sentences(self) -> tuple[tuple[Clause, ...], ...]:
        """The clauses by sentence."""
        found: dict[int, list[Clause]] = {}
        for clause in self.clauses:
            found.setdefault(clause.sentence, []).append(clause)
        return tuple(tuple(clauses) for clauses in found.values())

    @property
    def punctuated(self) -> bool:
        """Whether marks are there to go by (recognisers write none)."""
        return len(self.words) < PUNCTUATED * max(1, len(self.clauses))

    def quote(self, clause: Clause, most: int = 120) -> str:
        """The sentence around a clause, as it was written, at most about `most` characters beside the clause itself."""
        first, last = self._spans[clause.sentence]
        if last - first > most:
            first, last = max(first, clause.start - most // 3), min(last, clause.stop + most // 2)
        said = " ".join(self.text[first:last].split())
        if not self.spaced:
            return said
        if first > self._spans[clause.sentence][0]:
            said = "… " + said.partition(" ")[2]
        if last < self._spans[clause.sentence][1]:
            said = said.rpartition(" ")[0] + " …"
        return said

    @cached_property
    def _spans(self) -> dict[int, tuple[int, int]]:
        return {clauses[0].sentence: (clauses[0].start, clauses[-1].stop) for clauses in self.sentences}


def script_of(transcript: Transcript) -> Script:
    """The transcript cut up. Every stretch begins a sentence."""
    text = transcript.text
    edges = [(match.start(), match.end(), match.group()) for match in _EDGE.finditer(text)]
    # "3.5" and "o'clock" hold no edge; a full stop inside a number is none.
    edges = [edge for edge in edges if not _inside_number(text, edge[0])]
    clauses: list[Clause] = []
    sentence, begins, at = 0, True, 0
    for start, stop, mark in [*edges, (len(text), len(text), ".")]:
        found = list(_WORD.finditer(text, at, start))
        ending = mark.strip()[:1] in _STOP if mark.strip() else mark == "\n"
        if found:
            words = tuple(_plain(match.group()) for match in found)
            names = frozenset(
                place
                for place, match in enumerate(found)
                if match.group()[0].isupper() and (place or not begins) and words[place] not in NOT_NAMES
            )
            last = min(stop, len(text)) if mark != "\n" else start
            clauses.append(Clause(words, sentence, begins, ending, mark, found[0].start(), last, names))
            begins = False
        elif clauses and ending:
            clauses[-1] = _closed(clauses[-1], mark)
        if ending and not begins:
            sentence, begins = sentence + 1, True
        at = stop
    return Script(text, transcript.language, tuple(clauses))


def _closed(clause: Clause, mark: str) -> Clause:
    mark = mark if clause.mark in (",", "\n") or not clause.ends else clause.mark
    return Clause(clause.words, clause.sentence, clause.begins, True, mark, clause.start, clause.stop, clause.names)


def _inside_number(text: str, place: int) -> bool:
    return text[place] in ".,:" and text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")


def joined(words: Sequence[str], language: str) -> str:
    """Words as they are written in a row."""
    return ("" if language == "ZH" else " ").join(words)
