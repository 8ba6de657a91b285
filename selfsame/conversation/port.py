"""What the conversation needs from the stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from selfsame.events.turns import Mode, TurnRecord


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
