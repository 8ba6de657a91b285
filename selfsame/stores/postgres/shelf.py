"""Uploads, documents and products in Postgres, as their owner manages them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.errors import NotFound
from selfsame.jobs.bell import Bell
from selfsame.jobs.job import JobKind, JobOrder
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id, stable_id
from selfsame.library.port import Chunk, Document
from selfsame.library.products import Product, keys_of
from selfsame.library.shelf import LONGEST_NAME, Outcome, Shelved, ShelvedProduct, Upload
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.jobs import enqueue_in
from selfsame.stores.postgres.pictures import follow_products
from selfsame.stores.postgres.shelf_tables import knowledge_uploads as uploads
from selfsame.stores.postgres.shelf_tables import product_chunks
from selfsame.stores.postgres.shelf_tables import products as products_table
from selfsame.stores.postgres.tables import clones
from selfsame.stores.postgres.tables import knowledge_chunks as _chunks
from selfsame.stores.postgres.tables import knowledge_documents as documents

BATCH = 500
GONE = "there is no such document"


class PostgresShelf:
    """`DocumentShelf` on Postgres. An upload orders a job of `kind` with `{"upload": id}` in the same transaction.

    The files of an upload that goes away follow by jobs that the database orders.
    """

    def __init__(
        self, database: Database, kind: JobKind, *, bell: Bell | None = None, now: Callable[[], datetime] = wall
    ) -> None:
        self._database = database
        self._kind = kind
        self._bell = bell or Bell()
        self._now = now

    async def begin(self, upload: Upload) -> tuple[Shelved, bool]:
        """Shelve an upload and order its reading; see the port. Raises NotFound."""
        async with self._database.session(upload.owner_id) as db:
            mine = (clones.c.id == upload.clone_id) & (clones.c.user_id == upload.owner_id)
            if (await db.execute(select(clones.c.id).where(mine).with_for_update())).first() is None:
                raise NotFound("there is no such clone")
            known = await _known(db, upload)
            if known is not None:
                return await _shelved(db, upload.owner_id, known), False
            document_id = await self._put_document(db, upload)
            values = {
                "id": upload.id,
                "user_id": upload.owner_id,
                "document_id": document_id,
                "kind": upload.kind,
                "file_hash": upload.file_hash,
                "size": upload.size,
                "path": upload.path,
                "created_at": self._now(),
            }
            await db.execute(insert(uploads).values(values))
            await self._order(db, upload.owner_id, upload.id)
            shelved = await _shelved(db, upload.owner_id, document_id)
        self._bell.ring()
        return shelved, True

    async def again(self, owner_id: UUID, document_id: UUID) -> Shelved:
        """Order the reading of the newest upload once more. Raises NotFound."""
        async with self._database.session(owner_id) as db:
            shelved = await _shelved(db, owner_id, document_id)
            if shelved.upload is None:
                raise NotFound(GONE)
            await _mark(db, owner_id, document_id, status="pending", error_message=None)
            await self._order(db, owner_id, shelved.upload.id)
            shelved = await _shelved(db, owner_id, document_id)
        self._bell.ring()
        return shelved

    async def get(self, owner_id: UUID, document_id: UUID) -> Shelved:
        """A document. Raises NotFound."""
        async with self._database.session(owner_id) as db:
            return await _shelved(db, owner_id, document_id)

    async def of(self, owner_id: UUID, clone_id: UUID) -> list[Shelved]:
        """The clone's documents, newest first."""
        theirs = (
            select(documents)
            .where(documents.c.user_id == owner_id, documents.c.clone_id == clone_id)
            .order_by(documents.c.uploaded_at.desc(), documents.c.id)
        )
        newest = (
            select(uploads)
            .ext(distinct_on(uploads.c.document_id))
            .join(documents, documents.c.id == uploads.c.document_id)
            .where(uploads.c.user_id == owner_id, documents.c.clone_id == clone_id)
            .order_by(uploads.c.document_id, uploads.c.created_at.desc(), uploads.c.id)
        )
        async with self._database.session(owner_id) as db:
            last = {row.document_id: row for row in await db.execute(newest)}
            return [_told(row, last.get(row.id)) for row in await db.execute(theirs)]

    async def start(self, owner_id: UUID, upload_id: UUID) -> Shelved:
        """It is `processing` now. Raises NotFound when it was deleted or replaced."""
        async with self._database.session(owner_id) as db:
            shelved = await _newest(db, owner_id, upload_id)
            await _mark(db, owner_id, shelved.document.id, status="processing", error_message=None)
            return await _shelved(db, owner_id, shelved.document.id)

    async def finish(self, owner_id: UUID, upload_id: UUID, outcome: Outcome) -> Shelved:
        """It is read: earlier uploads and products of the document go. Raises NotFound."""
        async with self._database.session(owner_id) as db:
            shelved = await _newest(db, owner_id, upload_id)
            document_id = shelved.document.id
            mine = (uploads.c.document_id == document_id) & (uploads.c.user_id == owner_id)
            await db.execute(delete(uploads).where(mine, uploads.c.id != upload_id))
            await db.execute(update(uploads).where(uploads.c.id == upload_id).values(details=dict(outcome.details)))
            await _mark(db, owner_id, document_id, status="completed", error_message=None)
            await _put_products(db, shelved.document, outcome)
            return await _shelved(db, owner_id, document_id)

    async def fail(self, owner_id: UUID, upload_id: UUID, code: str, message: str) -> None:
        """It cannot be read, and why; harmless when it was deleted or replaced."""
        async with self._database.session(owner_id) as db:
            try:
                shelved = await _newest(db, owner_id, upload_id)
            except NotFound:
                return
            await _mark(db, owner_id, shelved.document.id, status="failed", error_message=message)
            details = dict(shelved.details) | {"errorCode": code}
            await db.execute(update(uploads).where(uploads.c.id == upload_id).values(details=details))

    async def chunks(self, owner_id: UUID, document_id: UUID) -> list[Chunk]:
        """What the document's chunks are, in order."""
        theirs = (
            select(_chunks)
            .where(_chunks.c.user_id == owner_id, _chunks.c.document_id == document_id)
            .order_by(_chunks.c.chunk_index)
        )
        async with self._database.session(owner_id) as db:
            return [_chunk(row) for row in await db.execute(theirs)]

    async def holder(self, owner_id: UUID, chunk_id: UUID) -> tuple[Document, Chunk]:
        """A chunk and its document. Raises NotFound."""
        that = select(_chunks).where(_chunks.c.user_id == owner_id, _chunks.c.id == chunk_id)
        async with self._database.session(owner_id) as db:
            row = (await db.execute(that)).first()
            if row is None:
                raise NotFound("there is no such passage")
            return (await _shelved(db, owner_id, row.document_id)).document, _chunk(row)

    async def products(self, owner_id: UUID, clone_id: UUID) -> list[ShelvedProduct]:
        """The clone's products, by document and row."""
        theirs = (
            select(products_table)
            .where(products_table.c.user_id == owner_id, products_table.c.clone_id == clone_id)
            .order_by(products_table.c.created_at, products_table.c.document_id, products_table.c.place)
        )
        async with self._database.session(owner_id) as db:
            return [_product(row) for row in await db.execute(theirs)]

    async def reindex(self, owner_id: UUID, clone_id: UUID) -> int:
        """Forget all vectors of a clone and order the reading of its uploads anew; how many.

        For a clone whose knowledge another embedding model built.
        """
        mine = (_chunks.c.user_id == owner_id) & (_chunks.c.clone_id == clone_id)
        async with self._database.session(owner_id) as db:
            await db.execute(delete(_chunks).where(mine))
        again = [each.document.id for each in await self.of(owner_id, clone_id) if each.upload is not None]
        for document_id in again:
            await self.again(owner_id, document_id)
        return len(again)

    async def _order(self, db: AsyncSession, owner_id: UUID, upload_id: UUID) -> None:
        job = await enqueue_in(db, JobOrder(self._kind, owner_id, {"upload": str(upload_id)}))
        await db.execute(update(uploads).where(uploads.c.id == upload_id).values(job_id=job.id))

    async def _put_document(self, db: AsyncSession, upload: Upload) -> UUID:
        """The document of that name, pending again, or a new one; its id."""
        name = upload.filename[:LONGEST_NAME]
        same = (
            (documents.c.user_id == upload.owner_id)
            & (documents.c.clone_id == upload.clone_id)
            & (documents.c.filename == name)
        )
        known = (await db.execute(select(documents.c.id).where(same).limit(1))).scalar_one_or_none()
        now = {"status": "pending", "error_message": None, "uploaded_at": self._now()}
        if known is not None:
            await db.execute(update(documents).where(documents.c.id == known).values(now))
            return known
        document_id = new_id()
        values = {
            "id": document_id,
            "user_id": upload.owner_id,
            "clone_id": upload.clone_id,
            "filename": name,
            "title": name,
            "content_type": "",
            "content_hash": "",
            "source_url": upload.source_url,
        }
        await db.execute(insert(documents).values(values | now))
        return document_id


async def _known(db: AsyncSession, upload: Upload) -> UUID | None:
    """The document that the same bytes are already, or are becoming."""
    if upload.kind == "address":
        return None
    same = (
        select(documents.c.id)
        .join(uploads, uploads.c.document_id == documents.c.id)
        .where(
            documents.c.user_id == upload.owner_id,
            documents.c.clone_id == upload.clone_id,
            documents.c.status != "failed",
            uploads.c.file_hash == upload.file_hash,
            uploads.c.kind == upload.kind,
        )
        .limit(1)
    )
    return (await db.execute(same)).scalar_one_or_none()


async def _newest(db: AsyncSession, owner_id: UUID, upload_id: UUID) -> Shelved:
    """The document of an upload that nothing has replaced; locked. Raises NotFound."""
    mine = select(uploads.c.document_id).where(uploads.c.id == upload_id, uploads.c.user_id == owner_id)
    document_id = (await db.execute(mine)).scalar_one_or_none()
    if document_id is None:
        raise NotFound(GONE)
    await db.execute(select(documents.c.id).where(documents.c.id == document_id).with_for_update())
    shelved = await _shelved(db, owner_id, document_id)
    if shelved.upload is None or shelved.upload.id != upload_id:
        raise NotFound("a newer upload has taken its place")
    return shelved


async def _shelved(db: AsyncSession, owner_id: UUID, document_id: UUID) -> Shelved:
    mine = select(documents).where(documents.c.id == document_id, documents.c.user_id == owner_id)
    row = (await db.execute(mine)).one_or_none()
    if row is None:
        raise NotFound(GONE)
    newest = (
        select(uploads)
        .where(uploads.c.document_id == document_id, uploads.c.user_id == owner_id)
        .order_by(uploads.c.created_at.desc(), uploads.c.id)
        .limit(1)
    )
    return _told(row, (await db.execute(newest)).one_or_none())


async def _mark(db: AsyncSession, owner_id: UUID, document_id: UUID, **values: Any) -> None:
    mine = (documents.c.id == document_id) & (documents.c.user_id == owner_id)
    await db.execute(update(documents).where(mine).values(values))


async def _put_products(db: AsyncSession, document: Document, outcome: Outcome) -> None:
    mine = (products_table.c.document_id == document.id) & (products_table.c.user_id == document.owner_id)
    await db.execute(delete(products_table).where(mine))
    rows, said = [], []
    for place, (product, chunks) in enumerate(outcome.products):
        product_id = stable_id("product", f"{document.id}:{place}")
        rows.append(_row(document, product, product_id, place))
        for chunk in chunks:
            said.append(
                {
                    "id": stable_id("chunk", f"{document.id}:{chunk.index}"),
                    "user_id": document.owner_id,
                    "product_id": product_id,
                    "content": chunk.content,
                    "chunk_index": chunk.index,
                }
            )
    for table, values in ((products_table, rows), (product_chunks, said)):
        for first in range(0, len(values), BATCH):
            await db.execute(insert(table), values[first : first + BATCH])
    keys = keys_of([product for product, _ in outcome.products])
    await follow_products(db, document, dict(zip(keys, (row["id"] for row in rows), strict=True)))


def _row(document: Document, product: Product, product_id: UUID, place: int) -> dict[str, Any]:
    names = ("row", "sku", "name", "description", "price", "currency", "url", "image", "category", "brand")
    return {name: getattr(product, name) for name in names} | {
        "id": product_id,
        "user_id": document.owner_id,
        "clone_id": document.clone_id,
        "document_id": document.id,
        "place": place,
        "details": dict(product.more),
    }


def _product(row: Row[Any]) -> ShelvedProduct:
    price = None if row.price is None else row.price.normalize() + 0
    product = Product(
        name=row.name,
        row=row.row,
        section=row.place,
        sku=row.sku,
        description=row.description,
        price=price,
        currency=row.currency,
        url=row.url,
        image=row.image,
        category=row.category,
        brand=row.brand,
        more=row.details,
    )
    return ShelvedProduct(row.id, row.document_id, product)


def _told(row: Row[Any], last: Row[Any] | None) -> Shelved:
    document = Document(
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
    upload = None
    if last is not None:
        upload = Upload(
            id=last.id,
            owner_id=row.user_id,
            clone_id=row.clone_id,
            filename=row.filename,
            kind=last.kind,
            file_hash=last.file_hash,
            size=last.size,
            path=last.path,
            source_url=row.source_url,
        )
    return Shelved(
        document,
        upload,
        None if last is None else last.job_id,
        row.error_message,
        row.chunk_count,
        {} if last is None else last.details,
        row.uploaded_at,
        row.processed_at,
    )


def _chunk(row: Row[Any]) -> Chunk:
    return Chunk(row.chunk_index, row.content, row.start_offset, row.end_offset, row.heading, row.locator, row.question)
