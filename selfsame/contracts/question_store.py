"""What every `QuestionStore` must do. Inherit, and give the fixture `bench`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest

from selfsame.contracts.knowledge_store import MODEL, along, direction, pieces
from selfsame.errors import NotFound
from selfsame.library.port import Asking, Document, KnowledgeStore, QuestionStore


@dataclass(frozen=True, slots=True)
class QuestionBench:
    """A fresh store with the knowledge beside it, a clone of `owner` with one document, and a moving clock."""

    store: QuestionStore
    knowledge: KnowledgeStore
    owner: UUID
    stranger: UUID
    clone: UUID
    other_clone: UUID
    pass_by: Callable[[timedelta], None]

    async def note(self, text: str, towards: int, model: str = MODEL, alike: float = 0.8) -> None:
        """Note a question whose vector points to `towards`; a second passes."""
        self.pass_by(timedelta(seconds=1))
        await self.store.note(self.owner, self.clone, Asking(text, "EN", direction(towards), model), alike)

    async def waiting(self) -> list[tuple[str, int]]:
        """Texts and counts of the open questions."""
        return [(each.question, each.times) for each in await self.store.open(self.owner, self.clone)]


@pytest.mark.anyio
class QuestionStoreContract:
    """Questions are counted by meaning, wait until their answer is a document, and are their owner's alone."""

    @pytest.fixture
    def bench(self) -> QuestionBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_questions_of_one_meaning_are_one(self, bench: QuestionBench) -> None:
        await bench.note("rare", 0)
        for text in ("common", "so common", "very common"):
            await bench.note(text, 1)
        await bench.note("late", 2)
        assert await bench.waiting() == [("common", 3), ("late", 1), ("rare", 1)]
        (first, *_) = await bench.store.open(bench.owner, bench.clone)
        assert first.last_asked_at - first.first_asked_at == timedelta(seconds=2)
        assert (first.language, first.model_id) == ("EN", MODEL)
        assert float(first.vector @ direction(1)) == pytest.approx(1.0, abs=1e-3)

    async def test_vectors_of_another_model_are_not_compared(self, bench: QuestionBench) -> None:
        await bench.note("one", 0)
        await bench.note("two", 0, model="another-384")
        assert await bench.waiting() == [("two", 1), ("one", 1)]

    async def test_a_question_waits_while_its_answer_is_not_there(self, bench: QuestionBench) -> None:
        await bench.note("one", 0)
        await bench.note("two", 1)
        (two, one) = await bench.store.open(bench.owner, bench.clone)
        answer = Document(
            one.answer_id, bench.owner, bench.clone, "a", "one", "text/x-answer", "0" * 64, kind="correction"
        )
        await bench.knowledge.put(answer, pieces("the answer"), along(0), MODEL)
        assert await bench.waiting() == [("two", 1)]
        await bench.knowledge.delete(bench.owner, answer.id)
        assert await bench.waiting() == [("two", 1), ("one", 1)]
        assert two.answer_id != one.answer_id

    async def test_questions_are_of_one_clone_and_one_owner(self, bench: QuestionBench) -> None:
        await bench.note("mine", 0)
        assert await bench.store.open(bench.owner, bench.other_clone) == []
        assert await bench.store.open(bench.stranger, bench.clone) == []
        with pytest.raises(NotFound):
            await bench.store.note(bench.stranger, bench.clone, Asking("x", "EN", direction(0), MODEL), 0.8)
        assert await bench.waiting() == [("mine", 1)]

    async def test_a_dismissed_question_is_gone(self, bench: QuestionBench) -> None:
        await bench.note("one", 0)
        (one,) = await bench.store.open(bench.owner, bench.clone)
        with pytest.raises(NotFound):
            await bench.store.dismiss(bench.stranger, one.id)
        await bench.store.dismiss(bench.owner, one.id)
        assert await bench.waiting() == []
        with pytest.raises(NotFound):
            await bench.store.dismiss(bench.owner, one.id)
