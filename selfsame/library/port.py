"""What the library needs from engines and stores."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

from selfsame.events.thought import Passage, SourceKind

DocumentStatus = Literal["pending", "processing", "completed", "failed"]
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a clone's knowledge. `content_hash` (SHA-256 of the text) recognises duplicates.

    `kind` is the source type of its chunks; those of an ordinary document that answer a question count as "faq".
    """

    id: UUID
    owner_id: UUID
    clone_id: UUID
    filename: str
    title: str
    content_type: str
    content_hash: str
    language: str = "EN"
    status: DocumentStatus = "completed"
    source_url: str | None = None
    kind: SourceKind = "document"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A retrievable piece. Offsets are characters of the document's text; `heading` is the path of headings above."""

    index: int
    content: str
    start: int
    end: int
    heading: str = ""
    locator: str = ""
    question: str | None = None


def source_kind(document: Document, chunk: Chunk) -> SourceKind:
    """The source type of a chunk: its document's, but "faq" where an ordinary document answers a question."""
    return "faq" if document.kind == "document" and chunk.question is not None else document.kind


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is limited to (KNOW-04). Empty sets and None limit nothing; `since` <= stored < `until`."""

    kinds: frozenset[SourceKind] = frozenset()
    documents: frozenset[UUID] = frozenset()
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """A hybrid search in one clone's knowledge. `vector` has the embedder's width; None searches words alone.

    When the clone's knowledge is still of version `known`, the store need not search: it answers `Found.unchanged`.
    `later` gives the vector where it is still being made; the store does before what needs none.
    """

    owner_id: UUID
    clone_id: UUID
    text: str
    vector: Vectors | None
    model_id: str
    language: str = "EN"
    limit: int = 10
    filters: Filters = Filters()
    known: int | None = None
    later: Callable[[], Awaitable[Vectors | None]] | None = None

    async def with_vector(self) -> Search:
        """The search with the vector that was being made. Raises what the embedder raised."""
        return self if self.later is None else replace(self, vector=await self.later(), later=None)


@dataclass(frozen=True, slots=True)
class Why:
    """Why a passage was found. A place is 1 for the leg's best hit, None when that leg did not bring it.

    `cosine` is -1..1 (0 without a vector), `weight` the sum of the matched words' rarities, `words` these words as
    indexed (stems; pairs of Chinese), `score` the fused score that ranks.
    """

    near: int | None
    cosine: float
    worded: int | None
    weight: float
    words: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage and why it was found."""

    passage: Passage
    why: Why


@dataclass(frozen=True, slots=True)
class Found:
    """What a search brought, best first, from the clone's knowledge as of `version`.

    `exact` tells whether all vectors of the clone were compared, rather than an approximate index asked. `words` are
    the question's words that the clone knows, each with its weight (its rarity there); `dropped` those of them too
    common to be searched for. `unchanged` means: nothing was searched.
    """

    hits: tuple[Hit, ...] = ()
    version: int = 0
    exact: bool = True
    words: Mapping[str, float] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    unchanged: bool = False

    @property
    def passages(self) -> list[Passage]:
        """The hits' passages."""
        return [hit.passage for hit in self.hits]


class Embedder(Protocol):
    """Text to unit vectors, cosine by dot product. `model_id` and `width` are recorded with every collection."""

    model_id: str
    width: int

    async def embed_query(self, text: str) -> Vectors:
        """Shape (width,)."""
        ...

    async def embed_documents(self, texts: list[str]) -> Vectors:
        """Shape (len(texts), width)."""
        ...


class KnowledgeStore(Protocol):
    """Documents, chunks and vectors of clones."""

    async def put(self, document: Document, chunks: list[Chunk], vectors: Vectors, model_id: str) -> None:
        """Store or replace the document with all its chunks, in one transaction; the clone's knowledge version grows.

        Raises BadInput when the clone's collection was built by another model or width.
        """
        ...

    async def delete(self, owner_id: UUID, document_id: UUID) -> None:
        """Remove the document, its chunks and vectors. Raises NotFound."""
        ...

    async def search(self, search: Search) -> Found:
        """Fused full-text and vector hits. `Passage.score` is cosine similarity to the query, 0..1."""
        ...


class Reranker(Protocol):
    """Puts passages into a better order for a question."""

    async def rerank(self, question: str, passages: tuple[Passage, ...]) -> tuple[float, ...]:
        """A score for each passage, higher is better; only their order counts."""
        ...


@dataclass(frozen=True, slots=True)
class Asking:
    """A question that got no answer: its text without what could tell who asked, and its unit vector."""

    question: str
    language: str
    vector: Vectors
    model_id: str


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that a clone could not answer, asked `times` times in these or like words.

    `answer_id` is the id that the document of the owner's answer will have. Nothing says who asked.
    """

    id: UUID
    answer_id: UUID
    question: str
    language: str
    times: int
    first_asked_at: datetime
    last_asked_at: datetime
    vector: Vectors = field(compare=False, repr=False)
    model_id: str = ""


class QuestionStore(Protocol):
    """What clones could not answer. Every call reaches one owner's rows only."""

    async def note(self, owner_id: UUID, clone_id: UUID, asking: Asking, alike: float) -> None:
        """Count the question with the nearest one of cosine >= `alike`, else keep it as a new one.

        Of more than `MOST_QUESTIONS` a clone, those that were not asked for longest go. Raises NotFound when the clone
        is not theirs.
        """
        ...

    async def open(self, owner_id: UUID, clone_id: UUID) -> list[Unanswered]:
        """The questions whose answer is not among the clone's documents, most asked first, then latest."""
        ...

    async def dismiss(self, owner_id: UUID, question_id: UUID) -> None:
        """Forget a question. Raises NotFound."""
        ...


MOST_QUESTIONS = 500
"""Unanswered questions kept for a clone."""
