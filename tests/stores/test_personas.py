"""The persona stores keep their contract."""

from __future__ import annotations

import pytest

from selfsame.contracts.persona_store import PersonaBench, PersonaStoreContract
from selfsame.kit.ids import new_id
from selfsame.stores.memory_personas import MemoryPersonas
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.personas import PostgresPersonas
from tests.stores.conftest import Time, settle


class TestPostgres(PersonaStoreContract):
    @pytest.fixture
    async def bench(self, private: Database, time: Time) -> PersonaBench:
        people = await settle(private)
        store = PostgresPersonas(private, time)
        return PersonaBench(store, people.owner, people.clone.id, people.visitor, time.pass_by)

    @pytest.mark.anyio
    async def test_the_clone_reads_what_was_stored(self, private: Database, time: Time) -> None:
        people = await settle(private)
        store, clones = PostgresPersonas(private, time), PostgresClones(private)
        await store.override(people.clone.id, people.owner, {"tone": "dry", "catchphrases": ["indeed"]})
        persona = await clones.persona(people.clone)
        assert (persona.name, persona.tone, persona.catchphrases) == ("Me", "dry", ("indeed",))


class TestMemory(PersonaStoreContract):
    @pytest.fixture
    def bench(self, time: Time) -> PersonaBench:
        owner, clone = new_id(), new_id()
        return PersonaBench(MemoryPersonas({clone: owner}, time), owner, clone, new_id(), time.pass_by)
