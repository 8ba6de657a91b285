"""A clip from its order to its end, on the memory twins, with a drawn face and a humming voice."""

from __future__ import annotations

import io
from dataclasses import replace
from threading import Event
from uuid import UUID

import av
import pytest

from selfsame.errors import BadInput, NotFound, Unavailable
from selfsame.jobs.job import JobOrder
from selfsame.jobs.render_clip import RENDER_CLIP
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import offload
from selfsame.studio.desk import ClipDesk, ClipWish
from tests.face.painter import gone
from tests.jobs.conftest import Time, until
from tests.jobs.studio import StudioBench

pytestmark = pytest.mark.anyio
WISH = ClipWish("ada", "Hello there.", "auto", 256)
CLIPS = "clone-clips"


@pytest.fixture
def bench(time: Time) -> StudioBench:
    return StudioBench(time)


def meets_the_port(bench: StudioBench) -> ClipDesk:
    """For the type checker."""
    return bench.clips


async def test_a_clip_is_ordered_made_and_fetched(bench: StudioBench) -> None:
    ordered = await bench.clips.order(bench.owner, WISH)
    assert (ordered.status, ordered.progress) == ("pending", 0.0)
    with pytest.raises(NotFound, match="not ready"):
        await bench.clips.video(bench.owner, ordered.id)
    async with bench.working():
        made = await bench.talk_is(ordered, "completed", "failed")
    assert made.status == "completed" and made.timings is not None and made.timings.total_generation_ms > 0
    assert bench.held(CLIPS) == ["audio.m4a", "poster.jpg", "video.mp4"]
    with av.open(io.BytesIO(await bench.clips.video(bench.owner, ordered.id))) as film:
        assert {stream.type for stream in film.streams} == {"audio", "video"}
        assert film.streams.video[0].width == 256


async def test_the_same_wish_twice_is_one_clip(bench: StudioBench) -> None:
    first = await bench.clips.order(bench.owner, WISH)
    assert (await bench.clips.order(bench.owner, WISH)).id == first.id
    async with bench.working():
        await bench.talk_is(first, "completed")
        again = await bench.clips.order(bench.owner, ClipWish(None, " Hello  there. ", "EN", 256))
        assert (again.id, again.status, bench.staged) == (first.id, "completed", 1)
        others = [ClipWish("ada", "Hello there!", "EN", 256), ClipWish("ada", "Hello there.", "EN", 360)]
        bench.rig_hash, ids = "rig-2", {first.id}
        for wish in (WISH, *others):
            ids.add((await bench.clips.order(bench.owner, wish)).id)
        assert len(ids) == 4, "another face, text or size is another clip"


async def test_another_clones_clip_is_another_one_though_they_share_a_face(bench: StudioBench) -> None:
    """The keys differ: the heads move in their own way, and an answer must come from the clone that was asked."""
    first = await bench.clip_store.get((await bench.clips.order(bench.owner, WISH)).id, bench.owner)
    bench.clone = replace(bench.clone, id=new_id())
    second = await bench.clip_store.get((await bench.clips.order(bench.owner, WISH)).id, bench.owner)
    assert first.draft.content_key != second.draft.content_key


@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_killed_workers_clip_goes_on(bench: StudioBench, when: str) -> None:
    ordered = await bench.clips.order(bench.owner, WISH)
    await bench.kill(when, "film")
    if when == "after":  # stored: the clip is there, although its job does not know yet
        assert (await bench.clips.status(bench.owner, ordered.id)).status == "completed"
    async with bench.working():
        await bench.talk_is(ordered, "completed")
        clip = await bench.clip_store.get(ordered.id, bench.owner)
        assert clip.job_id is not None
        await bench.job_is(clip.job_id, "completed")
    assert bench.staged == (2 if when == "before" else 1)
    assert bench.held(CLIPS) == ["audio.m4a", "poster.jpg", "video.mp4"]


async def test_a_waiting_clip_is_cancelled_and_can_be_ordered_again(bench: StudioBench) -> None:
    first = await bench.clips.order(bench.owner, WISH)
    assert (await bench.clips.cancel(bench.owner, first.id)).status == "cancelled"
    assert (await bench.clips.cancel(bench.owner, first.id)).status == "cancelled"
    second = await bench.clips.order(bench.owner, WISH)
    assert second.id != first.id and second.status == "pending"
    async with bench.working():
        await bench.talk_is(second, "completed")
    assert (await bench.clips.cancel(bench.owner, second.id)).status == "completed", "too late is harmless"
    with pytest.raises(NotFound):
        await bench.clips.status(bench.owner, first.id)


async def test_a_running_clip_is_cancelled_and_can_be_ordered_again_at_once(bench: StudioBench) -> None:
    drawing, go_on = Event(), Event()

    def slowly() -> None:
        drawing.set()
        assert go_on.wait(20)

    bench.before_picture = slowly
    async with bench.working():
        first = await bench.clips.order(bench.owner, WISH)
        assert await offload(drawing.wait, 20)
        assert (await bench.clips.cancel(bench.owner, first.id)).status == "cancelled"
        second = await bench.clips.order(bench.owner, WISH)
        assert second.id != first.id and second.status == "pending"
        go_on.set()
        await bench.talk_is(second, "completed")
    assert len(bench.held(CLIPS)) == 3, "of the first one no file is there"


async def test_a_clip_that_became_ready_while_its_job_was_read_is_not_begun_anew(
    bench: StudioBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    ordered = await bench.clips.order(bench.owner, WISH)
    pending = await bench.clip_store.get(ordered.id, bench.owner)
    async with bench.working():
        await bench.talk_is(ordered, "completed")
    real = bench.clip_store.begin

    async def late(draft: object) -> object:
        await real(draft)  # type: ignore[arg-type]
        return pending, False

    monkeypatch.setattr(bench.clip_store, "begin", late)
    again = await bench.clips.order(bench.owner, WISH)
    assert (again.id, again.status) == (ordered.id, "completed") and again.timings is not None


async def test_a_clip_whose_job_was_forgotten_can_be_ordered_again(bench: StudioBench) -> None:
    first = await bench.clips.order(bench.owner, WISH)
    bench.jobs._jobs.clear()
    assert (await bench.clips.status(bench.owner, first.id)).status == "failed"
    second = await bench.clips.order(bench.owner, WISH)
    assert second.id != first.id and second.status == "pending"


async def test_a_face_that_is_gone_fails_the_clip_with_a_sentence(bench: StudioBench) -> None:
    ordered = await bench.clips.order(bench.owner, WISH)
    bench.rig_hash = ""
    async with bench.working():
        failed = await bench.talk_is(ordered, "failed", "completed")
    assert (failed.status, failed.error) == ("failed", "Ada has no face to show")
    with pytest.raises(NotFound, match="no face"):
        await bench.clips.order(bench.owner, WISH)
    bench.rig_hash = "rig-1"
    async with bench.working():
        again = await bench.clips.order(bench.owner, WISH)
        assert again.id != ordered.id
        await bench.talk_is(again, "completed")


async def test_an_engine_that_fails_is_tried_again_and_then_said(bench: StudioBench) -> None:
    bench.before_picture = gone
    async with bench.working():
        ordered = await bench.clips.order(bench.owner, WISH)

        async def given_up() -> bool:
            bench.time.pass_by(3)
            return (await bench.clips.status(bench.owner, ordered.id)).status == "failed"

        await until(given_up)
        failed = await bench.clips.status(bench.owner, ordered.id)
        assert (failed.error, bench.staged) == (
            Unavailable("the renderer is gone", role="face", provider="x").message,
            3,
        )
        bench.before_picture = lambda: None
        again = await bench.clips.order(bench.owner, WISH)
        await bench.talk_is(again, "completed")


async def test_what_nobody_can_film_is_refused_at_once(bench: StudioBench) -> None:
    for wish in (ClipWish("ada", "  "), ClipWish("ada", "x", size=300)):
        with pytest.raises(BadInput):
            await bench.clips.order(bench.owner, wish)
    with pytest.raises(NotFound):
        await bench.clips.order(bench.owner, ClipWish("nobody", "Hello."))
    assert await bench.jobs.of(bench.owner) == []


async def test_to_others_there_is_no_such_clip(bench: StudioBench) -> None:
    ordered = await bench.clips.order(bench.owner, WISH)
    async with bench.working():
        await bench.talk_is(ordered, "completed")
    for act in (bench.clips.status, bench.clips.cancel, bench.clips.video):
        with pytest.raises(NotFound):
            await act(bench.visitor, ordered.id)
    theirs = await bench.clips.order(bench.visitor, WISH)
    assert theirs.id != ordered.id, "each has clips of their own"
    with pytest.raises(NotFound):
        await bench.clips.status(bench.owner, theirs.id)


@pytest.mark.parametrize("args", [{}, {"clip_id": "x"}, {"clip_id": str(UUID(int=1))}])
async def test_a_damaged_order_fails_with_a_sentence(bench: StudioBench, args: dict[str, str]) -> None:
    job = await bench.jobs.enqueue(JobOrder(RENDER_CLIP, bench.owner, args))
    async with bench.working():
        failed = await bench.job_is(job.id, "failed")
    assert failed.error_code in ("BAD_INPUT", "NOT_FOUND")
