"""The owner's own answers, on the stores in memory and on Postgres."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import pytest

from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, NotFound
from selfsame.kit.ids import new_id
from selfsame.library.answers import AnswerDesk, AnswerShelf, anonymous
from selfsame.library.ingest import SourceFile, ingest
from selfsame.library.port import QuestionStore
from selfsame.library.search import HybridRetriever
from selfsame.mind.port import Query
from selfsame.stores.memory import MemoryKnowledge
from selfsame.stores.memory_questions import MemoryQuestions
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.questions import PostgresQuestions
from selfsame.stores.postgres.users import PostgresUsers
from tests.library.test_ingest_and_search import WordHashes
from tests.support.database import fresh_database, shared_server

pytestmark = pytest.mark.anyio
WRONG = b"# Prices\n\nA lesson costs twenty euros."


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@dataclass(frozen=True)
class Bench:
    desk: AnswerDesk
    shelf: AnswerShelf
    retriever: HybridRetriever
    owner: UUID
    clone: UUID

    async def ask(self, text: str) -> list[tuple[str, str]]:
        found = await self.retriever.retrieve(Query(text, str(self.clone)))
        return [(passage.kind, passage.text) for passage in found]


async def benched(shelf: AnswerShelf, questions: QuestionStore, owner: UUID, clone: UUID) -> Bench:
    embedder = WordHashes()

    async def owner_of(_clone: UUID) -> UUID:
        return owner

    async def find_turn(user: UUID, conversation: UUID, turn: int) -> tuple[UUID, str]:
        if user != owner or turn > 2:
            raise NotFound("no question of yours was kept there")
        return (clone, "what does a lesson cost") if turn == 1 else (new_id(), "other")

    await ingest(shelf, embedder, owner, clone, SourceFile("prices.md", WRONG))
    desk = AnswerDesk(shelf, questions, embedder, find_turn)
    return Bench(desk, shelf, HybridRetriever(shelf, embedder, owner_of), owner, clone)


@pytest.fixture(params=["memory", "postgres"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    if request.param == "memory":
        knowledge = MemoryKnowledge()
        yield await benched(knowledge, MemoryQuestions(knowledge), new_id(), new_id())
        return
    async with fresh_database(shared_server()) as database:
        owner = (await PostgresUsers(database).owner()).id
        clone = await PostgresClones(database).put(Clone(new_id(), owner, "me", "Me"))
        yield await benched(PostgresKnowledge(database), PostgresQuestions(database), owner, clone.id)


async def test_an_unanswered_question_is_answered_once_and_known_from_then_on(bench: Bench) -> None:
    for text in ("do you teach on sundays", "do you teach on sundays"):
        await bench.desk.collect(bench.owner, bench.clone, text, "EN")
    (waiting,) = await bench.desk.unanswered(bench.owner, bench.clone)
    assert (waiting.question, waiting.times) == ("do you teach on sundays", 2)
    assert await bench.ask("do you teach on sundays") == []
    answer = await bench.desk.answer(bench.owner, bench.clone, waiting.id, " Yes, from ten to noon. ")
    assert await bench.ask("do you teach on sundays") == [("correction", "Yes, from ten to noon.")]
    assert await bench.desk.unanswered(bench.owner, bench.clone) == []
    assert await bench.desk.answers(bench.owner, bench.clone) == [answer]
    await bench.desk.undo(bench.owner, bench.clone, answer.id)
    assert await bench.ask("do you teach on sundays") == []
    assert [q.id for q in await bench.desk.unanswered(bench.owner, bench.clone)] == [waiting.id]


async def test_a_correction_wins_over_the_document_until_it_is_taken_back(bench: Bench) -> None:
    asked = "what does a lesson cost"
    assert (await bench.ask(asked))[0] == ("document", "A lesson costs twenty euros.")
    answer = await bench.desk.correct(bench.owner, bench.clone, "What does a lesson cost?", "Thirty euros since May.")
    assert (await bench.ask(asked))[0] == ("correction", "Thirty euros since May.")
    again = await bench.desk.correct_turn(bench.owner, bench.clone, new_id(), 1, "Forty euros.")
    assert again.id == answer.id
    assert [text for kind, text in await bench.ask(asked) if kind == "correction"] == ["Forty euros."]
    await bench.desk.undo(bench.owner, bench.clone, answer.id)
    assert (await bench.ask(asked))[0] == ("document", "A lesson costs twenty euros.")


async def test_correcting_an_open_question_answers_it(bench: Bench) -> None:
    await bench.desk.collect(bench.owner, bench.clone, "do you teach on sundays", "EN")
    first = await bench.desk.correct(bench.owner, bench.clone, "do you teach on sundays?", "Yes.")
    assert await bench.desk.unanswered(bench.owner, bench.clone) == []
    second = await bench.desk.correct(bench.owner, bench.clone, "Do you teach on Sundays", "No more.")
    assert second.id == first.id
    assert [answer.answer for answer in await bench.desk.answers(bench.owner, bench.clone)] == ["No more."]


async def test_nobody_else_answers_or_takes_back(bench: Bench) -> None:
    await bench.desk.collect(bench.owner, bench.clone, "do you teach on sundays", "EN")
    (waiting,) = await bench.desk.unanswered(bench.owner, bench.clone)
    answer = await bench.desk.correct(bench.owner, bench.clone, "what does a lesson cost", "Thirty.")
    stranger = new_id()
    for act in (
        lambda: bench.desk.answer(stranger, bench.clone, waiting.id, "x"),
        lambda: bench.desk.answer(bench.owner, new_id(), waiting.id, "x"),
        lambda: bench.desk.correct(stranger, bench.clone, "what?", "x"),
        lambda: bench.desk.undo(stranger, bench.clone, answer.id),
        lambda: bench.desk.correct_turn(bench.owner, bench.clone, new_id(), 2, "x"),
        lambda: bench.desk.correct_turn(bench.owner, bench.clone, new_id(), 3, "x"),
        lambda: bench.desk.dismiss(stranger, waiting.id),
    ):
        with pytest.raises(NotFound):
            await act()
    assert await bench.desk.answers(stranger, bench.clone) == []
    documents = await bench.shelf.documents(bench.owner, bench.clone)
    ordinary = next(document for document in documents if document.kind == "document")
    with pytest.raises(NotFound):
        await bench.desk.undo(bench.owner, bench.clone, ordinary.id)  # not through this door


@pytest.mark.parametrize(
    ("question", "answer"), [("", "x"), ("?!", "x"), ("q" * 301, "x"), ("q", " "), ("q", "x" * 2001)]
)
async def test_empty_and_endless_ones_are_refused(bench: Bench, question: str, answer: str) -> None:
    with pytest.raises(BadInput):
        await bench.desk.correct(bench.owner, bench.clone, question, answer)
    await bench.desk.collect(bench.owner, bench.clone, " ?! ", "EN")
    assert await bench.desk.unanswered(bench.owner, bench.clone) == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("is 30 euros  enough?", "is 30 euros enough?"),
        ("write to ann@example.org please", "write to … please"),
        ("my number is +34 600 123 456, call me", "my number is …, call me"),
        ("see https://example.org/me?id=7", "see …"),
        ("my card is 4111111111111111", "my card is …"),
    ],
)
def test_what_could_tell_who_asked_is_masked(said: str, kept: str) -> None:
    assert anonymous(said) == kept
    assert len(anonymous("a " * 400)) <= 300
