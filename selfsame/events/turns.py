"""What passes through the conversation: turns, their measures, and what the client and the reply report."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["idle", "listening", "processing", "speaking", "interrupted", "error"]
Mode = Literal["faster", "planning", "detailed"]
Language = Literal["EN", "ZH", "ES"]
Video = Literal["none", "motion", "jpeg", "h264"]
VideoQuality = Literal["low", "medium", "high", "auto"]


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
    server. `endpointing` is the wait that confirmed the end of the turn, `lip_sync` the time that the first motion of
    the face took (0 where none was made). Tokens are those that the engine counted, or `tokens_estimated` from the
    prompt's own text; `characters` were spoken.
    """

    total: float = 0.0
    asr: float = 0.0
    endpointing: float = 0.0
    rag: float = 0.0
    llm: float = 0.0
    tts: float = 0.0
    model: str = ""
    speculated: bool = False
    lip_sync: float = 0.0
    prompt_tokens: int = 0
    reply_tokens: int = 0
    characters: int = 0
    tokens_estimated: bool = False


@dataclass(frozen=True, slots=True)
class TurnCosts:
    """What a turn cost, in dollars by item (COST-02)."""

    asr: float = 0.0
    llm: float = 0.0
    tts: float = 0.0
    lip_sync: float = 0.0
    storage: float = 0.0
    network: float = 0.0

    def items(self) -> dict[str, float]:
        """By the names that prices have."""
        return {
            "asr": self.asr,
            "llm": self.llm,
            "tts": self.tts,
            "lipSync": self.lip_sync,
            "storage": self.storage,
            "network": self.network,
        }

    @property
    def total(self) -> float:
        """All items."""
        return self.asr + self.llm + self.tts + self.lip_sync + self.storage + self.network


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
    """A finished turn as it is stored. Texts are None where no consent to keep them exists.

    `unanswered` tells that the clone's knowledge did not hold the answer; it is passed on, not stored with the turn.
    `costs` are stored and not read again with the turn; counts of tokens and the lip-sync time are not stored.
    """

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
    unanswered: bool = False
    costs: TurnCosts = TurnCosts()


# --- what the client reports to the conversation -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TextTyped:
    """The user typed. `message_id` makes a repeated delivery harmless."""

    at: float
    text: str
    message_id: str


@dataclass(frozen=True, slots=True)
class InterruptPressed:
    """The user stopped the clone by hand."""

    at: float


@dataclass(frozen=True, slots=True)
class PlayedBack:
    """The client has let `ms` milliseconds of the turn's audio be heard; `done` when all of it was."""

    at: float
    turn: int
    ms: float
    done: bool = False


@dataclass(frozen=True, slots=True)
class ContextReplaced:
    """New context for the system prompt, already sanitised."""

    text: str


@dataclass(frozen=True, slots=True)
class ModeChosen:
    """A new response mode."""

    mode: Mode


@dataclass(frozen=True, slots=True)
class LanguageChosen:
    """A new language: "auto", EN, ZH or ES."""

    language: str


@dataclass(frozen=True, slots=True)
class ConsentChanged:
    """Whether this conversation's transcript may be kept, from now on."""

    granted: bool


@dataclass(frozen=True, slots=True)
class VideoChosen:
    """How the face is wanted: not at all, as motion to draw, or as pictures. None leaves a wish as it is."""

    video: Video | None = None
    quality: VideoQuality | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """The line dropped or the user hung up. The session waits for a return."""

    at: float


@dataclass(frozen=True, slots=True)
class Returned:
    """The user is back on a new line."""

    at: float


FromClient = (
    TextTyped
    | InterruptPressed
    | PlayedBack
    | ContextReplaced
    | ModeChosen
    | LanguageChosen
    | VideoChosen
    | ConsentChanged
    | Left
    | Returned
)
