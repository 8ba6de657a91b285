"""A thread of its own for an engine that only one may use at a time.

Jobs run one after another, in order of arrival; what a job makes streams to the event loop while the job goes on.
No task and no cancel scope is involved, so the stream may be an async generator's source: leaving it early makes the
job's next `emit` answer False, and the job ends there.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

import anyio

T = TypeVar("T")
Emit = Callable[[T], bool]
"""Hands an item to the reader; False means that the reader left and the job should stop."""


class Worker:
    """One lazily started thread. `name` shows in thread lists."""

    def __init__(self, name: str) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)

    async def stream(self, job: Callable[[Emit[T]], None]) -> AsyncGenerator[T, None]:
        """Run `job(emit)` in the thread and yield what it emits; what it raises is raised here, after its items."""
        line: _Line[T] = _Line()
        future = self._executor.submit(job, line.emit)
        future.add_done_callback(line.finish)
        try:
            async for item in line:
                yield item
        finally:
            line.left = True
            future.cancel()

    def close(self) -> None:
        """Let the running job end and stop the thread."""
        self._executor.shutdown(wait=False, cancel_futures=True)


class _Line(Generic[T]):
    """From one thread to one reader on the loop that made it."""

    def __init__(self) -> None:
        self.left = False
        self._loop = asyncio.get_running_loop()
        self._items: deque[T] = deque()
        self._wake = anyio.Event()
        self._future: Future[None] | None = None

    def emit(self, item: T) -> bool:
        if self.left:
            return False
        self._items.append(item)
        return self._call(self._notice)

    def finish(self, future: Future[None]) -> None:
        self._future = future
        if not self.left:
            self._call(self._notice)

    def _call(self, callback: Callable[[], None]) -> bool:
        try:
            self._loop.call_soon_threadsafe(callback)
        except RuntimeError:  # the loop was closed under us: nobody reads any more
            self.left = True
        return not self.left

    def _notice(self) -> None:
        self._wake.set()

    async def __aiter__(self) -> AsyncIterator[T]:
        while True:
            while self._items:
                yield self._items.popleft()
            if self._future is not None and not self._items:
                self._future.result()
                return
            self._wake = anyio.Event()
            if not self._items and self._future is None:
                await self._wake.wait()
