"""A fresh database for every test, in milliseconds: one private server, one migrated template, copies that are emptied
and used again (every row hangs on a user, so deleting the users empties all but the house's own jobs and its workers).

Other folders use it so:

    from tests.support.database import fresh_database, shared_server

    @pytest.fixture
    async def database():
        async with fresh_database(shared_server()) as database:
            yield database
"""

from __future__ import annotations

import atexit
import functools
import itertools
import os
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg

from selfsame.stores.postgres.database import Database, PoolOptions, open_database
from selfsame.stores.postgres.schema import migrate
from selfsame.stores.postgres.supervisor import EmbeddedPostgres

_numbers = itertools.count(1)
TEMPLATE = "selfsame_template"


class TestServer:
    """A private server in a temporary directory, or the database server of `url`, with a migrated template."""

    __test__ = False

    def __init__(self, url: str | None = None, settings: Mapping[str, str] | None = None) -> None:
        self._given = url
        self._made: list[str] = []
        self._free: list[str] = []
        self._settings = dict(settings or {})

    def __enter__(self) -> TestServer:
        # In a thread of its own: tests open it inside their event loop, which must not be blamed for the wait.
        with ThreadPoolExecutor(1) as aside:
            return aside.submit(self._open).result()

    def _open(self) -> TestServer:
        if self._given is None:
            self.home = Path(tempfile.mkdtemp(prefix="selfsame-test-"))
            self.home.chmod(0o755)
            self.embedded = EmbeddedPostgres(self.home, self._settings, disposable=True)
            self.admin = self.embedded.start()
        else:
            self.admin = self._given
        self.template = f"{TEMPLATE}_{os.getpid()}_{next(_numbers)}"
        self.run(f'create database "{self.template}"')
        migrate(self.url(self.template))
        return self

    def __exit__(self, *_: object) -> None:
        if self._given is not None:
            for name in (*self._made, self.template):
                self.run(f'drop database "{name}" with (force)')
        if self._given is None:
            self.embedded.stop()
            shutil.rmtree(self.home, ignore_errors=True)

    def url(self, database: str) -> str:
        """The URL of another database of this server."""
        head, _, query = self.admin.partition("?")
        return f"{head.rsplit('/', 1)[0]}/{database}{'?' + query if query else ''}"

    def run(self, statement: str, database: str | None = None) -> None:
        """Run a statement as the owner, outside a transaction."""
        with psycopg.connect(self.url(database) if database else self.admin, autocommit=True) as connection:
            connection.execute(statement.encode())

    def take(self) -> str:
        """The name of an empty database of the newest schema."""
        if not self._free:
            name = f"test_{os.getpid()}_{next(_numbers)}"
            self.run(f'create database "{name}" template "{self.template}"')
            self._made.append(name)
            return name
        return self._free.pop()

    def give_back(self, name: str) -> None:
        """Empty a database for the next test."""
        self.run("delete from users; delete from jobs; delete from job_workers", name)
        self._free.append(name)


@functools.cache
def shared_server() -> TestServer:
    """The private server that all tests of this process share; started at first use, stopped at the end."""
    server = TestServer()
    server.__enter__()
    atexit.register(server.__exit__)
    return server


def free_port() -> int:
    """A TCP port of the loopback interface that is free now."""
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        return line.getsockname()[1]


@asynccontextmanager
async def fresh_database(server: TestServer, *, pool: PoolOptions | None = None) -> AsyncIterator[Database]:
    """An open database of the newest schema without any row."""
    name = server.take()
    try:
        async with open_database(server.url(name), pool=pool or PoolOptions(size=5, overflow=5)) as database:
            yield database
    finally:
        server.give_back(name)
