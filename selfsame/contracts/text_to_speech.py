"""What every synthesiser must keep. Subclass in your tests and give an `engine` fixture; set what it cannot do.

class TestMine(TextToSpeechContract):
    @pytest.fixture
    def engine(self): return MyTextToSpeech(...)
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np
import pytest

from selfsame.errors import ProviderError
from selfsame.events.spoken import SpokenChunk
from selfsame.kit.streams import close
from selfsame.kit.tasks import group
from selfsame.voice.port import Phrase, TextToSpeech

TEXTS = {
    "EN": "Good morning, my friend! I have three cats and one very old dog.",
    "ES": "Buenos días, amigo. Tengo tres gatos y un perro muy viejo.",
    "ZH": "早上好，朋友。我有三只猫。",
}


async def all_of(engine: TextToSpeech, phrase: Phrase) -> list[SpokenChunk]:
    """Everything the engine says for a phrase."""
    return [chunk async for chunk in engine.synthesize(phrase)]


def letters(text: str) -> str:
    """The text's letters and digits."""
    return "".join(filter(str.isalnum, text))


class TextToSpeechContract:
    """Speech in each language, words in order and on time, closing, many at once."""

    pytestmark: ClassVar = [pytest.mark.anyio]
    word_times: ClassVar[bool] = True

    @pytest.fixture
    def engine(self) -> TextToSpeech:
        """The engine under test."""
        raise NotImplementedError

    async def test_it_speaks_each_of_its_languages(self, engine: TextToSpeech) -> None:
        assert engine.abilities.languages
        for language in sorted(engine.abilities.languages & TEXTS.keys()):
            chunks = await all_of(engine, Phrase(TEXTS[language], language))
            sound = np.concatenate([chunk.pcm for chunk in chunks])
            assert sound.dtype == np.int16 and sound.ndim == 1
            assert 1.0 < len(sound) / engine.abilities.sample_rate < 20.0
            assert np.abs(sound.astype(np.int32)).max() > 1000, "nothing can be heard"

    async def test_every_chunk_has_the_rate_it_promised(self, engine: TextToSpeech) -> None:
        for chunk in await all_of(engine, Phrase(TEXTS["EN"])):
            assert chunk.sample_rate == engine.abilities.sample_rate

    async def test_a_streaming_engine_gives_more_than_one_chunk(self, engine: TextToSpeech) -> None:
        if not engine.abilities.streaming:
            pytest.skip("the engine does not stream")
        assert len(await all_of(engine, Phrase(TEXTS["EN"]))) > 1

    async def test_its_words_cover_the_text_in_order(self, engine: TextToSpeech) -> None:
        if not self.word_times:
            pytest.skip("the engine has no word times")
        for language in sorted(engine.abilities.languages & TEXTS.keys()):
            chunks = await all_of(engine, Phrase(TEXTS[language], language))
            said = "".join(word.text for chunk in chunks for word in chunk.words)
            assert letters(said) == letters(TEXTS[language])
            assert letters("".join(chunk.text for chunk in chunks)) == letters(TEXTS[language])

    async def test_word_times_go_forward_and_stay_inside_the_sound(self, engine: TextToSpeech) -> None:
        if not self.word_times:
            pytest.skip("the engine has no word times")
        chunks = await all_of(engine, Phrase(TEXTS["EN"]))
        total, origin, before = sum(chunk.seconds for chunk in chunks), 0.0, 0.0
        for chunk in chunks:
            for word in chunk.words:
                start, end = origin + word.start, origin + word.end
                assert before - 0.005 <= start <= end <= total + 0.005
                assert 0 <= word.start < chunk.seconds + 0.005, "a word belongs to the chunk where it starts"
                before = start
            origin += chunk.seconds

    async def test_phoneme_times_are_there_when_promised(self, engine: TextToSpeech) -> None:
        if not engine.abilities.phoneme_times:
            pytest.skip("the engine has no phoneme times")
        chunks = await all_of(engine, Phrase(TEXTS["EN"]))
        phonemes = [phoneme for chunk in chunks for phoneme in chunk.phonemes]
        assert len(phonemes) >= 10
        assert all(phoneme.end > phoneme.start and phoneme.ipa for phoneme in phonemes)

    async def test_closing_early_leaves_the_engine_usable(self, engine: TextToSpeech) -> None:
        for _ in range(3):
            stream = engine.synthesize(Phrase(TEXTS["EN"] * 4))
            async for _chunk in stream:
                break
            await close(stream)
        assert await all_of(engine, Phrase("Yes."))

    async def test_many_may_speak_at_once(self, engine: TextToSpeech) -> None:
        texts = [f"Number {n} says hello." for n in ("one", "two", "three", "four", "five")]
        alone = [[chunk.pcm for chunk in await all_of(engine, Phrase(text))] for text in texts]
        together: dict[int, list[SpokenChunk]] = {}

        async def speak(number: int) -> None:
            together[number] = await all_of(engine, Phrase(texts[number]))

        async with group() as tasks:
            for number in range(len(texts)):
                tasks.start_soon(speak, number)
        for number, expected in enumerate(alone):
            seconds = sum(map(len, expected)) / engine.abilities.sample_rate
            assert sum(chunk.seconds for chunk in together[number]) == pytest.approx(seconds, rel=0.2)

    async def test_nothing_to_say_is_no_failure(self, engine: TextToSpeech) -> None:
        chunks = await all_of(engine, Phrase("..."))
        assert sum(chunk.seconds for chunk in chunks) < 1.0

    async def test_faster_is_shorter(self, engine: TextToSpeech) -> None:
        slow = sum(chunk.seconds for chunk in await all_of(engine, Phrase(TEXTS["EN"], speed=0.8)))
        fast = sum(chunk.seconds for chunk in await all_of(engine, Phrase(TEXTS["EN"], speed=1.4)))
        assert fast < slow

    async def test_an_unknown_language_is_a_provider_error(self, engine: TextToSpeech) -> None:
        if "XX" in engine.abilities.languages:
            pytest.skip("the engine speaks everything")
        try:
            await all_of(engine, Phrase("Hello.", "XX"))
        except ProviderError as error:
            assert error.role == "tts"
