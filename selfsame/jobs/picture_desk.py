"""Where owners give pictures to their clone's products, order them, and take them away (PROD-06)."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, CallerError, NotFound, TooLarge
from selfsame.jobs.knowledge_desk import NewFile, file_name
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import offload
from selfsame.library.pictures import PICTURE, PICTURES_MOST, THUMBNAIL, NewPicture, PictureShelf, ProductPicture
from selfsame.studio.folders import KNOWLEDGE, folder_of
from selfsame.studio.media import CleanPicture
from selfsame.studio.port import FileStore

CleanOne = Callable[[bytes], Awaitable[CleanPicture]]
"""Reads an upload outside of this process. Raises BadInput and TooLarge with what to do, Overloaded."""


@dataclass(frozen=True, slots=True)
class PictureDesk:
    """For owners only, but for `file`: whatever is not the user's is NotFound."""

    shelf: PictureShelf
    files: FileStore
    clean: CleanOne

    async def add(self, user_id: UUID, product_id: UUID, files: Sequence[NewFile]) -> list[ProductPicture]:
        """Give pictures to a product: all of them, or none where one cannot be shown; the product's pictures then.

        The same upload again changes nothing. Raises NotFound, BadInput and TooLarge, which name the file.
        """
        await self.shelf.of_product(user_id, product_id)
        if not files:
            raise BadInput("Choose at least one picture: JPEG, PNG or WebP.")
        if len(files) > PICTURES_MOST:
            raise TooLarge(f"A product has at most {PICTURES_MOST} pictures. Choose fewer.")
        ready = [(await self._clean(file), await offload(_digest, file.data)) for file in files]
        added: list[ProductPicture] = []
        try:
            for clean, digest in ready:
                added += await self._put(user_id, product_id, clean, digest)
        except CallerError:  # the product is full, or has just gone
            for picture in added:
                await self.remove(user_id, product_id, picture.id)
            raise
        return list(await self.shelf.of_product(user_id, product_id))

    async def of(self, user_id: UUID, product_id: UUID) -> Sequence[ProductPicture]:
        """The product's pictures, the main one first. Raises NotFound."""
        return await self.shelf.of_product(user_id, product_id)

    async def of_clone(self, user_id: UUID, clone: Clone) -> Mapping[UUID, Sequence[ProductPicture]]:
        """All pictures of the clone's products, by the product's id. Raises NotFound."""
        if clone.owner_id != user_id:
            raise NotFound("there is no such clone of yours")
        return await self.shelf.of_clone(user_id, clone.id)

    async def lead(self, user_id: UUID, product_id: UUID, picture_id: UUID) -> Sequence[ProductPicture]:
        """Make it the product's main picture; the product's pictures then. Raises NotFound."""
        await self._of_product(user_id, product_id, picture_id)
        await self.shelf.lead(user_id, picture_id)
        return await self.shelf.of_product(user_id, product_id)

    async def remove(self, user_id: UUID, product_id: UUID, picture_id: UUID) -> None:
        """Forget a picture and its files. Raises NotFound."""
        picture = await self._of_product(user_id, product_id, picture_id)
        await self.shelf.remove(user_id, picture_id)
        await self.files.delete(picture.path)  # the row's going ordered it too, should this process end here

    async def of_passage(self, clone: Clone, passage_id: UUID) -> Sequence[ProductPicture]:
        """The pictures of the product that a passage of this clone speaks of."""
        found = await self.shelf.of_chunk(clone.owner_id, passage_id)
        return [picture for picture in found if picture.clone_id == clone.id]

    async def file(self, clone: Clone, picture_id: UUID, *, thumbnail: bool) -> bytes:
        """The WebP file of a picture of this clone, which whoever may meet the clone may see. Raises NotFound."""
        picture = await self.shelf.get(clone.owner_id, picture_id)
        if picture.clone_id != clone.id:
            raise NotFound("there is no such picture")
        return await self.files.get(picture.path + (THUMBNAIL if thumbnail else PICTURE))

    async def _of_product(self, user_id: UUID, product_id: UUID, picture_id: UUID) -> ProductPicture:
        picture = await self.shelf.get(user_id, picture_id)
        if picture.product_id != product_id:
            raise NotFound("there is no such picture")
        return picture

    async def _clean(self, file: NewFile) -> CleanPicture:
        try:
            return await self.clean(file.data)
        except (BadInput, TooLarge) as fault:
            raise type(fault)(f"{file_name(file.name)}: {fault.message}", code=fault.code) from fault

    async def _put(self, user_id: UUID, product_id: UUID, clean: CleanPicture, digest: str) -> list[ProductPicture]:
        """Shelve one; nothing when it is known."""
        picture_id = new_id()
        path = f"{folder_of(KNOWLEDGE, user_id)}{picture_id}/"
        size = len(clean.picture) + len(clean.thumbnail)
        begun = False
        try:
            await self.files.put(path + PICTURE, clean.picture)
            await self.files.put(path + THUMBNAIL, clean.thumbnail)
            about = NewPicture(picture_id, user_id, product_id, clean.width, clean.height, size, digest, path)
            picture, begun = await self.shelf.put(about)
        finally:
            if not begun:
                await self.files.delete(path)
        return [picture] if begun else []


def told_picture(picture: ProductPicture) -> dict[str, Any]:
    """A picture as JSON."""
    url = f"/api/clones/{picture.clone_id}/pictures/{picture.id}"
    return {
        "id": str(picture.id),
        "productId": str(picture.product_id),
        "width": picture.width,
        "height": picture.height,
        "size": picture.size,
        "url": url,
        "thumbnailUrl": f"{url}?size=thumbnail",
        "createdAt": picture.created_at.isoformat().replace("+00:00", "Z"),
    }


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
