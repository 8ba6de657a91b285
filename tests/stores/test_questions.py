"""Unanswered questions: the contract on every adapter, and what only Postgres does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from selfsame.contracts.knowledge_store import MODEL, along, direction, pieces
from selfsame.contracts.question_store import QuestionBench, QuestionStoreContract
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import group
from selfsame.library.port import Asking, Document
from selfsame.stores.memory import MemoryKnowledge
from selfsame.stores.memory_questions import MemoryQuestions
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.questions import PostgresQuestions
from tests.stores.conftest import Time, settle

pytestmark = pytest.mark.anyio


class TestMemory(QuestionStoreContract):
    @pytest.fixture
    async def bench(self, time: Time) -> QuestionBench:
        knowledge = MemoryKnowledge()
        owner, clone = new_id(), new_id()
        document = Document(new_id(), owner, clone, "g.md", "G", "text/markdown", "1" * 64)
        await knowledge.put(document, pieces("one"), along(9), MODEL)
        store = MemoryQuestions(knowledge, time)
        return QuestionBench(
            store, knowledge, owner, new_id(), clone, new_id(), lambda s: time.pass_by(s.total_seconds())
        )


class TestPostgres(QuestionStoreContract):
    @pytest.fixture
    async def bench(self, database: Database, time: Time) -> QuestionBench:
        return await posed(database, time)


async def posed(database: Database, time: Time) -> QuestionBench:
    people = await settle(database)
    return QuestionBench(
        PostgresQuestions(database, time),
        PostgresKnowledge(database),
        people.owner,
        people.visitor,
        people.clone.id,
        people.public.id,
        lambda span: time.pass_by(span.total_seconds()),
    )


async def test_the_same_question_from_many_at_once_is_one(private: Database, time: Time) -> None:
    bench = await posed(private, time)
    async with group() as tasks:
        for number in range(8):
            asking = Asking(f"asked {number}", "EN", direction(3), MODEL)
            tasks.start_soon(bench.store.note, bench.owner, bench.clone, asking, 0.8)
    assert [times for _, times in await bench.waiting()] == [8]


async def test_what_nobody_asks_any_more_is_forgotten(private: Database, time: Time) -> None:
    bench = await posed(private, time)
    store = PostgresQuestions(private, time)
    await bench.note("old", 0)
    time.pass_by(timedelta(days=60).total_seconds())
    await bench.note("new", 1)
    assert await store.sweep() == 0
    time.pass_by(timedelta(days=31).total_seconds())
    assert await store.sweep() == 1
    assert await bench.waiting() == [("new", 1)]


async def test_only_so_many_are_kept(private: Database, time: Time, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfsame.stores.postgres.questions.MOST_QUESTIONS", 3)
    bench = await posed(private, time)
    for number in range(5):
        await bench.note(f"q{number}", number)
    assert [text for text, _ in await bench.waiting()] == ["q4", "q3", "q2"]


async def test_they_go_with_their_clone(private: Database, time: Time) -> None:
    bench = await posed(private, time)
    await bench.note("one", 0)
    await PostgresClones(private).delete(bench.clone, bench.owner)
    assert await bench.waiting() == []
