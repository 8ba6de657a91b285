"""Uploads and products: the contract on every adapter; files that follow their rows in Postgres."""

from __future__ import annotations

import numpy as np
import pytest
from sqlalchemy import text

from selfsame.contracts.document_shelf import KETTLE, DocumentShelfContract, ShelfBench
from selfsame.contracts.knowledge_store import along, pieces
from selfsame.errors import BadInput
from selfsame.jobs.ingest import INGEST
from selfsame.kit.ids import new_id
from selfsame.library.shelf import Outcome
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.memory_shelf import MemoryShelf
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.shelf import PostgresShelf
from tests.stores.conftest import Time, settle

pytestmark = pytest.mark.anyio


class TestMemoryShelf(DocumentShelfContract):
    @pytest.fixture
    def shelf(self, time: Time) -> ShelfBench:
        owner, clone, other, jobs = new_id(), new_id(), new_id(), MemoryJobs(now=time)
        store = MemoryShelf(jobs, INGEST, {clone: owner, other: owner}, time)
        return ShelfBench(store, store, jobs, owner, new_id(), clone, other, time.pass_by)


async def bench(database: Database, time: Time) -> ShelfBench:
    people = await settle(database)
    return ShelfBench(
        PostgresShelf(database, INGEST, now=time),
        PostgresKnowledge(database, time),
        PostgresJobs(database),
        people.owner,
        people.visitor,
        people.clone.id,
        people.public.id,
        time.pass_by,
    )


class TestPostgresShelf(DocumentShelfContract):
    @pytest.fixture
    async def shelf(self, database: Database, time: Time) -> ShelfBench:
        return await bench(database, time)


async def orders(database: Database) -> list[str]:
    async with database.keeper() as db:
        found = await db.execute(text("select args ->> 'prefix' from jobs where kind = 'erase-files' order by run_at"))
        return [prefix for prefix in found.scalars() if prefix]


async def test_files_follow_the_uploads_that_go(private: Database, time: Time) -> None:
    shelf = await bench(private, time)
    first = await shelf.take("old")
    await shelf.read(first, "old")
    second = await shelf.take("new")
    assert await orders(private) == []
    await shelf.read(second, "new")
    assert first.upload is not None and second.upload is not None
    assert set(await orders(private)) == {first.upload.path}
    await shelf.knowledge.delete(shelf.owner, second.document.id)
    assert set(await orders(private)) == {first.upload.path, second.upload.path}


async def test_what_is_said_of_a_product_lies_beside_its_vectors(private: Database, time: Time) -> None:
    shelf = await bench(private, time)
    shelved = await shelf.take(kind="products")
    await shelf.read(shelved, "Kettle.", outcome=Outcome({}, [(KETTLE, pieces("Kettle."))]))
    async with private.session(shelf.owner) as db:
        same = "select p.content, c.content, p.chunk_index from product_chunks p join knowledge_chunks c on c.id = p.id"
        assert [tuple(row) for row in await db.execute(text(same))] == [("Kettle.", "Kettle.", 0)]
    async with private.session(shelf.stranger, meeting=shelf.other_clone) as db:
        for table in ("products", "product_chunks", "knowledge_uploads"):
            assert (await db.execute(text(f"select count(*) from {table}"))).scalar_one() == 0


async def test_a_version_that_cannot_be_stored_leaves_the_old_one(private: Database, time: Time) -> None:
    shelf = await bench(private, time)
    first = await shelf.take("old")
    await shelf.read(first, "old words")
    second = await shelf.take("new")
    with pytest.raises(BadInput):
        await shelf.knowledge.put(second.document, pieces("x"), np.zeros((1, 7), np.float32), "contract-384")
    assert [chunk.content for chunk in await shelf.shelf.chunks(shelf.owner, first.document.id)] == ["old words"]


async def test_a_clone_is_indexed_anew_for_another_model(private: Database, time: Time) -> None:
    shelf = await bench(private, time)
    done = await shelf.read(await shelf.take(), "words")
    store = PostgresShelf(private, INGEST, now=time)
    assert await store.reindex(shelf.owner, shelf.clone) == 1
    again = await store.get(shelf.owner, done.document.id)
    assert again.document.status == "pending" and again.job_id != done.job_id
    assert await store.chunks(shelf.owner, done.document.id) == []
    await shelf.knowledge.put(done.document, pieces("words"), along(0), "another-384")
