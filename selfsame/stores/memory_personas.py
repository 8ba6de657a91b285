"""Personas in memory, for tests and demonstrations: the same contract, but nothing survives."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from selfsame.clones.persona import PersonaProfile, checked_profile
from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.studio.persona.port import KEPT, ExtractionRecord


class MemoryPersonas:
    """`PersonaStore` in memory. `owners` says whose clone is whose."""

    def __init__(self, owners: Mapping[UUID, UUID], now: Callable[[], datetime] = wall) -> None:
        self._owners = owners
        self._now = now
        self._halves: dict[UUID, PersonaProfile] = {}
        self._history: dict[UUID, list[ExtractionRecord]] = {}

    async def halves(self, clone_id: UUID, user_id: UUID) -> PersonaProfile:
        """The two halves. Raises NotFound."""
        self._require(clone_id, user_id)
        return self._halves.get(clone_id, PersonaProfile())

    async def put_halves(self, clone_id: UUID, user_id: UUID, profile: PersonaProfile) -> None:
        """Make these the halves. Raises NotFound."""
        self._require(clone_id, user_id)
        self._halves[clone_id] = profile

    async def put_extraction(self, record: ExtractionRecord) -> PersonaProfile:
        """Store an extraction; see the port. Raises NotFound, BadInput."""
        profile = checked_profile(record.profile)
        before = await self.halves(record.clone_id, record.user_id)
        known = self._history.setdefault(record.clone_id, [])
        if any(each.id == record.id for each in known):
            return before
        known.insert(0, replace(record, profile=profile, created_at=self._now()))
        del known[KEPT:]
        self._halves[record.clone_id] = PersonaProfile(profile, before.manual_overrides)
        return self._halves[record.clone_id]

    async def override(
        self, clone_id: UUID, user_id: UUID, changes: Mapping[str, Any], reset: Collection[str] = ()
    ) -> PersonaProfile:
        """Write the owner's words; see the port. Raises NotFound, BadInput."""
        wanted = checked_profile(changes)
        before = await self.halves(clone_id, user_id)
        mine = {key: value for key, value in (before.manual_overrides or {}).items() if key not in reset} | wanted
        self._halves[clone_id] = PersonaProfile(before.auto_extracted, mine or None)
        return self._halves[clone_id]

    async def history(self, clone_id: UUID, user_id: UUID) -> list[ExtractionRecord]:
        """The extractions, newest first. Raises NotFound."""
        self._require(clone_id, user_id)
        return list(self._history.get(clone_id, []))

    async def forget(self, clone_id: UUID, user_id: UUID) -> int:
        """Delete the history. Raises NotFound."""
        self._require(clone_id, user_id)
        return len(self._history.pop(clone_id, []))

    def _require(self, clone_id: UUID, user_id: UUID) -> None:
        if self._owners.get(clone_id) != user_id:
            raise NotFound("there is no such clone of yours")
