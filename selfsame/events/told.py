"""What the conversation tells the client. `channels` turns each into a wire message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from selfsame.events.shown import Motion, VideoFrame
from selfsame.events.spoken import SpokenChunk
from selfsame.events.turns import Source, State, TurnMetrics


@dataclass(frozen=True, slots=True)
class StateChanged:
    """The conversation's state, with an optional sentence for the user."""

    state: State
    notice: str | None = None


@dataclass(frozen=True, slots=True)
class SettingsChanged:
    """The settings in force after a change."""

    language: str
    mode: str
    keep_transcripts: bool


@dataclass(frozen=True, slots=True)
class UserHeard:
    """What the user is heard to say; interim texts replace one another."""

    text: str
    is_final: bool
    confidence: float
    turn: int


@dataclass(frozen=True, slots=True)
class ReplyStarted:
    """A reply begins. `sample_rate` of its sound."""

    turn: int
    sample_rate: int


@dataclass(frozen=True, slots=True)
class ReplySources:
    """What the reply rests on."""

    turn: int
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class ReplyText:
    """Reply text without sound (the voice failed or is not wanted)."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class ReplySpoken:
    """A piece of the reply's sound with its text and marks. `start` is its place in the reply's audio, in seconds."""

    turn: int
    sequence: int
    start: float
    chunk: SpokenChunk


@dataclass(frozen=True, slots=True)
class ReplyMoved:
    """Motion of the face for a stretch of the reply's audio; told before the sound that it belongs to."""

    turn: int
    sequence: int
    motion: Motion


@dataclass(frozen=True, slots=True)
class ReplyShown:
    """A picture of the face. `turn` 0 is the idle face between replies."""

    turn: int
    sequence: int
    frame: VideoFrame


@dataclass(frozen=True, slots=True)
class PlaybackOrdered:
    """A command to the client's play-out."""

    turn: int
    action: Literal["pause", "resume", "stop"]


@dataclass(frozen=True, slots=True)
class ReplyEnded:
    """The turn is over and committed. `text` is what was heard of the reply."""

    turn: int
    text: str
    interrupted: bool
    metrics: TurnMetrics


@dataclass(frozen=True, slots=True)
class Measured:
    """Live measures of the session."""

    uptime: float
    turns: int
    last_latency_ms: float | None
    average_latency_ms: float | None
    model: str | None
    audio_dropped: int


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something failed; `recoverable` tells whether the session goes on."""

    code: str
    message: str
    recoverable: bool = True


Told = (
    StateChanged
    | SettingsChanged
    | UserHeard
    | ReplyStarted
    | ReplySources
    | ReplyText
    | ReplySpoken
    | ReplyMoved
    | ReplyShown
    | PlaybackOrdered
    | ReplyEnded
    | Measured
    | Trouble
)
