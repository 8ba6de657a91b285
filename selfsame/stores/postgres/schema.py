"""Brings a database to the newest schema, once, whoever comes first.

Blocking; call through `kit.tasks.offload`.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
import structlog
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.pool import NullPool

from selfsame.errors import Refused, Unavailable

log = structlog.get_logger(__name__)

HEAD = "008"
"""The newest revision; a test compares it with the files."""
LOCK = 7_355_608_001
OLDEST_POSTGRES = 150_000
OLDEST_VECTOR = (0, 7)
"""halfvec came with pgvector 0.7."""


def driver_url(url: str) -> URL:
    """A `postgres://` or `postgresql://` URL for SQLAlchemy with psycopg 3. Raises Refused on anything else."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise _refused("this is not a database URL") from error
    if parsed.drivername not in {"postgres", "postgresql", "postgresql+psycopg"}:
        raise _refused(f"the database must be Postgres, not {parsed.drivername}")
    return parsed.set(drivername="postgresql+psycopg")


def migrate(url: str) -> None:
    """Bring the database at `url` (its owner's) to HEAD, under a lock, in one transaction.

    Raises Unavailable when it cannot be reached, Refused when server, extension or rights do not suffice.
    """
    engine = create_engine(driver_url(url), poolclass=NullPool, connect_args={"connect_timeout": 10})
    try:
        with engine.connect() as connection:
            if _revision(connection) == HEAD:
                return
            connection.exec_driver_sql(f"SELECT pg_advisory_lock({LOCK})")
            connection.commit()
            _check_server(connection)
            _upgrade(connection)
    except DBAPIError as error:
        cause = error.orig
        if isinstance(cause, psycopg.errors.InsufficientPrivilege):
            raise _refused(
                "the database's owner may not prepare it; let an administrator run "
                "CREATE EXTENSION vector; CREATE ROLE selfsame_app NOLOGIN; CREATE ROLE selfsame_keeper NOLOGIN; "
                f"GRANT selfsame_app, selfsame_keeper TO <owner>; ({cause})"
            ) from error
        if isinstance(cause, psycopg.OperationalError):
            raise Unavailable(f"the database does not answer: {cause}", role="database", provider="postgres") from error
        raise
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    if connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar() is None:
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


def _check_server(connection: Connection) -> None:
    version = int(connection.exec_driver_sql("SHOW server_version_num").scalar_one())
    if version < OLDEST_POSTGRES:
        raise _refused(f"Postgres 15 or newer is needed, this one is {version // 10_000}")
    offered = "SELECT 1 FROM pg_available_extensions WHERE name = 'vector'"
    if connection.exec_driver_sql(offered).scalar() is None:
        raise _refused("this Postgres does not offer the extension vector (pgvector 0.7 or newer)")
    installed = "SELECT extversion FROM pg_extension WHERE extname = 'vector'"
    if connection.exec_driver_sql(installed).scalar() is None:
        connection.exec_driver_sql("CREATE EXTENSION vector")
    found = str(connection.exec_driver_sql(installed).scalar_one())
    if tuple(int(part) for part in found.split(".")[:2]) < OLDEST_VECTOR:
        raise _refused(f"pgvector 0.7 or newer is needed, this one is {found}")


def _upgrade(connection: Connection) -> None:
    # Imported here: a start that finds the newest schema does not pay for it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    connection.commit()
    log.info("database schema is current", revision=HEAD)


def _refused(message: str) -> Refused:
    return Refused(message, role="database", provider="postgres")
