"""Taking a document into a clone's knowledge: extract, split, embed, store."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import PurePath
from typing import Protocol
from uuid import UUID

import numpy as np

from selfsame.errors import BadInput, BadOutput
from selfsame.kit.ids import new_id
from selfsame.library.port import Chunk, Document, Embedder, KnowledgeStore, Vectors
from selfsame.library.split import SplitOptions, split
from selfsame.library.text import MARKDOWN, PLAIN, Extracted, extract

LARGEST_DOCUMENT = 5_000_000
"""Bytes of one document."""
BATCH = 64
"""Texts embedded in one call."""
TYPES = {".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": PLAIN, "": PLAIN}


WHOLE_SECTIONS = SplitOptions()
"""512 tokens with 50 of overlap (DOC-06)."""


class Shelf(KnowledgeStore, Protocol):
    """A knowledge store that can say what it holds."""

    async def documents(self, owner_id: UUID, clone_id: UUID) -> list[Document]:
        """The clone's documents, newest first; only for their owner."""
        ...


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A document as it was handed in: UTF-8 bytes. `content_type` is guessed from the name when absent."""

    filename: str
    content: bytes
    content_type: str | None = None
    title: str | None = None
    language: str = "EN"
    source_url: str | None = None


async def ingest(
    store: Shelf,
    embedder: Embedder,
    owner: UUID,
    clone: UUID,
    file: SourceFile,
    options: SplitOptions = WHOLE_SECTIONS,
) -> Document:
    """Store the document's chunks and vectors, and return its record.

    The same text again, under any name, changes nothing and returns the document that is there; a file of the same name
    with another text replaces the old one under its id (DOC-09). Raises BadInput (unreadable, empty, too large, other
    model), NotFound (not their clone), ProviderError of the embedder or the store.
    """
    extracted, content_type = _read(file)
    content_hash = hashlib.sha256(extracted.text.encode()).hexdigest()
    known = await store.documents(owner, clone)
    for document in known:
        if document.content_hash == content_hash and document.status == "completed":
            return document
    older = next((document for document in known if document.filename == file.filename), None)
    document = Document(
        id=older.id if older else new_id(),
        owner_id=owner,
        clone_id=clone,
        filename=file.filename,
        title=file.title or extracted.title or PurePath(file.filename).stem,
        content_type=content_type,
        content_hash=content_hash,
        language=file.language,
        source_url=file.source_url,
    )
    chunks = split(extracted.text, extracted.sections, options)
    vectors = await _embed(embedder, [embedded_text(document.title, chunk) for chunk in chunks])
    await store.put(document, chunks, vectors, embedder.model_id)
    return document


def embedded_text(title: str, chunk: Chunk) -> str:
    """What is embedded for a chunk: where it stands and what it answers, then its words."""
    place = chunk.heading if chunk.heading.startswith(title) else " > ".join(filter(None, (title, chunk.heading)))
    question = chunk.question if chunk.question and chunk.question not in place else None
    return "\n".join(filter(None, (place, question, chunk.content)))


def _read(file: SourceFile) -> tuple[Extracted, str]:
    if len(file.content) > LARGEST_DOCUMENT:
        raise BadInput(f"a document may have at most {LARGEST_DOCUMENT} bytes")
    content_type = file.content_type or TYPES.get(PurePath(file.filename).suffix.lower())
    if content_type is None:
        raise BadInput(f"documents like {PurePath(file.filename).suffix} cannot be read yet")
    try:
        source = file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("the document is not UTF-8 text") from error
    return extract(source, content_type), content_type


async def _embed(embedder: Embedder, texts: list[str]) -> Vectors:
    parts = [await embedder.embed_documents(texts[first : first + BATCH]) for first in range(0, len(texts), BATCH)]
    vectors = np.concatenate(parts)
    if vectors.shape != (len(texts), embedder.width):
        raise BadOutput("the embedder gave vectors of a wrong shape", role="embedding", provider=embedder.model_id)
    return vectors
