"""All lines of this process: open, find, limit, sweep, close."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import anyio
import structlog
from anyio.abc import TaskGroup

from selfsame.channels.limits import Limits
from selfsame.channels.line import Line
from selfsame.channels.observatory import Observatory
from selfsame.channels.wire import client as c
from selfsame.channels.wire.mapping import plain_id
from selfsame.conversation.port import OpenRequest, Sessions
from selfsame.errors import NotFound, Overloaded, SelfsameError
from selfsame.kit import tasks
from selfsame.kit.clock import Clock

log = structlog.get_logger(__name__)

_SWEEP_EVERY = 1.0
_SHUTDOWN_WITHIN = 5.0
_HIGHEST_EVENT = 2**31


class Lines:
    """The lines of this process by session id."""

    def __init__(
        self, sessions: Sessions, limits: Limits, clock: Clock, observatory: Observatory | None = None
    ) -> None:
        self._sessions = sessions
        self._limits = limits
        self._clock = clock
        self._observatory = observatory or Observatory()
        self._lines: dict[UUID, Line] = {}
        self._tasks: TaskGroup | None = None
        self._usual_length = 60.0
        self.opened = 0

    @asynccontextmanager
    async def running(self, *companions: Callable[[], object]) -> AsyncIterator[Lines]:
        """Pump and sweep while the block runs; at its end every session is closed and what was heard is kept."""
        async with tasks.background() as group:
            self._tasks = group
            group.start_soon(self._sweep_for_ever)
            for companion in companions:
                group.start_soon(companion)  # type: ignore[arg-type]
            try:
                yield self
            finally:
                with anyio.move_on_after(_SHUTDOWN_WITHIN, shield=True):
                    async with tasks.group() as closing:
                        for line in list(self._lines.values()):
                            closing.start_soon(self._close, line)

    def __len__(self) -> int:
        return len(self._lines)

    @property
    def all(self) -> tuple[Line, ...]:
        """The lines there are."""
        return tuple(self._lines.values())

    def find(self, session_id: UUID, user_id: UUID) -> Line:
        """The user's line of that conversation. Raises NotFound when it is over, or another's."""
        line = self._lines.get(session_id)
        if line is None or line.user_id != user_id:
            raise NotFound("no such conversation")
        return line

    def expected_wait(self) -> float:
        """Seconds until a place is likely free, from how long conversations lasted so far."""
        return max(1.0, min(60.0, self._usual_length / max(1, len(self._lines))))

    def check_room(self) -> None:
        """Raise Overloaded when no new conversation can begin."""
        if len(self._lines) >= self._limits.connections:
            raise Overloaded("all places are taken; please try again soon", expected_wait=self.expected_wait())

    async def open(self, user_id: UUID, start: c.Start) -> tuple[Line, bool]:
        """The line for `start`, and whether it resumes an earlier conversation.

        Raises NotFound, Forbidden, Overloaded (see `Sessions.open`), BadInput (BAD_MESSAGE) for a malformed id.
        """
        wanted = _session_id(start)
        line = self._lines.get(wanted) if wanted is not None else None
        if line is not None and not line.over:
            if line.user_id != user_id:
                raise NotFound("no such conversation")
            return line, True
        if line is None:
            self.check_room()
        live = await self._sessions.open(
            OpenRequest(
                user_id=user_id,
                clone=None if start.clone is None else plain_id(start.clone),
                session_id=wanted,
                language=start.language,
                mode=start.mode,
            )
        )
        other = self._lines.get(live.record.id)
        if other is not None and other.session is live:
            return other, True
        self._make_room_for(user_id)
        # After a restart the numbers go on above those the client has seen, so that it takes the transcript anew.
        first = min(start.last_event, _HIGHEST_EVENT) + 2 if live.resumed else 1
        line = Line(live, self._clock, first=first, watch=self._observatory.told)
        self._lines[line.id] = line
        self.opened += 1
        self._observatory.conversation(started=True)
        assert self._tasks is not None, "lines run inside `running()`"
        self._tasks.start_soon(self._run, line)
        return line, live.resumed

    async def _run(self, line: Line) -> None:
        await line.pump()
        await self._close(line)

    async def _close(self, line: Line) -> None:
        """End the session for good and forget the line."""
        if self._lines.get(line.id) is line:
            del self._lines[line.id]
            self._observatory.conversation(started=False)
            length = self._clock.now() - line.opened_at
            self._usual_length += 0.1 * (length - self._usual_length)
        try:
            await line.session.close()
        except SelfsameError as error:
            log.warning("closing a session failed", session=line.key, code=error.code)
        except Exception:
            # A bug in one session's end must not take the others along: they share a task group.
            log.exception("closing a session failed", session=line.key)

    def _make_room_for(self, user_id: UUID) -> None:
        """A user who leaves conversations behind loses the one that was left first."""
        theirs = [x for x in self._lines.values() if x.user_id == user_id]
        if len(theirs) < self._limits.connections_per_user:
            return
        left = [x for x in theirs if x.left]  # and none that is only about to be taken up
        if left and self._tasks is not None:
            self._tasks.start_soon(self._close, min(left, key=lambda x: x.detached_since or 0.0))

    async def _sweep_for_ever(self) -> None:
        while True:
            await self._clock.sleep(_SWEEP_EVERY)
            for line in self.due(self._clock.now()):
                if line.detached_since is None:
                    line.lapse()
                await self._close(line)

    def due(self, now: float) -> list[Line]:
        """Lines whose user did not come back in time, or said nothing for too long."""
        limits = self._limits
        return [
            line
            for line in self._lines.values()
            if (line.detached_since is not None and now - line.detached_since > limits.detached_grace)
            or now - line.active_at > limits.idle_lapse
        ]


def _session_id(start: c.Start) -> UUID | None:
    if start.session_id is None:
        return None
    try:
        return UUID(start.session_id)
    except ValueError:
        raise NotFound("no such conversation") from None
