"""Where personas are kept: the two halves, and the history of extractions."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from selfsame.clones.persona import PersonaProfile

KEPT = 20
"""Extractions of a clone that are kept; older ones go when another comes."""


@dataclass(frozen=True, slots=True)
class ExtractionRecord:
    """One extraction of a clone's persona. `id` is that of its job, so that storing twice is storing once.

    `source` says from what, for people ("interview.srt", a video's title). The JSON fields are those of
    `studio.persona.extract.Extraction`. `created_at` is UTC and set by the store.
    """

    id: UUID
    user_id: UUID
    clone_id: UUID
    source: str
    engine: str
    profile: Mapping[str, Any]
    measured: Mapping[str, Any] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    created_at: datetime | None = None


class PersonaStore(Protocol):
    """Personas of a user's own clones. Whatever is not theirs is NotFound. What the owner wrote is never touched by an
    extraction, and what was extracted never by the owner."""

    async def halves(self, clone_id: UUID, user_id: UUID) -> PersonaProfile:
        """What was extracted and what the owner wrote; empty when there is nothing yet."""
        ...

    async def put_extraction(self, record: ExtractionRecord) -> PersonaProfile:
        """Make this what was extracted, and add it to the history; the same id again changes nothing."""
        ...

    async def override(
        self, clone_id: UUID, user_id: UUID, changes: Mapping[str, Any], reset: Collection[str] = ()
    ) -> PersonaProfile:
        """Write the owner's words for some fields (null clears a field), and take back those for the fields in `reset`,
        in one go: of two at once neither loses what the other wrote. Raises BadInput."""
        ...

    async def history(self, clone_id: UUID, user_id: UUID) -> list[ExtractionRecord]:
        """The extractions of a clone, newest first."""
        ...

    async def forget(self, clone_id: UUID, user_id: UUID) -> int:
        """Delete the history with its quotes; the profile stays. How many there were."""
        ...
