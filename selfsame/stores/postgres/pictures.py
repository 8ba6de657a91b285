"""Pictures of products in Postgres. Their files are ordered away with their rows, whatever makes them go."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.errors import NotFound, TooLarge
from selfsame.kit.clock import wall
from selfsame.library.pictures import PICTURES_MOST, NewPicture, ProductPicture
from selfsame.library.port import Document
from selfsame.library.products import Product, keys_of
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.shelf_tables import product_chunks, products
from selfsame.stores.postgres.shelf_tables import product_pictures as pictures
from selfsame.stores.postgres.tables import knowledge_documents as documents

NO_PICTURE, NO_PRODUCT = "there is no such picture", "there is no such product"
FULL = f"A product has at most {PICTURES_MOST} pictures. Remove one of them first."


class PostgresPictures:
    """`PictureShelf` on Postgres."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def put(self, picture: NewPicture) -> tuple[ProductPicture, bool]:
        """Shelve a picture as the product's last; see the port. Raises NotFound, TooLarge."""
        async with self._database.session(picture.owner_id) as db:
            product = await _locked(db, picture.owner_id, picture.product_id)
            kept = list(await db.execute(_in_order(picture.owner_id, pictures.c.product_id == picture.product_id)))
            for row in kept:
                if row.file_hash == picture.file_hash:
                    return _told(row), False
            if len(kept) >= PICTURES_MOST:
                raise TooLarge(FULL)
            names = ("id", "product_id", "width", "height", "size", "file_hash", "path")
            values = {name: getattr(picture, name) for name in names} | {
                "user_id": picture.owner_id,
                "clone_id": product.clone_id,
                "document_id": product.document_id,
                "product_key": await _key(db, product),
                "place": kept[-1].place + 1 if kept else 0,
                "created_at": self._now(),
            }
            return _told((await db.execute(insert(pictures).values(values).returning(pictures))).one()), True

    async def get(self, owner_id: UUID, picture_id: UUID) -> ProductPicture:
        """A picture. Raises NotFound."""
        async with self._database.session(owner_id) as db:
            return _told(await _one(db, owner_id, picture_id))

    async def of_product(self, owner_id: UUID, product_id: UUID) -> list[ProductPicture]:
        """The product's pictures, the main one first. Raises NotFound."""
        mine = (products.c.id == product_id) & (products.c.user_id == owner_id)
        async with self._database.session(owner_id) as db:
            if (await db.execute(select(products.c.id).where(mine))).first() is None:
                raise NotFound(NO_PRODUCT)
            return [_told(row) for row in await db.execute(_in_order(owner_id, pictures.c.product_id == product_id))]

    async def of_clone(self, owner_id: UUID, clone_id: UUID) -> dict[UUID, list[ProductPicture]]:
        """All pictures of the clone's products by the product's id, the main one first."""
        found: dict[UUID, list[ProductPicture]] = {}
        async with self._database.session(owner_id) as db:
            for row in await db.execute(_in_order(owner_id, pictures.c.clone_id == clone_id)):
                found.setdefault(row.product_id, []).append(_told(row))
        return found

    async def of_chunk(self, owner_id: UUID, chunk_id: UUID) -> list[ProductPicture]:
        """The pictures of the product that a passage speaks of."""
        spoken = select(product_chunks.c.product_id).where(
            product_chunks.c.id == chunk_id, product_chunks.c.user_id == owner_id
        )
        async with self._database.session(owner_id) as db:
            return [_told(row) for row in await db.execute(_in_order(owner_id, pictures.c.product_id.in_(spoken)))]

    async def lead(self, owner_id: UUID, picture_id: UUID) -> ProductPicture:
        """It is its product's main picture now. Raises NotFound."""
        async with self._database.session(owner_id) as db:
            row = await _one(db, owner_id, picture_id)
            first = select(func.min(pictures.c.place)).where(
                pictures.c.product_id == row.product_id, pictures.c.user_id == owner_id
            )
            place = (await db.execute(first)).scalar_one()
            if row.place == place:
                return _told(row)
            mine = (pictures.c.id == picture_id) & (pictures.c.user_id == owner_id)
            changed = update(pictures).where(mine).values(place=place - 1).returning(pictures)
            return _told((await db.execute(changed)).one())

    async def remove(self, owner_id: UUID, picture_id: UUID) -> None:
        """Forget it; the database orders the deletion of its files. Raises NotFound."""
        async with self._database.session(owner_id) as db:
            await _one(db, owner_id, picture_id)
            await db.execute(delete(pictures).where(pictures.c.id == picture_id, pictures.c.user_id == owner_id))


async def follow_products(db: AsyncSession, document: Document, places: Mapping[UUID, UUID]) -> None:
    """Hang the pictures of a document that was read anew on its new products, found by key; the others go."""
    mine = (pictures.c.document_id == document.id) & (pictures.c.user_id == document.owner_id)
    kept = list(await db.execute(select(pictures.c.id, pictures.c.product_key, pictures.c.product_id).where(mine)))
    gone = [row.id for row in kept if row.product_key not in places]
    if gone:
        await db.execute(delete(pictures).where(mine, pictures.c.id.in_(gone)))
    for row in kept:
        product_id = places.get(row.product_key, row.product_id)
        if product_id != row.product_id:
            await db.execute(update(pictures).where(mine, pictures.c.id == row.id).values(product_id=product_id))


async def _locked(db: AsyncSession, owner_id: UUID, product_id: UUID) -> Row[Any]:
    """The product; its document is locked first, so that no new version of it comes meanwhile. Raises NotFound."""
    mine = select(products).where(products.c.id == product_id, products.c.user_id == owner_id)
    row = (await db.execute(mine)).one_or_none()
    if row is not None:
        await db.execute(select(documents.c.id).where(documents.c.id == row.document_id).with_for_update())
        row = (await db.execute(mine)).one_or_none()
    if row is None:
        raise NotFound(NO_PRODUCT)
    return row


async def _key(db: AsyncSession, product: Row[Any]) -> UUID:
    """What the product is known by in its document."""
    columns = (products.c.id, products.c.name, products.c.sku, products.c.row)
    mine = (products.c.document_id == product.document_id) & (products.c.user_id == product.user_id)
    rows = list(await db.execute(select(*columns).where(mine).order_by(products.c.place)))
    keys = keys_of([Product(name=row.name, row=row.row, sku=row.sku) for row in rows])
    return next(key for key, row in zip(keys, rows, strict=True) if row.id == product.id)


async def _one(db: AsyncSession, owner_id: UUID, picture_id: UUID) -> Row[Any]:
    mine = select(pictures).where(pictures.c.id == picture_id, pictures.c.user_id == owner_id)
    row = (await db.execute(mine)).one_or_none()
    if row is None:
        raise NotFound(NO_PICTURE)
    return row


def _in_order(owner_id: UUID, which: Any) -> Any:
    return (
        select(pictures)
        .where(pictures.c.user_id == owner_id, which)
        .order_by(pictures.c.product_id, pictures.c.place, pictures.c.created_at, pictures.c.id)
    )


def _told(row: Row[Any]) -> ProductPicture:
    return ProductPicture(
        row.id,
        row.user_id,
        row.clone_id,
        row.document_id,
        row.product_id,
        row.place,
        row.width,
        row.height,
        row.size,
        row.path,
        row.created_at,
    )
