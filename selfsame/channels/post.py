"""One socket's place at a line: what it has yet to be sent. One reader; bounded by bytes."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

import anyio

from selfsame.channels.outbox import Event, hushed_turn, without_sound
from selfsame.channels.wire.mapping import Showing
from selfsame.kit.pipes import PipeClosed

CROWDED = 256 * 1024
"""Bytes unsent above which the line stops asking the session for more."""
FULL = 1 << 20
"""Bytes unsent above which a socket is given up."""
PICTURES, PICTURE_BYTES = 10, 48 * 1024
"""Pictures unsent, and their bytes, beyond which newer ones replace them or are left out: sound waits behind them."""


class Post:
    """Numbered events and plain frames (answers to this socket alone) on their way to one socket."""

    def __init__(self, events: Iterable[Event] = ()) -> None:
        self._waiting: deque[Event | str] = deque(events)
        self._bytes = sum(_size(x) for x in self._waiting)
        self._broken = False  # a picture was left out that later ones build on: wait for a keyframe
        self._something = anyio.Event()
        self._room = anyio.Event()
        self.closed_with: tuple[int, str] | None = None

    def put(self, event: Event) -> None:
        """Queue an event. An order to stop a turn takes the turn's unsent sound away; pictures never pile up."""
        hushed = hushed_turn(event.item)
        if hushed is not None:
            self._hush(hushed)
        if not isinstance(event.item, Showing) or self._takes(event.item):
            self._add(event)

    def _takes(self, picture: Showing) -> bool:
        """Whether a picture may be queued. Where too many wait, a whole one replaces them; one that builds on the one
        before is left out, and so are those that build on it."""
        if self._broken and not picture.frame.keyframe:
            return False
        self._broken = False
        waiting = [x for x in self._waiting if isinstance(x, Event) and isinstance(x.item, Showing)]
        if len(waiting) < PICTURES and sum(x.size for x in waiting) < PICTURE_BYTES:
            return True
        if not picture.frame.keyframe:
            self._broken = True
            return False
        for old in waiting:
            self._waiting.remove(old)
            self._bytes -= old.size
        return True

    def answer(self, frame: str) -> None:
        """Queue a text frame that is no event of the session (an error, a pong)."""
        self._add(frame)
        if self._bytes > FULL:
            self.close(1008, "too much unread")

    def answer_first(self, frame: str) -> None:
        """Queue a text frame before all else."""
        self._waiting.appendleft(frame)
        self._bytes += _size(frame)
        self._something.set()

    def _add(self, thing: Event | str) -> None:
        if self.closed_with is not None:
            return
        self._waiting.append(thing)
        self._bytes += _size(thing)
        self._something.set()

    def _hush(self, turn: int) -> None:
        frames = [x for x in self._waiting if isinstance(x, str)]
        events = [x for x in self._waiting if isinstance(x, Event)]
        left = list(without_sound(events, turn))
        self._broken = self._broken or _pictures(events) > _pictures(left)
        self._waiting = deque([*frames, *left])
        self._bytes = sum(_size(x) for x in self._waiting)

    async def get(self) -> Event | str:
        """The next thing to send; PipeClosed when closed and everything was taken."""
        while not self._waiting:
            if self.closed_with is not None:
                raise PipeClosed("post")
            self._something = anyio.Event()
            await self._something.wait()
        thing = self._waiting.popleft()
        self._bytes -= _size(thing)
        if self._bytes <= CROWDED:
            self._room.set()
        return thing

    async def room(self) -> None:
        """Return when the socket has drained, or is gone."""
        while self._bytes > CROWDED and self.closed_with is None:
            self._room = anyio.Event()
            await self._room.wait()

    def close(self, code: int, reason: str) -> None:
        """No more; the first reason given stays."""
        if self.closed_with is None:
            self.closed_with = (code, reason)
        self._something.set()
        self._room.set()


def _pictures(events: Iterable[Event]) -> int:
    return sum(isinstance(event.item, Showing) for event in events)


def _size(thing: Event | str) -> int:
    return len(thing) if isinstance(thing, str) else thing.size
