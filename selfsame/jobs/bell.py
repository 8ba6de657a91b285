"""Wakes workers of the same process when work was ordered; others find it at their next look."""

from __future__ import annotations

import anyio


class Bell:
    """Rung by a queue, listened to by workers. Who starts listening, then looks, then waits misses no ring."""

    def __init__(self) -> None:
        self._rung = anyio.Event()

    def ring(self) -> None:
        """Wake everybody who listens."""
        self._rung.set()
        self._rung = anyio.Event()

    def listen(self) -> anyio.Event:
        """The next ring from now on."""
        return self._rung


async def wait(ring: anyio.Event, seconds: float) -> None:
    """Return when it has rung, or after `seconds`."""
    with anyio.move_on_after(seconds):
        await ring.wait()
