"""Estimated word times."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import numpy as np
import pytest

from selfsame.contracts.text_to_speech import TEXTS, TextToSpeechContract, all_of
from selfsame.events.spoken import SpokenChunk
from selfsame.providers.embedded.espeak import EspeakTextToSpeech
from selfsame.providers.fake import FakeTextToSpeech
from selfsame.providers.wrap.word_times import EstimatedWordTimes
from selfsame.voice.port import Phrase


class Wordless:
    """A voice that tells no words."""

    def __init__(self, inner: FakeTextToSpeech | EspeakTextToSpeech, whole: bool = False) -> None:
        self.inner, self.whole = inner, whole
        self.abilities = replace(inner.abilities, phoneme_times=False, streaming=not whole)

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        chunks = [replace(chunk, text="", words=()) async for chunk in self.inner.synthesize(phrase)]
        if self.whole and chunks:
            chunks = [replace(chunks[0], pcm=np.concatenate([chunk.pcm for chunk in chunks]))]
        for chunk in chunks:
            yield chunk


class TestStreamed(TextToSpeechContract):
    @pytest.fixture
    def engine(self) -> EstimatedWordTimes:
        return EstimatedWordTimes(Wordless(FakeTextToSpeech()))


class TestWhole(TextToSpeechContract):
    @pytest.fixture
    def engine(self) -> EstimatedWordTimes:
        return EstimatedWordTimes(Wordless(EspeakTextToSpeech(), whole=True))


def times(chunks: list[SpokenChunk]) -> list[float]:
    origin, starts = 0.0, []
    for chunk in chunks:
        starts += [origin + word.start for word in chunk.words]
        origin += chunk.seconds
    return starts


@pytest.mark.anyio
async def test_they_are_about_right_and_get_better() -> None:
    real = EspeakTextToSpeech()
    guessed = EstimatedWordTimes(Wordless(real))
    for language, text in TEXTS.items():
        true = times(await all_of(real, Phrase(text, language)))
        for _ in range(8):
            guess = times(await all_of(guessed, Phrase(text, language)))
        errors = np.abs(np.array(true) - np.array(guess))
        assert errors.mean() < 0.3 and errors.max() < 0.8


@pytest.mark.anyio
async def test_words_that_are_told_pass_untouched() -> None:
    real = FakeTextToSpeech()
    told = await all_of(EstimatedWordTimes(real), Phrase(TEXTS["EN"]))
    plain = await all_of(real, Phrase(TEXTS["EN"]))
    assert [chunk.words for chunk in told] == [chunk.words for chunk in plain]
