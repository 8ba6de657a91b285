"""Clones speak in their own voices: which voice a reply is said in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Protocol
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.errors import NotFound
from selfsame.events.spoken import SpokenChunk
from selfsame.kit.pcm import Pcm
from selfsame.kit.streams import closing
from selfsame.kit.tasks import offload
from selfsame.models.manifest import XTTS
from selfsame.providers.embedded.own_voice.engine import CLEAR, OwnVoiceTextToSpeech
from selfsame.providers.wrap.fallback import SPEAKING, FallbackTextToSpeech
from selfsame.providers.wrap.word_times import EstimatedWordTimes
from selfsame.settings import Settings
from selfsame.studio.port import FileStore
from selfsame.studio.voice.kinds import VoiceModelStore
from selfsame.voice.port import Phrase, SpeakingAbilities, TextToSpeech
from selfsame.voice.units.file import from_bytes
from selfsame.voice.units.sound import RATE
from selfsame.wiring.choices import Announcer

VOICE_FILE = "voice.npz"
PATIENCE = 10.0
"""Seconds that a network without a graphics processor has for its first sound: who asked for it wants to hear it."""


@dataclass(frozen=True, slots=True)
class VoiceFiles:
    """The engines' loader: a voice's id is the key of its folder."""

    files: FileStore

    async def load(self, voice_id: str) -> bytes | None:
        """The file of a voice; None when there is none. May raise ProviderError."""
        try:
            return await self.files.get(voice_id + VOICE_FILE)
        except NotFound:
            return None

    async def recordings(self, voice_id: str) -> tuple[Pcm, int] | None:
        """The recordings that a voice was made of, in a row, and their rate; None when there is none.

        May raise SelfsameError.
        """
        data = await self.load(voice_id)
        return None if data is None else ((await offload(from_bytes, data)).sound, RATE)


class VoiceMemory(Protocol):
    """An engine that keeps voices in memory."""

    @property
    def loaded(self) -> tuple[str, ...]: ...
    def forget(self, voice_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class ClonedSpeech:
    """What clones speak with, and which engines behind it keep voices in memory."""

    engine: TextToSpeech
    memories: tuple[VoiceMemory, ...] = ()


async def with_own_voices(
    settings: Settings, announcer: Announcer, guide: TextToSpeech, files: FileStore
) -> ClonedSpeech:
    """The guide, able to speak as any clone; as it is where it gives no exact times to be guided by.

    With `tts` xtts-v2 that network speaks for clones with a voice, and the embedded cloned voice where it fails.
    Raises Unavailable when it cannot be loaded.
    """
    if not guide.abilities.phoneme_times or guide.abilities.sample_rate != RATE:
        return ClonedSpeech(guide)
    voices = VoiceFiles(files)
    own = OwnVoiceTextToSpeech(guide, voices)
    if settings.tts != XTTS.name:
        return ClonedSpeech(own, (own,))
    from selfsame.providers.xtts import open_xtts

    network = await open_xtts(settings.models_dir / XTTS.name, voices)
    seconds = SPEAKING.first_output if network.on_gpu else PATIENCE
    options = replace(SPEAKING, first_output=seconds, on_fallback=announcer.fell_back)
    engine = FallbackTextToSpeech([EstimatedWordTimes(network), own], options, same_voices=True)
    return ClonedSpeech(engine, (network, own))


@dataclass(frozen=True, slots=True)
class OwnVoices:
    """Says whose voice a clone speaks in."""

    models: VoiceModelStore
    speech: ClonedSpeech

    @property
    def engine(self) -> TextToSpeech:
        """What says it."""
        return self.speech.engine

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
        kept = {voice_id for memory in self.speech.memories for voice_id in memory.loaded}
        gone = 0
        for voice_id in kept:
            owner = UUID(voice_id.split("/")[1])  # studio.folders.voice_folder
            if voice_id not in {model.model_path for model in await self.models.of(owner)}:
                for memory in self.speech.memories:
                    memory.forget(voice_id)
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
