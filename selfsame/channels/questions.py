"""What a clone could not answer and what its owner answers, over HTTP; and what a question would retrieve, and why.

Only the owner may (permission "own"); visitors get FORBIDDEN.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Annotated, Any, get_args
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.responses import JSONResponse, Response

from selfsame.channels.deps import Identity, QuestionStudio
from selfsame.channels.peers import peer_of
from selfsame.clones.clone import Clone
from selfsame.clones.tokens import OWN
from selfsame.errors import BadInput, Forbidden
from selfsame.events.thought import SourceKind
from selfsame.library.answers import LONGEST_ANSWER, LONGEST_QUESTION, Answer
from selfsame.library.port import Filters, Unanswered
from selfsame.library.search import Judged, Look


class _Body(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class AnswerBody(_Body):
    """Body of `POST .../answers`: the answer to a collected question."""

    question_id: UUID
    answer: Annotated[str, Field(min_length=1, max_length=LONGEST_ANSWER)]


class CorrectionBody(_Body):
    """Body of `POST .../corrections`: what the clone is to answer to a question.

    The question is given as text, or as a turn of the owner's own conversation.
    """

    answer: Annotated[str, Field(min_length=1, max_length=LONGEST_ANSWER)]
    question: Annotated[str | None, Field(max_length=LONGEST_QUESTION)] = None
    conversation_id: UUID | None = None
    turn: Annotated[int | None, Field(ge=0)] = None


class AnsweringBody(_Body):
    """Body of `PUT .../answering`: how the clone keeps to its sources, and what it says without an answer."""

    adherence: Annotated[str | None, Field(max_length=20)] = None
    no_answer: Annotated[dict[str, str] | None, Field(max_length=10)] = None


class SearchQuery(BaseModel):
    """Query of `GET .../search`: the question and filters. `kind` and `document` may be repeated, times need a zone."""

    q: Annotated[str, Field(max_length=1000)]
    kind: Annotated[list[str], Field(max_length=10)] = []
    document: Annotated[list[UUID], Field(max_length=100)] = []
    since: AwareDatetime | None = None
    until: AwareDatetime | None = None


class QuestionRoutes:
    """`/api/clones/{slug}/...`: search, unanswered, answers, corrections, answering."""

    def __init__(
        self, studio: QuestionStudio, identify: Callable[[Request], Awaitable[Identity]], origins: tuple[str, ...] = ()
    ) -> None:
        self._studio = studio
        self._desk = studio.desk
        self._identify = identify
        self._origins = origins
        self.router = APIRouter()
        add = self.router.add_api_route
        clone = "/api/clones/{slug}"
        add(f"{clone}/search", self.search, methods=["GET"])
        add(f"{clone}/unanswered", self.unanswered, methods=["GET"])
        add(f"{clone}/unanswered/{{question_id}}", self.dismiss, methods=["DELETE"], status_code=204)
        add(f"{clone}/answers", self.answers, methods=["GET"])
        add(f"{clone}/answers", self.answer, methods=["POST"], status_code=201)
        add(f"{clone}/answers/{{answer_id}}", self.undo, methods=["DELETE"], status_code=204)
        add(f"{clone}/corrections", self.correct, methods=["POST"], status_code=201)
        add(f"{clone}/answering", self.answering, methods=["GET"])
        add(f"{clone}/answering", self.change_answering, methods=["PUT"])

    async def search(self, request: Request, slug: str, query: Annotated[SearchQuery, Query()]) -> JSONResponse:
        """What a turn with this question would be given, and why; also what was found and would not be given."""
        clone = await self._clone(request, slug)
        within = Filters(checked_kinds(query.kind), frozenset(query.document), query.since, query.until)
        return JSONResponse(shown_look(await self._studio.look(clone.id, query.q, within)))

    async def unanswered(self, request: Request, slug: str) -> JSONResponse:
        """The questions that the clone could not answer, most asked first."""
        clone = await self._clone(request, slug)
        found = await self._desk.unanswered(clone.owner_id, clone.id)
        return JSONResponse({"unanswered": [shown_question(question) for question in found]})

    async def dismiss(self, request: Request, slug: str, question_id: UUID) -> Response:
        """Forget a question."""
        clone = await self._clone(request, slug)
        await self._desk.dismiss(clone.owner_id, question_id)
        return Response(status_code=204)

    async def answers(self, request: Request, slug: str) -> JSONResponse:
        """All that the owner has answered and corrected, newest first."""
        clone = await self._clone(request, slug)
        found = await self._desk.answers(clone.owner_id, clone.id)
        return JSONResponse({"answers": [shown_answer(answer) for answer in found]})

    async def answer(self, request: Request, slug: str, body: AnswerBody) -> JSONResponse:
        """Answer a collected question once; the clone knows it from then on."""
        clone = await self._clone(request, slug)
        answer = await self._desk.answer(clone.owner_id, clone.id, body.question_id, body.answer)
        return JSONResponse(shown_answer(answer), 201)

    async def correct(self, request: Request, slug: str, body: CorrectionBody) -> JSONResponse:
        """Say what the clone is to answer, whatever its documents say."""
        clone = await self._clone(request, slug)
        owner = clone.owner_id
        if body.question is not None and body.conversation_id is None and body.turn is None:
            answer = await self._desk.correct(owner, clone.id, body.question, body.answer)
        elif body.question is None and body.conversation_id is not None and body.turn is not None:
            answer = await self._desk.correct_turn(owner, clone.id, body.conversation_id, body.turn, body.answer)
        else:
            raise BadInput("name what is corrected: either question, or conversationId and turn")
        return JSONResponse(shown_answer(answer), 201)

    async def undo(self, request: Request, slug: str, answer_id: UUID) -> Response:
        """Take an answer or a correction back."""
        clone = await self._clone(request, slug)
        await self._desk.undo(clone.owner_id, clone.id, answer_id)
        return Response(status_code=204)

    async def answering(self, request: Request, slug: str) -> JSONResponse:
        """How the clone keeps to its sources."""
        return JSONResponse(shown_answering(await self._clone(request, slug)))

    async def change_answering(self, request: Request, slug: str, body: AnsweringBody) -> JSONResponse:
        """Change it; conversations that begin from now on follow. What is left out stays."""
        clone = await self._clone(request, slug)
        changed = await self._studio.set_answering(clone.id, clone.owner_id, body.adherence, body.no_answer)
        return JSONResponse(shown_answering(changed))

    async def _clone(self, request: Request, slug: str) -> Clone:
        """The owner's own clone. Raises Forbidden, and NotFound for unknown and for other people's clones."""
        if not peer_of(request.scope).may_speak(self._origins):
            raise Forbidden("pages of other origins may not ask", code="ORIGIN_REFUSED")
        identity = await self._identify(request)
        if OWN not in identity.permissions:
            raise Forbidden("only the owner of the clone may do this")
        clone = await self._studio.find_clone(slug, identity.user_id)
        if clone.owner_id != identity.user_id:
            raise Forbidden("only the owner of the clone may do this")
        return clone


def checked_kinds(names: list[str]) -> frozenset[SourceKind]:
    """Source types by name. Raises BadInput."""
    known: dict[str, SourceKind] = {kind: kind for kind in get_args(SourceKind)}
    for name in names:
        if name not in known:
            raise BadInput(f"a source type is one of {', '.join(known)}, not {name!r}")
    return frozenset(known[name] for name in names)


def shown_look(look: Look) -> dict[str, Any]:
    """A look as JSON."""
    return {
        "language": look.language,
        "exact": look.found.exact,
        "reranked": look.reranked,
        "knowledgeVersion": look.found.version,
        "words": {word: round(weight, 3) for word, weight in look.found.words.items()},
        "commonWords": list(look.found.dropped),
        "hits": [_shown_hit(judged) for judged in look.judged],
    }


def _shown_hit(judged: Judged) -> dict[str, Any]:
    passage, why = judged.hit.passage, judged.hit.why
    return {
        "id": passage.id,
        "documentId": passage.document_id,
        "kind": passage.kind,
        "title": passage.title,
        "heading": passage.heading,
        "locator": passage.locator,
        "url": passage.url,
        "question": passage.question,
        "text": passage.text,
        "given": judged.given,
        "reason": judged.reason,
        "why": {
            "vectorPlace": why.near,
            "cosine": round(why.cosine, 4),
            "wordsPlace": why.worded,
            "wordsWeight": round(why.weight, 3),
            "words": list(why.words),
            "score": round(why.score, 5),
        },
    }


def shown_question(question: Unanswered) -> dict[str, Any]:
    """An unanswered question as JSON."""
    return {
        "id": str(question.id),
        "question": question.question,
        "language": question.language,
        "times": question.times,
        "firstAskedAt": _time(question.first_asked_at),
        "lastAskedAt": _time(question.last_asked_at),
    }


def shown_answer(answer: Answer) -> dict[str, Any]:
    """An answer as JSON."""
    return {"id": str(answer.id), "question": answer.question, "answer": answer.answer}


def shown_answering(clone: Clone) -> dict[str, Any]:
    """How a clone keeps to its sources, as JSON."""
    return {"adherence": clone.adherence, "noAnswer": dict(clone.no_answer)}


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
