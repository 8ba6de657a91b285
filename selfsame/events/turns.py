"""What passes through the conversation: turns, their measures, and what the client and the reply report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["idle", "listening", "processing", "speaking", "interrupted", "error"]
Mode = Literal["faster", "planning", "detailed"]
Language = Literal["EN", "ZH", "ES"]


@dataclass(frozen=True, slots=True)
class Source:
    """A passage the reply rested on, as shown to the user and stored with the turn."""

    id: str
    title: str
    heading: str
    excerpt: str
    score: float
    locator: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class TurnMetrics:
    """How long the stages of a turn took, in milliseconds.

    `total` counts from the last voiced sample (or the typed text's arrival) to the first audible sample leaving the
    server. `endpointing` is the wait that confirmed the end of the turn.
    """

    total: float = 0.0
    asr: float = 0.0
    endpointing: float = 0.0
    rag: float = 0.0
    llm: float = 0.0
    tts: float = 0.0
    model: str = ""
    speculated: bool = False


@dataclass(frozen=True, slots=True)
class Exchange:
    """One finished turn as history holds it: what the user said and what they heard in answer."""

    turn: int
    user: str
    clone: str
    language: str = "EN"
    interrupted: bool = False


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A finished turn as it is stored. Texts are None where no consent to keep them exists."""

    turn: int
    message_id: str | None
    user: str | None
    clone: str | None
    language: str
    interrupted: bool
    confidence: float
    user_audio_ms: float
    reply_audio_ms: float
    heard_ms: float
    metrics: TurnMetrics
    sources: tuple[Source, ...] = ()
