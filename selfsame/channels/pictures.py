"""Pictures of products over HTTP: owners give, order and remove them; whoever may meet the clone may see them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from selfsame.channels.api.pictures import PictureItem, PictureList
from selfsame.channels.deps import KnowledgeStudio
from selfsame.channels.door import Owner, Viewer
from selfsame.channels.forms import open_form
from selfsame.channels.pages import PICTURES_BYTES
from selfsame.channels.routing import FILES, Routes, form, gives
from selfsame.errors import Overloaded
from selfsame.jobs.knowledge_desk import NewFile
from selfsame.jobs.picture_desk import told_picture
from selfsame.library.pictures import PICTURES_MOST, ProductPicture

UPLOADS_AT_ONCE = 2
"""Uploads that this process takes in at the same time: each may fill 60 MB of its memory."""
UPLOAD = form(["files"], files=FILES)
KEEP = "private, max-age=600"


class PictureRoutes:
    """`/api/products/{product_id}/pictures` and `/api/clones/{slug}/pictures/{picture_id}`."""

    def __init__(self, studio: KnowledgeStudio) -> None:
        self._desk = studio.pictures
        self._find_clone = studio.find_clone
        self._uploads = 0
        self.router = Routes("knowledge")
        add, pictures = self.router.add, "/api/products/{product_id}/pictures"
        add("GET", pictures, self.list_product_pictures)
        add("POST", pictures, self.add_product_pictures, status_code=201, openapi_extra=UPLOAD)
        add("DELETE", f"{pictures}/{{picture_id}}", self.delete_product_picture, status_code=204)
        add("POST", f"{pictures}/{{picture_id}}/main", self.choose_main_picture)
        file = gives("image/webp")
        shown = "/api/clones/{slug}/pictures/{picture_id}"
        add("GET", shown, self.show_product_picture, response_class=Response, **file)

    async def list_product_pictures(self, owner: Owner, product_id: UUID) -> PictureList:
        """The product's pictures, the main one first."""
        return _listed(await self._desk.of(owner, product_id))

    async def add_product_pictures(self, request: Request, owner: Owner, product_id: UUID) -> PictureList:
        """Give pictures to a product: JPEG, PNG or WebP by their content, 15 MB and 40 megapixels each, 8 in all.

        Each is drawn anew, so that neither place nor time nor camera of the shot is kept. All of them or none; the same
        picture again changes nothing. A form of `files`.
        """
        if self._uploads >= UPLOADS_AT_ONCE:
            raise Overloaded("other pictures are being uploaded; try again soon", expected_wait=5.0)
        self._uploads += 1
        try:
            async with open_form(request, PICTURES_BYTES, PICTURES_MOST + 1) as sent:
                files = [value for value in sent.getlist("files") if isinstance(value, UploadFile)]
                new = [NewFile(file.filename or "", await file.read()) for file in files]
            return _listed(await self._desk.add(owner, product_id, new))
        finally:
            self._uploads -= 1

    async def delete_product_picture(self, owner: Owner, product_id: UUID, picture_id: UUID) -> None:
        """Forget a picture and its files."""
        await self._desk.remove(owner, product_id, picture_id)

    async def choose_main_picture(self, owner: Owner, product_id: UUID, picture_id: UUID) -> PictureList:
        """Make it the picture that stands for the product."""
        return _listed(await self._desk.lead(owner, product_id, picture_id))

    async def show_product_picture(
        self, viewer: Viewer, slug: str, picture_id: UUID, size: Literal["full", "thumbnail"] = "full"
    ) -> Response:
        """A picture of a product of the clone, for whoever may meet the clone."""
        clone = await self._find_clone(slug, viewer)
        data = await self._desk.file(clone, picture_id, thumbnail=size == "thumbnail")
        return Response(data, media_type="image/webp", headers={"cache-control": KEEP, "vary": "authorization"})


def _listed(pictures: Sequence[ProductPicture]) -> PictureList:
    return PictureList(pictures=[PictureItem.model_validate(told_picture(each)) for each in pictures])
