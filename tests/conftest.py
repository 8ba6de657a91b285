"""Fixtures for every test."""

from __future__ import annotations

from collections.abc import Iterator

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
