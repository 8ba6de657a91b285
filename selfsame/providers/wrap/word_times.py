"""Word times for synthesisers that tell none, so that history can be cut at what was heard with every voice.

The words are laid over the sound by their length, at the pace that this voice had in the phrases before. One chunk is
held back, so that the phrase's last words end with its sound. Estimates: good to about a word, not for lips.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

from selfsame.events.spoken import SpokenChunk, WordTime
from selfsame.kit.streams import closing
from selfsame.kit.wordspans import Word, split_words
from selfsame.voice.port import Phrase, TextToSpeech

_PACE = {"EN": 0.068, "ES": 0.062, "ZH": 0.12}
"""Seconds a letter (with one more for each word) to begin with; learnt from there."""
_LEARN = 0.3


class EstimatedWordTimes:
    """A synthesiser whose chunks have words; chunks that have some already pass as they are."""

    def __init__(self, engine: TextToSpeech) -> None:
        self.abilities = engine.abilities
        self._engine = engine
        self._pace = dict(_PACE)

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        """As `voice.port`; each chunk comes when the next one is there or the phrase is over."""
        layout = _Layout(phrase.text, self._pace.get(phrase.language, _PACE["EN"]) / max(0.25, phrase.speed))
        held: SpokenChunk | None = None
        told = False
        stream = self._engine.synthesize(phrase)
        async with closing(stream):
            async for chunk in stream:
                told = told or bool(chunk.words)
                if told:
                    if held is not None:
                        yield held
                        held = None
                    yield chunk
                    continue
                if held is not None:
                    yield layout.put(held)
                held = chunk
        if held is not None:
            yield layout.put(held, last=True)
            self._learn(phrase, layout)

    def _learn(self, phrase: Phrase, layout: _Layout) -> None:
        """The next phrase is laid out at the pace that this one turned out to have."""
        if layout.weight >= 8:
            before = self._pace.get(phrase.language, _PACE["EN"])
            now = layout.origin * phrase.speed / layout.weight
            self._pace[phrase.language] = before + _LEARN * (now - before)


class _Layout:
    """One phrase's words on their way onto its sound."""

    def __init__(self, text: str, pace: float) -> None:
        self._text = text
        self._words = split_words(text)
        self._pace = pace
        self._next = 0
        self._time = 0.0  # where the next word is expected, from the phrase's first sample
        self.origin = 0.0
        self.weight = sum(map(_weight, self._words))

    def put(self, chunk: SpokenChunk, last: bool = False) -> SpokenChunk:
        """The chunk with the words that are expected to begin in it; the last one gets all that are left."""
        end = self.origin + chunk.seconds
        first, words = self._next, []
        pace = self._pace_to(end) if last else self._pace
        while self._next < len(self._words) and (last or self._time < end):
            word = self._words[self._next]
            start = min(max(self._time, self.origin), end)
            self._time = start + pace * _weight(word)
            finish = min(self._time, end) if last else self._time
            words.append(WordTime(word.text, start - self.origin, finish - self.origin))
            self._next += 1
        self.origin = end
        return replace(chunk, text=self._between(first, self._next), words=tuple(words))

    def _pace_to(self, end: float) -> float:
        """The pace at which the words that are left end with the sound."""
        left = sum(map(_weight, self._words[self._next :]))
        return max(0.0, end - max(self._time, self.origin)) / left if left else self._pace

    def _between(self, first: int, behind: int) -> str:
        if first == behind:
            return ""
        start = self._words[first].start if first else 0
        return self._text[start : self._words[behind].start if behind < len(self._words) else len(self._text)]


def _weight(word: Word) -> int:
    """Letters and digits, and two more for a sign that makes a pause."""
    letters = sum(map(str.isalnum, word.text))
    return letters + (2 if word.text[-1] in ",.;:!?" else 1)
