"""The turn machine's state and vocabulary. `turn.py` holds the rules."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from selfsame.errors import SelfsameError
from selfsame.events.heard import Heard
from selfsame.events.told import Told
from selfsame.events.turns import InterruptPressed, Left, PlayedBack, Returned, State, TextTyped

LEGAL: dict[State, frozenset[State]] = {
    "idle": frozenset({"listening", "error"}),
    "listening": frozenset({"processing", "idle", "error"}),
    "processing": frozenset({"speaking", "interrupted", "idle", "error"}),
    "speaking": frozenset({"interrupted", "idle", "listening", "error"}),
    "interrupted": frozenset({"listening", "idle", "error"}),
    "error": frozenset({"idle"}),
}
"""The legal transitions (G-01); `error` can be reached from anywhere and leads to `idle`."""


@dataclass(frozen=True, slots=True)
class TurnOptions:
    """Times in seconds. `sensitivity` is `interruptionSensitivity`, 0..1."""

    speculate: bool = True
    sensitivity: float = 0.5
    decide_within: float = 1.2
    """After an onset over our voice: no words within this long, and we go on speaking."""
    false_alarms: int = 2
    """So many onsets without words in one reply, and only words make us pause."""
    play_slack: float = 2.0
    """How long past the expected end of play-out we wait for the client's report."""
    cut_wait: float = 0.4
    """How long after a stop we wait for the client's last report of what was heard."""
    notice_after: float = 4.0
    """Silence after a question before the user is told that the answer takes long."""
    give_up_after: float = 20.0
    """Silence after a question before the turn fails."""
    queue: int = 8
    """Typed messages that may wait while we listen or think."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply of the running turn. Audio times in seconds of the reply's own sound."""

    revision: int
    asked: str
    released: bool = False
    failed: bool = False
    audible_at: float | None = None
    total: float | None = None
    heard_ms: float = 0.0
    reported: bool = False
    paused: bool = False
    paused_at: float = 0.0
    held: float = 0.0
    """Seconds spent paused so far."""
    false_alarms: int = 0
    recent: str = ""
    """The text sent to be heard so far, to know our own echo by."""


@dataclass(frozen=True, slots=True)
class Closing:
    """An interrupted turn that waits for the client's last word on how much was heard."""

    turn: int
    user: str
    heard_ms: float
    by: float


@dataclass(frozen=True, slots=True)
class Talk:
    """The whole state of one conversation's turn-taking."""

    options: TurnOptions = field(default_factory=TurnOptions)
    state: State = "idle"
    turn: int = 1
    revision: int = 0
    said: str = ""
    """What the user said in this turn and we took as final."""
    voice: bool = False
    reply: Reply | None = None
    closing: Closing | None = None
    queued: tuple[TextTyped, ...] = ()
    away: bool = False
    decide_by: float | None = None
    think_by: float | None = None
    noticed: bool = False
    played_by: float | None = None

    @property
    def deadline(self) -> float | None:
        """When the machine wants a `Tick`, if ever. While the user is away only a closing turn is timed."""
        if self.away:
            return self.closing.by if self.closing else None
        times = [self.decide_by, self.think_by, self.played_by, self.closing.by if self.closing else None]
        return min((t for t in times if t is not None), default=None)


# --- events that only the shell makes ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tick:
    """The deadline has come (or any later moment)."""

    at: float


@dataclass(frozen=True, slots=True)
class ReplyAudible:
    """The first sound (or text, when there is no voice) of the reply left for the client."""

    at: float
    turn: int
    revision: int


@dataclass(frozen=True, slots=True)
class ReplySaid:
    """More of the reply's text was sent to be heard."""

    at: float
    turn: int
    revision: int
    text: str


@dataclass(frozen=True, slots=True)
class ReplyComplete:
    """Everything of the reply was sent; its sound lasts `seconds`."""

    at: float
    turn: int
    revision: int
    seconds: float


@dataclass(frozen=True, slots=True)
class ReplyFailed:
    """Making the reply failed; what was sent before stands."""

    at: float
    turn: int
    revision: int
    error: SelfsameError


@dataclass(frozen=True, slots=True)
class Closed:
    """The session ends now."""

    at: float


Event = (
    Heard
    | TextTyped
    | InterruptPressed
    | PlayedBack
    | Left
    | Returned
    | Tick
    | ReplyAudible
    | ReplySaid
    | ReplyComplete
    | ReplyFailed
    | Closed
)


# --- commands to the shell -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StartReply:
    """Begin a reply to `text`. A speculative one is made but not let out before `ReleaseReply`."""

    turn: int
    revision: int
    text: str
    speculative: bool
    message_id: str | None = None


@dataclass(frozen=True, slots=True)
class ReleaseReply:
    """Let the reply out: its turn is confirmed."""

    turn: int
    revision: int


@dataclass(frozen=True, slots=True)
class DropReply:
    """Stop making that revision; nothing more of it may leave."""

    turn: int
    revision: int


@dataclass(frozen=True, slots=True)
class OrderPlayback:
    """Pause, resume or stop the client's play-out, and our own sending with it."""

    turn: int
    action: Literal["pause", "resume", "stop"]


@dataclass(frozen=True, slots=True)
class CommitTurn:
    """Write the turn into history and store: the reply is cut at `heard_ms`, or whole when that is None."""

    turn: int
    user: str
    heard_ms: float | None
    interrupted: bool


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell the client."""

    told: Told


Command = StartReply | ReleaseReply | DropReply | OrderPlayback | CommitTurn | Tell
