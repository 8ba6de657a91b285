"""Knowledge: the contract on every adapter, and what only Postgres does."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import anyio
import numpy as np
import pytest
from anyio.streams.buffered import BufferedByteReceiveStream
from sqlalchemy import text

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
from selfsame.library.port import Document, Search
from selfsame.stores.memory import MemoryKnowledge
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.database import Database, open_database
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.queries import asked_words, comparable, plan_words
from tests.stores.conftest import settle
from tests.support.database import TestServer

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[2]


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


async def test_large_clones_are_searched_by_the_index_and_small_ones_whole(private: Database) -> None:
    people = await settle(private)
    chances = np.random.default_rng(3)
    vectors = chances.standard_normal((600, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    exact, approximate = PostgresKnowledge(private), PostgresKnowledge(private, exact_up_to=100)
    for clone, part in ((people.clone, vectors), (people.public, vectors[:50])):
        document = Document(new_id(), people.owner, clone.id, "r.md", "R", "text/markdown", "2" * 64)
        await exact.put(document, pieces(*(f"piece {n}" for n in range(len(part)))), part, MODEL)
    shared = 0
    for number in range(20):
        search = Search(people.owner, people.clone.id, "", vectors[number] + 0.3 * vectors[number + 1], MODEL)
        truth, found = await exact.search(search), await approximate.search(search)
        assert truth.exact and not found.exact
        shared += len({p.id for p in truth.passages} & {p.id for p in found.passages})
        small = await approximate.search(replace(search, clone_id=people.public.id))
        assert small.exact and len(small.hits) == 10
    assert shared >= 0.95 * 200


async def test_rare_words_are_found_among_many_common_ones(private: Database) -> None:
    shelf = await bench(private)
    texts = [f"the bakery founded in year{n}" for n in range(1100)] + ["the bakery founded by zanzibar"]
    await shelf.store.put(shelf.document(), pieces(*texts), along(*([0] * 1100 + [5])), MODEL)
    search = Search(shelf.owner, shelf.clone, "was the bakery founded by zanzibar", direction(0), MODEL)
    found = await shelf.store.search(search)
    assert "the bakery founded by zanzibar" in [passage.text for passage in found.passages[:2]]
    assert set(found.dropped) == {"bakeri", "found"}


async def test_counts_of_words_follow_every_change_of_the_chunks(private: Database) -> None:
    people = await settle(private)
    store = PostgresKnowledge(private)
    counts = text("select word, chunks from knowledge_words order by word")
    again = text(
        "select w.lexeme as word, count(*) as chunks from knowledge_chunks c, unnest(c.tsv) w group by 1 "
        "union all select '', count(*) from knowledge_chunks having count(*) > 0 order by 1"
    )
    document = Document(new_id(), people.owner, people.clone.id, "g.md", "G", "text/markdown", "0" * 64)
    other = replace(document, id=new_id(), filename="h.md", language="ZH")
    changes = [
        lambda: store.put(document, pieces("one voice", "two voices"), along(0, 1), MODEL),
        lambda: store.put(other, pieces("克隆声音", "it's a \\ 'quote'"), along(0, 1), MODEL),
        lambda: store.put(document, pieces("another voice"), along(0), MODEL),
        lambda: store.delete(people.owner, other.id),
        lambda: PostgresClones(private).delete(people.clone.id, people.owner),
    ]
    for change in changes:
        await change()
        async with private.session(people.owner) as db:
            known = (await db.execute(counts)).all()
            assert known == (await db.execute(again)).all()
    assert known == []


async def test_another_process_forgets_what_it_remembers_with_the_commit_that_deletes(
    private_server: TestServer,
) -> None:
    name = private_server.take()
    url = private_server.url(name)
    try:
        async with open_database(url) as database:
            shelf = await bench(database)
            document = shelf.document()
            await shelf.store.put(document, pieces("a secret"), along(0), MODEL)
            command = [sys.executable, "-m", "tests.stores.program_ask", url, str(shelf.owner), str(shelf.clone)]
            async with await anyio.open_process(command, cwd=ROOT, stderr=None) as other:
                assert other.stdin is not None and other.stdout is not None
                lines = BufferedByteReceiveStream(other.stdout)

                async def ask(question: str) -> str:
                    assert other.stdin is not None
                    await other.stdin.send(question.encode() + b"\n")
                    return (await lines.receive_until(b"\n", 1000)).decode()

                assert await lines.receive_until(b"\n", 100) == b"ready"
                assert [await ask("what secret"), await ask("what secret")] == ["a secret", "a secret"]
                await shelf.store.put(document, pieces("changed"), along(0), MODEL)
                assert await ask("what secret") == "changed"
                await shelf.store.delete(shelf.owner, document.id)
                assert await ask("what secret") == ""
                await other.stdin.send(b"quit\n")
                assert await other.wait() == 0
    finally:
        private_server.give_back(name)


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("How is it?", "EN", "how is it"),
        ("grabación Ñandú", "ES", "grabación grabacion ñandú ñandu"),
        ("克隆声音 mp3", "ZH", "克隆 隆声 声音 mp3"),
        ("猫", "ZH", "猫"),
        ("it's & | ! <-> ('", "EN", "it s"),
        ("\x00?!", "EN", ""),
    ],
)
def test_a_question_is_prepared_as_the_index_is(text: str, language: str, words: str) -> None:
    assert asked_words(text, language) == words


def test_a_clone_is_compared_whole_while_that_is_cheaper() -> None:
    assert (comparable(-1), comparable(1000), comparable(100_000)) == (5000, 5000, 12_016)


def test_rare_words_are_asked_for_singly_and_common_ones_in_pairs() -> None:
    plan = plan_words({"rare": 3, "some": 90, "many": 400, "more": 500}, 10_000, most=200)
    assert plan.wanted == "'rare' | 'some' | ('many' & 'more')"
    assert plan.dropped == ("many", "more") and list(plan.words) == ["rare", "some", "many", "more"]
    assert list(plan.weights) == sorted(plan.weights, reverse=True)
    assert plan_words({"only": 400}, 10_000, most=200).wanted == "'only'"
    assert plan_words({"only": 401}, 10_000, most=200).wanted == ""
    assert plan_words({"it's": 1, "a\\b": 1}, 5).wanted == "'a\\\\b' | 'it''s'"
    assert plan_words({}, 10).wanted == plan_words({"x": 1}, 0).wanted == ""
