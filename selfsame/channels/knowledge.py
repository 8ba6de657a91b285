"""What a clone knows, over HTTP: upload, addresses, questions with answers, catalogues; list, look at, take away.

Only the owner of this machine's clones may (permission "own"); visitors get FORBIDDEN. Every route takes `clone` (slug
or id; default: the first clone).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from selfsame.channels.deps import Identity, KnowledgeStudio
from selfsame.channels.forms import open_form
from selfsame.channels.pages import DOCUMENT_BYTES
from selfsame.channels.peers import peer_of
from selfsame.clones.clone import Clone
from selfsame.clones.tokens import OWN
from selfsame.errors import BadInput, Forbidden
from selfsame.jobs.knowledge_desk import DocumentState, NewFile
from selfsame.jobs.knowledge_json import as_csv, processed, told, told_product

MOST_FILES = 100
FILES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "clone": {"type": "string"},
                    },
                }
            }
        },
    }
}
"""The form as the API's description has it; it is read by hand, after the caller is known."""
Name = Annotated[str | None, Query(max_length=64)]


class AddressBody(BaseModel):
    """Body of `POST /api/documents/address`."""

    url: Annotated[str, Field(min_length=1, max_length=2000)]
    clone: str | None = None


class Pair(BaseModel):
    """A question and its answer."""

    question: Annotated[str, Field(min_length=1, max_length=500)]
    answer: Annotated[str, Field(min_length=1, max_length=10_000)]


class FaqBody(BaseModel):
    """Body of `POST /api/faq`: pairs as one document; the same `name` again replaces what it said."""

    pairs: Annotated[list[Pair], Field(min_length=1, max_length=500)]
    name: Annotated[str, Field(max_length=200)] = ""
    clone: str | None = None


class KnowledgeRoutes:
    """`/api/documents`, `/api/faq` and `/api/products`."""

    def __init__(
        self, studio: KnowledgeStudio, identify: Callable[[Request], Awaitable[Identity]], origins: tuple[str, ...] = ()
    ) -> None:
        self._desk = studio.desk
        self._find_clone = studio.find_clone
        self._identify = identify
        self._origins = origins
        self.router = APIRouter()
        add = self.router.add_api_route
        add("/api/documents", self.upload, methods=["POST"], status_code=202, openapi_extra=FILES)
        add("/api/documents", self.all, methods=["GET"])
        add("/api/documents/address", self.address, methods=["POST"], status_code=202)
        add("/api/documents/{document_id}", self.one, methods=["GET"])
        add("/api/documents/{document_id}", self.remove, methods=["DELETE"], status_code=204)
        add("/api/documents/{document_id}/retry", self.retry, methods=["POST"], status_code=202)
        add("/api/documents/{document_id}/cancel", self.cancel, methods=["POST"])
        add("/api/documents/{document_id}/file", self.file, methods=["GET"])
        add("/api/faq", self.faq, methods=["POST"], status_code=202)
        add("/api/products/upload", self.upload_products, methods=["POST"], status_code=202, openapi_extra=FILES)
        add("/api/products", self.products, methods=["GET"])

    async def upload(self, request: Request) -> JSONResponse:
        """Take files in: PDF, Word, PowerPoint, Excel, CSV, HTML, Markdown, text, EPUB, e-mail, subtitles.

        Each is read by a job; its state comes back at once, and again from `GET /api/documents/{id}`.
        """
        return await self._upload(request, products=False)

    async def upload_products(self, request: Request) -> JSONResponse:
        """Take catalogues in: CSV, Excel, JSON by their columns; PDF as text (PROD-01, PROD-02)."""
        return await self._upload(request, products=True)

    async def address(self, request: Request, body: AddressBody) -> JSONResponse:
        """Read a page of the web."""
        owner = await self._owner(request)
        clone = await self._find_clone(body.clone or None, owner)
        return _accepted([await self._desk.add_address(owner, clone, body.url)])

    async def faq(self, request: Request, body: FaqBody) -> JSONResponse:
        """Take in questions with their answers."""
        owner = await self._owner(request)
        clone = await self._find_clone(body.clone or None, owner)
        pairs = [(pair.question, pair.answer) for pair in body.pairs]
        return _accepted([await self._desk.add_pairs(owner, clone, pairs, body.name)])

    async def all(self, request: Request, clone: Name = None) -> JSONResponse:
        """The clone's documents, newest first."""
        owner, found = await self._clone(request, clone)
        return JSONResponse({"documents": [told(state) for state in await self._desk.of(owner, found)]})

    async def one(self, request: Request, document_id: UUID) -> JSONResponse:
        """A document with its text and its chunks, as far as it was read."""
        owner = await self._owner(request)
        state = await self._desk.state(owner, document_id)
        text, chunks = await self._desk.content(owner, document_id)
        clone = await self._find_clone(str(state.shelved.document.clone_id), owner)
        products = await self._desk.products(owner, clone) if state.shelved.details.get("products") else []
        return JSONResponse(processed(state, text, chunks, products))

    async def remove(self, request: Request, document_id: UUID) -> Response:
        """Forget a document and everything made of it."""
        await self._desk.remove(await self._owner(request), document_id)
        return Response(status_code=204)

    async def retry(self, request: Request, document_id: UUID) -> JSONResponse:
        """Read it once more."""
        return JSONResponse(told(await self._desk.retry(await self._owner(request), document_id)), 202)

    async def cancel(self, request: Request, document_id: UUID) -> JSONResponse:
        """Stop its reading."""
        return JSONResponse(told(await self._desk.cancel(await self._owner(request), document_id)))

    async def file(self, request: Request, document_id: UUID) -> Response:
        """The file as it was uploaded. It is never shown as a page of ours."""
        name, data = await self._desk.original(await self._owner(request), document_id)
        headers = {
            "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "cache-control": "private, no-store",
            "x-content-type-options": "nosniff",
        }
        return Response(data, media_type="application/octet-stream", headers=headers)

    async def products(self, request: Request, clone: Name = None, format: Literal["json", "csv"] = "json") -> Response:
        """The clone's products, and how far its catalogues are (PROD-07)."""
        owner, found = await self._clone(request, clone)
        products = await self._desk.products(owner, found)
        if format == "csv":
            headers = {
                "content-disposition": 'attachment; filename="products.csv"',
                "cache-control": "private, no-store",
            }
            return Response("\ufeff" + as_csv(products), media_type="text/csv; charset=utf-8", headers=headers)
        catalogues = [
            told(state)
            for state in await self._desk.of(owner, found)
            if (state.shelved.upload and state.shelved.upload.kind == "products")
            or state.shelved.details.get("products")
        ]
        return JSONResponse({"products": [told_product(each) for each in products], "documents": catalogues})

    async def _upload(self, request: Request, *, products: bool) -> JSONResponse:
        owner = await self._owner(request)  # before a byte of the body is read
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

    async def _clone(self, request: Request, name: str | None) -> tuple[UUID, Clone]:
        owner = await self._owner(request)
        return owner, await self._find_clone(name or None, owner)

    async def _owner(self, request: Request) -> UUID:
        if not peer_of(request.scope).may_speak(self._origins):
            raise Forbidden("pages of other origins may not ask", code="ORIGIN_REFUSED")
        identity = await self._identify(request)
        if OWN not in identity.permissions:
            raise Forbidden("only the owner of the clone may do this")
        return identity.user_id


def _accepted(states: list[DocumentState]) -> JSONResponse:
    documents = [told(state) | {"statusUrl": f"/api/documents/{state.shelved.document.id}"} for state in states]
    return JSONResponse({"documents": documents}, 202)
