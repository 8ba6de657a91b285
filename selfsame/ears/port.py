"""What the ears need from engines."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from selfsame.events.heard import Hypothesis
from selfsame.kit.pcm import Pcm

PASSING = "passing-"
"""How names of lessons begin that are forgotten at once; what a killed process left of them goes at the next start."""


@dataclass(frozen=True, slots=True)
class HearingAbilities:
    """What a recogniser can do. `languages` are upper-case short codes (EN, ZH, ES)."""

    name: str
    languages: frozenset[str]
    streaming: bool = True
    word_times: bool = False
    adapts: bool = False


@dataclass(frozen=True, slots=True)
class HearingOptions:
    """What one session asks of a recogniser. `clone_id` selects the language model adapted to that clone."""

    clone_id: str = ""
    language: str = "auto"


class VoiceActivityDetector(Protocol):
    """Says how likely a short frame is voice. One instance per stream: it may keep state."""

    frame_samples: int
    """Samples per frame at 16 kHz."""

    def probability(self, frame: Pcm) -> float:
        """0..1 for exactly `frame_samples` samples. Synchronous and cheap (well under a millisecond)."""
        ...

    def reset(self) -> None:
        """Forget the stream so far."""
        ...


class Recognition(Protocol):
    """One session's recogniser. Feed sound, ask what was heard, finish the utterance, and it starts over."""

    async def accept(self, pcm: Pcm) -> None:
        """Take more of the utterance: 16-bit mono PCM at 16 kHz, any length. Raises ProviderError."""
        ...

    async def hypothesis(self) -> Hypothesis:
        """The best guess so far; cheap. Empty text when nothing was heard."""
        ...

    async def finish(self) -> Hypothesis:
        """Settle the utterance and begin a new one. Raises ProviderError."""
        ...


class SpeechToText(Protocol):
    """A recogniser engine, shared by sessions."""

    abilities: HearingAbilities

    def open(self, options: HearingOptions) -> AbstractAsyncContextManager[Recognition]:
        """A recogniser for one session; leaving the context frees it. Raises Unavailable."""
        ...


class TurnDetector(Protocol):
    """Says how likely it is that a text is a finished turn."""

    def completeness(self, text: str, language: str | None) -> float:
        """0 (surely goes on) to 1 (surely finished)."""
        ...
