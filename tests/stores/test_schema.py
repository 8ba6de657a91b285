"""Migrations: complete, repeatable, and safe when many come at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect

from selfsame.errors import Refused, Unavailable
from selfsame.kit.ids import short_id
from selfsame.stores.postgres import migrations, schema
from selfsame.stores.postgres.database import open_database
from selfsame.stores.postgres.schema import driver_url, migrate
from selfsame.stores.postgres.tables import metadata
from tests.support.database import TestServer, free_port


@pytest.fixture
def empty(private_server: TestServer) -> Iterator[str]:
    """The URL of a database without any table."""
    name = f"empty_{short_id()}"
    private_server.run(f'create database "{name}"')
    yield private_server.url(name)
    private_server.run(f'drop database "{name}" with (force)')


def test_the_tables_of_the_code_are_those_of_the_migrations(empty: str) -> None:
    migrate(empty)
    engine = create_engine(driver_url(empty))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": False})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_head_is_the_newest_file() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    assert ScriptDirectory.from_config(config).get_current_head() == schema.HEAD


def test_many_programs_may_migrate_at_once_and_again(empty: str) -> None:
    failures: list[BaseException] = []

    def come() -> None:
        try:
            migrate(empty)
        except BaseException as error:  # handed to the test
            failures.append(error)

    threads = [threading.Thread(target=come) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    migrate(empty)
    engine = create_engine(driver_url(empty))
    assert set(inspect(engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    engine.dispose()


def test_a_database_of_the_first_schema_is_brought_up_with_its_rows(empty: str) -> None:
    migrate(empty)
    engine = create_engine(driver_url(empty))
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__path__[0])))
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "001")
        connection.exec_driver_sql("insert into users (email, name) values ('a@example.org', 'A')")
        connection.commit()
    assert "jobs" not in inspect(engine).get_table_names()
    migrate(empty)
    with engine.connect() as connection:
        connection.exec_driver_sql("delete from users")  # also the trigger is there again
        orders = connection.exec_driver_sql("select count(*) from jobs where kind = 'erase-files'").scalar_one()
    assert orders == 2
    engine.dispose()


def test_vectors_lie_plain_in_their_rows(empty: str) -> None:
    migrate(empty)
    engine = create_engine(driver_url(empty))
    with engine.connect() as connection:
        storage = (
            "select attstorage from pg_attribute "
            "where attrelid = 'knowledge_chunks'::regclass and attname = 'embedding'"
        )
        assert connection.exec_driver_sql(storage).scalar_one() in ("p", b"p")
    engine.dispose()


@pytest.mark.parametrize("url", ["sqlite:///x.db", "mysql://u@h/d", "nonsense", ""])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(Refused):
        migrate(url)


@pytest.mark.anyio
async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(Unavailable) as caught:
        async with open_database(f"postgresql://nobody:secret@127.0.0.1:{free_port()}/x"):
            pass
    assert caught.value.code == "DATABASE_UNAVAILABLE"
    assert "secret" not in str(caught.value)


@pytest.mark.anyio
async def test_an_owner_without_rights_is_told_what_an_administrator_must_do(private_server: TestServer) -> None:
    role = f"poor_{short_id()}"
    private_server.run(f"create role {role} login")
    private_server.run(f"create database {role} owner {role}")
    url = private_server.url(role).replace("//selfsame@", f"//{role}@")
    try:
        with pytest.raises(Refused, match="CREATE EXTENSION vector"):
            migrate(url)
    finally:
        private_server.run(f"drop database {role} with (force)")
        private_server.run(f"drop role {role}")
