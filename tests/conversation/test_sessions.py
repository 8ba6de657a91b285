"""The manager of live conversations: whose they are, how many, how long."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import anyio
import pytest
from bench_rooms import Stage

from selfsame.clones.clone import Clone
from selfsame.conversation.port import OpenRequest, SessionRecord
from selfsame.conversation.rooms import Rooms
from selfsame.conversation.sessions import IDLE_LIMIT, LiveSessions, SessionsParts
from selfsame.conversation.turn_state import TurnOptions
from selfsame.errors import NotFound, Overloaded
from selfsame.events.turns import TurnRecord
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import group

pytestmark = pytest.mark.anyio
CLONE = Clone(new_id(), new_id(), "guide", "Guide", public=True)


class HandClock:
    """A clock moved by hand."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        await anyio.lowlevel.checkpoint()


class World:
    """One store, one clone, no consent."""

    def __init__(self) -> None:
        self.closed: list[UUID] = []

    async def open(self, session: SessionRecord) -> SessionRecord:
        return session

    async def commit(self, session_id: UUID, user_id: UUID, turn: TurnRecord) -> bool:
        return True

    async def close(self, session_id: UUID, user_id: UUID) -> None:
        self.closed.append(session_id)

    async def meet(self, name: str | None, user_id: UUID) -> Clone:
        if name not in (None, "guide", str(CLONE.id)):
            raise NotFound("no such clone")
        return CLONE

    async def keeps_transcripts(self, user_id: UUID) -> bool:
        return False

    async def set_transcripts(self, user_id: UUID, granted: bool) -> None:
        return None


@asynccontextmanager
async def manager(limit: int = 3) -> AsyncIterator[tuple[LiveSessions, World, HandClock]]:
    world, clock = World(), HandClock()

    async def rooms_of(clone: Clone, user_id: UUID) -> Rooms:
        return Stage().rooms()

    parts = SessionsParts(world, world, world, rooms_of, clock, TurnOptions(), limit)
    async with group() as tasks:
        sessions = LiveSessions(parts, tasks)
        yield sessions, world, clock
        await sessions.close_all()


async def test_a_session_is_found_again_by_its_owner_only() -> None:
    async with manager() as (sessions, _, _):
        user = new_id()
        session = await sessions.open(OpenRequest(user))
        again = await sessions.open(OpenRequest(user, session_id=session.record.id))
        assert again is session and not session.resumed
        with pytest.raises(NotFound):
            await sessions.open(OpenRequest(new_id(), session_id=session.record.id))


async def test_a_full_house_says_so_and_how_long_to_wait() -> None:
    async with manager(limit=2) as (sessions, _, _):
        first = await sessions.open(OpenRequest(new_id()))
        await sessions.open(OpenRequest(new_id()))
        with pytest.raises(Overloaded) as full:
            await sessions.open(OpenRequest(new_id()))
        assert full.value.expected_wait > 0
        await anyio.lowlevel.checkpoint()
        await first.close()
        await anyio.lowlevel.checkpoint()
        await sessions.open(OpenRequest(new_id()))


async def test_an_idle_session_lapses_after_an_hour() -> None:
    async with manager() as (sessions, world, clock):
        session = await sessions.open(OpenRequest(new_id()))
        await anyio.lowlevel.checkpoint()
        clock.time = IDLE_LIMIT - 1
        assert await sessions.sweep() == 0
        clock.time = IDLE_LIMIT + 1
        assert await sessions.sweep() == 1
        assert world.closed == [session.record.id] and len(sessions) == 0


async def test_an_unknown_clone_is_not_found() -> None:
    async with manager() as (sessions, _, _):
        with pytest.raises(NotFound):
            await sessions.open(OpenRequest(new_id(), clone="nobody"))
