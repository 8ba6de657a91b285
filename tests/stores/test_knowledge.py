"""Knowledge: the contract on every adapter, and what only Postgres does."""

from __future__ import annotations

from dataclasses import replace

import pytest

from selfsame.contracts.knowledge_store import (
    MODEL,
    KnowledgeBench,
    KnowledgeStoreContract,
    along,
    direction,
    pieces,
)
from selfsame.errors import NotFound
from selfsame.kit.ids import new_id
from selfsame.library.port import Search
from selfsame.stores.memory import MemoryKnowledge
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from tests.stores.conftest import settle

pytestmark = pytest.mark.anyio


class TestMemory(KnowledgeStoreContract):
    @pytest.fixture
    def shelf(self) -> KnowledgeBench:
        store = MemoryKnowledge()
        bench = KnowledgeBench(store, new_id(), new_id(), new_id(), new_id())
        store.publish(bench.public_clone)
        return bench


class TestPostgres(KnowledgeStoreContract):
    @pytest.fixture
    async def shelf(self, database: Database) -> KnowledgeBench:
        return await bench(database)


async def bench(database: Database) -> KnowledgeBench:
    people = await settle(database)
    return KnowledgeBench(PostgresKnowledge(database), people.owner, people.visitor, people.clone.id, people.public.id)


@pytest.mark.parametrize(
    ("language", "content", "query"),
    [
        ("EN", "Recordings of voices are enough", "how is a voice recorded"),
        ("ES", "Las grabaciones de las voces bastan", "¿qué grabación hace falta?"),
        ("ZH", "克隆声音需要三十秒的录音", "声音"),
    ],
)
async def test_words_are_found_in_each_language_by_their_stems(
    private: Database, language: str, content: str, query: str
) -> None:
    shelf = await bench(private)
    document = replace(shelf.document(), language=language)
    fillers = ["一二三四五", "nothing"] * 30
    await shelf.store.put(document, pieces(*fillers, content), along(*([0] * 60), 9), MODEL)
    search = Search(shelf.owner, shelf.clone, query, direction(0), MODEL, language, 10)
    assert content in [p.text for p in (await shelf.store.search(search)).passages]


async def test_every_change_grows_the_knowledge_version(private: Database) -> None:
    shelf = await bench(private)
    clones = PostgresClones(private)
    document = shelf.document()
    await shelf.store.put(document, pieces("one"), along(0), MODEL)
    await shelf.store.put(document, pieces("two"), along(0), MODEL)
    await shelf.store.delete(shelf.owner, document.id)
    assert (await clones.get(shelf.clone, shelf.owner)).knowledge_version == 3


async def test_the_owner_lists_documents_and_nobody_else_does(private: Database) -> None:
    shelf = await bench(private)
    store = PostgresKnowledge(private)
    document = replace(shelf.document(shelf.public_clone), source_url="https://example.org")
    await store.put(document, pieces("one"), along(0), MODEL)
    assert await store.documents(shelf.owner, shelf.public_clone) == [document]
    assert await store.documents(shelf.stranger, shelf.public_clone) == []


async def test_a_clone_that_does_not_exist_takes_no_document(private: Database) -> None:
    shelf = await bench(private)
    with pytest.raises(NotFound):
        await shelf.store.put(shelf.document(new_id()), pieces("one"), along(0), MODEL)
