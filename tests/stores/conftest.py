"""The database servers on which the stores are tested."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from selfsame.clones.clone import Clone
from selfsame.kit.ids import new_id
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.users import PostgresUsers
from tests.support.database import TestServer, free_port, fresh_database, shared_server

OWNER, PASSWORD = "somebody", "a pass/word: with @ marks"


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


@pytest.fixture(scope="session")
def private_server() -> TestServer:
    """The private server as the product runs it: a socket, the superuser."""
    return shared_server()


@pytest.fixture(scope="session")
def any_server() -> Iterator[TestServer]:
    """Any DATABASE_URL: the one of SELFSAME_TEST_DATABASE_URL, or a server on TCP with a password.

    The owner there is no superuser, so that forced row-level security is tried on the owner too.
    """
    given = os.environ.get("SELFSAME_TEST_DATABASE_URL")
    if given:
        with TestServer(given) as server:
            yield server
        return
    port = free_port()
    network = {"listen_addresses": "127.0.0.1", "port": str(port)}
    with TestServer(settings=network) as first:
        first.run(f"create role {OWNER} login createdb createrole password '{PASSWORD}'")
        first.run(f"create database {OWNER} owner {OWNER}")
        with psycopg.connect(first.url("template1"), autocommit=True) as connection:
            connection.execute("create extension vector")  # an administrator's part where it is no trusted extension
        first.run("grant selfsame_app, selfsame_keeper to somebody")
        secret = "a%20pass%2Fword%3A%20with%20%40%20marks"
        with TestServer(f"postgresql://{OWNER}:{secret}@127.0.0.1:{port}/{OWNER}") as server:
            yield server


@pytest.fixture(params=["private", "any"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """A fresh database, on the private server and on any other."""
    server: TestServer = request.getfixturevalue(f"{request.param}_server")
    async with fresh_database(server) as fresh:
        yield fresh


@pytest.fixture
async def private(private_server: TestServer) -> AsyncIterator[Database]:
    """A fresh database on the private server only."""
    async with fresh_database(private_server) as fresh:
        yield fresh


@dataclass(frozen=True, slots=True)
class People:
    """An owner with a private and a public clone, and two visitors."""

    owner: UUID
    visitor: UUID
    other: UUID
    clone: Clone
    public: Clone


async def settle(database: Database) -> People:
    """Make the people and clones of a test."""
    users, clones = PostgresUsers(database), PostgresClones(database)
    owner = await users.owner()
    visitor, other = await users.device("device-1"), await users.device("device-2")
    clone = await clones.put(Clone(new_id(), owner.id, "me", "Me"))
    public = await clones.put(Clone(new_id(), owner.id, "guide", "Guide", public=True))
    return People(owner.id, visitor.id, other.id, clone, public)
