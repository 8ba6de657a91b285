"""What every `VoiceModelStore` must do. Inherit, and give the fixture `bench`.

class TestMyStore(VoiceModelStoreContract):
    @pytest.fixture
    def bench(self): ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from selfsame.errors import BadInput, ConsentMissing, NotFound
from selfsame.kit.ids import new_id
from selfsame.studio.folders import VOICE_MODELS, voice_folder
from selfsame.studio.voice.kinds import VoiceModel, VoiceModelStore


@dataclass(frozen=True, slots=True)
class VoiceBench:
    """A fresh store; an owner with two clones who has agreed to nothing yet, a stranger, and a way to agree and to
    end it, and to let time pass (seconds)."""

    store: VoiceModelStore
    owner: UUID
    clone: UUID
    other_clone: UUID
    stranger: UUID
    agree: Callable[[UUID], Awaitable[Any]]
    end: Callable[[UUID], Awaitable[Any]]
    pass_time: Callable[[float], None]

    def voice(self, **more: Any) -> VoiceModel:
        """A voice of the owner's first clone, with every field set."""
        voice_id = new_id()
        fields: dict[str, Any] = {
            "clone_id": self.clone,
            "model_path": voice_folder(self.owner, voice_id),
            "provider": "units",
            "sample_rate": 22_050,
            "quality_score": 0.88,
            "details": {"seconds": 121.5, "report": {"wer": 0.17}, "name": "Zoë"},
        }
        return VoiceModel(voice_id, self.owner, **(fields | more))

    async def put(self, **more: Any) -> VoiceModel:
        """A stored draft."""
        self.pass_time(1)
        return await self.store.put_draft(self.voice(**more))


@pytest.mark.anyio
class VoiceModelStoreContract:
    """Voices: nothing without consent, one active a clone, only their owner's."""

    @pytest.fixture
    def bench(self) -> VoiceBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_a_draft_comes_back_with_every_field(self, bench: VoiceBench) -> None:
        await bench.agree(bench.owner)
        voice = bench.voice()
        stored = await bench.store.put_draft(voice)
        assert stored == replace(voice, created_at=stored.created_at) and stored.created_at is not None
        assert await bench.store.of(bench.owner) == [stored]
        assert await bench.store.active(bench.clone, bench.owner) is None

    async def test_a_draft_may_be_written_anew_until_it_is_spoken(self, bench: VoiceBench) -> None:
        await bench.agree(bench.owner)
        voice = await bench.put(quality_score=0.0, details={})
        better = await bench.store.put_draft(replace(voice, quality_score=0.9, details={"done": True}))
        assert (better.quality_score, better.details, better.created_at) == (0.9, {"done": True}, voice.created_at)
        await bench.store.activate(voice.id, bench.owner)
        with pytest.raises(NotFound):
            await bench.store.put_draft(replace(voice, quality_score=0.1))
        spoken = await bench.store.active(bench.clone, bench.owner)
        assert spoken is not None and spoken.quality_score == 0.9

    async def test_without_consent_nothing_is_kept_or_spoken(self, bench: VoiceBench) -> None:
        with pytest.raises(ConsentMissing):
            await bench.put()
        await bench.agree(bench.stranger)  # somebody else's consent is none
        with pytest.raises(ConsentMissing):
            await bench.put()
        assert await bench.store.of(bench.owner) == []

    async def test_when_consent_ends_the_voice_is_not_spoken_any_more(self, bench: VoiceBench) -> None:
        await bench.agree(bench.owner)
        voice = await bench.put()
        await bench.store.activate(voice.id, bench.owner)
        assert await bench.store.active(bench.clone, bench.owner) is not None
        await bench.end(bench.owner)
        assert await bench.store.active(bench.clone, bench.owner) is None
        with pytest.raises((ConsentMissing, NotFound)):
            await bench.store.activate(voice.id, bench.owner)

    async def test_a_new_voice_replaces_the_one_before_and_may_be_taken_back(self, bench: VoiceBench) -> None:
        await bench.agree(bench.owner)
        first, second = await bench.put(), await bench.put()
        elsewhere = await bench.put(clone_id=bench.other_clone)
        for voice in (first, elsewhere, second):
            assert (await bench.store.activate(voice.id, bench.owner)).status == "active"
        states = {voice.id: voice.status for voice in await bench.store.of(bench.owner)}
        assert states == {first.id: "replaced", second.id: "active", elsewhere.id: "active"}
        await bench.store.activate(first.id, bench.owner)
        await bench.store.activate(first.id, bench.owner)
        spoken = await bench.store.active(bench.clone, bench.owner)
        assert spoken is not None and spoken.id == first.id
        states = {voice.id: voice.status for voice in await bench.store.of(bench.owner)}
        assert states == {first.id: "active", second.id: "replaced", elsewhere.id: "active"}

    async def test_the_owner_says_in_which_manner_it_speaks(self, bench: VoiceBench) -> None:
        await bench.agree(bench.owner)
        best = {"report": {"manner": "clear", "wer": 0.2}, "name": "Zoë"}
        voice = await bench.put(details=best)
        assert (voice.wish, voice.manner) == ("automatic", "clear"), "until told, as its making found best"
        told = await bench.store.set_manner(voice.id, bench.owner, "own")
        assert (told.wish, told.manner) == ("own", "own") and told.details == {**best, "manner": "own"}
        await bench.store.activate(voice.id, bench.owner)
        spoken = await bench.store.active(bench.clone, bench.owner)
        assert spoken is not None and spoken.manner == "own", "the wish outlives acceptance"
        back = await bench.store.set_manner(voice.id, bench.owner, "automatic")
        assert (back.status, back.wish, back.manner) == ("active", "automatic", "clear")
        for voice_id, user in ((voice.id, bench.stranger), (new_id(), bench.owner)):
            with pytest.raises(NotFound):
                await bench.store.set_manner(voice_id, user, "own")

    async def test_a_discarded_voice_is_gone(self, bench: VoiceBench) -> None:
        await bench.agree(bench.owner)
        draft, spoken = await bench.put(), await bench.put()
        await bench.store.activate(spoken.id, bench.owner)
        for voice in (draft, spoken):
            await bench.store.discard(voice.id, bench.owner)
            with pytest.raises(NotFound):
                await bench.store.discard(voice.id, bench.owner)
        assert await bench.store.active(bench.clone, bench.owner) is None
        assert await bench.store.of(bench.owner) == []

    async def test_a_stranger_reaches_nothing(self, bench: VoiceBench) -> None:
        await bench.agree(bench.owner)
        await bench.agree(bench.stranger)
        voice = await bench.put()
        for act in (bench.store.activate, bench.store.discard):
            with pytest.raises(NotFound):
                await act(voice.id, bench.stranger)
        planted = replace(voice, user_id=bench.stranger, model_path=voice_folder(bench.stranger, voice.id))
        for clone in (bench.clone, new_id()):
            for voice_id in (voice.id, new_id()):
                with pytest.raises(NotFound):
                    await bench.store.put_draft(replace(planted, id=voice_id, clone_id=clone))
        assert await bench.store.of(bench.stranger) == []
        assert await bench.store.active(bench.clone, bench.stranger) is None
        assert [known.status for known in await bench.store.of(bench.owner)] == ["draft"]

    async def test_a_draft_does_not_move_to_another_clone(self, bench: VoiceBench) -> None:
        await bench.agree(bench.owner)
        voice = await bench.put()
        with pytest.raises(NotFound):
            await bench.store.put_draft(replace(voice, clone_id=bench.other_clone))

    async def test_the_newest_come_first(self, bench: VoiceBench) -> None:
        await bench.agree(bench.owner)
        made = [await bench.put() for _ in range(3)]
        assert [voice.id for voice in await bench.store.of(bench.owner)] == [voice.id for voice in reversed(made)]

    async def test_what_cannot_be_a_voice_is_refused(self, bench: VoiceBench) -> None:
        await bench.agree(bench.owner)
        folder, theirs = voice_folder(bench.owner, new_id()), voice_folder(bench.stranger, new_id())
        for path in ("", "x/", theirs, folder[:-1], f"{VOICE_MODELS}/{bench.owner}/", f"{folder}../", f"/{folder}"):
            with pytest.raises(BadInput):
                await bench.put(model_path=path)
        bad: list[dict[str, Any]] = [
            {"sample_rate": -1},
            {"sample_rate": 1_000_000},
            {"quality_score": 1.5},
            {"quality_score": float("nan")},
            {"provider": "p" * 51},
            {"details": {"x": b"bytes"}},
            {"details": {"x": "y" * 300_000}},
            {"details": {"x": "\0"}},
        ]
        for more in bad:
            with pytest.raises(BadInput):
                await bench.put(**more)
        assert await bench.store.of(bench.owner) == []
