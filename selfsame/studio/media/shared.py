"""One reader's process for uploads that are answered at once: one after the other, and let go when nobody comes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType

import anyio

from selfsame.errors import Overloaded
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.pcm import Pcm
from selfsame.studio.media.kinds import CleanPicture
from selfsame.studio.media.reader import MediaReader

REST_AFTER = 300.0
"""Seconds without an upload after which the process is let go; starting it takes a second or two."""
TURNS_MOST = 60
"""Uploads that one process reads: what they use of its processor time adds up, and the system ends it at its limit."""


class SharedReader:
    """Enter it once; the process begins with the first upload. `waiting_most` may be here at once, one of them read."""

    def __init__(self, reader: MediaReader | None = None, clock: Clock = SYSTEM, waiting_most: int = 8) -> None:
        self._reader = reader or MediaReader()
        self._clock = clock
        self._most = waiting_most
        self._here = 0
        self._turns = 0
        self._last = 0.0

    async def __aenter__(self) -> SharedReader:
        self._lock = anyio.Lock()
        await self._reader.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._reader.__aexit__(kind, error, trace)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[MediaReader]:
        """The reader, for one upload. Raises Overloaded when too many wait."""
        if self._here >= self._most:
            raise Overloaded("other uploads are being read; try again in a moment", expected_wait=2.0)
        self._here += 1
        try:
            async with self._lock:
                if self._turns >= TURNS_MOST:
                    await self._rest()
                self._turns += 1
                yield self._reader
        finally:
            self._here -= 1
            self._last = self._clock.now()

    async def picture(self, data: bytes) -> CleanPicture:
        """A picture of a thing, clean. Raises BadInput, TooLarge, Overloaded, Unavailable."""
        async with self.turn() as reader:
            return await reader.picture(data)

    async def check_picture(self, data: bytes) -> None:
        """Whether a file is a clean picture. Raises as `picture` does."""
        async with self.turn() as reader:
            await reader.check_picture(data)

    async def utterance(self, data: bytes) -> Pcm:
        """A spoken question at 16 kHz. Raises as `picture` does."""
        async with self.turn() as reader:
            return await reader.utterance(data)

    async def sweep(self) -> None:
        """Let the process go when nobody has brought anything for a while."""
        if self._here == 0 and self._clock.now() - self._last >= REST_AFTER:
            await self._rest()

    async def _rest(self) -> None:
        self._turns = 0
        await self._reader.rest()
