"""Speech from memory."""

from __future__ import annotations

import numpy as np
import pytest

from selfsame.contracts.text_to_speech import TextToSpeechContract, all_of
from selfsame.events.spoken import SpokenChunk
from selfsame.kit.streams import close
from selfsame.providers.fake import FakeTextToSpeech
from selfsame.providers.wrap.cached import CachedTextToSpeech
from selfsame.voice.port import Phrase

pytestmark = pytest.mark.anyio


class Counted(FakeTextToSpeech):
    asked = 0

    def synthesize(self, phrase: Phrase):
        self.asked += 1
        return super().synthesize(phrase)


def sound(chunks: list[SpokenChunk]) -> np.ndarray:
    return np.concatenate([chunk.pcm for chunk in chunks])


async def test_the_same_phrase_is_made_once_and_another_manner_is_another_phrase() -> None:
    inner = Counted()
    engine = CachedTextToSpeech(inner)
    first = await all_of(engine, Phrase("Good morning to you."))
    second = await all_of(engine, Phrase("Good morning to you."))
    assert inner.asked == 1
    assert np.array_equal(sound(first), sound(second))
    assert [chunk.words for chunk in first] == [chunk.words for chunk in second]
    await all_of(engine, Phrase("Good morning to you.", voice_id="anna"))
    assert inner.asked == 2


async def test_half_a_phrase_is_not_kept() -> None:
    inner = Counted()
    engine = CachedTextToSpeech(inner)
    stream = engine.synthesize(Phrase("One two three four five six."))
    await anext(aiter(stream))
    await close(stream)
    assert len(sound(await all_of(engine, Phrase("One two three four five six.")))) > 22050
    assert inner.asked == 2


async def test_the_oldest_goes_when_it_is_full_and_a_voice_can_be_forgotten() -> None:
    inner = Counted()
    size = sound(await all_of(inner, Phrase("hello one"))).nbytes
    inner.asked = 0
    engine = CachedTextToSpeech(inner, capacity=int(size * 2.5))
    for text in ("hello one", "hello two", "hello one", "hello six", "hello one"):
        await all_of(engine, Phrase(text, voice_id="anna"))
    assert inner.asked == 3
    await all_of(engine, Phrase("hello two", voice_id="anna"))
    assert inner.asked == 4, "two was used least recently and is gone"
    engine.forget("anna")
    await all_of(engine, Phrase("hello two", voice_id="anna"))
    assert inner.asked == 5


class TestCached(TextToSpeechContract):
    @pytest.fixture
    def engine(self) -> CachedTextToSpeech:
        return CachedTextToSpeech(FakeTextToSpeech())
