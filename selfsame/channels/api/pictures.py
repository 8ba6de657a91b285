"""Pictures of products."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfsame.channels.api.base import Base, Time


class PictureItem(Base):
    """A picture of a product, as WebP; its address needs a token, in the header or as `?token=`."""

    id: UUID
    product_id: UUID
    width: Annotated[int, Field(description="Pixels of the file at `url`; the thumbnail has at most 320.")]
    height: int
    size: Annotated[int, Field(description="Bytes of both files.")]
    url: str
    thumbnail_url: str
    created_at: Time


class PictureList(Base):
    """A product's pictures, the main one first."""

    pictures: list[PictureItem]


class SourcePicture(Base):
    """A picture of the product that a passage speaks of, for whoever may meet the clone."""

    url: str
    thumbnail_url: str
    width: int
    height: int
