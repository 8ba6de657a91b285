"""The owner's own answers: to questions the clone could not answer, and in place of answers that were wrong.

An answer is a document of kind "correction" with one passage, embedded by its question alone, so that whoever asks the
same in other words is near to it; retrieval and thinkers put it before all other sources. Taking it back deletes the
document, and the question is open again.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from selfsame.errors import BadInput, NotFound
from selfsame.events.thought import Passage, SourceKind
from selfsame.kit.ids import stable_id
from selfsame.kit.languages import detect
from selfsame.kit.words import fold
from selfsame.library.ingest import Shelf
from selfsame.library.port import (
    Asking,
    Chunk,
    Document,
    Embedder,
    Filters,
    QuestionStore,
    Search,
    Unanswered,
    Vectors,
)

ANSWER_TYPE = "text/x-answer"
SAME_QUESTION = 0.8
"""Cosine of MiniLM from which two questions count as the same (docs/benchmarks.md)."""
LONGEST_QUESTION = 300
LONGEST_ANSWER = 2000

_PRIVATE = re.compile(r"\S+@\S+\.\S+|https?://\S+|www\.\S+|\+?\d[\d ()./-]{5,}\d|\b\d{5,}\b")

FindTurn = Callable[[UUID, UUID, int], Awaitable[tuple[UUID, str]]]
"""`find_turn(user, conversation, turn)`: the clone that was asked, and the question. Raises NotFound when it is not
theirs or its text was not kept."""


class AnswerShelf(Shelf, Protocol):
    """A knowledge store that can list passages of one kind."""

    async def passages(self, owner_id: UUID, clone_id: UUID, kind: SourceKind) -> list[Passage]:
        """All passages of that kind, newest document first; only for their owner."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer that the owner wrote. `id` is its document's."""

    id: UUID
    question: str
    answer: str


def anonymous(question: str) -> str:
    """A question without mail addresses, web addresses and long numbers, at most `LONGEST_QUESTION` letters."""
    return _PRIVATE.sub("…", " ".join(question.split()))[:LONGEST_QUESTION].strip()


class AnswerDesk:
    """Where a clone's unanswered questions are collected, and where its owner answers and corrects."""

    def __init__(self, shelf: AnswerShelf, questions: QuestionStore, embedder: Embedder, find_turn: FindTurn) -> None:
        self._shelf = shelf
        self._questions = questions
        self._embedder = embedder
        self._find_turn = find_turn

    async def collect(self, owner: UUID, clone: UUID, question: str, language: str) -> None:
        """Note a question that the clone could not answer; the caller has made sure that its text may be kept.

        Raises NotFound and ProviderError.
        """
        text = anonymous(question)
        if not re.search(r"\w", text):
            return
        vector = await self._embedder.embed_query(text)
        await self._questions.note(owner, clone, Asking(text, language, vector, self._embedder.model_id), SAME_QUESTION)

    async def unanswered(self, owner: UUID, clone: UUID) -> list[Unanswered]:
        """What waits for an answer, most asked first."""
        return await self._questions.open(owner, clone)

    async def dismiss(self, owner: UUID, question: UUID) -> None:
        """Forget an unanswered question. Raises NotFound."""
        await self._questions.dismiss(owner, question)

    async def answer(self, owner: UUID, clone: UUID, question: UUID, answer: str) -> Answer:
        """Answer a collected question; the clone knows it from the next question on. Raises BadInput, NotFound."""
        for open_question in await self._questions.open(owner, clone):
            if open_question.id == question:
                said = open_question
                return await self._put(owner, clone, Answer(said.answer_id, said.question, answer), said.language)
        raise NotFound("there is no such open question; list them to see which wait for an answer")

    async def correct(self, owner: UUID, clone: UUID, question: str, answer: str) -> Answer:
        """Say what the clone is to answer to a question, whatever its documents say. Raises BadInput, NotFound.

        An open question that means the same is answered with it; the same question again replaces the answer.
        """
        text = " ".join(question.split())
        if not re.search(r"\w", text) or len(text) > LONGEST_QUESTION:
            raise BadInput(f"a question is needed, of at most {LONGEST_QUESTION} letters")
        vector = await self._embedder.embed_query(text)
        key = await self._same(owner, clone, text, vector)
        return await self._put(owner, clone, Answer(key, text, answer), detect(text))

    async def _same(self, owner: UUID, clone: UUID, text: str, vector: Vectors) -> UUID:
        """The id of the answer to this question: that of an answer there is, or that an open one will have, or new."""
        model = self._embedder.model_id
        only = Filters(kinds=frozenset({"correction"}))
        known = await self._shelf.search(Search(owner, clone, text, vector, model, limit=10, filters=only))
        for hit in known.hits:
            if hit.why.cosine >= SAME_QUESTION:
                return UUID(hit.passage.document_id)
        waiting = [one for one in await self._questions.open(owner, clone) if one.model_id == model]
        near = max(waiting, key=lambda one: float(one.vector @ vector), default=None)
        if near is not None and float(near.vector @ vector) >= SAME_QUESTION:
            return near.answer_id
        return stable_id("correction", f"{clone}:{fold(text).strip(' ?!¿¡.。？！')}")

    async def correct_turn(self, owner: UUID, clone: UUID, conversation: UUID, turn: int, answer: str) -> Answer:
        """The same for a turn of one of the owner's own conversations, whose text was kept. Raises BadInput, NotFound.

        What visitors said stays theirs: their turns are corrected by the question's text.
        """
        asked, question = await self._find_turn(owner, conversation, turn)
        if asked != clone:
            raise NotFound("that conversation was with another clone")
        return await self.correct(owner, clone, question[:LONGEST_QUESTION], answer)

    async def answers(self, owner: UUID, clone: UUID) -> list[Answer]:
        """All that the owner has answered and corrected, newest first."""
        found = await self._shelf.passages(owner, clone, "correction")
        return [Answer(UUID(one.document_id), one.question or one.title, one.text) for one in found]

    async def undo(self, owner: UUID, clone: UUID, answer: UUID) -> None:
        """Take an answer back; a question that had waited for one waits again. Raises NotFound."""
        if all(one.id != answer for one in await self.answers(owner, clone)):
            raise NotFound("there is no such answer of yours")
        await self._shelf.delete(owner, answer)

    async def _put(self, owner: UUID, clone: UUID, answer: Answer, language: str) -> Answer:
        text = answer.answer.strip()
        if not re.search(r"\w", text) or len(text) > LONGEST_ANSWER:
            raise BadInput(f"an answer is needed, of at most {LONGEST_ANSWER} letters")
        document = Document(
            id=answer.id,
            owner_id=owner,
            clone_id=clone,
            filename=f"answer-{answer.id}",
            title=answer.question,
            content_type=ANSWER_TYPE,
            content_hash=hashlib.sha256(f"{answer.question}\n{text}".encode()).hexdigest(),
            language=language,
            kind="correction",
        )
        vectors = await self._embedder.embed_documents([answer.question])
        chunk = Chunk(0, text, 0, len(text), question=answer.question)
        await self._shelf.put(document, [chunk], vectors, self._embedder.model_id)
        return Answer(answer.id, answer.question, text)
