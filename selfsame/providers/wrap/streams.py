"""Waiting for a stream's first output with a time limit. No scope stays open across a `yield`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from selfsame.kit.clock import Clock
from selfsame.kit.tasks import group

T = TypeVar("T")


async def within(seconds: float, work: Callable[[], Awaitable[T]], clock: Clock) -> T:
    """`await work()` in this task, for at most `seconds` of `clock`. Raises TimeoutError, or what `work` raises."""
    done: list[T] = []
    failure: Exception | None = None
    late = False
    async with group() as tasks:

        async def watch() -> None:
            nonlocal late
            await clock.sleep(seconds)
            late = True
            tasks.cancel_scope.cancel()

        tasks.start_soon(watch)
        try:
            done.append(await work())
        except Exception as error:  # raised below: a task group would wrap it
            failure = error
        tasks.cancel_scope.cancel()
    if failure is not None:
        raise failure
    if not done:
        raise TimeoutError if late else RuntimeError("cancelled from within")
    return done[0]


async def first_output(stream: AsyncIterator[T], is_output: Callable[[T], bool]) -> tuple[list[T], bool]:
    """Items up to the first that `is_output`; whether the stream ended without one."""
    held: list[T] = []
    async for item in stream:
        held.append(item)
        if is_output(item):
            return held, False
    return held, True
