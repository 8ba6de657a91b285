"""A worker's place of work: a queue in memory or in Postgres, and a way to wait for what a worker does."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta

import anyio
import pytest

from selfsame.kit.clock import SYSTEM
from selfsame.stores.postgres.database import Database
from tests.support.database import fresh_database, shared_server


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


class Time:
    """A wall clock that tests move."""

    def __init__(self) -> None:
        self.value = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.value

    def pass_by(self, seconds: float) -> None:
        self.value += timedelta(seconds=seconds)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
async def database() -> AsyncIterator[Database]:
    async with fresh_database(shared_server()) as fresh:
        yield fresh


async def until(happened: Callable[[], Awaitable[bool]]) -> None:
    """Return as soon as `happened` says so; fail after twenty seconds."""
    with anyio.fail_after(20):
        while not await happened():
            await SYSTEM.sleep(0.02)  # other processes are waited for
