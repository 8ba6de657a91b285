"""Documents, pages, questions with answers, and products."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selfsame.channels.api.base import Base, CloneName, Share, Time, left_out
from selfsame.channels.api.pictures import PictureItem
from selfsame.library.port import DocumentStatus


class PageAddress(Base):
    """Body of `POST /api/documents/address`."""

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    clone: CloneName = None


class Pair(Base):
    """A question and its answer."""

    question: Annotated[str, Field(min_length=1, max_length=500)]
    answer: Annotated[str, Field(min_length=1, max_length=10_000)]


class Faq(Base):
    """Body of `POST /api/faq`: pairs as one document; the same `name` again replaces what it said."""

    pairs: Annotated[list[Pair], Field(min_length=1, max_length=500)]
    name: Annotated[str, Field(max_length=200)] = ""
    clone: CloneName = None


class DocumentItem(Base):
    """A document and how far its reading is."""

    id: UUID
    user_id: UUID
    clone_id: UUID
    filename: str
    title: str
    content_type: str
    language: str
    status: DocumentStatus
    progress: Share
    message: Annotated[str, Field(description="What is being done now.")]
    error_message: str | None
    error_code: Annotated[str | None, Field(description="There when it failed.")] = None
    chunk_count: int
    source_url: str | None
    kind: Literal["file", "address", "pairs", "products", "built-in"]
    size: Annotated[int, Field(description="Bytes.")]
    notes: list[str]
    products: int
    uploaded_at: Time | None
    processed_at: Time | None
    duplicate: Annotated[bool | None, Field(description="The upload was known; nothing was done.")] = left_out()
    status_url: Annotated[str | None, Field(description="Where to ask how far it is.")] = left_out()


class DocumentList(Base):
    """Documents, newest first; of an upload, in its order."""

    documents: list[DocumentItem]


class ChunkSource(Base):
    """Where a chunk comes from."""

    source: str
    page: str | None = left_out()
    heading: str | None = left_out()
    question: str | None = left_out()
    title: str | None = left_out()
    url: str | None = left_out()
    product_id: Annotated[UUID | None, Field(alias="product_id")] = left_out()


class DocumentChunk(Base):
    """A piece of a document as the clone retrieves it; offsets count characters of the text."""

    id: UUID
    document_id: UUID
    content: str
    chunk_index: int
    start_offset: int
    end_offset: int
    metadata: ChunkSource


class ReadDocument(DocumentItem):
    """A document with its text and its chunks, as far as it was read."""

    text_content: str
    chunks: list[DocumentChunk]


class ProductItem(Base):
    """A product and the document and row that named it."""

    id: UUID
    document_id: UUID
    row: int
    name: str
    description: str
    price: float | None
    currency: str | None
    sku: str | None
    url: str | None
    image: Annotated[str | None, Field(description="What the file says of a picture; it is never fetched.")]
    category: str | None
    brand: str | None
    details: dict[str, str]
    pictures: Annotated[list[PictureItem], Field(description="The main one first.")]


class ProductList(Base):
    """The clone's products, and the documents that are catalogues."""

    products: list[ProductItem]
    documents: list[DocumentItem]
