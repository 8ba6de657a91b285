"""Uploads, documents and products in memory, for tests and demonstrations: the same contract, but nothing survives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from selfsame.errors import NotFound
from selfsame.jobs.job import JobKind, JobOrder
from selfsame.jobs.port import JobQueue
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id, stable_id
from selfsame.library.port import Chunk, Document, Vectors
from selfsame.library.shelf import LONGEST_NAME, Outcome, Shelved, ShelvedProduct, Upload
from selfsame.stores.memory import MemoryKnowledge
from selfsame.stores.memory_pictures import MemoryPictures

GONE = "there is no such document"


class MemoryShelf(MemoryKnowledge):
    """`DocumentShelf` and `KnowledgeStore` in memory. `owners` says whose clone is whose; jobs go to `queue`."""

    def __init__(
        self,
        queue: JobQueue,
        kind: JobKind,
        owners: Mapping[UUID, UUID],
        now: Callable[[], datetime] = wall,
    ) -> None:
        super().__init__()
        self._queue = queue
        self._kind = kind
        self._owners = owners
        self._clock = now
        self._kept: dict[UUID, Shelved] = {}
        self._said: dict[UUID, list[Chunk]] = {}
        self._named: dict[UUID, list[ShelvedProduct]] = {}
        self._spoken: dict[UUID, UUID] = {}
        """The products that passages speak of."""
        self.pictures = MemoryPictures(self._product, lambda _, chunk_id: self._spoken.get(chunk_id), now)

    async def put(self, document: Document, chunks: list[Chunk], vectors: Vectors, model_id: str) -> None:
        """Store or replace the document's chunks; see `KnowledgeStore`."""
        await super().put(document, chunks, vectors, model_id)
        kept = self._kept.get(document.id) or Shelved(document, None, uploaded_at=self._clock())
        self._kept[document.id] = replace(
            kept, document=document, chunk_count=len(chunks), processed_at=self._clock(), error_message=None
        )
        self._said[document.id] = list(chunks)

    async def delete(self, owner_id: UUID, document_id: UUID) -> None:
        """Remove the document with all that it brought. Raises NotFound."""
        self._theirs(owner_id, document_id)
        if document_id in self._said:
            await super().delete(owner_id, document_id)
        del self._kept[document_id]
        self._said.pop(document_id, None)
        self._named.pop(document_id, None)
        self.pictures.follow(document_id, ())

    async def documents(self, owner_id: UUID, clone_id: UUID) -> list[Document]:
        """The clone's documents, newest first; only for their owner."""
        return [kept.document for kept in await self.of(owner_id, clone_id)]

    async def begin(self, upload: Upload) -> tuple[Shelved, bool]:
        """Shelve an upload and order its reading; see the port. Raises NotFound."""
        if self._owners.get(upload.clone_id) != upload.owner_id:
            raise NotFound("there is no such clone")
        mine = await self.of(upload.owner_id, upload.clone_id)
        for kept in mine:
            same = kept.upload is not None and (kept.upload.file_hash, kept.upload.kind) == (
                upload.file_hash,
                upload.kind,
            )
            if same and upload.kind != "address" and kept.document.status != "failed":
                return kept, False
        name = upload.filename[:LONGEST_NAME]
        upload = replace(upload, filename=name)
        older = next((kept for kept in mine if kept.document.filename == name), None)
        if older is None:
            fresh = Document(
                new_id(), upload.owner_id, upload.clone_id, name, name, "", "", source_url=upload.source_url
            )
            older = Shelved(fresh, None)
        document = replace(older.document, status="pending")
        self._kept.pop(document.id, None)  # the newest come last
        self._kept[document.id] = replace(
            older, document=document, upload=upload, error_message=None, details={}, uploaded_at=self._clock()
        )
        return await self._order(document.id), True

    async def again(self, owner_id: UUID, document_id: UUID) -> Shelved:
        """Order the reading of the newest upload once more. Raises NotFound."""
        kept = self._theirs(owner_id, document_id)
        if kept.upload is None:
            raise NotFound(GONE)
        self._kept[document_id] = replace(kept, document=replace(kept.document, status="pending"), error_message=None)
        return await self._order(document_id)

    async def get(self, owner_id: UUID, document_id: UUID) -> Shelved:
        """A document. Raises NotFound."""
        return self._theirs(owner_id, document_id)

    async def of(self, owner_id: UUID, clone_id: UUID) -> list[Shelved]:
        """The clone's documents, newest first."""
        found = [kept for kept in reversed(self._kept.values()) if kept.document.clone_id == clone_id]
        return [kept for kept in found if kept.document.owner_id == owner_id]

    async def start(self, owner_id: UUID, upload_id: UUID) -> Shelved:
        """It is `processing` now. Raises NotFound when it was deleted or replaced."""
        kept = self._newest(owner_id, upload_id)
        kept = replace(kept, document=replace(kept.document, status="processing"), error_message=None)
        self._kept[kept.document.id] = kept
        return kept

    async def finish(self, owner_id: UUID, upload_id: UUID, outcome: Outcome) -> Shelved:
        """It is read; earlier products of the document go. Raises NotFound."""
        kept = self._newest(owner_id, upload_id)
        document = replace(kept.document, status="completed")
        self._kept[document.id] = replace(kept, document=document, details=dict(outcome.details), error_message=None)
        self._named[document.id] = [
            ShelvedProduct(stable_id("product", f"{document.id}:{place}"), document.id, replace(product, section=place))
            for place, (product, _) in enumerate(outcome.products)
        ]
        for named, (_, chunks) in zip(self._named[document.id], outcome.products, strict=True):
            self._spoken |= {stable_id("chunk", f"{document.id}:{chunk.index}"): named.id for chunk in chunks}
        self.pictures.follow(document.id, self._named[document.id])
        return self._kept[document.id]

    async def fail(self, owner_id: UUID, upload_id: UUID, code: str, message: str) -> None:
        """It cannot be read, and why; harmless when it was deleted or replaced."""
        try:
            kept = self._newest(owner_id, upload_id)
        except NotFound:
            return
        document = replace(kept.document, status="failed")
        details = dict(kept.details) | {"errorCode": code}
        self._kept[document.id] = replace(kept, document=document, error_message=message, details=details)

    async def chunks(self, owner_id: UUID, document_id: UUID) -> list[Chunk]:
        """What the document's chunks are, in order."""
        kept = self._kept.get(document_id)
        return self._said.get(document_id, []) if kept and kept.document.owner_id == owner_id else []

    async def holder(self, owner_id: UUID, chunk_id: UUID) -> tuple[Document, Chunk]:
        """A chunk and its document. Raises NotFound."""
        for document_id, said in self._said.items():
            kept = self._kept[document_id]
            for chunk in said if kept.document.owner_id == owner_id else ():
                if stable_id("chunk", f"{document_id}:{chunk.index}") == chunk_id:
                    return kept.document, chunk
        raise NotFound("there is no such passage")

    async def products(self, owner_id: UUID, clone_id: UUID) -> list[ShelvedProduct]:
        """The clone's products, by document and row."""
        mine = [kept.document.id for kept in reversed(await self.of(owner_id, clone_id))]
        return [product for document_id in mine for product in self._named.get(document_id, [])]

    def _product(self, owner_id: UUID, product_id: UUID) -> tuple[Document, list[ShelvedProduct]]:
        for document_id, named in self._named.items():
            document = self._kept[document_id].document
            if document.owner_id == owner_id and any(each.id == product_id for each in named):
                return document, named
        raise NotFound("there is no such product")

    async def _order(self, document_id: UUID) -> Shelved:
        kept = self._kept[document_id]
        assert kept.upload is not None
        job = await self._queue.enqueue(JobOrder(self._kind, kept.upload.owner_id, {"upload": str(kept.upload.id)}))
        self._kept[document_id] = replace(kept, job_id=job.id)
        return self._kept[document_id]

    def _theirs(self, owner_id: UUID, document_id: UUID) -> Shelved:
        kept = self._kept.get(document_id)
        if kept is None or kept.document.owner_id != owner_id:
            raise NotFound(GONE)
        return kept

    def _newest(self, owner_id: UUID, upload_id: UUID) -> Shelved:
        for kept in self._kept.values():
            if kept.upload is not None and kept.upload.id == upload_id and kept.document.owner_id == owner_id:
                return kept
        raise NotFound("a newer upload has taken its place")
