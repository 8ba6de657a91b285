"""What the library needs from engines and stores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

import numpy as np
import numpy.typing as npt

from selfsame.events.thought import Passage

DocumentStatus = Literal["pending", "processing", "completed", "failed"]
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Document:
    """A document of a clone's knowledge. `content_hash` (SHA-256 of the text) recognises duplicates."""

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


@dataclass(frozen=True, slots=True)
class Search:
    """A hybrid search in one clone's knowledge. `vector` has the embedder's width."""

    owner_id: UUID
    clone_id: UUID
    text: str
    vector: Vectors
    model_id: str
    language: str = "EN"
    limit: int = 10


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

    async def search(self, search: Search) -> list[Passage]:
        """Fused full-text and vector hits, best first. `Passage.score` is cosine similarity to the query."""
        ...
