"""What every `CloneStore` must do. Inherit, and give the fixture `bench`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from selfsame.clones.clone import Clone
from selfsame.clones.persona import PersonaProfile
from selfsame.errors import BadInput, NotFound
from selfsame.jobs.clone_desk import CloneStore
from selfsame.kit.ids import new_id


@dataclass(frozen=True, slots=True)
class CloneBench:
    """A store without clones of these two, who are known users."""

    store: CloneStore
    owner: UUID
    stranger: UUID

    async def made(self, slug: str, name: str = "Ada", *, public: bool = False) -> Clone:
        """A new clone of the owner."""
        return await self.store.put(Clone(new_id(), self.owner, slug, name, "ES", public), PersonaProfile())


@pytest.mark.anyio
class CloneStoreContract:
    """Clones are their owner's; public ones may be met by all; names in addresses are taken once."""

    @pytest.fixture
    def bench(self) -> CloneBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_a_clone_is_found_by_slug_and_id(self, bench: CloneBench) -> None:
        made = await bench.made("ada-1")
        assert (made.slug, made.language, made.knowledge_version) == ("ada-1", "ES", 0)
        assert made.created_at is not None
        for key in (made.id, "ada-1"):
            assert await bench.store.get(key, bench.owner) == made
            with pytest.raises(NotFound):
                await bench.store.get(key, bench.stranger)

    async def test_public_ones_are_met_by_all_and_changed_by_their_owner_alone(self, bench: CloneBench) -> None:
        await bench.made("hidden")
        shown = await bench.made("shown", public=True)
        seen = [clone.slug for clone in await bench.store.list(bench.stranger)]
        assert "shown" in seen and "hidden" not in seen
        with pytest.raises(NotFound):
            await bench.store.delete(shown.id, bench.stranger)
        with pytest.raises(BadInput):
            await bench.store.put(replace(shown, owner_id=bench.stranger, slug="other"))
        assert (await bench.store.get("shown", bench.owner)).slug == "shown"

    async def test_a_change_keeps_what_it_does_not_name(self, bench: CloneBench) -> None:
        made = await bench.made("ada-2")
        await bench.store.put(made, PersonaProfile(manual_overrides={"role": "a potter"}))
        changed = await bench.store.put(replace(made, name="Ada Rowe", public=True))
        assert (changed.id, changed.created_at, changed.public) == (made.id, made.created_at, True)
        persona = await bench.store.persona(changed)
        assert (persona.name, persona.role) == ("Ada Rowe", "a potter")

    async def test_a_slug_is_taken_once(self, bench: CloneBench) -> None:
        await bench.made("ada-3")
        with pytest.raises(BadInput):
            await bench.made("ada-3")

    async def test_what_is_deleted_is_gone_and_its_slug_free(self, bench: CloneBench) -> None:
        made = await bench.made("ada-4")
        await bench.store.delete(made.id, bench.owner)
        with pytest.raises(NotFound):
            await bench.store.delete(made.id, bench.owner)
        with pytest.raises(NotFound):
            await bench.store.get("ada-4", bench.owner)
        assert (await bench.made("ada-4")).id != made.id
