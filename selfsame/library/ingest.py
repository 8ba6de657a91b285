"""Taking a document into a clone's knowledge: split, embed, store."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Protocol
from uuid import UUID

import numpy as np

from selfsame.errors import BadInput, BadOutput
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import group, offload
from selfsame.library.extract.kinds import MARKDOWN, PLAIN, Extracted
from selfsame.library.extract.markdown import extract
from selfsame.library.port import Chunk, Document, Embedder, KnowledgeStore, Vectors
from selfsame.library.products import gist
from selfsame.library.split import SplitOptions, split

LARGEST_DOCUMENT = 5_000_000
"""Bytes of one text that is read in this process."""
BATCH = 64
"""Texts embedded in one call."""
LANES = 2
"""Calls at the same time."""
TYPES = {".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": PLAIN, "": PLAIN}


WHOLE_SECTIONS = SplitOptions()
"""512 tokens with 50 of overlap (DOC-06)."""

Embedded = Callable[[int, int], Awaitable[None]]
"""Told how many of how many chunks are embedded; whoever wants the work to stop raises."""


class Shelf(KnowledgeStore, Protocol):
    """A knowledge store that can say what it holds."""

    async def documents(self, owner_id: UUID, clone_id: UUID) -> list[Document]:
        """The clone's documents, newest first; only for their owner."""
        ...


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A text that is trusted: UTF-8 bytes. `content_type` is guessed from the name when absent."""

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
    """Store the chunks and vectors of Markdown or plain text, and return the document's record.

    For texts that come with the product; what people upload goes through the job (`jobs.ingest`). The same text again,
    under any name, changes nothing and returns the document that is there; a file of the same name with another text
    replaces the old one under its id (DOC-09). Raises BadInput (unreadable, empty, too large, other model), NotFound
    (not their clone), ProviderError of the embedder or the store.
    """
    extracted = await offload(_read, file)
    if file.title:
        extracted = replace(extracted, title=file.title)
    return await shelve(store, embedder, described(extracted, owner, clone, file), extracted, options)


def described(extracted: Extracted, owner: UUID, clone: UUID, file: SourceFile) -> Document:
    """The record of a document that is new."""
    return Document(
        id=new_id(),
        owner_id=owner,
        clone_id=clone,
        filename=file.filename,
        title=title_of(extracted, file.filename),
        content_type=extracted.content_type,
        content_hash=content_hash(extracted),
        language=file.language,
        source_url=file.source_url,
    )


async def shelve(
    store: Shelf, embedder: Embedder, document: Document, extracted: Extracted, options: SplitOptions = WHOLE_SECTIONS
) -> Document:
    """Index a document unless its text is known; one of the same name is replaced. The document that is there then."""
    known = await store.documents(document.owner_id, document.clone_id)
    for each in known:
        if each.content_hash == document.content_hash and each.status == "completed":
            return each
    older = next((each for each in known if each.filename == document.filename), None)
    document = replace(document, id=older.id if older else document.id)
    await index(store, embedder, document, extracted, options)
    return document


async def index(
    store: KnowledgeStore,
    embedder: Embedder,
    document: Document,
    extracted: Extracted,
    options: SplitOptions = WHOLE_SECTIONS,
    embedded: Embedded | None = None,
) -> list[Chunk]:
    """Cut, embed in batches, and put in place of whatever the document said before, in one transaction; the chunks."""
    chunks = await offload(split, extracted.text, extracted.sections, options, extracted.places)
    vectors = await _embed(embedder, embedded_texts(document.title, extracted, chunks), embedded)
    await store.put(document, chunks, vectors, embedder.model_id)
    return chunks


def content_hash(extracted: Extracted) -> str:
    """What two documents of the same text share."""
    return hashlib.sha256(extracted.text.encode()).hexdigest()


def title_of(extracted: Extracted, filename: str) -> str:
    """The document's own title, or else its file's name without the ending."""
    return extracted.title or PurePath(filename).stem or filename


def chunks_of_sections(extracted: Extracted, chunks: Sequence[Chunk]) -> dict[int, list[Chunk]]:
    """The chunks by the number of their section."""
    starts = [section.start for section in extracted.sections]
    found: dict[int, list[Chunk]] = {}
    for chunk in chunks:
        found.setdefault(bisect_right(starts, chunk.start) - 1, []).append(chunk)
    return found


def embedded_texts(title: str, extracted: Extracted, chunks: Sequence[Chunk]) -> list[str]:
    """What is embedded for each chunk: of a product what it is about, of others all their words."""
    texts = [embedded_text(title, chunk) for chunk in chunks]
    sections = chunks_of_sections(extracted, chunks) if extracted.products else {}
    for product in extracted.products:
        mine = sections.get(product.section, [])
        if len(mine) == 1:
            texts[mine[0].index] = f"{title}\n{gist(product)}"
    return texts


def embedded_text(title: str, chunk: Chunk) -> str:
    """What is embedded for a chunk: where it stands and what it answers, then its words."""
    place = chunk.heading if chunk.heading.startswith(title) else " > ".join(filter(None, (title, chunk.heading)))
    question = chunk.question if chunk.question and chunk.question not in place else None
    return "\n".join(filter(None, (place, question, chunk.content)))


def _read(file: SourceFile) -> Extracted:
    if len(file.content) > LARGEST_DOCUMENT:
        raise BadInput(f"a document may have at most {LARGEST_DOCUMENT} bytes")
    content_type = file.content_type or TYPES.get(PurePath(file.filename).suffix.lower())
    if content_type is None:
        raise BadInput(f"documents like {PurePath(file.filename).suffix} cannot be read here")
    try:
        source = file.content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput("the document is not UTF-8 text") from error
    return extract(source, content_type)


async def _embed(embedder: Embedder, texts: list[str], embedded: Embedded | None = None) -> Vectors:
    # Texts of like length share a batch, so that little of it is padding: half the time for a mixed document.
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    batches = iter([order[first : first + BATCH] for first in range(0, len(order), BATCH)])
    vectors = np.empty((len(texts), embedder.width), np.float32)
    done = 0

    async def lane() -> None:
        nonlocal done
        for chosen in batches:
            found = await embedder.embed_documents([texts[place] for place in chosen])
            if found.shape != (len(chosen), embedder.width):
                raise BadOutput(
                    "the embedder gave vectors of a wrong shape", role="embedding", provider=embedder.model_id
                )
            vectors[chosen] = found
            done += len(chosen)
            if embedded is not None:
                await embedded(done, len(order))

    try:
        async with group() as tasks:  # an embedder computes in one thread: two batches use two cores
            for _ in range(LANES):
                tasks.start_soon(lane)
    except ExceptionGroup as many:
        raise many.exceptions[0] from many
    return vectors
