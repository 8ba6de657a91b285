"""What a clone knows, over HTTP: upload, addresses, questions with answers, catalogues; list, look at, take away.

Only the owner of this machine's clones may (permission "own"); visitors get FORBIDDEN. Every route takes `clone` (slug
or id; default: the first clone).
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import Query, Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from selfsame.channels.api.knowledge import (
    DocumentItem,
    DocumentList,
    Faq,
    PageAddress,
    ProductItem,
    ProductList,
    ReadDocument,
)
from selfsame.channels.deps import KnowledgeStudio
from selfsame.channels.door import Owner
from selfsame.channels.forms import open_form
from selfsame.channels.pages import DOCUMENT_BYTES
from selfsame.channels.routing import CLONE, FILES, Routes, form, gives
from selfsame.errors import BadInput
from selfsame.jobs.knowledge_desk import DocumentState, NewFile
from selfsame.jobs.knowledge_json import as_csv, processed, told, told_product

MOST_FILES = 100
UPLOAD = form(["files"], files=FILES, clone=CLONE)
Name = Annotated[str | None, Query(max_length=64)]
AS_CSV: dict[int | str, dict[str, Any]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}


class KnowledgeRoutes:
    """`/api/documents`, `/api/faq` and `/api/products`."""

    def __init__(self, studio: KnowledgeStudio) -> None:
        self._desk = studio.desk
        self._pictures = studio.pictures
        self._find_clone = studio.find_clone
        self.router = Routes("knowledge")
        add, documents = self.router.add, "/api/documents"
        add("POST", documents, self.upload_documents, status_code=202, openapi_extra=UPLOAD)
        add("GET", documents, self.list_documents)
        add("POST", f"{documents}/address", self.add_address, status_code=202)
        add("GET", f"{documents}/{{document_id}}", self.show_document)
        add("DELETE", f"{documents}/{{document_id}}", self.delete_document, status_code=204)
        add("POST", f"{documents}/{{document_id}}/retry", self.retry_document, status_code=202)
        add("POST", f"{documents}/{{document_id}}/cancel", self.cancel_document)
        octets = gives("application/octet-stream")
        add("GET", f"{documents}/{{document_id}}/file", self.download_document, response_class=Response, **octets)
        add("POST", "/api/faq", self.add_faq, status_code=202)
        add("POST", "/api/products/upload", self.upload_products, status_code=202, openapi_extra=UPLOAD)
        add("GET", "/api/products", self.list_products, response_model=ProductList, responses=AS_CSV)

    async def upload_documents(self, request: Request, owner: Owner) -> DocumentList:
        """Take files in: PDF, Word, PowerPoint, Excel, CSV, HTML, Markdown, text, EPUB, e-mail, subtitles.

        Each is read by a job; its state comes back at once, and again from `GET /api/documents/{id}`.
        """
        return await self._upload(request, owner, products=False)

    async def upload_products(self, request: Request, owner: Owner) -> DocumentList:
        """Take catalogues in: CSV, Excel, JSON by their columns; PDF as text (PROD-01, PROD-02)."""
        return await self._upload(request, owner, products=True)

    async def add_address(self, owner: Owner, body: PageAddress) -> DocumentList:
        """Read a page of the web."""
        clone = await self._find_clone(body.clone or None, owner)
        return _accepted([await self._desk.add_address(owner, clone, body.url)])

    async def add_faq(self, owner: Owner, body: Faq) -> DocumentList:
        """Take in questions with their answers."""
        clone = await self._find_clone(body.clone or None, owner)
        pairs = [(pair.question, pair.answer) for pair in body.pairs]
        return _accepted([await self._desk.add_pairs(owner, clone, pairs, body.name)])

    async def list_documents(self, owner: Owner, clone: Name = None) -> DocumentList:
        """The clone's documents, newest first."""
        found = await self._find_clone(clone or None, owner)
        return DocumentList(documents=[_shown(state) for state in await self._desk.of(owner, found)])

    async def show_document(self, owner: Owner, document_id: UUID) -> ReadDocument:
        """A document with its text and its chunks, as far as it was read."""
        state = await self._desk.state(owner, document_id)
        text, chunks = await self._desk.content(owner, document_id)
        clone = await self._find_clone(str(state.shelved.document.clone_id), owner)
        products = await self._desk.products(owner, clone) if state.shelved.details.get("products") else []
        return ReadDocument.model_validate(processed(state, text, chunks, products))

    async def delete_document(self, owner: Owner, document_id: UUID) -> None:
        """Forget a document and everything made of it."""
        await self._desk.remove(owner, document_id)

    async def retry_document(self, owner: Owner, document_id: UUID) -> DocumentItem:
        """Read it once more."""
        return _shown(await self._desk.retry(owner, document_id))

    async def cancel_document(self, owner: Owner, document_id: UUID) -> DocumentItem:
        """Stop its reading."""
        return _shown(await self._desk.cancel(owner, document_id))

    async def download_document(self, owner: Owner, document_id: UUID) -> Response:
        """The file as it was uploaded. It is never shown as a page of ours."""
        name, data = await self._desk.original(owner, document_id)
        headers = {
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "cache-control": "private, no-store",
            "x-content-type-options": "nosniff",
        }
        return Response(data, media_type="application/octet-stream", headers=headers)

    async def list_products(
        self, owner: Owner, clone: Name = None, format: Literal["json", "csv"] = "json"
    ) -> ProductList | Response:
        """The clone's products, and how far its catalogues are (PROD-07)."""
        found = await self._find_clone(clone or None, owner)
        products = await self._desk.products(owner, found)
        if format == "csv":
            headers = {
                "content-disposition": 'attachment; filename="products.csv"',
                "cache-control": "private, no-store",
            }
            return Response("\ufeff" + as_csv(products), media_type="text/csv; charset=utf-8", headers=headers)
        catalogues = [
            _shown(state)
            for state in await self._desk.of(owner, found)
            if (state.shelved.upload and state.shelved.upload.kind == "products")
            or state.shelved.details.get("products")
        ]
        pictures = await self._pictures.of_clone(owner, found)
        items = [ProductItem.model_validate(told_product(each, pictures.get(each.id, ()))) for each in products]
        return ProductList(products=items, documents=catalogues)

    async def _upload(self, request: Request, owner: UUID, *, products: bool) -> DocumentList:
        states: list[DocumentState] = []
        async with open_form(request, DOCUMENT_BYTES, MOST_FILES) as form:
            wanted = form.get("clone")
            clone = await self._find_clone(wanted if isinstance(wanted, str) and wanted else None, owner)
            for file in [value for _, value in form.multi_items() if isinstance(value, UploadFile)]:
                new = [NewFile(file.filename or "", await file.read())]  # one at a time in memory
                states += await self._desk.add_files(owner, clone, new, products=products)
        if not states:
            raise BadInput("send at least one file, in the field `files` of the form")
        return _accepted(states)


def _shown(state: DocumentState) -> DocumentItem:
    return DocumentItem.model_validate(told(state))


def _accepted(states: list[DocumentState]) -> DocumentList:
    new = [told(state) | {"statusUrl": f"/api/documents/{state.shelved.document.id}"} for state in states]
    return DocumentList(documents=[DocumentItem.model_validate(each) for each in new])
