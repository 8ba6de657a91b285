"""Bounded, named, metered pipes that say what overflow means.

`drop_oldest` for the microphone (fresh sound beats old), `wait` for speech (back-pressure), `fail` where a full
pipe is a fault to report. `put_urgent` overtakes everything queued, `put_kept` keeps its place; neither is dropped.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Generic, Literal, TypeVar

T = TypeVar("T")
Overflow = Literal["drop_oldest", "wait", "fail"]


class PipeClosed(Exception):
    """The pipe was closed by the other side."""


class PipeFull(Exception):
    """A bounded pipe that may not drop had no room."""


class Pipe(Generic[T]):
    """One reader, any number of writers, all on one event loop."""

    def __init__(self, name: str, capacity: int, overflow: Overflow) -> None:
        if capacity < 1:
            raise ValueError("capacity must be at least 1")
        self.name = name
        self.capacity = capacity
        self.overflow = overflow
        self.dropped = 0
        self.passed = 0
        self._urgent: deque[T] = deque()
        self._items: deque[T] = deque()
        self._kept: set[int] = set()
        self._closed = False
        # Plain futures: a pipe is read some thirty times a second by every session, and an Event costs several times
        # as much. Cancelling the waiting task cancels the future, as anyio's scopes expect.
        self._reader: asyncio.Future[None] | None = None
        self._writers: deque[asyncio.Future[None]] = deque()

    def __len__(self) -> int:
        return len(self._urgent) + len(self._items)

    def put_now(self, item: T) -> None:
        """Put without waiting. A full `wait` or `fail` pipe raises `PipeFull`; `drop_oldest` drops and counts."""
        if self._closed:
            raise PipeClosed(self.name)
        if len(self._items) >= self.capacity:
            if self.overflow != "drop_oldest":
                raise PipeFull(self.name)
            self._drop_oldest()
        self._items.append(item)
        self._wake_reader()

    async def put(self, item: T) -> None:
        """Put; a full `wait` pipe waits for room."""
        while self.overflow == "wait" and len(self._items) >= self.capacity and not self._closed:
            writer = asyncio.get_running_loop().create_future()
            self._writers.append(writer)
            await writer
        self.put_now(item)

    def _drop_oldest(self) -> None:
        for place, item in enumerate(self._items):
            if id(item) not in self._kept:
                del self._items[place]
                self.dropped += 1
                return

    def put_kept(self, item: T) -> None:
        """Put behind everything that waits, beyond the capacity if need be; never dropped (a button was released)."""
        if self._closed:
            raise PipeClosed(self.name)
        self._kept.add(id(item))
        self._items.append(item)
        self._wake_reader()

    def put_urgent(self, item: T) -> None:
        """Overtake everything that waits; never dropped."""
        if self._closed:
            raise PipeClosed(self.name)
        self._urgent.append(item)
        self._wake_reader()

    async def get(self) -> T:
        """The next item; `PipeClosed` when the pipe is closed and empty."""
        while True:
            if self._urgent or self._items:
                self.passed += 1
                item = self._urgent.popleft() if self._urgent else self._items.popleft()
                self._kept.discard(id(item))
                self._wake_writers()
                return item
            if self._closed:
                raise PipeClosed(self.name)
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader

    def close(self) -> None:
        """No more items; what waits can still be read. Safe to call twice."""
        self._closed = True
        self._wake_reader()
        self._wake_writers()

    def _wake_reader(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    def _wake_writers(self) -> None:
        """All of them: each looks again whether there is room."""
        while self._writers:
            writer = self._writers.popleft()
            if not writer.done():
                writer.set_result(None)

    def __aiter__(self) -> Pipe[T]:
        return self

    async def __anext__(self) -> T:
        try:
            return await self.get()
        except PipeClosed:
            raise StopAsyncIteration from None
