"""The only module that reads a clock.

Pure code takes time as a number; shells take a `Clock`. Tests that script conversations use `VirtualClock`
of `tests/`, or drive the pure cores with numbers directly.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Protocol

import anyio


class Clock(Protocol):
    """A monotonic clock in seconds, and a way to wait on it."""

    def now(self) -> float:
        """Seconds since an arbitrary origin; never goes back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds` of this clock (at once when not positive)."""
        ...


class SystemClock:
    """The machine's monotonic clock."""

    def now(self) -> float:
        return time.perf_counter()

    async def sleep(self, seconds: float) -> None:
        await anyio.sleep(max(0.0, seconds))


SYSTEM = SystemClock()


def wall() -> datetime:
    """The date and time in UTC, for records and tokens; never for measuring."""
    return datetime.now(UTC)


def cpu_seconds() -> float:
    """CPU seconds used by this process, for benchmarks."""
    return time.process_time()
