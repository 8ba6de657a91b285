"""What every `ClipStore` must do. Inherit, and give the fixture `bench`.

class TestMyStore(ClipStoreContract):
    @pytest.fixture
    def bench(self): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pytest

from selfsame.errors import BadInput, NotFound
from selfsame.jobs.port import JobQueue
from selfsame.kit.ids import new_id
from selfsame.studio.port import Clip, ClipDraft, ClipStore, ClipTimings

DAY = 86_400
TIMINGS = ClipTimings(tts_ms=1200.5, avatar_render_ms=9000.0, total_generation_ms=10_500.25)


@dataclass(frozen=True, slots=True)
class ClipBench:
    """A fresh store, the queue it orders from, two users, a clone that both may meet and one that is private to
    somebody else, and a way to let time pass (seconds)."""

    store: ClipStore
    queue: JobQueue
    user: UUID
    stranger: UUID
    clone: UUID
    private_clone: UUID
    pass_time: Callable[[float], None]

    def draft(self, **more: Any) -> ClipDraft:
        """A clip that `user` wants."""
        fields: dict[str, Any] = {
            "user_id": self.user,
            "clone_id": self.clone,
            "content_key": "0123456789abcdef",
            "script": "Good morning, ¡buenos días!, 早上好.",
            "language": "EN",
            "width": 512,
            "height": 384,
        }
        return ClipDraft(**(fields | more))

    async def ready(self, clip: Clip) -> Clip:
        """The clip, finished."""
        return await self.store.finish(clip.id, clip.draft.user_id, {"video": f"{clip.path}clip.mp4"}, TIMINGS)


@pytest.mark.anyio
class ClipStoreContract:
    """Clips: made once for the same content, kept for a while, only their user's."""

    @pytest.fixture
    def bench(self) -> ClipBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_a_new_clip_is_pending_and_its_job_is_ordered(self, bench: ClipBench) -> None:
        clip, fresh = await bench.store.begin(bench.draft())
        assert fresh and clip.draft == bench.draft()
        assert (clip.state, clip.progress, clip.files, clip.path) == (
            "pending",
            0.0,
            {},
            f"clone-clips/{bench.user}/{clip.id}/",
        )
        assert clip.job_id is not None
        job = await bench.queue.get(clip.job_id, bench.user)
        assert (job.state, job.args) == ("pending", {"clip_id": str(clip.id)})
        assert await bench.store.get(clip.id, bench.user) == clip

    async def test_the_same_content_is_made_once(self, bench: ClipBench) -> None:
        first, _ = await bench.store.begin(bench.draft())
        again, fresh = await bench.store.begin(bench.draft())
        assert (again.id, fresh) == (first.id, False)
        await bench.ready(first)
        again, fresh = await bench.store.begin(bench.draft())
        assert (again.id, again.state, fresh) == (first.id, "ready", False)
        assert len(await bench.queue.of(bench.user)) == 1
        other, fresh = await bench.store.begin(bench.draft(content_key="fedcba9876543210"))
        assert fresh and other.id != first.id
        theirs, fresh = await bench.store.begin(bench.draft(user_id=bench.stranger))
        assert fresh and theirs.id != first.id

    async def test_progress_and_the_end_are_seen(self, bench: ClipBench) -> None:
        clip, _ = await bench.store.begin(bench.draft())
        await bench.store.progress(clip.id, bench.user, 0.4, "speaking")
        seen = await bench.store.get(clip.id, bench.user)
        assert (seen.progress, seen.message) == (0.4, "speaking")
        done = await bench.ready(clip)
        assert (done.state, done.progress, done.timings) == ("ready", 1.0, TIMINGS)
        assert done.files == {"video": f"{clip.path}clip.mp4"}
        assert await bench.store.get(clip.id, bench.user) == done

    async def test_only_what_is_ready_is_found_in_the_cache(self, bench: ClipBench) -> None:
        key = bench.draft().content_key
        assert await bench.store.find(bench.user, key) is None
        clip, _ = await bench.store.begin(bench.draft())
        assert await bench.store.find(bench.user, key) is None
        done = await bench.ready(clip)
        assert await bench.store.find(bench.user, key) == done
        assert await bench.store.find(bench.stranger, key) is None

    async def test_what_failed_says_why_and_is_begun_again(self, bench: ClipBench) -> None:
        clip, _ = await bench.store.begin(bench.draft())
        await bench.store.fail(clip.id, bench.user, "no face was found")
        failed = await bench.store.get(clip.id, bench.user)
        assert (failed.state, failed.error_message) == ("failed", "no face was found")
        again, fresh = await bench.store.begin(bench.draft())
        assert fresh and again.id != clip.id and again.error_message is None
        assert again.job_id != clip.job_id
        with pytest.raises(NotFound):
            await bench.store.get(clip.id, bench.user)

    async def test_a_clip_expires_after_a_month_without_being_asked_for(self, bench: ClipBench) -> None:
        clip, _ = await bench.store.begin(bench.draft())
        await bench.ready(clip)
        bench.pass_time(29 * DAY)
        assert await bench.store.find(bench.user, clip.draft.content_key) is not None
        assert not (await bench.store.begin(bench.draft()))[1]
        bench.pass_time(29 * DAY)
        assert not (await bench.store.begin(bench.draft()))[1]
        bench.pass_time(30 * DAY)
        assert await bench.store.find(bench.user, clip.draft.content_key) is None
        again, fresh = await bench.store.begin(bench.draft())
        assert fresh and again.id != clip.id

    async def test_a_stranger_reaches_nothing(self, bench: ClipBench) -> None:
        clip, _ = await bench.store.begin(bench.draft())
        for act in (
            bench.store.get(clip.id, bench.stranger),
            bench.store.progress(clip.id, bench.stranger, 0.5, "x"),
            bench.store.finish(clip.id, bench.stranger, {"video": f"{clip.path}v"}, TIMINGS),
            bench.store.discard(clip.id, bench.stranger),
            bench.store.get(new_id(), bench.user),
        ):
            with pytest.raises(NotFound):
                await act
        await bench.store.fail(clip.id, bench.stranger, "x")
        assert await bench.store.get(clip.id, bench.user) == clip

    async def test_clones_that_may_not_be_met_make_no_clips(self, bench: ClipBench) -> None:
        for clone in (bench.private_clone, new_id()):
            with pytest.raises(NotFound):
                await bench.store.begin(bench.draft(clone_id=clone))
        assert await bench.queue.of(bench.user) == []

    async def test_files_lie_in_the_clips_own_folder(self, bench: ClipBench) -> None:
        clip, _ = await bench.store.begin(bench.draft())
        other = clip.path.replace(str(clip.id), str(new_id()))
        for files in (
            {},
            {"video": "x"},
            {"video": f"{other}v"},
            {"video": clip.path},
            {"a": f"{clip.path}a", "b": "b"},
        ):
            with pytest.raises(BadInput):
                await bench.store.finish(clip.id, bench.user, files, TIMINGS)
        assert (await bench.store.get(clip.id, bench.user)).state == "pending"

    async def test_a_discarded_clip_is_gone_and_whoever_made_it_learns_so(self, bench: ClipBench) -> None:
        clip, _ = await bench.store.begin(bench.draft())
        await bench.store.discard(clip.id, bench.user)
        for act in (
            bench.store.get(clip.id, bench.user),
            bench.store.progress(clip.id, bench.user, 0.5, "x"),
            bench.store.finish(clip.id, bench.user, {"video": f"{clip.path}v"}, TIMINGS),
            bench.store.discard(clip.id, bench.user),
        ):
            with pytest.raises(NotFound):
                await act
        await bench.store.fail(clip.id, bench.user, "x")

    async def test_what_nobody_can_make_is_refused(self, bench: ClipBench) -> None:
        bad: list[dict[str, Any]] = [
            {"script": "  "},
            {"script": "x" * 20_001},
            {"script": "a\0b"},
            {"content_key": "short"},
            {"content_key": "../../etc/passwd"},
            {"content_key": "é" * 20},
            {"content_key": "a" * 129},
            {"width": 0},
            {"height": 100_000},
        ]
        for more in bad:
            with pytest.raises(BadInput):
                await bench.store.begin(replace(bench.draft(), **more))
        assert await bench.queue.of(bench.user) == []
