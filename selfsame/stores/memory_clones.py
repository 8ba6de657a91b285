"""Clones in memory, for tests and demonstrations: the same contract, but nothing survives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.clones.persona import Persona, PersonaProfile
from selfsame.errors import BadInput, NotFound
from selfsame.kit.clock import wall
from selfsame.stores.memory_personas import MemoryPersonas


class MemoryClones:
    """`CloneStore` in memory. `owners` says whose clone is whose, always as it is now; `personas` are beside it."""

    def __init__(self, now: Callable[[], datetime] = wall) -> None:
        self._now = now
        self._clones: dict[UUID, Clone] = {}
        self.owners: dict[UUID, UUID] = {}
        self.personas = MemoryPersonas(self.owners, now)

    async def get(self, key: UUID | str, user_id: UUID) -> Clone:
        """The clone by id or slug. Raises NotFound."""
        for clone in await self.list(user_id):
            if key in (clone.id, clone.slug):
                return clone
        raise NotFound("there is no such clone")

    async def list(self, user_id: UUID) -> list[Clone]:
        """The user's own clones and all public ones, by name."""
        seen = [each for each in self._clones.values() if each.public or each.owner_id == user_id]
        return sorted(seen, key=lambda each: (each.name, each.id))

    async def put(self, clone: Clone, profile: PersonaProfile | None = None) -> Clone:
        """Create or change a clone; see the port. Raises BadInput."""
        known = self._clones.get(clone.id)
        others = [each for each in self._clones.values() if each.id != clone.id]
        if any(each.slug == clone.slug for each in others) or (known and known.owner_id != clone.owner_id):
            raise BadInput("this name is taken by another clone")
        before = known or Clone(clone.id, clone.owner_id, clone.slug, clone.name, created_at=self._now())
        kept = replace(before, slug=clone.slug, name=clone.name, language=clone.language, public=clone.public)
        self._clones[clone.id], self.owners[clone.id] = kept, clone.owner_id
        if profile is not None:
            await self.personas.put_halves(clone.id, clone.owner_id, profile)
        return kept

    async def persona(self, clone: Clone) -> Persona:
        """The merged persona."""
        return (await self.personas.halves(clone.id, clone.owner_id)).merged(clone.name)

    async def delete(self, clone_id: UUID, owner_id: UUID) -> None:
        """Delete a clone with its persona. Raises NotFound."""
        if self.owners.get(clone_id) != owner_id:
            raise NotFound("there is no such clone")
        await self.personas.put_halves(clone_id, owner_id, PersonaProfile())
        del self._clones[clone_id], self.owners[clone_id]
