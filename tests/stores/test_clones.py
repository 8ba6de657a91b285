"""The clone stores keep their contract."""

from __future__ import annotations

import pytest

from selfsame.contracts.clone_store import CloneBench, CloneStoreContract
from selfsame.kit.ids import new_id
from selfsame.stores.memory_clones import MemoryClones
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.database import Database
from tests.stores.conftest import settle


class TestPostgres(CloneStoreContract):
    @pytest.fixture
    async def bench(self, private: Database) -> CloneBench:
        people = await settle(private)
        return CloneBench(PostgresClones(private), people.owner, people.visitor)


class TestMemory(CloneStoreContract):
    @pytest.fixture
    def bench(self) -> CloneBench:
        return CloneBench(MemoryClones(), new_id(), new_id())
