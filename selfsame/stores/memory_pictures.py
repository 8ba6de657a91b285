"""Pictures of products in memory, for tests and demonstrations: the same contract, but nothing survives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from selfsame.errors import NotFound, TooLarge
from selfsame.kit.clock import wall
from selfsame.library.pictures import PICTURES_MOST, NewPicture, ProductPicture
from selfsame.library.port import Document
from selfsame.library.products import keys_of
from selfsame.library.shelf import ShelvedProduct

FindProduct = Callable[[UUID, UUID], tuple[Document, Sequence[ShelvedProduct]]]
"""`find(owner, product)` gives the document and all its products. Raises NotFound."""


class MemoryPictures:
    """`PictureShelf` in memory; `chunked(owner, chunk)` finds the product of a passage."""

    def __init__(
        self, find: FindProduct, chunked: Callable[[UUID, UUID], UUID | None], now: Callable[[], datetime] = wall
    ) -> None:
        self._find = find
        self._chunked = chunked
        self._now = now
        self._kept: dict[UUID, tuple[ProductPicture, UUID, str]] = {}
        """By id: the picture, what its product is known by, and the hash of its upload."""

    async def put(self, picture: NewPicture) -> tuple[ProductPicture, bool]:
        """Shelve a picture as the product's last; see the port. Raises NotFound, TooLarge."""
        document, products = self._find(picture.owner_id, picture.product_id)
        mine = [kept for kept in self._kept.values() if kept[0].product_id == picture.product_id]
        for kept, _, known in mine:
            if known == picture.file_hash:
                return kept, False
        if len(mine) >= PICTURES_MOST:
            raise TooLarge(f"A product has at most {PICTURES_MOST} pictures. Remove one of them first.")
        keys = keys_of([each.product for each in products])
        key = next(key for key, each in zip(keys, products, strict=True) if each.id == picture.product_id)
        told = ProductPicture(
            picture.id,
            picture.owner_id,
            document.clone_id,
            document.id,
            picture.product_id,
            max((kept.place for kept, _, _ in mine), default=-1) + 1,
            picture.width,
            picture.height,
            picture.size,
            picture.path,
            self._now(),
        )
        self._kept[told.id] = told, key, picture.file_hash
        return told, True

    async def get(self, owner_id: UUID, picture_id: UUID) -> ProductPicture:
        """A picture. Raises NotFound."""
        kept = self._kept.get(picture_id)
        if kept is None or kept[0].owner_id != owner_id:
            raise NotFound("there is no such picture")
        return kept[0]

    async def of_product(self, owner_id: UUID, product_id: UUID) -> list[ProductPicture]:
        """The product's pictures, the main one first. Raises NotFound."""
        self._find(owner_id, product_id)
        return self._in_order(owner_id, product_id)

    async def of_clone(self, owner_id: UUID, clone_id: UUID) -> dict[UUID, list[ProductPicture]]:
        """All pictures of the clone's products by the product's id, the main one first."""
        theirs = {each.product_id for each, _, _ in self._kept.values() if each.clone_id == clone_id}
        found = {product_id: self._in_order(owner_id, product_id) for product_id in theirs}
        return {product_id: each for product_id, each in found.items() if each}

    async def of_chunk(self, owner_id: UUID, chunk_id: UUID) -> list[ProductPicture]:
        """The pictures of the product that a passage speaks of."""
        product_id = self._chunked(owner_id, chunk_id)
        return [] if product_id is None else self._in_order(owner_id, product_id)

    async def lead(self, owner_id: UUID, picture_id: UUID) -> ProductPicture:
        """It is its product's main picture now. Raises NotFound."""
        picture = await self.get(owner_id, picture_id)
        first = self._in_order(owner_id, picture.product_id)[0]
        if first.id != picture.id:
            picture = replace(picture, place=first.place - 1)
            self._kept[picture.id] = picture, *self._kept[picture.id][1:]
        return picture

    async def remove(self, owner_id: UUID, picture_id: UUID) -> None:
        """Forget it. Raises NotFound."""
        await self.get(owner_id, picture_id)
        del self._kept[picture_id]

    def follow(self, document_id: UUID, products: Sequence[ShelvedProduct]) -> None:
        """Hang the document's pictures on its new products; those that find none go."""
        keys = keys_of([each.product for each in products])
        places = dict(zip(keys, (each.id for each in products), strict=True))
        for picture, key, known in list(self._kept.values()):
            if picture.document_id == document_id:
                if key in places:
                    self._kept[picture.id] = replace(picture, product_id=places[key]), key, known
                else:
                    del self._kept[picture.id]

    def _in_order(self, owner_id: UUID, product_id: UUID) -> list[ProductPicture]:
        mine = [each for each, _, _ in self._kept.values() if each.product_id == product_id]
        return sorted((each for each in mine if each.owner_id == owner_id), key=lambda each: each.place)
