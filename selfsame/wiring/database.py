"""The database of the product and of its tools: the one that was configured, or the home's private one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from selfsame.kit.clock import SYSTEM
from selfsame.kit.tasks import background, offload
from selfsame.settings import Settings
from selfsame.stores.postgres.database import Database, open_database
from selfsame.stores.postgres.supervisor import EmbeddedPostgres, keep_alive


@asynccontextmanager
async def open_home_database(settings: Settings) -> AsyncIterator[Database]:
    """The database, started where it is ours, as long as the block. Raises Unavailable."""
    if settings.database_url is not None:
        async with open_database(settings.database_url.reveal()) as database:
            yield database
        return
    server = EmbeddedPostgres(settings.home)
    url = await offload(server.start)
    try:
        async with open_database(url) as database, background() as tasks:
            tasks.start_soon(keep_alive, server, SYSTEM)
            yield database
    finally:
        await offload(server.stop)
