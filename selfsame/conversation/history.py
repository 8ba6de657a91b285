"""History as it was heard (pure): a reply is known only up to the word that sounded."""

from __future__ import annotations

from dataclasses import dataclass, field

from selfsame.events.spoken import SpokenChunk
from selfsame.events.turns import Exchange

REMEMBERED_TURNS = 12
"""How many past exchanges the mind is given."""


@dataclass(slots=True)
class ReplyLog:
    """What of one reply was sent to the client: text, and when each word sounds (seconds of the reply's audio)."""

    text: str = ""
    seconds: float = 0.0
    ends: list[tuple[float, int]] = field(default_factory=list)
    """For every word: when it has mostly sounded, and how many characters of `text` stand up to its end."""
    silent: bool = False
    """Text was shown without sound: it counts as heard."""

    def add(self, chunk: SpokenChunk) -> None:
        """Append a chunk of speech."""
        base = len(self.text)
        text = chunk.text
        if self.text and text and not self.text[-1].isspace() and not text[0].isspace() and not _joins(text):
            base += 1
            self.text += " "
        self.text += text
        if chunk.words:
            self._add_words(chunk, base)
        elif text.strip():
            self._add_evenly(chunk, base)
        self.seconds += chunk.seconds

    def add_silent(self, text: str) -> None:
        """Append text that is shown, not spoken."""
        self.text = f"{self.text} {text}".strip() if self.text else text
        self.silent = True

    def heard(self, ms: float | None) -> str:
        """The text up to the last word that had mostly sounded after `ms` milliseconds; all of it for None."""
        if ms is None or self.silent or ms >= 1000 * self.seconds - 1:
            return self.text.strip()
        upto = 0
        for when, characters in self.ends:
            if when > ms / 1000:
                break
            upto = characters
        while 0 < upto < len(self.text) and self.text[upto] in ".,;:!?…)\"'”’。，！？；：":
            upto += 1
        return self.text[:upto].strip()

    def _add_words(self, chunk: SpokenChunk, base: int) -> None:
        place = base
        for word in chunk.words:
            found = self.text.find(word.text, place)
            if found >= 0:
                place = found + len(word.text)
            self.ends.append((self.seconds + (word.start + word.end) / 2, place))

    def _add_evenly(self, chunk: SpokenChunk, base: int) -> None:
        """Without word times a chunk's words are taken to last in proportion to their letters."""
        pieces = chunk.text.split()
        letters = sum(len(piece) for piece in pieces)
        place, past = base, 0
        for piece in pieces:
            place = self.text.find(piece, place) + len(piece)
            middle = (past + len(piece) / 2) / letters
            past += len(piece)
            self.ends.append((self.seconds + chunk.seconds * middle, place))


def _joins(text: str) -> bool:
    """Chinese needs no space between pieces."""
    return "\u3000" <= text[0] <= "\u9fff" or "\uff00" <= text[0] <= "\uffef"


def remember(history: tuple[Exchange, ...], exchange: Exchange) -> tuple[Exchange, ...]:
    """History with one more exchange, the oldest forgotten beyond `REMEMBERED_TURNS`."""
    return (*history, exchange)[-REMEMBERED_TURNS:]
