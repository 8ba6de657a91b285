"""Wakes workers of the same process when work was ordered; others find it at their next look."""

from __future__ import annotations

import anyio


class Bell:
    """Rung by a queue, waited for by workers."""

    def __init__(self) -> None:
        self._rung = anyio.Event()

    def ring(self) -> None:
        """Wake everybody who waits."""
        self._rung.set()
        self._rung = anyio.Event()

    async def wait(self, seconds: float) -> None:
        """Return when it rings, or after `seconds`."""
        with anyio.move_on_after(seconds):
            await self._rung.wait()
