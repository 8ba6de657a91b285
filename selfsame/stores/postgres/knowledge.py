"""Knowledge in Postgres: documents, chunks, vectors, and the hybrid search over them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np
from pgvector import HalfVector
from sqlalchemy import Row, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.errors import BadInput, NotFound
from selfsame.events.thought import Passage, SourceKind
from selfsame.kit.clock import wall
from selfsame.kit.ids import stable_id
from selfsame.library.fusion import CANDIDATES, CONSTANT, NEAR_WEIGHT, worded_weight
from selfsame.library.port import Chunk, Document, Filters, Found, Hit, Search, Vectors, Why, source_kind
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.queries import (
    WordPlan,
    asked_words,
    comparable,
    configuration,
    hybrid_statement,
    plan_words,
)
from selfsame.stores.postgres.tables import WIDTH, clones
from selfsame.stores.postgres.tables import knowledge_chunks as _chunks
from selfsame.stores.postgres.tables import knowledge_documents as documents

BATCH = 500
_HYBRID = {
    (vector, exact, filtered): text(hybrid_statement(vector=vector, exact=exact, filtered=filtered))
    for vector in (True, False)
    for exact in (True, False)
    for filtered in (True, False)
}
_MET = text(
    """
    SELECT c.user_id, c.embedding_model, c.knowledge_version,
           (SELECT reltuples FROM pg_class WHERE oid = 'knowledge_chunks'::regclass) AS everything,
           CASE WHEN c.knowledge_version IS DISTINCT FROM CAST(:known AS integer) THEN (
               SELECT json_object_agg(w.word, w.chunks)
               FROM words_known(c.id, CAST(:configuration AS regconfig), :asked) AS w
           ) END AS words
    FROM clones AS c WHERE c.id = :clone AND (c.user_id = :asker OR c.public)
    """
)


class PostgresKnowledge:
    """`KnowledgeStore` on Postgres with pgvector, and the list that ingestion needs (`library.ingest.Shelf`)."""

    def __init__(
        self, database: Database, now: Callable[[], datetime] = wall, *, exact_up_to: int | None = None
    ) -> None:
        self._database = database
        self._now = now
        self._exact_up_to = exact_up_to  # chunks; None lets their share of all decide

    async def put(self, document: Document, chunks: list[Chunk], vectors: Vectors, model_id: str) -> None:
        """Store or replace; see the port. NotFound when clone or document is not theirs, BadInput on a wrong shape."""
        if vectors.shape != (len(chunks), WIDTH):
            raise BadInput(f"{len(chunks)} chunks need vectors of shape ({len(chunks)}, {WIDTH}), not {vectors.shape}")
        try:
            async with self._database.session(document.owner_id) as db:
                await self._claim_collection(db, document, model_id)
                await self._put_document(db, document, len(chunks))
                for rows in _batches(document, chunks, vectors, model_id):
                    await db.execute(insert(_chunks).values(created_at=self._now()), rows)
                await _grow(db, document.clone_id)
        except IntegrityError as error:  # the id is another user's document
            raise NotFound("there is no such document") from error

    async def delete(self, owner_id: UUID, document_id: UUID) -> None:
        """Remove the document, its chunks and vectors. Raises NotFound."""
        async with self._database.session(owner_id) as db:
            gone = await db.execute(
                delete(documents)
                .where(documents.c.id == document_id, documents.c.user_id == owner_id)
                .returning(documents.c.clone_id)
            )
            clone_id = gone.scalar_one_or_none()
            if clone_id is None:
                raise NotFound("there is no such document")
            await _grow(db, clone_id)

    async def search(self, search: Search) -> Found:
        """Fused hits, best first. `search.owner_id` is who asks: the clone's owner, or anyone when the clone is public.

        An unknown or forbidden clone has no hits. Raises BadInput when the clone's vectors are another model's.
        """
        _check_width(search)
        async with self._database.session(search.owner_id, meeting=search.clone_id) as db:
            clone = (await db.execute(_MET, _meeting(search))).one_or_none()
            if clone is None or clone.embedding_model is None:
                return Found(version=clone.knowledge_version if clone else 0)
            if clone.embedding_model != search.model_id:
                raise BadInput(f"this clone's knowledge was embedded by {clone.embedding_model}, not {search.model_id}")
            if search.known == clone.knowledge_version:
                return Found(version=clone.knowledge_version, unchanged=True)
            stems = dict(clone.words or {})
            total = stems.pop("", 0)
            plan = plan_words(stems, total)
            search = await search.with_vector()  # made while the words were looked up
            _check_width(search)
            filtered = search.filters != Filters()
            most = comparable(clone.everything) if self._exact_up_to is None else self._exact_up_to
            exact = search.vector is None or filtered or total <= most
            statement = _HYBRID[search.vector is not None, exact, filtered]
            rows = await db.execute(statement, _values(search, clone.user_id, plan))
            weights = dict(zip(plan.words, plan.weights, strict=True))
            return Found(tuple(_hit(row) for row in rows), clone.knowledge_version, exact, weights, plan.dropped)

    async def documents(self, owner_id: UUID, clone_id: UUID) -> list[Document]:
        """The clone's documents, newest first; only for their owner."""
        query = (
            select(documents)
            .where(documents.c.user_id == owner_id, documents.c.clone_id == clone_id)
            .order_by(documents.c.uploaded_at.desc(), documents.c.id)
        )
        async with self._database.session(owner_id) as db:
            return [_document(row) for row in await db.execute(query)]

    async def passages(self, owner_id: UUID, clone_id: UUID, kind: SourceKind) -> list[Passage]:
        """All passages of one kind, newest document first; only for their owner. Their score is 0."""
        query = (
            select(_chunks, documents.c.title, documents.c.source_url)
            .join(documents, documents.c.id == _chunks.c.document_id)
            .where(_chunks.c.user_id == owner_id, _chunks.c.clone_id == clone_id, _chunks.c.source_type == kind)
            .order_by(documents.c.processed_at.desc(), documents.c.id, _chunks.c.chunk_index)
        )
        async with self._database.session(owner_id) as db:
            return [_passage(row, 0.0) for row in await db.execute(query)]

    async def texts(self, owner_id: UUID, clone_id: UUID, language: str) -> list[str]:
        """All that the clone knows in one language, passage by passage, for the ears to adapt to; for its owner."""
        query = (
            select(_chunks.c.question, _chunks.c.content)
            .join(documents, documents.c.id == _chunks.c.document_id)
            .where(documents.c.user_id == owner_id, documents.c.clone_id == clone_id, documents.c.language == language)
            .order_by(documents.c.id, _chunks.c.chunk_index)
        )
        async with self._database.session(owner_id) as db:
            return ["\n".join(filter(None, row)) for row in await db.execute(query)]

    async def _claim_collection(self, db: AsyncSession, document: Document, model_id: str) -> None:
        """Lock the clone, and let its collection be of one model. A collection that is empty takes any."""
        mine = (clones.c.id == document.clone_id) & (clones.c.user_id == document.owner_id)
        found = await db.execute(select(clones.c.embedding_model).where(mine).with_for_update())
        row = found.one_or_none()
        if row is None:
            raise NotFound("there is no such clone")
        await db.execute(
            delete(_chunks).where(_chunks.c.document_id == document.id, _chunks.c.user_id == document.owner_id)
        )
        if row.embedding_model == model_id:
            return
        others = select(_chunks.c.id).where(
            _chunks.c.user_id == document.owner_id, _chunks.c.clone_id == document.clone_id
        )
        if (await db.execute(others.limit(1))).first() is not None:
            raise BadInput(f"this clone's knowledge was embedded by {row.embedding_model}, not {model_id}")
        await db.execute(update(clones).where(mine).values(embedding_model=model_id, embedding_width=WIDTH))

    async def _put_document(self, db: AsyncSession, document: Document, chunk_count: int) -> None:
        now = self._now()
        values = {
            "filename": document.filename,
            "title": document.title,
            "content_type": document.content_type,
            "content_hash": document.content_hash,
            "kind": document.kind,
            "language": document.language,
            "status": document.status,
            "source_url": document.source_url,
            "error_message": None,
            "chunk_count": chunk_count,
            "processed_at": now,
        }
        mine = (
            (documents.c.id == document.id)
            & (documents.c.user_id == document.owner_id)
            & (documents.c.clone_id == document.clone_id)
        )
        changed = await db.execute(update(documents).where(mine).values(values).returning(documents.c.id))
        if changed.first() is None:
            keys = {"id": document.id, "user_id": document.owner_id, "clone_id": document.clone_id, "uploaded_at": now}
            await db.execute(insert(documents).values(keys | values))


async def _grow(db: AsyncSession, clone_id: UUID) -> None:
    await db.execute(
        update(clones).where(clones.c.id == clone_id).values(knowledge_version=clones.c.knowledge_version + 1)
    )


def _batches(
    document: Document, pieces: list[Chunk], vectors: Vectors, model_id: str
) -> Iterator[list[dict[str, Any]]]:
    rows = [
        {
            "id": stable_id("chunk", f"{document.id}:{piece.index}"),
            "user_id": document.owner_id,
            "clone_id": document.clone_id,
            "document_id": document.id,
            "chunk_index": piece.index,
            "content": piece.content,
            "heading": piece.heading,
            "locator": piece.locator,
            "question": piece.question,
            "source_type": source_kind(document, piece),
            "language": document.language,
            "start_offset": piece.start,
            "end_offset": piece.end,
            "model_id": model_id,
            "embedding": HalfVector(vector),
        }
        for piece, vector in zip(pieces, vectors, strict=True)
    ]
    for first in range(0, len(rows), BATCH):
        yield rows[first : first + BATCH]


def _check_width(search: Search) -> None:
    if search.vector is not None and search.vector.shape != (WIDTH,):
        raise BadInput(f"the query's vector must have {WIDTH} numbers")


def _meeting(search: Search) -> dict[str, Any]:
    return {
        "clone": search.clone_id,
        "asker": search.owner_id,
        "configuration": configuration(search.language),
        "asked": asked_words(search.text, search.language),
        "known": search.known,
    }


def _values(search: Search, owner: UUID, plan: WordPlan) -> dict[str, Any]:
    filters = search.filters
    values = {
        "owner": owner,
        "clone": search.clone_id,
        "wanted": plan.wanted,
        "words": list(plan.words),
        "weights": list(plan.weights),
        "kinds": sorted(filters.kinds) or None,
        "within": sorted(filters.documents) or None,
        "since": filters.since,
        "until": filters.until,
        "candidates": max(CANDIDATES, search.limit),
        "near_weight": NEAR_WEIGHT,
        "worded_weight": worded_weight(search.language),
        "constant": CONSTANT,
        "most": search.limit,
    }
    if search.vector is not None:
        values["vector"] = HalfVector(np.asarray(search.vector, dtype=np.float32)).to_text()
    return values


def _passage(row: Row[Any], cosine: float) -> Passage:
    return Passage(
        id=str(row.id),
        document_id=str(row.document_id),
        title=row.title,
        text=row.content,
        score=max(0.0, min(1.0, cosine)),
        kind=row.source_type,
        question=row.question,
        heading=row.heading,
        locator=row.locator,
        url=row.source_url,
    )


def _hit(row: Row[Any]) -> Hit:
    passage, words = _passage(row, float(row.cosine)), tuple(row.held or ())
    return Hit(passage, Why(row.near_place, row.cosine, row.worded_place, row.weight or 0.0, words, float(row.score)))


def _document(row: Row[Any]) -> Document:
    return Document(
        id=row.id,
        owner_id=row.user_id,
        clone_id=row.clone_id,
        filename=row.filename,
        title=row.title,
        content_type=row.content_type,
        content_hash=row.content_hash,
        language=row.language,
        status=row.status,
        source_url=row.source_url,
        kind=row.kind,
    )
