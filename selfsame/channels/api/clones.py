"""Clones as their owner makes and sees them."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, StrictBool

from selfsame.channels.api.base import Base, Time
from selfsame.clones.clone import Adherence

Language = Literal["EN", "ES", "ZH"]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Description = Annotated[str, Field(max_length=300, description='Who it is, in a few words: "a clockmaker in Riga".')]
Greeting = Annotated[str, Field(max_length=500, description="What it says first.")]


class NewClone(Base):
    """Body of `POST /api/clones`. Without a slug, one is made from the name."""

    model_config = ConfigDict(extra="forbid")

    name: Name
    description: Description = ""
    greeting: Greeting = ""
    language: Language = "EN"
    slug: Annotated[str | None, Field(max_length=64)] = None


class CloneEdit(Base):
    """Body of `PATCH /api/clones/{slug}`: what is left out or null stays, an empty text takes away."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    description: Description | None = None
    greeting: Greeting | None = None
    language: Language | None = None
    public: StrictBool | None = None


class DocumentCounts(Base):
    """How many documents there are, how many of them are being read, and how many could not be read."""

    total: int
    reading: int
    failed: int


class OwnClone(Base):
    """A clone as its owner sees it. `public` clones may be met by visitors."""

    id: UUID
    slug: str
    name: str
    description: str
    greeting: str
    language: str
    public: bool
    demonstration: Annotated[bool, Field(description="The clone that comes with the product; it cannot be deleted.")]
    adherence: Adherence
    knowledge_version: int
    has_face: bool
    has_voice: bool
    face_model_id: UUID | None
    voice_model_id: UUID | None
    documents: DocumentCounts
    created_at: Time | None


class OwnCloneList(Base):
    """The owner's clones, by name."""

    clones: list[OwnClone]
