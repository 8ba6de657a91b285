"""Making a clone from documents and a profile, by program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.clones.persona import PersonaProfile
from selfsame.errors import NotFound
from selfsame.kit.ids import stable_id
from selfsame.kit.tasks import offload
from selfsame.library.ingest import SourceFile, ingest
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.wiring.engines import Engines


@dataclass(frozen=True, slots=True)
class Workshop:
    """Makes clones for one owner, and lets the ears learn what they know."""

    clones: PostgresClones
    knowledge: PostgresKnowledge
    engines: Engines
    owner_id: UUID
    learnt: dict[UUID, int] = field(default_factory=dict)
    """The knowledge version that the ears of this process have learnt, by clone."""

    async def make_clone(self, slug: str, name: str, persona: dict[str, Any], documents: Sequence[Path]) -> Clone:
        """Make the clone, or bring it up to date: the same slug is the same clone, the same text changes nothing.

        `persona` has the fields of `clones.persona.Persona`; `documents` are Markdown or text files in English.
        Raises BadInput for a document that cannot be read, OSError for one that is not there.
        """
        wanted = Clone(stable_id("clone", f"{self.owner_id}:{slug}"), self.owner_id, slug, name)
        extracted = (await self.clones.profile(wanted)).auto_extracted
        clone = await self.clones.put(wanted, PersonaProfile(extracted, persona))
        for path in documents:
            file = SourceFile(path.name, await offload(path.read_bytes))
            await ingest(self.knowledge, self.engines.embedder, self.owner_id, clone.id, file)
        clone = await self.clones.get(clone.id, self.owner_id)
        await self.learn(clone)
        return clone

    async def mine(self, name: str) -> Clone:
        """The owner's clone of that slug or id. Raises NotFound."""
        try:
            clone = await self.clones.get(UUID(name), self.owner_id)
        except ValueError:
            clone = await self.clones.get(name, self.owner_id)
        if clone.owner_id != self.owner_id:
            raise NotFound("there is no such clone of yours")
        return clone

    async def learn(self, clone: Clone) -> None:
        """Fit the ears to what the clone knows, unless that was done for this version before."""
        if self.learnt.get(clone.id) == clone.knowledge_version:
            return
        texts = await self.knowledge.texts(self.owner_id, clone.id, "EN")
        await self.engines.adapt(str(clone.id), f"{clone.knowledge_version}", texts)
        self.learnt[clone.id] = clone.knowledge_version
        try:
            await self.clones.get(clone.id, self.owner_id)
        except NotFound:  # it was deleted meanwhile, and forgotten before all of this was learnt
            self.learnt.pop(clone.id, None)
            await self.engines.unlearn(str(clone.id))

    async def learn_of(self, owner_id: UUID, clone_id: UUID) -> None:
        """The same for a clone by its id."""
        if owner_id == self.owner_id:
            await self.learn(await self.clones.get(clone_id, owner_id))
