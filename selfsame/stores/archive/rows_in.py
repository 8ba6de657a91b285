"""The rows of an archive into the database, in the caller's transaction.

Chunks come in as they were, with their vectors bit for bit, so that searches find the same with the same scores; they
are cut and read no second time. Only where this installation embeds with another model are vectors made anew, of the
same words.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar
from uuid import UUID

from pgvector import HalfVector
from sqlalchemy import Table, insert, update
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.errors import BadInput
from selfsame.jobs.ingest import INGEST
from selfsame.jobs.job import JobOrder
from selfsame.kit.ids import new_id, stable_id
from selfsame.kit.tasks import offload
from selfsame.library.ingest import embedded_text
from selfsame.library.port import Chunk, Embedder
from selfsame.library.products import Product, gist
from selfsame.stores.archive import records as r
from selfsame.stores.archive.plan import Landing, Plan, face_model, voice_model
from selfsame.stores.postgres.faces import require_face
from selfsame.stores.postgres.jobs import enqueue_in
from selfsame.stores.postgres.shelf_tables import knowledge_uploads, product_chunks, product_pictures, products
from selfsame.stores.postgres.tables import (
    WIDTH,
    clones,
    consents,
    knowledge_chunks,
    knowledge_documents,
    persona_extractions,
    persona_profiles,
    personas,
    unanswered_questions,
)
from selfsame.stores.postgres.voices import require_voice
from selfsame.stores.postgres.work_tables import face_models, voice_models
from selfsame.studio.port import FaceModel
from selfsame.studio.voice.kinds import VoiceModel

BATCH = 200
EMBEDDED_AT_ONCE = 32
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
R = TypeVar("R", bound=r.Record)


async def store_rows(db: AsyncSession, plan: Plan, landing: Landing, embedder: Embedder) -> tuple[dict[str, int], bool]:
    """Store everything; how many of each, and whether vectors were made anew. Raises BadInput, ConsentMissing."""
    await _put_clone(db, plan, landing, embedder)
    rows = _Rows(db, plan, landing, embedder)
    await rows.extractions()
    await rows.documents()
    await rows.uploads()
    gists = await rows.products()
    await rows.chunks(gists)
    await rows.unanswered()
    await _adopt(db, landing)
    await rows.likenesses()
    await rows.order_reading()
    return dict(rows.counts), rows.anew


async def _put_clone(db: AsyncSession, plan: Plan, landing: Landing, embedder: Embedder) -> None:
    told = plan.clone
    values = {
        "id": landing.clone_id,
        "user_id": landing.owner_id,
        "slug": landing.slug,
        "name": told.name,
        "language": told.language,
        "public": False,  # whoever brings it decides anew who may meet it
        # Higher than any version that an earlier clone of this id had: what is cached under those is not of this one.
        "knowledge_version": int((landing.now - _EPOCH).total_seconds()),
        "adherence": told.adherence,
        "no_answer": told.no_answer,
        "embedding_model": embedder.model_id if plan.reader.size("rows/chunks.jsonl") else None,
        "embedding_width": WIDTH if plan.reader.size("rows/chunks.jsonl") else None,
        "created_at": landing.now,
        "updated_at": landing.now,
    }
    await db.execute(insert(clones).values(values))
    if plan.persona is not None:
        keys = {"id": stable_id("persona", str(landing.clone_id)), "user_id": landing.owner_id}
        await db.execute(insert(personas).values(keys | {"clone_id": landing.clone_id, "name": told.name}))
        halves = plan.persona.model_dump() | {"updated_at": landing.now}
        await db.execute(insert(persona_profiles).values(keys | {"persona_id": keys["id"]} | halves))


async def _adopt(db: AsyncSession, landing: Landing) -> None:
    """Record the archive's consents as the owner's, saying where they came from."""
    for consent in landing.admission.adopted:
        carried = {"carried": {"importedAt": landing.now.isoformat()}}
        values = {"id": new_id(), "user_id": landing.owner_id, "subject": consent.subject}
        told = {"granted_at": consent.granted_at, "evidence": dict(consent.evidence or {}) | carried}
        await db.execute(insert(consents).values(values | told))


class _Rows:
    """One import's rows, kind by kind."""

    def __init__(self, db: AsyncSession, plan: Plan, landing: Landing, embedder: Embedder) -> None:
        self.counts: Counter[str] = Counter()
        self.anew = False
        self._db = db
        self._plan = plan
        self._landing = landing
        self._embedder = embedder
        self._mine = {"user_id": landing.owner_id, "clone_id": landing.clone_id}

    async def extractions(self) -> None:
        rows = [each.model_dump() | self._mine | {"id": new_id()} for each in self._plan.extractions]
        await self._insert(persona_extractions, rows)

    async def documents(self) -> None:
        rows = []
        for each in self._plan.documents.values():
            new = self._landing.id_of(each.id)
            row = each.model_dump() | self._mine | {"id": new}
            if each.kind == "correction":
                row["filename"] = f"answer-{new}"
            rows.append(row)
        await self._insert(knowledge_documents, rows)

    async def uploads(self) -> None:
        rows = []
        for each in self._plan.uploads.values():
            ids = {"id": self._landing.id_of(each.id), "document_id": self._landing.id_of(each.document_id)}
            place = {"path": self._landing.folders["uploads", each.id], "user_id": self._landing.owner_id}
            rows.append(each.model_dump() | ids | place)
        await self._insert(knowledge_uploads, rows)

    async def products(self) -> dict[tuple[UUID, int], str]:
        """The products and their chunks; of products that are said in one chunk, what is embedded of it."""
        homes: dict[UUID, tuple[UUID, UUID, str]] = {}
        async for batch in self._batches("products", r.ProductRecord):
            rows = []
            for each in batch:
                document = self._landing.id_of(each.document_id)
                new = stable_id("product", f"{document}:{each.place}")
                homes[each.id] = (each.document_id, new, gist(_product(each)))
                rows.append(each.model_dump() | self._mine | {"id": new, "document_id": document})
            await self._insert(products, rows)
        said: dict[UUID, list[int]] = {}
        async for part in self._batches("product_chunks", r.ProductChunkRecord):
            rows = []
            for each in part:
                if each.product_id not in homes:
                    raise BadInput(r.DAMAGED)
                old, new, _ = homes[each.product_id]
                said.setdefault(each.product_id, []).append(each.chunk_index)
                chunk = stable_id("chunk", f"{self._landing.id_of(old)}:{each.chunk_index}")
                keys = {"id": chunk, "user_id": self._landing.owner_id, "product_id": new}
                rows.append(each.model_dump() | keys)
            await self._insert(product_chunks, rows)
        await self._pictures({old: new for old, (_, new, _) in homes.items()})
        alone = {product: places[0] for product, places in said.items() if len(places) == 1}
        return {(homes[product][0], place): homes[product][2] for product, place in alone.items()}

    async def _pictures(self, homes: dict[UUID, UUID]) -> None:
        rows = []
        for each in self._plan.pictures.values():
            if each.product_id not in homes:
                raise BadInput(r.DAMAGED)
            ids = {"id": self._landing.id_of(each.id), "product_id": homes[each.product_id]}
            ids |= {"document_id": self._landing.id_of(each.document_id)}
            place = {"path": self._landing.folders["pictures", each.id]}
            rows.append(each.model_dump() | self._mine | ids | place)
        await self._insert(product_pictures, rows)

    async def chunks(self, gists: dict[tuple[UUID, int], str]) -> None:
        async for batch in self._batches("chunks", r.ChunkRecord):
            texts = {n: self._text(each, gists) for n, each in enumerate(batch) if self._is_foreign(each.model_id)}
            vectors = await self._embedded(texts)
            rows = []
            for number, each in enumerate(batch):
                document = self._landing.id_of(each.document_id)
                new = stable_id("chunk", f"{document}:{each.chunk_index}")
                made = vectors.get(number) or HalfVector(r.vector(each.embedding, WIDTH).tolist())
                keys = {"id": new, "document_id": document, "embedding": made, "model_id": self._embedder.model_id}
                rows.append(each.model_dump() | self._mine | keys)
            await self._insert(knowledge_chunks, rows)

    async def unanswered(self) -> None:
        """Open questions, and answered ones that would be open again when their answer is taken back."""
        async for batch in self._batches("unanswered", r.QuestionRecord):
            rows = []
            for each in batch:
                new = new_id()
                answer = self._landing.ids.get(each.answer_id) or stable_id("answer", str(new))
                if self._is_foreign(each.model_id):
                    self.anew = True
                    vector = HalfVector((await self._embedder.embed_query(each.question)).tolist())
                else:
                    vector = HalfVector(r.vector(each.embedding, WIDTH).tolist())
                keys = {"id": new, "answer_id": answer, "embedding": vector, "model_id": self._embedder.model_id}
                rows.append(each.model_dump() | self._mine | keys)
            await self._insert(unanswered_questions, rows)

    async def likenesses(self) -> None:
        """Voices and faces, those that have a folder; the consents that they need cannot end before the commit."""
        landing = self._landing
        voices = [voice_model(landing, v) for v in self._plan.voices.values() if ("voices", v.id) in landing.folders]
        faces = [face_model(landing, f) for f in self._plan.faces.values() if ("faces", f.id) in landing.folders]
        if voices:
            await require_voice(self._db, landing.owner_id)
        if any(not face.fictional for face in faces):
            await require_face(self._db, landing.owner_id)
        await self._insert(voice_models, [_voice_row(each) for each in voices])
        await self._insert(face_models, [_face_row(each) for each in faces])

    async def order_reading(self) -> None:
        """Documents that were just being read are read here; those without a file say so."""
        for each in self._plan.documents.values():
            if each.status not in ("pending", "processing"):
                continue
            mine = [upload for upload in self._plan.uploads.values() if upload.document_id == each.id]
            changed: dict[str, Any] = {"status": "failed", "error_message": "It was not read before the export."}
            if mine:
                upload = self._landing.id_of(max(mine, key=lambda one: one.created_at).id)
                job = await enqueue_in(self._db, JobOrder(INGEST, self._landing.owner_id, {"upload": str(upload)}))
                linked = update(knowledge_uploads).where(knowledge_uploads.c.id == upload).values(job_id=job.id)
                await self._db.execute(linked)
                changed = {"status": "pending", "error_message": None}
            here = knowledge_documents.c.id == self._landing.id_of(each.id)
            await self._db.execute(update(knowledge_documents).where(here).values(changed))

    def _is_foreign(self, model_id: str) -> bool:
        return model_id != self._embedder.model_id

    def _text(self, chunk: r.ChunkRecord, gists: dict[tuple[UUID, int], str]) -> str:
        """What is embedded of a chunk, as `library.ingest` and `library.answers` do it."""
        document = self._plan.documents.get(chunk.document_id)
        if document is None:
            raise BadInput(r.DAMAGED)
        if document.kind == "correction":
            return chunk.question or document.title
        if (chunk.document_id, chunk.chunk_index) in gists:
            return f"{document.title}\n{gists[chunk.document_id, chunk.chunk_index]}"
        places = (chunk.start_offset, chunk.end_offset, chunk.heading, chunk.locator, chunk.question)
        return embedded_text(document.title, Chunk(chunk.chunk_index, chunk.content, *places))

    async def _embedded(self, texts: dict[int, str]) -> dict[int, HalfVector]:
        found: dict[int, HalfVector] = {}
        numbers = sorted(texts, key=lambda n: len(texts[n]))
        for start in range(0, len(numbers), EMBEDDED_AT_ONCE):
            chosen = numbers[start : start + EMBEDDED_AT_ONCE]
            made = await self._embedder.embed_documents([texts[n] for n in chosen])
            found |= {n: HalfVector(row.tolist()) for n, row in zip(chosen, made, strict=True)}
        self.anew = self.anew or bool(texts)
        return found

    async def _batches(self, name: str, kind: type[R]) -> AsyncIterator[list[R]]:
        lines = self._plan.reader.lines(f"rows/{name}.jsonl")

        def some() -> list[R]:
            return [r.parse(kind, line) for line in itertools.islice(lines, BATCH)]

        while batch := await offload(some):
            yield batch

    async def _insert(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        for start in range(0, len(rows), BATCH):
            await self._db.execute(insert(table), rows[start : start + BATCH])
        if rows:
            self.counts[table.name] += len(rows)


def _product(record: r.ProductRecord) -> Product:
    more = {str(name): str(value) for name, value in record.details.items()}
    about = {name: getattr(record, name) for name in ("sku", "description", "currency", "category", "brand")}
    return Product(name=record.name, row=record.row, section=record.place, price=record.price, more=more, **about)


def _voice_row(voice: VoiceModel) -> dict[str, Any]:
    names = ("id", "user_id", "clone_id", "status", "provider", "sample_rate", "quality_score", "model_path")
    return {name: getattr(voice, name) for name in (*names, "created_at")} | {"details": dict(voice.details)}


def _face_row(face: FaceModel) -> dict[str, Any]:
    names = ("id", "user_id", "clone_id", "status", "tier", "resolution", "quality_score", "model_path", "rig_hash")
    named = {name: getattr(face, name) for name in (*names, "fictional", "created_at")}
    return named | {"details": dict(face.details)}
