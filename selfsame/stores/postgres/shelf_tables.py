"""Tables of what owners upload to their clone's knowledge: uploads, products, and what is said of each product.

Whenever a row of `knowledge_uploads` or `product_pictures` goes away, by whatever way, a trigger orders the deletion of
its files (migrations 005 and 008). A product's chunks are those of its document in `knowledge_chunks`, under the same
ids, where their vectors are.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, Integer, Numeric, String, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import UUID

from selfsame.stores.postgres.columns import clone_key, count, document, metadata, owner, row_id, time, words


def _document_key(table: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["document_id", "user_id"],
        ["knowledge_documents.id", "knowledge_documents.user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        name=f"fk_{table}_document_id_user_id",
    )


knowledge_uploads = Table(
    "knowledge_uploads",
    metadata,
    row_id(),
    owner(),
    Column("document_id", UUID, nullable=False),
    words("kind", 20, "file"),
    Column("file_hash", String(64), nullable=False),
    count("size"),
    Column("path", Text, nullable=False),
    Column("job_id", UUID),
    document("details"),
    time("created_at"),
    _document_key("knowledge_uploads"),
    Index("idx_document_uploads", "document_id", "created_at"),
    Index("idx_user_uploads", "user_id"),
)

products = Table(
    "products",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False),
    Column("document_id", UUID, nullable=False),
    Column("row", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    words("sku", None, ""),
    Column("name", Text, nullable=False),
    words("description", None, ""),
    Column("price", Numeric(18, 4)),
    words("currency", 20, ""),
    words("url", None, ""),
    words("image", None, ""),
    words("category", None, ""),
    words("brand", None, ""),
    document("details"),
    time("created_at"),
    clone_key("products"),
    _document_key("products"),
    UniqueConstraint("id", "user_id", name="uq_products_id_user_id"),
    UniqueConstraint("document_id", "place", name="uq_products_document_id_place"),
    Index("idx_clone_products", "clone_id"),
)

product_chunks = Table(
    "product_chunks",
    metadata,
    row_id(),
    owner(),
    Column("product_id", UUID, nullable=False),
    Column("content", Text, nullable=False),
    Column("chunk_index", Integer, nullable=False),
    ForeignKeyConstraint(
        ["product_id", "user_id"],
        ["products.id", "products.user_id"],
        ondelete="CASCADE",
        onupdate="CASCADE",
        name="fk_product_chunks_product_id_user_id",
    ),
    Index("idx_product_chunks", "product_id"),
)

product_pictures = Table(
    "product_pictures",
    metadata,
    row_id(),
    owner(),
    Column("clone_id", UUID, nullable=False),
    Column("document_id", UUID, nullable=False),
    Column("product_id", UUID, nullable=False),
    Column("product_key", UUID, nullable=False),
    Column("place", Integer, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("size", Integer, nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("path", Text, nullable=False),
    time("created_at"),
    clone_key("product_pictures"),
    _document_key("product_pictures"),
    # Checked at the end of a transaction: a document that is read anew gets new rows of products in between.
    ForeignKeyConstraint(
        ["product_id", "user_id"],
        ["products.id", "products.user_id"],
        onupdate="CASCADE",
        name="fk_product_pictures_product_id_user_id",
        deferrable=True,
        initially="DEFERRED",
    ),
    Index("idx_product_pictures", "product_id", "place"),
    Index("idx_clone_product_pictures", "clone_id"),
    Index("idx_document_product_pictures", "document_id"),
)
