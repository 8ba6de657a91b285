"""What the voice needs from engines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from selfsame.events.spoken import SpokenChunk


@dataclass(frozen=True, slots=True)
class SpeakingAbilities:
    """What a synthesiser can do. `sample_rate` of all it says; `languages` are EN, ZH, ES."""

    name: str
    sample_rate: int
    languages: frozenset[str]
    streaming: bool = True
    phoneme_times: bool = False
    clones_voices: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Text to be said in one breath. `voice_id` names a voice of the engine or of the clone; `speed` 1.0 is normal."""

    text: str
    language: str = "EN"
    voice_id: str = ""
    speed: float = 1.0
    pitch: float = 1.0


class TextToSpeech(Protocol):
    """A synthesiser, shared by sessions."""

    abilities: SpeakingAbilities

    def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        """Speech as it is made, the first piece as early as the engine can. Raises ProviderError.

        Closing the iterator stops the work.
        """
        ...
