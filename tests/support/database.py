"""A fresh database for every test, in some tens of milliseconds: one private server, one migrated template, copies.

Other folders use it so:

    from tests.support.database import TestServer, fresh_database

    @pytest.fixture(scope="session")
    def database_server():
        with TestServer() as server:
            yield server

    @pytest.fixture
    async def database(database_server):
        async with fresh_database(database_server) as database:
            yield database
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg

from selfsame.stores.postgres.database import Database, PoolOptions, open_database
from selfsame.stores.postgres.schema import migrate
from selfsame.stores.postgres.supervisor import EmbeddedPostgres

_numbers = itertools.count(1)
TEMPLATE = "selfsame_template"
FAST = {"fsync": "off", "shared_buffers": "32MB", "max_connections": "60"}
"""Tests need no durability against a loss of power; those that kill servers use `EmbeddedPostgres` directly."""


class TestServer:
    """A private server in a temporary directory, or the database server of `url`, with a migrated template."""

    __test__ = False

    def __init__(self, url: str | None = None, settings: Mapping[str, str] | None = None) -> None:
        self._given = url
        self._settings = {**FAST, **(settings or {})}

    def __enter__(self) -> TestServer:
        if self._given is None:
            self.home = Path(tempfile.mkdtemp(prefix="selfsame-test-"))
            self.home.chmod(0o755)
            self.embedded = EmbeddedPostgres(self.home, self._settings)
            self.admin = self.embedded.start()
        else:
            self.admin = self._given
        self.template = f"{TEMPLATE}_{os.getpid()}_{next(_numbers)}"
        self.run(f'create database "{self.template}"')
        migrate(self.url(self.template))
        return self

    def __exit__(self, *_: object) -> None:
        self.run(f'drop database "{self.template}"')
        if self._given is None:
            self.embedded.stop()
            shutil.rmtree(self.home, ignore_errors=True)

    def url(self, database: str) -> str:
        """The URL of another database of this server."""
        head, _, query = self.admin.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{database}{'?' + query if query else ''}"

    def run(self, statement: str) -> None:
        """Run a statement as the owner, outside a transaction."""
        with psycopg.connect(self.admin, autocommit=True) as connection:
            connection.execute(statement.encode())


def free_port() -> int:
    """A TCP port of the loopback interface that is free now."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


@asynccontextmanager
async def fresh_database(server: TestServer, *, pool: PoolOptions | None = None) -> AsyncIterator[Database]:
    """An open database of the newest schema that nobody has used. `server.url(name)` is `database.engine.url`."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    server.run(f'create database "{name}" template "{server.template}"')
    try:
        async with open_database(server.url(name), pool=pool or PoolOptions(size=5, overflow=5)) as database:
            yield database
    finally:
        server.run(f'drop database "{name}" with (force)')
