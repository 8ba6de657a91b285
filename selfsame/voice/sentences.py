"""Sentences out of a stream of text, as soon as each is surely whole. Pure; however the stream is sliced, the result is
the same.

A full stop ends a sentence unless it belongs to an abbreviation (Dr., U.S., e.g.), an initial, a list number, an
ellipsis, or stands inside a word (3.14, URLs, addresses, paths). Closing quotes and brackets stay with their sentence.
Chinese marks end a sentence without a space. An empty line and a list item's line end a sentence too. Nothing longer
than 2000 characters is held back: it breaks at a space (CONV-09 to 12).

For an early first sound `first_phrase` may cut the very first piece of a reply at a comma, semicolon, colon or dash,
once that many characters are there; Chinese counts a third of it, its signs being syllables.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from selfsame.voice.abbreviations import BEFORE_NUMBERS, MAY_END, NEVER_END, OPENERS

MAX_CHARACTERS = 2000
_LOOK_AHEAD = 48  # characters beyond a possible end that may be asked for before deciding without them
_MOST_CLOSERS = 8
_CLOSERS = "\"'”’»)]}」』）》〉】*_"
_HAN = "\u3400-\u4dbf\u4e00-\u9fff"
_MARK = re.compile(rf"[.!?…]{{1,16}}|[。！？；]|\n|[,;:—–](?=\s)|[，：、](?=[^\s])|(?<=[{_HAN}])[!?]")
_FULL_WIDTH = "。！？；"
_LIST_ITEM = re.compile(r"[ \t]*(?:[-*+•#]|\d{1,3}[.)]\s|\n)")
_NUMBER_ONLY = re.compile(r"\s*[(\[*_]*\d{1,3}$")


@dataclass(frozen=True, slots=True)
class _Text:
    """What is held: `text` from the sentence's first character on; `final` when nothing more will come."""

    text: str
    final: bool

    def has(self, position: int) -> bool:
        return position < len(self.text)


class SentenceBuffer:
    """Takes text piece by piece and gives back whole sentences, stripped, in order."""

    def __init__(self, first_phrase: int = 0, max_characters: int = MAX_CHARACTERS) -> None:
        """`first_phrase` 0 turns the early first cut off."""
        self._held = ""
        self._scanned = 0
        self._first_phrase = first_phrase
        self._max = max_characters

    def push(self, text: str) -> list[str]:
        """Take more text; the sentences that are now surely whole."""
        found: list[str] = []
        for start in range(
            0, len(text), self._max
        ):  # in portions, so that a very long text is not copied over and over
            self._held += text[start : start + self._max]
            found += self._cut(final=False)
        return found

    def flush(self) -> list[str]:
        """The text is over: what is left, as sentences."""
        return self._cut(final=True)

    def _cut(self, final: bool) -> list[str]:
        found: list[str] = []
        while (end := self._next_end(final)) is not None:
            sentence, self._held, self._scanned = self._held[:end].strip(), self._held[end:].lstrip(), 0
            if sentence:
                found.append(sentence)
                self._first_phrase = 0
        return found

    def _next_end(self, final: bool) -> int | None:
        """Where the held text's first sentence ends, or None while that is open."""
        held = _Text(self._held, final)
        position = self._scanned
        while mark := _MARK.search(held.text, position):
            if mark.start() >= self._max:
                break
            if not final and mark.end() >= len(held.text):
                self._scanned = mark.start()
                return self._too_long(final)
            verdict = self._judge(held, mark.start(), mark.end())
            if verdict is None:
                self._scanned = mark.start()
                return self._too_long(final)
            if verdict:
                return min(verdict, self._max)
            position = mark.end()
        # Marks that need the character before or behind them are looked at again from one character back.
        self._scanned = position if final else max(position, len(held.text) - 1)
        forced = self._too_long(final)
        if forced is None and final and held.text.strip():
            return len(held.text)
        return forced

    def _too_long(self, final: bool) -> int | None:
        # Every mark below the limit has been judged once this much is there, so slicing cannot change the outcome.
        enough = self._max if final else self._max + 2 * _LOOK_AHEAD
        if len(self._held) <= enough:
            return None
        space = max(self._held.rfind(sign, 1, self._max) for sign in " \n\t")
        return space if space > 0 else self._max

    def _judge(self, held: _Text, start: int, end: int) -> int | None:
        """The end of the sentence if the mark at `start` ends one, 0 if it does not, None if more must be seen."""
        mark = held.text[start:end]
        if mark == "\n":
            return _at_new_line(held, end)
        if mark[0] in ",;:—–，：、":
            return end if self._early_enough(held.text[:start]) else 0
        closed = _behind_closers(held, end)
        if closed is None:
            return None
        before = held.text[start - 1] if start else ""
        if mark[0] in _FULL_WIDTH or (mark[0] in "!?" and re.match(rf"[{_HAN}]", before)):
            return 0 if held.has(closed) and held.text[closed] in _FULL_WIDTH else closed
        if not held.has(closed):
            return closed
        if held.text[closed] in "¿¡":
            return closed
        if not held.text[closed].isspace() and not re.match(rf"[{_HAN}]", held.text[closed]):
            return 0
        return _at_ascii_mark(held, start, end, closed)

    def _early_enough(self, text: str) -> bool:
        weight = len(text) + 2 * len(re.findall(rf"[{_HAN}]", text))
        return 0 < self._first_phrase <= weight


def _behind_closers(held: _Text, end: int) -> int | None:
    last = end + _MOST_CLOSERS
    while end < last and held.has(end) and held.text[end] in _CLOSERS:
        end += 1
    return end if held.has(end) or held.final else None


def _at_new_line(held: _Text, end: int) -> int | None:
    """A line's end is a sentence's end before an empty line, a list item or a heading."""
    rest = held.text[end : end + _LOOK_AHEAD]
    if _LIST_ITEM.match(rest):
        return end
    open_still = re.fullmatch(r"[ \t]*(?:\d{1,3}[.)]?)?", rest) and len(rest) < _LOOK_AHEAD
    return None if open_still and not held.final else 0


def _next_word(held: _Text, closed: int) -> str | None:
    """The word behind the white space at `closed` with the sign before it, or None while it is not whole."""
    rest = held.text[closed : closed + _LOOK_AHEAD]
    word = re.match(r"\s*([^\s\w]*[\w'’]*)", rest)
    assert word is not None
    whole = word.end() < len(rest) or held.final or len(rest) == _LOOK_AHEAD
    return word.group(1) if whole else None


def _at_ascii_mark(held: _Text, start: int, end: int, closed: int) -> int | None:
    """Decide at `.`, `!`, `?` or an ellipsis that white space follows."""
    mark = held.text[start:end]
    if mark == "." and _NUMBER_ONLY.match(held.text[:start]):
        return 0
    following = _next_word(held, closed)
    if following is None:
        return None
    bare = following.lstrip("\"'“‘«([{*_¿¡—–-")
    if mark in ("!", "?") or (len(set(mark)) > 1 and "." not in mark):
        return 0 if closed > end and bare[:1].islower() else closed
    if bare[:1].islower():
        return 0
    opens = bare.lower().replace("’", "'") in OPENERS
    if "…" in mark or len(mark) > 1:
        return closed if opens and bare not in ("I", "I'm", "I'd", "I've") else 0
    return closed if _ends_at_stop(_last_word(held.text[:start]), bare, opens) else 0


def _last_word(text: str) -> str:
    word = re.search(r"[^\s(\[\"“'‘«¿¡—–]*$", text[-40:])
    return word.group() if word else ""


def _ends_at_stop(word: str, following: str, opens: bool) -> bool:
    """Whether "word." ends a sentence that `following` comes behind."""
    key = word.lower().strip("*_")
    if key in NEVER_END:
        return False
    if key in BEFORE_NUMBERS:
        return not following[:1].isdigit()
    initial = len(key) == 1 and key.isalpha() and word.isupper()
    acronym = re.fullmatch(r"(?:[^\W\d_]{1,2}\.)+[^\W\d_]{1,2}", key) is not None
    if key in MAY_END or initial or acronym:
        return opens
    return True
