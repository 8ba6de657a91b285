"""Fixtures of this folder."""

import anyio.lowlevel
import pytest


class VirtualClock:
    """Time that jumps to the next deadline once everybody waits for it."""

    def __init__(self) -> None:
        self.time = 100.0
        self._deadlines: list[float] = []

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        deadline = self.time + max(0.0, seconds)
        self._deadlines.append(deadline)
        try:
            for _ in range(30):
                await anyio.lowlevel.checkpoint()
            while min(self._deadlines) < deadline:
                await anyio.lowlevel.checkpoint()
            self.time = max(self.time, deadline)
        finally:
            self._deadlines.remove(deadline)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()
