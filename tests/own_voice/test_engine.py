"""The synthesiser in a cloned voice: the contract, voices that are missing or damaged, early sound."""

from __future__ import annotations

import numpy as np
import pytest

from selfsame.contracts.text_to_speech import TEXTS, TextToSpeechContract, all_of
from selfsame.errors import Unavailable
from selfsame.providers.embedded.espeak import EspeakTextToSpeech
from selfsame.providers.embedded.own_voice import CLEAR, OwnVoiceTextToSpeech
from selfsame.providers.fake.speaking import FakeTextToSpeech
from selfsame.voice.port import Phrase


class Shelf:
    """Voices in memory."""

    def __init__(self, **voices: bytes) -> None:
        self.voices = voices
        self.asked: list[str] = []

    async def load(self, voice_id: str) -> bytes | None:
        self.asked.append(voice_id)
        if voice_id == "down":
            raise Unavailable("the store is down", role="files", provider="memory")
        return self.voices.get(voice_id)


class Owned(OwnVoiceTextToSpeech):
    """Speaks every phrase without a voice in Vera's, so that the contract is asked of the cloned voice."""

    def synthesize(self, phrase: Phrase):
        from dataclasses import replace

        return super().synthesize(replace(phrase, voice_id=phrase.voice_id or self.voice))

    voice = "vera"


class TestOwnVoiceContract(TextToSpeechContract):
    @pytest.fixture
    def engine(self, voice_file: bytes) -> Owned:
        return Owned(EspeakTextToSpeech(), Shelf(vera=voice_file))


class TestClearContract(TextToSpeechContract):
    @pytest.fixture
    def engine(self, voice_file: bytes) -> Owned:
        made = Owned(EspeakTextToSpeech(), Shelf(vera=voice_file))
        made.voice = "vera" + CLEAR
        return made


pytestmark = pytest.mark.anyio


async def sound_of(engine, phrase: Phrase) -> np.ndarray:
    return np.concatenate([chunk.pcm for chunk in await all_of(engine, phrase)])


@pytest.mark.parametrize("voice_id", ["", "nobody", "broken", "empty", "down"])
async def test_without_a_usable_voice_the_guide_speaks(voice_file: bytes, voice_id: str) -> None:
    shelf = Shelf(vera=voice_file, broken=voice_file[: len(voice_file) // 2], empty=b"")
    guide = FakeTextToSpeech()  # it says the same each time
    engine = OwnVoiceTextToSpeech(guide, shelf)
    assert (await sound_of(engine, Phrase(TEXTS["EN"], voice_id=voice_id))).tobytes() == (
        await sound_of(guide, Phrase(TEXTS["EN"]))
    ).tobytes()


async def test_a_voice_is_read_once_and_again_when_forgotten(voice_file: bytes) -> None:
    shelf = Shelf(vera=voice_file)
    engine = OwnVoiceTextToSpeech(EspeakTextToSpeech(), shelf)
    for _ in range(3):
        await sound_of(engine, Phrase("Yes.", voice_id="vera"))
    await sound_of(engine, Phrase("Yes.", voice_id="vera" + CLEAR))
    assert shelf.asked == ["vera"]
    engine.forget("vera")
    await sound_of(engine, Phrase("Yes.", voice_id="vera"))
    assert shelf.asked == ["vera", "vera"]


async def test_the_first_chunk_is_short_and_none_is_long(voice_file: bytes) -> None:
    engine = OwnVoiceTextToSpeech(EspeakTextToSpeech(), Shelf(vera=voice_file))
    chunks = await all_of(engine, Phrase(TEXTS["EN"] * 2, voice_id="vera"))
    assert chunks[0].seconds <= 0.15
    assert max(chunk.seconds for chunk in chunks) <= 0.26


async def test_both_manners_differ_from_the_guide(voice_file: bytes) -> None:
    engine = OwnVoiceTextToSpeech(EspeakTextToSpeech(), Shelf(vera=voice_file))
    guide, own, clear = [
        await sound_of(engine, Phrase("I have three cats.", voice_id=voice)) for voice in ("", "vera", "vera" + CLEAR)
    ]
    assert guide.tobytes() != own.tobytes() != clear.tobytes() != guide.tobytes()


def test_a_guide_without_phonemes_is_refused(voice_file: bytes) -> None:
    with pytest.raises(ValueError, match="phoneme"):
        OwnVoiceTextToSpeech(FakeTextToSpeech(sample_rate=16_000), Shelf(vera=voice_file))
