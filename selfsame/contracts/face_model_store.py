"""What every `FaceModelStore` must do. Inherit, and give the fixture `bench`.

class TestMyStore(FaceModelStoreContract):
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
from selfsame.studio.folders import FACE_MODELS, face_folder
from selfsame.studio.port import FaceModel, FaceModelStore


@dataclass(frozen=True, slots=True)
class FaceBench:
    """A fresh store; an owner with two clones who has agreed to nothing yet, a stranger, and a way to agree and to
    end it, and to let time pass (seconds)."""

    store: FaceModelStore
    owner: UUID
    clone: UUID
    other_clone: UUID
    stranger: UUID
    agree: Callable[[UUID], Awaitable[Any]]
    end: Callable[[UUID], Awaitable[Any]]
    pass_time: Callable[[float], None]

    def face(self, **more: Any) -> FaceModel:
        """A face of the owner's first clone, with every field set."""
        face_id = new_id()
        fields: dict[str, Any] = {
            "clone_id": self.clone,
            "model_path": face_folder(self.owner, face_id),
            "tier": "embedded",
            "resolution": 512,
            "quality_score": 0.83,
            "rig_hash": "a" * 64,
            "details": {"keypoints": [[0.25, 0.5], [1, 2]], "neutral": {"jaw": 0.1}, "name": "Zoë"},
        }
        return FaceModel(face_id, self.owner, **(fields | more))

    async def put(self, **more: Any) -> FaceModel:
        """A stored draft."""
        self.pass_time(1)
        return await self.store.put_draft(self.face(**more))


@pytest.mark.anyio
class FaceModelStoreContract:
    """Faces: nothing without consent, one active a clone, only their owner's."""

    @pytest.fixture
    def bench(self) -> FaceBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_a_draft_comes_back_with_every_field(self, bench: FaceBench) -> None:
        await bench.agree(bench.owner)
        face = bench.face()
        stored = await bench.store.put_draft(face)
        assert stored == replace(face, created_at=stored.created_at) and stored.created_at is not None
        assert await bench.store.of(bench.owner) == [stored]
        assert await bench.store.active(bench.clone, bench.owner) is None

    async def test_a_draft_may_be_written_anew_until_it_is_shown(self, bench: FaceBench) -> None:
        await bench.agree(bench.owner)
        face = await bench.put(quality_score=0.0, details={})
        better = await bench.store.put_draft(replace(face, quality_score=0.9, details={"done": True}))
        assert (better.quality_score, better.details, better.created_at) == (0.9, {"done": True}, face.created_at)
        await bench.store.activate(face.id, bench.owner)
        with pytest.raises(NotFound):
            await bench.store.put_draft(replace(face, quality_score=0.1))
        shown = await bench.store.active(bench.clone, bench.owner)
        assert shown is not None and shown.quality_score == 0.9

    async def test_without_consent_nothing_is_kept_or_shown(self, bench: FaceBench) -> None:
        with pytest.raises(ConsentMissing):
            await bench.put()
        await bench.agree(bench.stranger)  # somebody else's consent is none
        with pytest.raises(ConsentMissing):
            await bench.put()
        assert await bench.store.of(bench.owner) == []

    async def test_when_consent_ends_the_face_is_not_shown_any_more(self, bench: FaceBench) -> None:
        await bench.agree(bench.owner)
        face = await bench.put()
        await bench.store.activate(face.id, bench.owner)
        assert await bench.store.active(bench.clone, bench.owner) is not None
        await bench.end(bench.owner)
        assert await bench.store.active(bench.clone, bench.owner) is None
        with pytest.raises((ConsentMissing, NotFound)):
            await bench.store.activate(face.id, bench.owner)

    async def test_a_face_that_is_nobodys_needs_no_consent(self, bench: FaceBench) -> None:
        face = await bench.put(fictional=True)
        await bench.store.activate(face.id, bench.owner)
        shown = await bench.store.active(bench.clone, bench.owner)
        assert shown is not None and shown.fictional and shown.id == face.id

    async def test_a_new_face_replaces_the_one_before_and_may_be_taken_back(self, bench: FaceBench) -> None:
        await bench.agree(bench.owner)
        first, second = await bench.put(), await bench.put()
        elsewhere = await bench.put(clone_id=bench.other_clone)
        for face in (first, elsewhere, second):
            assert (await bench.store.activate(face.id, bench.owner)).status == "active"
        states = {face.id: face.status for face in await bench.store.of(bench.owner)}
        assert states == {first.id: "replaced", second.id: "active", elsewhere.id: "active"}
        await bench.store.activate(first.id, bench.owner)
        await bench.store.activate(first.id, bench.owner)
        shown = await bench.store.active(bench.clone, bench.owner)
        assert shown is not None and shown.id == first.id
        states = {face.id: face.status for face in await bench.store.of(bench.owner)}
        assert states == {first.id: "active", second.id: "replaced", elsewhere.id: "active"}

    async def test_a_discarded_face_is_gone(self, bench: FaceBench) -> None:
        await bench.agree(bench.owner)
        draft, shown = await bench.put(), await bench.put()
        await bench.store.activate(shown.id, bench.owner)
        for face in (draft, shown):
            await bench.store.discard(face.id, bench.owner)
            with pytest.raises(NotFound):
                await bench.store.discard(face.id, bench.owner)
        assert await bench.store.active(bench.clone, bench.owner) is None
        assert await bench.store.of(bench.owner) == []

    async def test_a_stranger_reaches_nothing(self, bench: FaceBench) -> None:
        await bench.agree(bench.owner)
        await bench.agree(bench.stranger)
        face = await bench.put()
        for act in (bench.store.activate, bench.store.discard):
            with pytest.raises(NotFound):
                await act(face.id, bench.stranger)
        planted = replace(face, user_id=bench.stranger, model_path=face_folder(bench.stranger, face.id))
        for clone in (bench.clone, new_id()):
            for face_id in (face.id, new_id()):
                with pytest.raises(NotFound):
                    await bench.store.put_draft(replace(planted, id=face_id, clone_id=clone))
        assert await bench.store.of(bench.stranger) == []
        assert await bench.store.active(bench.clone, bench.stranger) is None
        assert [known.status for known in await bench.store.of(bench.owner)] == ["draft"]

    async def test_a_draft_does_not_move_to_another_clone(self, bench: FaceBench) -> None:
        await bench.agree(bench.owner)
        face = await bench.put()
        with pytest.raises(NotFound):
            await bench.store.put_draft(replace(face, clone_id=bench.other_clone))

    async def test_the_newest_come_first(self, bench: FaceBench) -> None:
        await bench.agree(bench.owner)
        made = [await bench.put() for _ in range(3)]
        assert [face.id for face in await bench.store.of(bench.owner)] == [face.id for face in reversed(made)]

    async def test_what_cannot_be_a_face_is_refused(self, bench: FaceBench) -> None:
        await bench.agree(bench.owner)
        folder, theirs = face_folder(bench.owner, new_id()), face_folder(bench.stranger, new_id())
        for path in ("", "x/", theirs, folder[:-1], f"{FACE_MODELS}/{bench.owner}/", f"{folder}../", f"/{folder}"):
            with pytest.raises(BadInput):
                await bench.put(model_path=path)
        bad: list[dict[str, Any]] = [
            {"resolution": -1},
            {"quality_score": 1.5},
            {"quality_score": float("nan")},
            {"rig_hash": "a" * 65},
            {"tier": "t" * 51},
            {"details": {"x": b"bytes"}},
            {"details": {"x": "y" * 300_000}},
            {"details": {"x": "\0"}},
        ]
        for more in bad:
            with pytest.raises(BadInput):
                await bench.put(**more)
        assert await bench.store.of(bench.owner) == []
