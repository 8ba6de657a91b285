"""The clone and who owns it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone others can talk with. `knowledge_version` grows with every change of its documents.

    `public` clones may be met by visitors; others only by their owner.
    """

    id: UUID
    owner_id: UUID
    slug: str
    name: str
    language: str = "EN"
    public: bool = False
    knowledge_version: int = 0
