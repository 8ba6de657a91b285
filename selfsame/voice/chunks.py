"""Cutting and relabelling spoken chunks. Pure: times move with their sound, every word goes where it starts."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

import numpy as np

from selfsame.events.spoken import PhonemeTime, SpokenChunk, WordTime
from selfsame.voice.spoken_text import Saying

FIRST_SECONDS = 0.12
NEXT_SECONDS = 0.25
_FARTHEST = 40  # characters that a word is looked for ahead of where it is expected


def split(chunk: SpokenChunk, longest: float, first: float | None = None) -> list[SpokenChunk]:
    """Pieces of at most `longest` seconds, about equal; the very first at most `first` seconds where given."""
    total, rate = len(chunk.pcm), chunk.sample_rate
    cuts = [0]
    if first is not None and total > first * rate * 1.2:
        cuts.append(int(first * rate))
    rest = total - cuts[-1]
    count = max(1, ceil(rest / (longest * rate) - 1e-9))
    if len(cuts) == 1 and count == 1:
        return [chunk]
    start = cuts[-1]
    cuts += [start + rest * i // count for i in range(1, count + 1)]
    return _pieces(chunk, cuts)


def _pieces(chunk: SpokenChunk, cuts: list[int]) -> list[SpokenChunk]:
    pieces, text_from, texts = [], 0, _text_starts(chunk)
    last = len(cuts) - 2
    said = 0
    for number, (start, end) in enumerate(zip(cuts[:-1], cuts[1:], strict=True)):
        begin, limit = start / chunk.sample_rate, end / chunk.sample_rate
        inside = [word for word in chunk.words[said:] if word.start < limit or number == last]
        said += len(inside)
        text_to = len(chunk.text) if said == len(chunk.words) or number == last else texts[said]
        phonemes = tuple(
            PhonemeTime(p.ipa, p.start - begin, p.end - begin)
            for p in chunk.phonemes
            if (p.start >= begin or number == 0) and (p.start < limit or number == last)
        )
        pieces.append(
            replace(
                chunk,
                pcm=chunk.pcm[start:end],
                text=chunk.text[text_from:text_to] if inside or not chunk.words else "",
                words=tuple(WordTime(w.text, w.start - begin, w.end - begin) for w in inside),
                phonemes=phonemes,
            )
        )
        text_from = text_to if inside or not chunk.words else text_from
    return pieces


def _text_starts(chunk: SpokenChunk) -> list[int]:
    """Where each word stands in the chunk's text (words that are not found stand where the search was)."""
    starts, position = [], 0
    for word in chunk.words:
        found = chunk.text.find(word.text, position)
        starts.append(position if found < 0 else found)
        position = position if found < 0 else found + len(word.text)
    return starts


def silence(seconds: float, rate: int, sentence: int) -> SpokenChunk:
    """A pause."""
    return SpokenChunk(np.zeros(int(seconds * rate), np.int16), rate, "", sentence=sentence)


class Relabel:
    """Gives the chunks of one phrase the words as they were written, instead of as they were said.

    Words that were said for one written word become one, from the first's start to the last's end. A written word goes
    out with the first word said for it; when others follow in a later chunk its end is told too early, never too late.
    """

    def __init__(self, saying: Saying) -> None:
        self._saying = saying
        self._position = 0  # in the spoken text
        self._told = 0  # in the written text
        self._pair = 0

    def __call__(self, chunk: SpokenChunk) -> SpokenChunk:
        """The chunk as written."""
        if not chunk.words:
            return chunk
        words: list[WordTime] = []
        start = self._told
        for word in chunk.words:
            self._add(words, word)
        return replace(chunk, text=self._saying.written[start : self._told], words=tuple(words))

    def _add(self, words: list[WordTime], word: WordTime) -> None:
        text, written, pairs = self._saying.text, self._saying.written, self._saying.pairs
        found = text.find(word.text, self._position)
        begin = found if 0 <= found <= self._position + _FARTHEST else self._position
        self._position = min(len(text), begin + len(word.text))
        # The pair that the word's last letter belongs to: engines may run several written words together.
        while self._pair + 1 < len(pairs) and pairs[self._pair + 1][0] < max(self._position, begin + 1):
            self._pair += 1
        end = pairs[self._pair + 1][1] if self._pair + 1 < len(pairs) else len(written)
        if self._told < end:
            words.append(WordTime(written[self._told : end].strip(), word.start, word.end))
            self._told = end
        elif words:
            words[-1] = replace(words[-1], end=word.end)
