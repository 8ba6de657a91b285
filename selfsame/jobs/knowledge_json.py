"""Documents and products as JSON for their owner (DOC-02, DOC-03, DOC-07, KNOW-05). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from selfsame.jobs.knowledge_desk import DocumentState
from selfsame.jobs.picture_desk import told_picture
from selfsame.kit.ids import stable_id
from selfsame.library.extract.rows_file import csv_text
from selfsame.library.pictures import ProductPicture
from selfsame.library.port import Chunk
from selfsame.library.shelf import ShelvedProduct

COLUMNS = ("name", "price", "currency", "description", "sku", "category", "brand", "url", "image")


def told(state: DocumentState) -> dict[str, Any]:
    """A document and how far it is."""
    shelved, document = state.shelved, state.shelved.document
    finished = state.status in ("completed", "failed")
    body: dict[str, Any] = {
        "id": str(document.id),
        "userId": str(document.owner_id),
        "cloneId": str(document.clone_id),
        "filename": document.filename,
        "title": document.title,
        "contentType": document.content_type,
        "language": document.language,
        "status": state.status,
        "progress": 1.0 if state.job is None or state.status == "completed" else round(state.job.progress, 3),
        "message": "" if state.job is None or finished else state.job.message,
        "errorMessage": state.error,
        "chunkCount": shelved.chunk_count,
        "sourceUrl": document.source_url,
        "kind": shelved.upload.kind if shelved.upload else "built-in",
        "size": shelved.upload.size if shelved.upload else 0,
        "notes": list(shelved.details.get("notes", [])),
        "products": shelved.details.get("products", 0),
        "uploadedAt": _time(shelved.uploaded_at),
        "processedAt": _time(shelved.processed_at),
    }
    if state.status == "failed":
        body["errorCode"] = shelved.details.get("errorCode") or (state.job.error_code if state.job else None)
    if state.duplicate:
        body["duplicate"] = True
    return body


def processed(
    state: DocumentState, text: str, chunks: Sequence[Chunk], products: Sequence[ShelvedProduct]
) -> dict[str, Any]:
    """A document with its text and its chunks (`ProcessedDocument`)."""
    document = state.shelved.document
    mine = iter([each for each in products if each.document_id == document.id])
    told_chunks, place, product = [], None, None
    for chunk in chunks:
        if state.shelved.details.get("products") and chunk.locator != place:
            place, product = chunk.locator, next(mine, None)  # a product's section is cut into chunks of its own
        told_chunks.append(_chunk(state, chunk, product))
    return told(state) | {"textContent": text, "chunks": told_chunks}


def _chunk(state: DocumentState, chunk: Chunk, product: ShelvedProduct | None) -> dict[str, Any]:
    document = state.shelved.document
    known = {
        "source": document.filename,
        "page": chunk.locator or None,
        "heading": chunk.heading or None,
        "question": chunk.question,
        "title": document.title,
        "url": document.source_url,
        "product_id": str(product.id) if product else None,
    }
    return {
        "id": str(stable_id("chunk", f"{document.id}:{chunk.index}")),
        "documentId": str(document.id),
        "content": chunk.content,
        "chunkIndex": chunk.index,
        "startOffset": chunk.start,
        "endOffset": chunk.end,
        "metadata": {name: value for name, value in known.items() if value is not None},
    }


def told_product(found: ShelvedProduct, pictures: Sequence[ProductPicture] = ()) -> dict[str, Any]:
    """A product and its pictures. `image` is what its file says of one: it is shown, and never fetched."""
    product = found.product
    return {
        "id": str(found.id),
        "documentId": str(found.document_id),
        "row": product.row,
        "name": product.name,
        "description": product.description,
        "price": None if product.price is None else float(product.price),
        "currency": product.currency or None,
        "sku": product.sku or None,
        "url": product.url or None,
        "image": product.image or None,
        "category": product.category or None,
        "brand": product.brand or None,
        "details": dict(product.more),
        "pictures": [told_picture(each) for each in pictures],
    }


def as_csv(products: Sequence[ShelvedProduct]) -> str:
    """The products as a CSV file, in which no cell is a formula."""
    more = list(dict.fromkeys(name for each in products for name in each.product.more))
    rows = [[*COLUMNS, *more]]
    for each in products:
        product = each.product
        price = "" if product.price is None else f"{product.price:f}"
        fixed = [price if name == "price" else str(getattr(product, name)) for name in COLUMNS]
        rows.append([*fixed, *(product.more.get(name, "") for name in more)])
    return csv_text(rows)


def _time(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat().replace("+00:00", "Z")
