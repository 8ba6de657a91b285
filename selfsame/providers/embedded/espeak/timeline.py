"""Sorts espeak-ng's stream of sound and events into chunks whose words and phonemes have exact times. Pure.

espeak-ng says when each phoneme and each word begins. A phoneme ends where the next begins; a word ends where its last
sounding phoneme ends. Words that espeak runs together ("of the") or reads as several ("98.6") are matched by their
place in the text: words without a beginning of their own share the stretch by their length in letters.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

import numpy as np

from selfsame.events.spoken import PhonemeTime, SpokenChunk, WordTime
from selfsame.kit.pcm import Pcm
from selfsame.kit.wordspans import Word, split_words
from selfsame.providers.embedded.espeak.library import Event

FIRST_SECONDS = 0.1
NEXT_SECONDS = 0.25
_AUDIBLE = 100  # of 32767
_KEPT_SILENCE = 0.005  # seconds of it stay in front of the first sound


@dataclass(slots=True)
class _Open:
    """The stretch that is being spoken: words `first` to `last` (included) from sample `start` on."""

    first: int
    last: int
    start: int
    end: int


@dataclass(slots=True)
class Timeline:
    """One phrase on its way to chunks: `feed` what the library says, `take` what is ready, `finish` at the end."""

    text: str
    sample_rate: int
    _words: list[Word] = field(init=False)
    _starts: list[int] = field(init=False)
    _open: _Open | None = field(init=False, default=None)
    _timed: list[tuple[int, int, int]] = field(init=False, default_factory=list)  # word index, start, end
    _phonemes: list[tuple[str, int, int]] = field(init=False, default_factory=list)
    _phoneme: tuple[str, int] | None = field(init=False, default=None)
    _held: list[Pcm] = field(init=False, default_factory=list)
    _made: int = field(init=False, default=0)
    _out: int = field(init=False, default=0)
    _said: int = field(init=False, default=0)
    _trimmed: int = field(init=False, default=0)  # samples of silence taken from the beginning

    def __post_init__(self) -> None:
        self._words = split_words(self.text)
        self._starts = [word.start for word in self._words]

    def feed(self, pcm: Pcm, events: list[Event]) -> None:
        """Take a piece of sound and the events that came with it."""
        pcm = self._trim(pcm)
        if len(pcm):
            self._held.append(pcm)
            self._made += len(pcm)
        for event in events:
            if event.ipa is None:
                self._begin_word(event.position, max(0, event.sample - self._trimmed))
            else:
                self._begin_phoneme(event.ipa, max(0, event.sample - self._trimmed))

    def take(self) -> list[SpokenChunk]:
        """The chunks that are ready: long enough, with every word and phoneme in them over."""
        ready = []
        while True:
            least = self._out + int(self.sample_rate * (NEXT_SECONDS if self._out else FIRST_SECONDS))
            # A word that began before the cut must be over, for its end to be known.
            if self._made < least or self._settled() < least:
                return ready
            ready.append(self._chunk(least))

    def finish(self) -> list[SpokenChunk]:
        """The rest, when the library has come to the end of the text."""
        self._end_phoneme(self._made)
        self._close_word(len(self._words) - 1)
        ready: list[SpokenChunk] = []
        step = int(self.sample_rate * NEXT_SECONDS)
        while self._made - self._out > step * 1.4:
            first = int(self.sample_rate * FIRST_SECONDS)
            ready.append(self._chunk(self._out + (step if self._out else first)))
        if self._made > self._out or self._said < len(self._words):
            ready.append(self._chunk(self._made))
        return ready

    def _settled(self) -> int:
        """Everything that begins before this sample has its end."""
        starts = [self._made]
        if self._open is not None:
            starts.append(self._open.start)
        if self._phoneme is not None:
            starts.append(self._phoneme[1])
        return min(starts)

    def _trim(self, pcm: Pcm) -> Pcm:
        """Leave out the silence before the first sound (the closure of a stop, 50 ms): it is heard as delay."""
        if self._made or not len(pcm):
            return pcm
        loud = np.abs(pcm.astype(np.int32)) > _AUDIBLE
        first = int(loud.argmax()) if loud.any() else len(pcm)
        cut = max(0, first - int(_KEPT_SILENCE * self.sample_rate))
        self._trimmed += cut
        return pcm[cut:]

    def _begin_word(self, position: int, sample: int) -> None:
        if not self._words:
            return
        self._end_phoneme(sample)
        index = max(0, bisect_right(self._starts, position) - 1)
        if self._open is not None and index <= self._open.last:
            return
        first = 0 if self._open is None and not self._timed else index
        self._close_word(index - 1)
        self._open = _Open(first, index, sample, sample)

    def _begin_phoneme(self, ipa: str, sample: int) -> None:
        self._end_phoneme(sample)
        self._phoneme = (ipa, sample)

    def _end_phoneme(self, sample: int) -> None:
        if self._phoneme is None:
            return
        ipa, start = self._phoneme
        self._phoneme = None
        if is_pause(ipa) or sample <= start:
            return
        self._phonemes.append((ipa, start, sample))
        if self._open is not None:
            self._open.end = max(self._open.end, sample)

    def _close_word(self, last: int) -> None:
        """The open stretch is over; it held all words up to `last`."""
        stretch, self._open = self._open, None
        if stretch is None:
            if last == len(self._words) - 1:  # words that were never begun: nothing of them sounds
                self._timed += [(i, self._made, self._made) for i in range(self._next_word(), last + 1)]
            return
        indices = range(stretch.first, max(stretch.last, last) + 1)
        weights = [max(1, sum(map(str.isalnum, self._words[i].text))) for i in indices]
        edges = np.concatenate([[0], np.cumsum(weights)]) / sum(weights)
        length = stretch.end - stretch.start
        for i, begin, end in zip(indices, edges[:-1], edges[1:], strict=True):
            self._timed.append((i, stretch.start + int(begin * length), stretch.start + int(end * length)))

    def _next_word(self) -> int:
        return self._timed[-1][0] + 1 if self._timed else self._said

    def _chunk(self, end: int) -> SpokenChunk:
        sound = np.concatenate(self._held) if self._held else np.zeros(0, np.int16)
        size = end - self._out
        pcm, rest = sound[:size], sound[size:]
        self._held = [rest] if len(rest) else []
        last = end >= self._made and not len(rest)
        words, self._timed = _before(self._timed, end, last and self._open is None)
        phonemes, self._phonemes = _before(self._phonemes, end, False)
        rate, origin = self.sample_rate, self._out
        text = self._text_to(words[-1][0] + 1) if words else ""
        self._out = end
        return SpokenChunk(
            pcm,
            rate,
            text,
            tuple(WordTime(self._words[i].text, (a - origin) / rate, (b - origin) / rate) for i, a, b in words),
            tuple(PhonemeTime(ipa, (a - origin) / rate, (b - origin) / rate) for ipa, a, b in phonemes),
        )

    def _text_to(self, word: int) -> str:
        """The text up to (not including) word number `word`, from where the last chunk's text ended."""
        start = self._words[self._said].start if self._said else 0
        end = self._words[word].start if word < len(self._words) else len(self.text)
        self._said = word
        return self.text[start:end]


def _before(items: list, end: int, everything: bool) -> tuple[list, list]:
    """The items that start before sample `end`, and the others. Each holds its start as its second-last field."""
    cut = len(items) if everything else sum(1 for item in items if item[-2] < end)
    return items[:cut], items[cut:]


def is_pause(ipa: str) -> bool:
    """espeak writes pauses as signs without a letter, and word edges as empty ones."""
    return not any(sign.isalpha() for sign in ipa)
