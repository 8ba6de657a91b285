"""What the conversation needs from the stores, and what it offers to channels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.events.audio import Sound
from selfsame.events.told import Told
from selfsame.events.turns import FromClient, Mode, TurnRecord


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A conversation as it is stored. `next_turn` is one above the highest committed turn."""

    id: UUID
    user_id: UUID
    clone_id: UUID
    language: str = "auto"
    mode: Mode = "planning"
    keep_transcripts: bool = False
    next_turn: int = 1
    turns: tuple[TurnRecord, ...] = ()


class ConversationStore(Protocol):
    """Keeps sessions and turns. Every call is made for one user and reaches only their rows."""

    async def open(self, session: SessionRecord) -> SessionRecord:
        """Create the session, or restore it (with its turns, oldest first) when `session.id` exists and is theirs.

        Raises NotFound when it belongs to someone else or lapsed (one hour without activity, or ended).
        """
        ...

    async def commit(self, session_id: UUID, user_id: UUID, turn: TurnRecord) -> bool:
        """Store a finished turn durably. False (and nothing changes) when that turn number or message id is there."""
        ...

    async def close(self, session_id: UUID, user_id: UUID) -> None:
        """Mark the session as ended."""
        ...


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """A wish to begin or resume a conversation, by an authenticated user."""

    user_id: UUID
    clone: str | None = None
    session_id: UUID | None = None
    language: str = "auto"
    mode: Mode = "planning"


class LiveSession(Protocol):
    """A running conversation, as a channel sees it. It outlives the socket that opened it."""

    record: SessionRecord
    clone: Clone
    resumed: bool

    def now(self) -> float:
        """Seconds of the session's clock: what every `at` of its events counts in."""
        ...

    def receive(self, event: Sound | FromClient) -> None:
        """Take something from the client; never blocks. Sound that overflows drops its oldest."""
        ...

    async def told(self) -> Told:
        """The next thing to tell the client, in order. Raises PipeClosed when the session is over."""
        ...

    async def close(self) -> None:
        """End the conversation and commit what was heard."""
        ...


class Sessions(Protocol):
    """All live conversations of this process."""

    async def open(self, request: OpenRequest) -> LiveSession:
        """Begin, or resume: the same live session when it still runs, else restored from the store.

        Raises NotFound (unknown, lapsed or someone else's), Forbidden (clone is not theirs to meet), Overloaded.
        """
        ...

    def find(self, session_id: UUID, user_id: UUID) -> LiveSession | None:
        """The live session if it runs here and is theirs."""
        ...
