"""The only module that spawns. One task group per session, one cancel scope per reply.

`offload` runs a blocking call in a thread; it suits code that releases the GIL (onnxruntime, ctypes, file I/O).
Engines that hold the GIL get a process of their own (`kit/engine_process.py`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.util import find_spec
from typing import Any, TypeVar

import anyio
from anyio.abc import TaskGroup

T = TypeVar("T")


def run(main: Callable[..., Awaitable[T]], *args: Any) -> T:
    """Run a program's loop: uvloop where it is installed (not on Windows)."""
    fast = find_spec("uvloop") is not None
    return anyio.run(main, *args, backend="asyncio", backend_options={"use_uvloop": fast})


@asynccontextmanager
async def group() -> AsyncIterator[TaskGroup]:
    """A task group; its tasks end with the block."""
    async with _plain_errors() as tasks:
        yield tasks


@asynccontextmanager
async def background() -> AsyncIterator[TaskGroup]:
    """A task group that is cancelled when the block ends, for companions of the block's own work."""
    async with _plain_errors() as tasks:
        try:
            yield tasks
        finally:
            tasks.cancel_scope.cancel()


@asynccontextmanager
async def _plain_errors() -> AsyncIterator[TaskGroup]:
    """A task group that raises the block's own error as it is, when no task failed beside it."""
    own: BaseException | None = None
    try:
        async with anyio.create_task_group() as tasks:
            try:
                yield tasks
            except BaseException as error:
                own = error
                raise
    except BaseExceptionGroup as many:
        if own is not None and many.exceptions == (own,):
            raise own from own.__cause__
        raise


class Scopes:
    """Cancel scopes by key: start a piece of work under a key, cancel it by that key."""

    def __init__(self, tasks: TaskGroup) -> None:
        self._tasks = tasks
        self._scopes: dict[Any, anyio.CancelScope] = {}

    def start(self, key: Any, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` in the group under `key`; a running holder of the key is cancelled first."""
        self.cancel(key)
        scope = anyio.CancelScope()
        self._scopes[key] = scope
        self._tasks.start_soon(self._run, key, scope, work)

    async def _run(self, key: Any, scope: anyio.CancelScope, work: Callable[[], Awaitable[None]]) -> None:
        try:
            with scope:
                await work()
        finally:
            if self._scopes.get(key) is scope:
                del self._scopes[key]

    def cancel(self, key: Any) -> None:
        """Cancel the holder of `key`, if any."""
        scope = self._scopes.pop(key, None)
        if scope is not None:
            scope.cancel()

    def cancel_all(self) -> None:
        """Cancel every holder."""
        for key in list(self._scopes):
            self.cancel(key)

    def __contains__(self, key: Any) -> bool:
        return key in self._scopes


async def offload(call: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Run a blocking call in a worker thread and return its result."""
    return await anyio.to_thread.run_sync(partial(call, *args, **kwargs), abandon_on_cancel=False)
