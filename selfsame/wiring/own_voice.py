"""Clones speak in their own voices: which voice a reply is said in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.errors import NotFound
from selfsame.events.spoken import SpokenChunk
from selfsame.kit.streams import closing
from selfsame.providers.embedded.own_voice.engine import CLEAR, OwnVoiceTextToSpeech
from selfsame.studio.port import FileStore
from selfsame.studio.voice.kinds import VoiceModelStore
from selfsame.voice.port import Phrase, SpeakingAbilities, TextToSpeech
from selfsame.voice.units.sound import RATE

VOICE_FILE = "voice.npz"


@dataclass(frozen=True, slots=True)
class VoiceFiles:
    """The engine's loader: a voice's id is the key of its folder."""

    files: FileStore

    async def load(self, voice_id: str) -> bytes | None:
        """The file of a voice; None when there is none. May raise ProviderError."""
        try:
            return await self.files.get(voice_id + VOICE_FILE)
        except NotFound:
            return None


def with_own_voices(guide: TextToSpeech, files: FileStore) -> TextToSpeech:
    """The guide, able to speak as any clone; as it is where it gives no exact times to be guided by."""
    if not guide.abilities.phoneme_times or guide.abilities.sample_rate != RATE:
        return guide
    return OwnVoiceTextToSpeech(guide, VoiceFiles(files))


@dataclass(frozen=True, slots=True)
class OwnVoices:
    """Says whose voice a clone speaks in."""

    models: VoiceModelStore
    engine: TextToSpeech

    async def of(self, clone: Clone) -> str:
        """The id to speak with; empty without a voice of its own, or without the live consent to it."""
        if not self.engine.abilities.clones_voices:
            return ""
        model = await self.models.active(clone.id, clone.owner_id)
        if model is None:
            return ""
        return model.model_path + (CLEAR if model.manner == "clear" else "")

    async def sweep(self) -> int:
        """Forget the voices in memory that are no more: discarded, or their consent ended, here or elsewhere.

        How many went.
        """
        if not isinstance(self.engine, OwnVoiceTextToSpeech):
            return 0
        gone = 0
        for voice_id in self.engine.loaded:
            owner = UUID(voice_id.split("/")[1])  # studio.folders.voice_folder
            if voice_id not in {model.model_path for model in await self.models.of(owner)}:
                self.engine.forget(voice_id)
                gone += 1
        return gone


class InVoice:
    """A synthesiser that says every phrase in one voice."""

    def __init__(self, engine: TextToSpeech, voice_id: str) -> None:
        self.abilities: SpeakingAbilities = engine.abilities
        self.engine = engine
        self.voice_id = voice_id

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        """As the engine does, in this voice."""
        stream = self.engine.synthesize(replace(phrase, voice_id=self.voice_id))
        async with closing(stream):
            async for chunk in stream:
                yield chunk
