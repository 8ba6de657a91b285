"""What the voice needs from engines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from selfsame.events.spoken import SpokenChunk
from selfsame.kit.pcm import Pcm

VoicePrint = npt.NDArray[np.float32]
"""What tells one person's voice from another's: shape (width,), length 1. The product of two is their likeness."""


@dataclass(frozen=True, slots=True)
class SpeakingAbilities:
    """What a synthesiser can do. `sample_rate` of all it says; `languages` are EN, ZH, ES.

    Without `stock_voices` it speaks only phrases that name a person's voice.
    """

    name: str
    sample_rate: int
    languages: frozenset[str]
    streaming: bool = True
    phoneme_times: bool = False
    clones_voices: bool = False
    stock_voices: bool = True


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


@dataclass(frozen=True, slots=True)
class SpeakerAbilities:
    """What an encoder of voices gives: vectors of `width` numbers. Only those of the same `name` can be compared.

    Two prints of one person have a likeness (inner product) of `same_person` or more, other people's mostly less;
    `piece_seconds` is the length of sound that it listens to at once.
    """

    name: str
    width: int
    same_person: float
    piece_seconds: float


class SpeakerEncoder(Protocol):
    """Numbers that tell who speaks, whatever is said. Sound is 16 kHz mono. Calls block: offload them.

    One encoder serves any number of threads.
    """

    @property
    def abilities(self) -> SpeakerAbilities:
        """What it gives."""
        ...

    def embed(self, pcm: Pcm) -> VoicePrint:
        """The voice of one person's recording of any length; silence in it does not count.

        Raises BadInput when there is no speech in it, ProviderError when the engine fails.
        """
        ...

    def embed_pieces(self, pieces: Sequence[Pcm]) -> npt.NDArray[np.float32]:
        """The voices of short pieces of speech, (len(pieces), width), each row of length 1. Raises ProviderError.

        Each is taken as it is, as one piece: of a longer one only the first `piece_seconds` are heard. A silent
        piece gives some vector too, so cut them out of speech.
        """
        ...
