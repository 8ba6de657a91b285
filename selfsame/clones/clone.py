"""The clone and who owns it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

Adherence = Literal["strict", "adaptive", "creative"]
"""How a clone keeps to its sources: it says only what they say; it leans on them and says when it does not; it is free,
but makes up no facts about the person."""


@dataclass(frozen=True, slots=True)
class Clone:
    """A clone others can talk with. `knowledge_version` grows with every change of its documents.

    `public` clones may be met by visitors; others only by their owner. `no_answer` has, by language, what it says when
    its sources hold no answer; languages that are missing get the product's own words.
    """

    id: UUID
    owner_id: UUID
    slug: str
    name: str
    language: str = "EN"
    public: bool = False
    knowledge_version: int = 0
    adherence: Adherence = "adaptive"
    no_answer: Mapping[str, str] = field(default_factory=dict, hash=False)
    created_at: datetime | None = field(default=None, compare=False)
