"""The ears learn what a clone came to know: once for many changes, in the background."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import anyio
import structlog

from selfsame.errors import SelfsameError
from selfsame.kit.clock import SYSTEM, Clock

log = structlog.get_logger(__name__)
QUIET = 3.0
"""Seconds without another change before the ears learn: adapting costs seconds of a core."""


class Learner:
    """Collects the clones whose knowledge changed and lets `learn(owner, clone)` run for each when it is quiet."""

    def __init__(self, learn: Callable[[UUID, UUID], Awaitable[None]], clock: Clock = SYSTEM) -> None:
        self._learn = learn
        self._clock = clock
        self._changed: dict[tuple[UUID, UUID], None] = {}
        self._count = 0
        self._stirred = anyio.Event()

    def changed(self, owner_id: UUID, clone_id: UUID) -> None:
        """A clone's knowledge has changed."""
        self._changed[owner_id, clone_id] = None
        self._count += 1
        self._stirred.set()

    async def run(self) -> None:
        """Learn, for ever."""
        while True:
            await self._stirred.wait()
            self._stirred = anyio.Event()
            seen = -1
            while seen != self._count:
                seen = self._count
                await self._clock.sleep(QUIET)
            waiting, self._changed = list(self._changed), {}
            for owner_id, clone_id in waiting:
                try:
                    await self._learn(owner_id, clone_id)
                except SelfsameError as error:
                    log.warning("the ears could not learn what a clone came to know", code=error.code)
