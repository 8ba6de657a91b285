"""What every `PersonaStore` must do. Inherit, and give the fixture `bench`.

class TestMyStore(PersonaStoreContract):
    @pytest.fixture
    def bench(self): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from selfsame.clones.persona import PersonaProfile
from selfsame.errors import BadInput, NotFound
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import group
from selfsame.studio.persona.port import KEPT, ExtractionRecord, PersonaStore


@dataclass(frozen=True, slots=True)
class PersonaBench:
    """A fresh store, an owner with a clone, a stranger, and a way to let time pass (seconds)."""

    store: PersonaStore
    owner: UUID
    clone: UUID
    stranger: UUID
    pass_time: Callable[[float], None]

    def record(self, **more: Any) -> ExtractionRecord:
        """An extraction with every field set."""
        fields: dict[str, Any] = {
            "id": new_id(),
            "user_id": self.owner,
            "clone_id": self.clone,
            "source": "interview.srt",
            "engine": "statistics",
            "profile": {"tone": "warm", "fillers": ["so", "那个"], "role": None},
            "measured": {"tone": "warm"},
            "evidence": {"tone": [{"what": "love", "count": 3, "quotes": ["I love it"]}]},
            "figures": {"words": 812, "mtld": 71.5, "questionShare": None},
            "notes": ("short",),
        }
        return ExtractionRecord(**(fields | more))

    async def extract(self, **more: Any) -> ExtractionRecord:
        """A stored extraction, a second later than the last."""
        self.pass_time(1)
        record = self.record(**more)
        await self.store.put_extraction(record)
        return record


@pytest.mark.anyio
class PersonaStoreContract:
    """The halves are kept apart; nothing is lost, and nothing is anybody else's."""

    @pytest.fixture
    def bench(self) -> PersonaBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_a_clone_begins_without_a_profile(self, bench: PersonaBench) -> None:
        assert await bench.store.halves(bench.clone, bench.owner) == PersonaProfile()
        assert await bench.store.history(bench.clone, bench.owner) == []

    async def test_an_extraction_comes_back_with_every_field(self, bench: PersonaBench) -> None:
        record = await bench.extract()
        halves = await bench.store.halves(bench.clone, bench.owner)
        assert halves == PersonaProfile(dict(record.profile), None)
        [kept] = await bench.store.history(bench.clone, bench.owner)
        assert kept == replace(record, created_at=kept.created_at) and kept.created_at is not None

    async def test_extracting_again_never_loses_what_the_owner_wrote(self, bench: PersonaBench) -> None:
        await bench.store.override(bench.clone, bench.owner, {"tone": "dry", "fillers": None})
        await bench.extract()
        await bench.extract(profile={"tone": "cold", "energy": "calm"})
        halves = await bench.store.halves(bench.clone, bench.owner)
        assert halves.auto_extracted == {"tone": "cold", "energy": "calm"}
        assert halves.manual_overrides == {"tone": "dry", "fillers": None}
        merged = halves.merged("Ada")
        assert (merged.tone, merged.energy, merged.fillers) == ("dry", "calm", ())

    async def test_the_owner_never_changes_what_was_extracted(self, bench: PersonaBench) -> None:
        record = await bench.extract()
        await bench.store.override(bench.clone, bench.owner, {"tone": "dry", "catchphrases": ["indeed"]})
        halves = await bench.store.override(bench.clone, bench.owner, {"role": "a poet"}, ["tone"])
        assert halves.auto_extracted == dict(record.profile)
        assert halves.manual_overrides == {"catchphrases": ["indeed"], "role": "a poet"}
        halves = await bench.store.override(bench.clone, bench.owner, {}, ["role", "catchphrases", "energy"])
        assert halves.manual_overrides is None and halves.merged("Ada").tone == "warm"

    async def test_storing_the_same_extraction_twice_is_storing_it_once(self, bench: PersonaBench) -> None:
        first = await bench.extract()
        await bench.extract(profile={"tone": "later"})
        await bench.store.put_extraction(first)
        assert (await bench.store.halves(bench.clone, bench.owner)).auto_extracted == {"tone": "later"}
        assert len(await bench.store.history(bench.clone, bench.owner)) == 2

    async def test_the_newest_come_first_and_old_ones_go(self, bench: PersonaBench) -> None:
        made = [await bench.extract(source=str(number)) for number in range(KEPT + 3)]
        kept = await bench.store.history(bench.clone, bench.owner)
        assert [each.id for each in kept] == [each.id for each in reversed(made[3:])]

    async def test_the_history_may_be_forgotten_and_the_profile_stays(self, bench: PersonaBench) -> None:
        await bench.extract()
        assert await bench.store.forget(bench.clone, bench.owner) == 1
        assert await bench.store.forget(bench.clone, bench.owner) == 0
        assert await bench.store.history(bench.clone, bench.owner) == []
        assert (await bench.store.halves(bench.clone, bench.owner)).auto_extracted["tone"] == "warm"

    async def test_of_two_edits_at_once_none_is_lost(self, bench: PersonaBench) -> None:
        async with group() as tasks:
            for name in ("tone", "role", "backstory", "closing"):
                tasks.start_soon(bench.store.override, bench.clone, bench.owner, {name: name})
            tasks.start_soon(bench.store.put_extraction, bench.record())
        halves = await bench.store.halves(bench.clone, bench.owner)
        assert halves.manual_overrides == {name: name for name in ("tone", "role", "backstory", "closing")}
        assert halves.auto_extracted["tone"] == "warm"

    async def test_a_stranger_reaches_nothing(self, bench: PersonaBench) -> None:
        await bench.extract()
        theirs = (bench.clone, bench.stranger)
        for clone, user in (theirs, (new_id(), bench.owner)):
            with pytest.raises(NotFound):
                await bench.store.halves(clone, user)
            with pytest.raises(NotFound):
                await bench.store.override(clone, user, {"tone": "x"})
            with pytest.raises(NotFound):
                await bench.store.history(clone, user)
            with pytest.raises(NotFound):
                await bench.store.forget(clone, user)
            with pytest.raises(NotFound):
                await bench.store.put_extraction(bench.record(clone_id=clone, user_id=user))
        assert (await bench.store.halves(bench.clone, bench.owner)).manual_overrides is None

    @pytest.mark.parametrize(
        "changes",
        [
            {"mood": "x"},
            {"tone": 7},
            {"fillers": "so"},
            {"fillers": [1]},
            {"energy": "explosive"},
            {"tone": "x" * 301},
            {"traits": ["x"] * 41},
            {"name": ""},
            {"name": None},
            {"backstory": "\0"},
        ],
        ids=str,
    )
    async def test_what_is_no_profile_is_refused(self, bench: PersonaBench, changes: dict[str, Any]) -> None:
        await bench.store.override(bench.clone, bench.owner, {"role": "a poet"})
        with pytest.raises(BadInput):
            await bench.store.override(bench.clone, bench.owner, changes)
        assert (await bench.store.halves(bench.clone, bench.owner)).manual_overrides == {"role": "a poet"}
