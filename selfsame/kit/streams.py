"""Closing asynchronous iterators, whatever they are."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any


async def close(stream: AsyncIterator[Any]) -> None:
    """Close the stream where it can be closed: generators can, pipes cannot."""
    aclose = getattr(stream, "aclose", None)
    if aclose is not None:
        await aclose()


@asynccontextmanager
async def closing(stream: AsyncIterator[Any]) -> AsyncIterator[None]:
    """Close the stream when the block ends, so that its work stops at once and not at the next garbage collection."""
    try:
        yield
    finally:
        await close(stream)
