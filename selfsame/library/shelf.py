"""What owners see of their clone's documents: what they uploaded, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from selfsame.library.port import Chunk, Document
from selfsame.library.products import Product

UploadKind = Literal["file", "address", "pairs", "products"]
LONGEST_NAME = 255


@dataclass(frozen=True, slots=True)
class Upload:
    """Something that was handed in. Its bytes lie sealed below `path`, a key that ends with a slash.

    `file_hash` (SHA-256 of the bytes) recognises a second upload of the same; an address is read anew each time.
    """

    id: UUID
    owner_id: UUID
    clone_id: UUID
    filename: str
    kind: UploadKind
    file_hash: str
    size: int
    path: str
    source_url: str | None = None


@dataclass(frozen=True, slots=True)
class Shelved:
    """A document and its newest upload. `details` are small JSON: notes, counts, the code of an error.

    A document that came with the product has no upload. Times are UTC.
    """

    document: Document
    upload: Upload | None
    job_id: UUID | None = None
    error_message: str | None = None
    chunk_count: int = 0
    details: Mapping[str, Any] = field(default_factory=dict)
    uploaded_at: datetime | None = None
    processed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShelvedProduct:
    """A product and the document that named it."""

    id: UUID
    document_id: UUID
    product: Product


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an upload that was read: `products` each with the chunks that speak of it."""

    details: Mapping[str, Any] = field(default_factory=dict)
    products: Sequence[tuple[Product, Sequence[Chunk]]] = ()


class DocumentShelf(Protocol):
    """Documents as their owner manages them. Whatever is not the owner's is NotFound."""

    async def begin(self, upload: Upload) -> tuple[Shelved, bool]:
        """Shelve an upload as `pending` and order the job that reads it, in one transaction; and whether that was done.

        The same bytes again change nothing, unless they failed: the document that is there comes back. An upload of a
        name that is known becomes a new version of that document, which answers from the version before until the new
        one is read. Raises NotFound (not their clone).
        """
        ...

    async def again(self, owner_id: UUID, document_id: UUID) -> Shelved:
        """Order the reading of the newest upload once more. Raises NotFound, also when it has none."""
        ...

    async def get(self, owner_id: UUID, document_id: UUID) -> Shelved:
        """A document. Raises NotFound."""
        ...

    async def of(self, owner_id: UUID, clone_id: UUID) -> list[Shelved]:
        """The clone's documents, newest first."""
        ...

    async def start(self, owner_id: UUID, upload_id: UUID) -> Shelved:
        """It is `processing` now. Raises NotFound when it was deleted, or replaced by a newer upload."""
        ...

    async def finish(self, owner_id: UUID, upload_id: UUID, outcome: Outcome) -> Shelved:
        """It is read and its chunks are stored: earlier uploads and products of the document go. Raises NotFound."""
        ...

    async def fail(self, owner_id: UUID, upload_id: UUID, code: str, message: str) -> None:
        """It cannot be read, and why, in words for the owner; harmless when it was deleted or replaced."""
        ...

    async def chunks(self, owner_id: UUID, document_id: UUID) -> list[Chunk]:
        """What the document's chunks are, in order."""
        ...

    async def holder(self, owner_id: UUID, chunk_id: UUID) -> tuple[Document, Chunk]:
        """The chunk of that id (`Passage.id`), and the document that it is of. Raises NotFound."""
        ...

    async def products(self, owner_id: UUID, clone_id: UUID) -> list[ShelvedProduct]:
        """The clone's products, by document and row."""
        ...
