"""Fixtures for every test."""

from __future__ import annotations

from collections.abc import Iterator

import anyio.lowlevel
import pytest
from blockbuster import BlockBuster, blockbuster_ctx


@pytest.fixture
def anyio_backend() -> str:
    """The product runs on asyncio."""
    return "asyncio"


@pytest.fixture(autouse=True)
def loop_never_blocks() -> Iterator[BlockBuster]:
    """A blocking call made by the product inside the event loop fails the test that made it."""
    apart = [
        "selfsame.evaluator",
        "selfsame.cli.bench",
        "selfsame.contracts",
    ]  # they drive the product from outside its loop
    with blockbuster_ctx(scanned_modules=["selfsame"], excluded_modules=apart) as detector:
        yield detector


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
def clock() -> VirtualClock:
    return VirtualClock()
