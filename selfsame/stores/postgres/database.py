"""The open database: a pool, and transactions that act for one user.

`Database.session(user)` begins a transaction as the role `selfsame_app` with `app.user_id` set for its length, so that
row-level security holds whatever the SQL says; repositories filter by owner explicitly all the same, because that keeps
the indexes. `Database.keeper()` begins one as `selfsame_keeper`, for the few acts that cross users.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session, SessionTransaction

from selfsame.errors import Unavailable
from selfsame.kit.tasks import offload
from selfsame.stores.postgres.queries import SEARCHING
from selfsame.stores.postgres.schema import driver_url, migrate

_ACT = text(
    "SELECT set_config('app.user_id', :user_id, true), set_config('app.clone_id', :clone_id, true), "
    "set_config('role', :role, true)"
)


@dataclass(frozen=True, slots=True)
class PoolOptions:
    """Connections of this process: `size` are kept, `overflow` more may be opened; waiting longer than `wait` fails.

    50 in all for a process that serves sessions; 10 for a worker (DATA-19).
    """

    size: int = 10
    overflow: int = 40
    wait: float = 10.0


class _ActingSession(Session):
    """A session whose every transaction begins by saying for whom it acts."""


@event.listens_for(_ActingSession, "after_begin")
def _act(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    connection.execute(_ACT, session.info)


class Database:
    """A pool of connections to one database. Made by `open_database`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine

    @property
    def connections(self) -> tuple[int, int]:
        """How many connections of the pool are in use now, and the most there may be."""
        pool: Any = self.engine.pool
        return pool.checkedout(), pool.size() + pool._max_overflow

    @asynccontextmanager
    async def session(self, user_id: UUID, *, meeting: UUID | None = None) -> AsyncIterator[AsyncSession]:
        """A transaction for one user; commits at the end of the block. `meeting` names a public clone they talk with.

        Raises Unavailable when the database does not answer.
        """
        async with self._transaction("selfsame_app", user_id, meeting) as session:
            yield session

    @asynccontextmanager
    async def keeper(self) -> AsyncIterator[AsyncSession]:
        """A transaction across users, for devices, accounts and the sweep."""
        async with self._transaction("selfsame_keeper", None, None) as session:
            yield session

    @asynccontextmanager
    async def _transaction(self, role: str, user: UUID | None, clone: UUID | None) -> AsyncIterator[AsyncSession]:
        info: dict[Any, Any] = {
            "role": role,
            "user_id": str(user) if user else "",
            "clone_id": str(clone) if clone else "",
        }
        try:
            acting = AsyncSession(self.engine, sync_session_class=_ActingSession, info=info)
            async with acting as session, session.begin():
                yield session
        except PoolTimeout as error:
            raise Unavailable("no database connection is free", role="database", provider="postgres") from error
        except DBAPIError as error:
            if is_outage(error):
                raise Unavailable("the database does not answer", role="database", provider="postgres") from error
            raise


def is_outage(error: DBAPIError) -> bool:
    """Whether the connection or the server failed, rather than the statement."""
    return error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)


@asynccontextmanager
async def open_database(
    url: str, *, owner_url: str | None = None, pool: PoolOptions | None = None
) -> AsyncIterator[Database]:
    """Bring the schema up to date and open the pool.

    `url` is any Postgres URL. With `owner_url`, migrations use that, and `url` may be a login that is only a member of
    `selfsame_app` and `selfsame_keeper`. Raises Unavailable or Refused (role database).
    """
    await offload(migrate, owner_url or url)
    pool = pool or PoolOptions()
    engine = create_async_engine(
        driver_url(url),
        pool_size=pool.size,
        max_overflow=pool.overflow,
        pool_timeout=pool.wait,
        hide_parameters=True,  # what people said stays out of error messages
        pool_pre_ping=True,  # a restarted server costs a ping, not a failed turn
        connect_args={
            "connect_timeout": 10,
            # Every connection is the app's role from its first moment; plans follow the actual values, since one
            # user's knowledge is ten passages and another's ten thousand.
            "options": "-c role=selfsame_app -c plan_cache_mode=force_custom_plan -c lock_timeout=10s "
            + " ".join(f"-c {name}={value}" for name, value in SEARCHING.items()),
        },
    )
    try:
        yield Database(engine)
    finally:
        await engine.dispose()
