"""What a clone could not answer, what its owner answers, and what a question would retrieve."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from selfsame.channels.api.base import Base, Time
from selfsame.clones.clone import Adherence
from selfsame.events.thought import SourceKind
from selfsame.library.answers import LONGEST_ANSWER, LONGEST_QUESTION


class _Body(Base):
    model_config = ConfigDict(extra="forbid")


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
    session_id: UUID | None = None
    turn_id: Annotated[int | None, Field(ge=0)] = None


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


class HitReason(Base):
    """Why a passage was found. A place is 1 for the best; null when that way of searching did not bring it."""

    vector_place: int | None
    cosine: float
    words_place: int | None
    words_weight: float
    words: list[str]
    score: float


class SearchHit(Base):
    """A passage, whether a turn would be given it, and why or why not."""

    id: str
    document_id: str
    kind: SourceKind
    title: str
    heading: str
    locator: str
    url: str | None
    question: str | None
    text: str
    given: bool
    reason: str
    why: HitReason


class SearchResult(Base):
    """What a question would retrieve, best first. `words` are those that the clone knows, with their rarity."""

    language: str
    exact: bool
    reranked: bool
    knowledge_version: int
    words: dict[str, float]
    common_words: list[str]
    hits: list[SearchHit]


class UnansweredItem(Base):
    """A question that the clone could not answer; nothing says who asked."""

    id: UUID
    question: str
    language: str
    times: int
    first_asked_at: Time
    last_asked_at: Time


class UnansweredList(Base):
    """Questions, most asked first."""

    unanswered: list[UnansweredItem]


class AnswerItem(Base):
    """An answer that the owner wrote."""

    id: UUID
    question: str
    answer: str


class AnswerList(Base):
    """Answers, newest first."""

    answers: list[AnswerItem]


class Answering(Base):
    """How a clone keeps to its sources; by language, what it says when they hold no answer."""

    adherence: Adherence
    no_answer: dict[str, str]
