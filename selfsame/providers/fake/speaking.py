"""A synthesiser that hums each word: a tone as long as the word would take, with real times, for next to no CPU."""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import lru_cache

import numpy as np

from selfsame.events.spoken import PhonemeTime, SpokenChunk, WordTime
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.pcm import Pcm
from selfsame.kit.wordspans import Word, split_words
from selfsame.providers.fake.hashing import number_of
from selfsame.voice.port import Phrase, SpeakingAbilities

_SCALE = (196.0, 220.0, 246.9, 293.7, 329.6, 392.0, 440.0)
_LETTER_SECONDS = 0.06
_SHORTEST, _LONGEST = 0.14, 0.8
_GAP_SECONDS = 0.04
_CHUNK_SECONDS = 0.25


class FakeTextToSpeech:
    """One tone a word: 60 ms a letter, at least 140 ms, with 40 ms of silence. First chunk after `delay` seconds."""

    def __init__(self, *, delay: float = 0.0, sample_rate: int = 22050, clock: Clock = SYSTEM) -> None:
        self.abilities = SpeakingAbilities(
            name="fake",
            sample_rate=sample_rate,
            languages=frozenset({"EN", "ES", "ZH"}),
            streaming=True,
            phoneme_times=True,
        )
        self._delay = delay
        self._clock = clock

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        """Whole words, about 0.25 s a chunk, all of them at once behind the first."""
        if self._delay > 0:
            await self._clock.sleep(self._delay)
        rate = self.abilities.sample_rate
        words = split_words(phrase.text)
        begin = 0
        pieces: list[Pcm] = []
        for number, word in enumerate(words):
            seconds = min(_LONGEST, max(_SHORTEST, _LETTER_SECONDS * len(word.text))) / max(0.25, phrase.speed)
            pieces.append(_hum(number_of(word.text, len(_SCALE)), int(seconds * rate), rate))
            if sum(map(len, pieces)) >= _CHUNK_SECONDS * rate or number == len(words) - 1:
                yield _chunk(phrase.text, words, begin, pieces, rate)
                begin, pieces = number + 1, []


def _chunk(text: str, words: list[Word], begin: int, pieces: list[Pcm], rate: int) -> SpokenChunk:
    """The sound of words `begin` on, one piece a word."""
    times, phonemes, start = [], [], 0
    for word, piece in zip(words[begin:], pieces, strict=False):
        end = start + len(piece) - int(_GAP_SECONDS * rate)
        times.append(WordTime(word.text, start / rate, end / rate))
        phonemes.append(PhonemeTime("m", start / rate, end / rate))
        start += len(piece)
    last = begin + len(pieces)
    said = text[words[begin].start if begin else 0 : words[last].start if last < len(words) else len(text)]
    return SpokenChunk(np.concatenate(pieces), rate, said, tuple(times), tuple(phonemes))


@lru_cache(maxsize=1024)
def _hum(tone: int, samples: int, rate: int) -> Pcm:
    """A soft tone with silence behind it; made once and shared, so it is read-only."""
    sounding = max(1, samples - int(_GAP_SECONDS * rate))
    time = np.arange(sounding) / rate
    edge = np.minimum(1.0, np.minimum(time, time[::-1]) / 0.01)
    wave = np.zeros(samples, np.int16)
    wave[:sounding] = 6000 * edge * np.sin(2 * np.pi * _SCALE[tone] * time)
    wave.flags.writeable = False
    return wave
