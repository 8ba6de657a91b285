"""Pictures of products: the contract on every adapter; files that follow their rows in Postgres."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from selfsame.contracts.document_shelf import KETTLE, POT, ShelfBench
from selfsame.contracts.picture_shelf import PictureBench, PictureShelfContract
from selfsame.jobs.ingest import INGEST
from selfsame.kit.ids import new_id
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.memory_shelf import MemoryShelf
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.pictures import PostgresPictures
from tests.stores.conftest import Time
from tests.stores.test_shelf import bench as shelf_bench
from tests.stores.test_shelf import orders

pytestmark = pytest.mark.anyio


class TestMemoryPictures(PictureShelfContract):
    @pytest.fixture
    def bench(self, time: Time) -> PictureBench:
        owner, clone, other, jobs = new_id(), new_id(), new_id(), MemoryJobs(now=time)
        store = MemoryShelf(jobs, INGEST, {clone: owner, other: owner}, time)
        shelf = ShelfBench(store, store, jobs, owner, new_id(), clone, other, time.pass_by)
        return PictureBench(shelf, store.pictures)


async def in_postgres(database: Database, time: Time) -> PictureBench:
    return PictureBench(await shelf_bench(database, time), PostgresPictures(database, time))


class TestPostgresPictures(PictureShelfContract):
    @pytest.fixture
    async def bench(self, database: Database, time: Time) -> PictureBench:
        return await in_postgres(database, time)


async def test_files_follow_the_pictures_that_go(private: Database, time: Time) -> None:
    bench = await in_postgres(private, time)
    owner = bench.shelf.owner
    kettle, pot = await bench.catalogue(KETTLE, POT)
    one, two, three = [await bench.put(product, each) for product, each in ((kettle, "a"), (pot, "b"), (kettle, "c"))]
    before = set(await orders(private))
    await bench.pictures.remove(owner, one.id)
    assert set(await orders(private)) - before == {one.path}
    await bench.catalogue(KETTLE, content="v2")
    assert {two.path} < set(await orders(private)) - before and three.path not in await orders(private)
    await PostgresClones(private).delete(bench.shelf.clone, owner)
    assert three.path in await orders(private)


async def test_nobody_but_the_owner_reads_the_rows(private: Database, time: Time) -> None:
    bench = await in_postgres(private, time)
    (kettle,) = await bench.catalogue(KETTLE)
    await bench.put(kettle)
    async with private.session(bench.shelf.stranger, meeting=bench.shelf.clone) as db:
        assert (await db.execute(text("select count(*) from product_pictures"))).scalar_one() == 0
