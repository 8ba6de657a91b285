"""All live conversations of this process: open, resume, find, sweep, close."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol
from uuid import UUID

import structlog
from anyio.abc import TaskGroup, TaskStatus

from selfsame.clones.clone import Clone
from selfsame.conversation.port import ConversationStore, OpenRequest, SessionRecord
from selfsame.conversation.rooms import Rooms
from selfsame.conversation.session import Session, SessionParts
from selfsame.conversation.turn_state import TurnOptions
from selfsame.errors import NotFound, Overloaded
from selfsame.kit.clock import Clock
from selfsame.kit.ids import new_id

log = structlog.get_logger(__name__)

IDLE_LIMIT = 3600.0
"""Seconds without activity after which a session lapses (CONV-20)."""


class Clones(Protocol):
    """Where clones are found."""

    async def meet(self, name: str | None, user_id: UUID) -> Clone:
        """The clone of that slug or id (None: the default one) if the user may meet it; else NotFound."""
        ...


class Consents(Protocol):
    """Whether a user lets transcripts be kept."""

    async def keeps_transcripts(self, user_id: UUID) -> bool:
        """Whether a live consent exists."""
        ...

    async def set_transcripts(self, user_id: UUID, granted: bool) -> None:
        """Grant or revoke."""
        ...


@dataclass(frozen=True, slots=True)
class SessionsParts:
    """What the manager is made of. `rooms_of` binds the four rooms to a clone's engines and knowledge."""

    store: ConversationStore
    clones: Clones
    consents: Consents
    rooms_of: Callable[[Clone, UUID], Awaitable[Rooms]]
    clock: Clock
    turns: TurnOptions
    limit: int = 100


class LiveSessions:
    """Implements `conversation.port.Sessions`. Sessions live in `tasks` and outlive their sockets."""

    def __init__(self, parts: SessionsParts, tasks: TaskGroup) -> None:
        self._parts = parts
        self._tasks = tasks
        self._live: dict[UUID, Session] = {}

    def __len__(self) -> int:
        return len(self._live)

    async def open(self, request: OpenRequest) -> Session:
        """Begin or resume. Raises NotFound, Forbidden, Overloaded."""
        if request.session_id is not None:
            running = self.find(request.session_id, request.user_id)
            if running is not None:
                return running
        if len(self._live) >= self._parts.limit:
            raise Overloaded("All places are taken. Please try again shortly.", expected_wait=30.0)
        clone = await self._parts.clones.meet(request.clone, request.user_id)
        record = await self._record(request, clone)
        if record.clone_id != clone.id:
            clone = await self._parts.clones.meet(str(record.clone_id), request.user_id)
        rooms = await self._parts.rooms_of(clone, request.user_id)
        running = self.find(record.id, request.user_id)
        if running is not None:
            return running
        parts = SessionParts(
            rooms,
            self._parts.store,
            self._parts.clock,
            self._parts.turns,
            partial(self._parts.consents.set_transcripts, request.user_id),
        )
        session = Session(record, clone, parts, resumed=request.session_id is not None)
        self._live[record.id] = session
        await self._tasks.start(self._run, session)
        return session

    async def _record(self, request: OpenRequest, clone: Clone) -> SessionRecord:
        keep = await self._parts.consents.keeps_transcripts(request.user_id)
        wanted = SessionRecord(
            request.session_id or new_id(), request.user_id, clone.id, request.language, request.mode, keep
        )
        return await self._parts.store.open(wanted)

    async def _run(self, session: Session, *, task_status: TaskStatus[None]) -> None:
        try:
            await session.run(task_status.started)
        except Exception:
            # One broken session must not take the others down; it is a bug, so it is reported in full.
            log.exception("session ended by a fault", session_id=str(session.record.id))
        finally:
            self._live.pop(session.record.id, None)

    def find(self, session_id: UUID, user_id: UUID) -> Session | None:
        """The live session if it runs here and is theirs."""
        session = self._live.get(session_id)
        if session is None:
            return None
        if session.record.user_id != user_id:
            raise NotFound("no such session")
        return session

    def announce(self, notice: str) -> None:
        """Tell every user something, such as an engine that fell back."""
        for session in self._live.values():
            session.announce(notice)

    async def sweep(self) -> int:
        """Close the sessions that had no activity for an hour; returns how many."""
        now = self._parts.clock.now()
        idle = [s for s in self._live.values() if now - s.last_active > IDLE_LIMIT]
        for session in idle:
            await session.close()
            await self._parts.store.close(session.record.id, session.record.user_id)
        return len(idle)

    async def end_of(self, user_id: UUID, session_id: UUID | None = None) -> int:
        """End what the user talks in, and what anybody talks in with the user's clones; or one of the user's alone.

        What was heard is committed before this returns; how many there were.
        """
        theirs = [
            session
            for session in list(self._live.values())
            if (session.record.user_id == user_id and session_id in (None, session.record.id))
            or (session_id is None and session.clone.owner_id == user_id)
        ]
        for session in theirs:
            await session.close()
            await self._parts.store.close(session.record.id, session.record.user_id)
        return len(theirs)

    async def renew(self, clone_id: UUID) -> None:
        """Close what goes on with the clone: clients take it up again, with what the clone may show and say now."""
        for session in [each for each in self._live.values() if each.clone.id == clone_id]:
            await session.close()

    async def close_all(self) -> None:
        """Close every session, committing what was heard; used when the process stops."""
        for session in list(self._live.values()):
            await session.close()
