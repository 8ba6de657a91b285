"""What a clone could not answer and what its owner answers, over HTTP; and what a question would retrieve, and why.

Only the owner may (permission "own"); visitors get FORBIDDEN.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, get_args
from uuid import UUID

from fastapi import Query

from selfsame.channels.api.questions import (
    AnswerBody,
    Answering,
    AnsweringBody,
    AnswerItem,
    AnswerList,
    CorrectionBody,
    HitReason,
    SearchHit,
    SearchQuery,
    SearchResult,
    UnansweredItem,
    UnansweredList,
)
from selfsame.channels.deps import QuestionStudio
from selfsame.channels.door import Owner
from selfsame.channels.routing import Routes
from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, Forbidden
from selfsame.events.thought import SourceKind
from selfsame.library.answers import Answer
from selfsame.library.port import Filters, Unanswered
from selfsame.library.search import Judged, Look


class QuestionRoutes:
    """`/api/clones/{slug}/...`: search, unanswered, answers, corrections, answering."""

    def __init__(self, studio: QuestionStudio) -> None:
        self._studio = studio
        self._desk = studio.desk
        self.router = Routes("questions")
        add, clone = self.router.add, "/api/clones/{slug}"
        add("GET", f"{clone}/search", self.search_knowledge)
        add("GET", f"{clone}/unanswered", self.list_unanswered)
        add("DELETE", f"{clone}/unanswered/{{question_id}}", self.dismiss_unanswered, status_code=204)
        add("GET", f"{clone}/answers", self.list_answers)
        add("POST", f"{clone}/answers", self.answer_question, status_code=201)
        add("DELETE", f"{clone}/answers/{{answer_id}}", self.delete_answer, status_code=204)
        add("POST", f"{clone}/corrections", self.correct_answer, status_code=201)
        add("GET", f"{clone}/answering", self.show_answering)
        add("PUT", f"{clone}/answering", self.change_answering)

    async def search_knowledge(self, owner: Owner, slug: str, query: Annotated[SearchQuery, Query()]) -> SearchResult:
        """What a turn with this question would be given, and why; also what was found and would not be given."""
        clone = await self._clone(owner, slug)
        within = Filters(checked_kinds(query.kind), frozenset(query.document), query.since, query.until)
        return shown_look(await self._studio.look(clone.id, query.q, within))

    async def list_unanswered(self, owner: Owner, slug: str) -> UnansweredList:
        """The questions that the clone could not answer, most asked first."""
        clone = await self._clone(owner, slug)
        found = await self._desk.unanswered(clone.owner_id, clone.id)
        return UnansweredList(unanswered=[shown_question(question) for question in found])

    async def dismiss_unanswered(self, owner: Owner, slug: str, question_id: UUID) -> None:
        """Forget a question."""
        clone = await self._clone(owner, slug)
        await self._desk.dismiss(clone.owner_id, question_id)

    async def list_answers(self, owner: Owner, slug: str) -> AnswerList:
        """All that the owner has answered and corrected, newest first."""
        clone = await self._clone(owner, slug)
        found = await self._desk.answers(clone.owner_id, clone.id)
        return AnswerList(answers=[shown_answer(answer) for answer in found])

    async def answer_question(self, owner: Owner, slug: str, body: AnswerBody) -> AnswerItem:
        """Answer a collected question once; the clone knows it from then on."""
        clone = await self._clone(owner, slug)
        return shown_answer(await self._desk.answer(clone.owner_id, clone.id, body.question_id, body.answer))

    async def correct_answer(self, owner: Owner, slug: str, body: CorrectionBody) -> AnswerItem:
        """Say what the clone is to answer, whatever its documents say."""
        clone = await self._clone(owner, slug)
        if body.question is not None and body.session_id is None and body.turn_id is None:
            answer = await self._desk.correct(owner, clone.id, body.question, body.answer)
        elif body.question is None and body.session_id is not None and body.turn_id is not None:
            answer = await self._desk.correct_turn(owner, clone.id, body.session_id, body.turn_id, body.answer)
        else:
            raise BadInput("name what is corrected: either question, or sessionId and turnId")
        return shown_answer(answer)

    async def delete_answer(self, owner: Owner, slug: str, answer_id: UUID) -> None:
        """Take an answer or a correction back."""
        clone = await self._clone(owner, slug)
        await self._desk.undo(clone.owner_id, clone.id, answer_id)

    async def show_answering(self, owner: Owner, slug: str) -> Answering:
        """How the clone keeps to its sources."""
        return shown_answering(await self._clone(owner, slug))

    async def change_answering(self, owner: Owner, slug: str, body: AnsweringBody) -> Answering:
        """Change it; conversations that begin from now on follow. What is left out stays."""
        clone = await self._clone(owner, slug)
        changed = await self._studio.set_answering(clone.id, clone.owner_id, body.adherence, body.no_answer)
        return shown_answering(changed)

    async def _clone(self, owner: UUID, slug: str) -> Clone:
        """The owner's own clone. Raises NotFound for unknown ones, Forbidden for public ones of other people."""
        clone = await self._studio.find_clone(slug, owner)
        if clone.owner_id != owner:
            raise Forbidden("only the owner of the clone may do this")
        return clone


def checked_kinds(names: list[str]) -> frozenset[SourceKind]:
    """Source types by name. Raises BadInput."""
    known: dict[str, SourceKind] = {kind: kind for kind in get_args(SourceKind)}
    for name in names:
        if name not in known:
            raise BadInput(f"a source type is one of {', '.join(known)}, not {name!r}")
    return frozenset(known[name] for name in names)


def shown_look(look: Look) -> SearchResult:
    """A look as it is sent."""
    return SearchResult(
        language=look.language,
        exact=look.found.exact,
        reranked=look.reranked,
        knowledge_version=look.found.version,
        words={word: round(weight, 3) for word, weight in look.found.words.items()},
        common_words=list(look.found.dropped),
        hits=[_shown_hit(judged) for judged in look.judged],
    )


def _shown_hit(judged: Judged) -> SearchHit:
    passage, why = judged.hit.passage, judged.hit.why
    reason = HitReason(
        vector_place=why.near,
        cosine=round(why.cosine, 4),
        words_place=why.worded,
        words_weight=round(why.weight, 3),
        words=list(why.words),
        score=round(why.score, 5),
    )
    return SearchHit(
        id=passage.id,
        document_id=passage.document_id,
        kind=passage.kind,
        title=passage.title,
        heading=passage.heading,
        locator=passage.locator,
        url=passage.url,
        question=passage.question,
        text=passage.text,
        given=judged.given,
        reason=judged.reason,
        why=reason,
    )


def shown_question(question: Unanswered) -> UnansweredItem:
    """An unanswered question as it is sent."""
    return UnansweredItem(
        id=question.id,
        question=question.question,
        language=question.language,
        times=question.times,
        first_asked_at=_time(question.first_asked_at),
        last_asked_at=_time(question.last_asked_at),
    )


def shown_answer(answer: Answer) -> AnswerItem:
    """An answer as it is sent."""
    return AnswerItem(id=answer.id, question=answer.question, answer=answer.answer)


def shown_answering(clone: Clone) -> Answering:
    """How a clone keeps to its sources, as it is sent."""
    return Answering(adherence=clone.adherence, no_answer=dict(clone.no_answer))


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
