"""What the voice says: sound with exact times."""

from __future__ import annotations

from dataclasses import dataclass

from selfsame.kit.pcm import Pcm


@dataclass(frozen=True, slots=True)
class WordTime:
    """A word of the text and when it sounds, in seconds from the start of its chunk or reply."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class PhonemeTime:
    """A phoneme (IPA) and when it sounds, in seconds from the start of its chunk or reply."""

    ipa: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class SpokenChunk:
    """A piece of speech: 16-bit mono PCM at `sample_rate`. Word and phoneme times count from the chunk's first sample.

    A word that crosses a chunk's edge belongs to the chunk where it starts (its `end` may lie beyond the chunk).
    `text` is the text whose words start in this chunk. `sentence` numbers the sentences of the reply from 0.
    """

    pcm: Pcm
    sample_rate: int
    text: str
    words: tuple[WordTime, ...] = ()
    phonemes: tuple[PhonemeTime, ...] = ()
    sentence: int = 0

    @property
    def seconds(self) -> float:
        """Duration in seconds."""
        return len(self.pcm) / self.sample_rate
