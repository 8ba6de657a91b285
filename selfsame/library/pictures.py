"""Pictures of products, as their owner manages them (PROD-06): what a store of them must do.

A picture belongs to a product of a document. When the document is read anew, its pictures follow the product of the
same number or name (`products.keys_of`); those of a product that is no longer there go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

PICTURES_MOST = 8
"""Pictures of one product."""
PICTURE, THUMBNAIL = "picture.webp", "thumbnail.webp"
"""Names of a picture's files, below its path."""


@dataclass(frozen=True, slots=True)
class NewPicture:
    """A picture that was cleaned and stored. `path` is a key that ends with a slash; `size` counts the bytes of both
    files; `file_hash` (SHA-256 of the upload, in hexadecimal) recognises a second upload of the same."""

    id: UUID
    owner_id: UUID
    product_id: UUID
    width: int
    height: int
    size: int
    file_hash: str
    path: str


@dataclass(frozen=True, slots=True)
class ProductPicture:
    """A picture of a product. `place` orders a product's pictures; the first is the main one. UTC."""

    id: UUID
    owner_id: UUID
    clone_id: UUID
    document_id: UUID
    product_id: UUID
    place: int
    width: int
    height: int
    size: int
    path: str
    created_at: datetime


class PictureShelf(Protocol):
    """Where pictures are listed. Whatever is not the owner's is NotFound."""

    async def put(self, picture: NewPicture) -> tuple[ProductPicture, bool]:
        """Shelve a picture as the product's last, and whether that was done: the same upload again changes nothing.

        Raises NotFound (no such product of theirs), TooLarge when the product has `PICTURES_MOST`.
        """
        ...

    async def get(self, owner_id: UUID, picture_id: UUID) -> ProductPicture:
        """A picture. Raises NotFound."""
        ...

    async def of_product(self, owner_id: UUID, product_id: UUID) -> Sequence[ProductPicture]:
        """The product's pictures, the main one first. Raises NotFound when there is no such product."""
        ...

    async def of_clone(self, owner_id: UUID, clone_id: UUID) -> Mapping[UUID, Sequence[ProductPicture]]:
        """All pictures of the clone's products by the product's id, the main one first."""
        ...

    async def of_chunk(self, owner_id: UUID, chunk_id: UUID) -> Sequence[ProductPicture]:
        """The pictures of the product that a passage speaks of; none where it speaks of none."""
        ...

    async def lead(self, owner_id: UUID, picture_id: UUID) -> ProductPicture:
        """It is its product's main picture now. Raises NotFound."""
        ...

    async def remove(self, owner_id: UUID, picture_id: UUID) -> None:
        """Forget it; its files follow. Raises NotFound."""
        ...
