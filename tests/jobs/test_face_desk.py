"""A face from its order to its end, on the memory twins; bad pictures with the real networks."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from uuid import UUID

import anyio
import cv2
import numpy as np
import pytest

from selfsame.clones.clone import Clone
from selfsame.demo import portrait_file
from selfsame.errors import BadInput, BadOutput, ConsentMissing, NotFound, Unavailable
from selfsame.face.port import FaceLandmarker
from selfsame.face.rig_file import from_json
from selfsame.jobs.build_face import BUILD_FACE
from selfsame.jobs.face_desk import FORGET_AFTER, WAITING_MOST, FaceState, told
from selfsame.jobs.job import Job, JobOrder
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import offload
from selfsame.studio.face.kinds import BuiltFace, FaceOrder
from selfsame.studio.face.model import PHOTOS_MOST, build_face_model
from selfsame.studio.media import ReferenceMedia
from selfsame.studio.media.sniff import as_media
from selfsame.studio.port import Progress
from tests.face.conftest import networks as networks
from tests.face.drawn import face as drawn
from tests.jobs.conftest import Time, until
from tests.jobs.studio import FILES, StudioBench, built
from tests.studio.files import bomb, photo

pytestmark = pytest.mark.anyio
PHOTOS = ReferenceMedia("images", (b"one", b"two"))
UPLOADS, MODELS = "clone-uploads", "clone-face-models"


@pytest.fixture
def bench(time: Time) -> StudioBench:
    return StudioBench(time)


async def order(bench: StudioBench, media: ReferenceMedia = PHOTOS) -> FaceState:
    return await bench.faces.order(bench.owner, bench.clone, media)


async def test_a_face_is_ordered_built_tried_accepted_replaced_and_discarded(bench: StudioBench) -> None:
    ordered = await order(bench)
    assert (ordered.status, bench.held(UPLOADS)) == ("pending", ["0", "1"])
    assert told(ordered)["progress"] == 0.0 and "previewUrl" not in told(ordered)
    with pytest.raises(BadInput, match="not built"):
        await bench.faces.activate(bench.owner, ordered.face.id)
    async with bench.working():
        ready = await bench.face_is(ordered.face.id, "ready")
        assert bench.held(UPLOADS) == [], "raw media are not kept"
        assert bench.held(MODELS) == sorted([*FILES, "preview.mp4"])
        said = told(ready)
        assert (said["status"], said["progress"], said["tier"], said["qualityScore"]) == ("ready", 1.0, "basic", 71.5)
        assert said["notes"] == ["Made of one photo: lower quality."] and said["validation"] == {"isValid": True}
        assert said["previewUrl"].endswith("/preview.jpg") and said["videoUrl"].endswith("/preview.mp4")
        assert json.dumps(said)
        assert await bench.faces.file(bench.owner, ordered.face.id, "preview.mp4") == b"video"
        with pytest.raises(NotFound):
            await bench.faces.file(bench.owner, ordered.face.id, "rig.json")
        assert await bench.models.active(bench.clone.id, bench.owner) is None, "nobody accepted it yet"
        active = await bench.faces.activate(bench.owner, ordered.face.id)
        assert active.status == "active"
        second = (await order(bench)).face.id
        await bench.face_is(second, "ready")
    await bench.faces.activate(bench.owner, second)
    states = {state.face.id: state.status for state in await bench.faces.of(bench.owner)}
    assert states == {second: "active", ordered.face.id: "replaced"}
    await bench.faces.activate(bench.owner, ordered.face.id)
    await bench.faces.discard(bench.owner, second)
    assert [state.face.id for state in await bench.faces.of(bench.owner)] == [ordered.face.id]
    with pytest.raises(NotFound):
        await bench.faces.state(bench.owner, second)


async def test_progress_is_seen_while_it_is_built(bench: StudioBench) -> None:
    seen: list[tuple[str, float, str]] = []

    async def build(_media: ReferenceMedia, progress: Progress, made: FaceOrder) -> BuiltFace:
        for share, doing in ((0.0, "Looking"), (1.0, "Ready")):
            await progress(share, doing)
            body = told(await bench.faces.state(bench.owner, UUID(made.model_id)))
            seen.append((body["status"], body["progress"], body["message"]))
        return built(made)

    bench.build = build
    async with bench.working():
        await bench.face_is((await order(bench)).face.id, "ready")
    assert seen == [("running", 0.0, "Looking"), ("running", 0.6, "Ready")]


# --- killed, stopped, refused ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("when", "step", "builds"), [
    ("before", "build", 2), ("after", "build", 1), ("before", "clear", 1), ("after", "clear", 1),
])  # fmt: skip
async def test_a_killed_workers_face_goes_on(bench: StudioBench, when: str, step: str, builds: int) -> None:
    ordered = await order(bench)
    await bench.kill(when, step)
    async with bench.working():
        await bench.face_is(ordered.face.id, "ready")
    assert (bench.builds, bench.trials) == (builds, builds), "what was stored is not done twice"
    assert bench.held(UPLOADS) == [] and len(bench.held(MODELS)) == len(FILES) + 1
    assert len(await bench.faces.of(bench.owner)) == 1


async def test_a_face_that_is_still_at_work_cannot_be_accepted(bench: StudioBench) -> None:
    """Its draft is written, but another worker may have to build it again."""
    ordered = await order(bench)
    await bench.kill("before", "build")
    state = await bench.faces.state(bench.owner, ordered.face.id)
    assert state.face.rig_hash and state.status == "running"
    with pytest.raises(BadInput, match="wait for it"):
        await bench.faces.activate(bench.owner, ordered.face.id)


async def test_discarding_stops_the_work_and_erases_everything(bench: StudioBench) -> None:
    begun, ended = anyio.Event(), anyio.Event()

    async def build(*_: object) -> BuiltFace:
        begun.set()
        try:
            await anyio.sleep_forever()
        finally:
            ended.set()
        raise AssertionError

    bench.build = build
    async with bench.working():
        ordered = await order(bench)
        with anyio.fail_after(20):
            await begun.wait()
            await bench.faces.discard(bench.owner, ordered.face.id)
            await ended.wait()
    assert bench.files.held == {}
    assert ordered.job is not None
    assert (await bench.jobs.get(ordered.job.id, bench.owner)).state == "cancelled"


async def test_discarding_what_waits_leaves_nothing(bench: StudioBench) -> None:
    ordered = await order(bench)
    await bench.faces.discard(bench.owner, ordered.face.id)
    assert bench.files.held == {} and await bench.faces.of(bench.owner) == []
    async with bench.working():
        second = await order(bench)
        await bench.face_is(second.face.id, "ready")
    assert bench.builds == 1


async def test_without_consent_nothing_is_stored(bench: StudioBench) -> None:
    bench.revoke()
    with pytest.raises(ConsentMissing):
        await order(bench)
    assert bench.files.held == {} and await bench.jobs.of(bench.owner) == []


async def test_consent_that_ends_in_the_middle_ends_the_face(bench: StudioBench) -> None:
    async def build(_media: ReferenceMedia, _progress: Progress, made: FaceOrder) -> BuiltFace:
        bench.revoke()
        return built(made)

    bench.build = build
    async with bench.working():
        failed = await bench.face_is((await order(bench)).face.id, "failed")
    assert told(failed)["errorCode"] == "CONSENT_MISSING"
    assert bench.held(UPLOADS) == [] and failed.face.rig_hash == ""
    with pytest.raises(BadInput):
        await bench.faces.activate(bench.owner, failed.face.id)


async def test_a_ready_face_without_consent_is_not_accepted(bench: StudioBench) -> None:
    async with bench.working():
        ready = await bench.face_is((await order(bench)).face.id, "ready")
    bench.revoke()
    with pytest.raises(ConsentMissing):
        await bench.faces.activate(bench.owner, ready.face.id)


async def test_a_face_that_vanished_leaves_no_uploads(bench: StudioBench) -> None:
    """As when consent is revoked while it waits: the row is gone before the job begins."""
    ordered = await order(bench)
    await bench.models.discard(ordered.face.id, bench.owner)
    async with bench.working():
        assert ordered.job is not None
        await bench.job_is(ordered.job.id, "failed")
    assert bench.files.held == {} and bench.builds == 0


@pytest.mark.parametrize(("error", "tries"), [
    (Unavailable("the networks are away", role="face", provider="x"), 3),
    (BadOutput("nonsense", role="face", provider="x"), 1),
    (KeyError("a bug"), 1),
])  # fmt: skip
async def test_engines_that_fail_for_good_leave_no_uploads(bench: StudioBench, error: Exception, tries: int) -> None:
    async def build(*_: object) -> BuiltFace:
        assert bench.held(UPLOADS) == ["0", "1"]
        raise error

    bench.build = build
    async with bench.working():
        face = (await order(bench)).face.id

        async def failed() -> bool:
            bench.time.pass_by(3)
            return (await bench.faces.state(bench.owner, face)).status == "failed"

        await until(failed)
    said = told(await bench.faces.state(bench.owner, face))
    assert bench.builds == tries and bench.held(UPLOADS) == [] and said["errorMessage"]
    assert "a bug" not in said["errorMessage"]


async def test_uploads_go_after_a_day_whatever_becomes_of_them(bench: StudioBench) -> None:
    await order(bench)
    for job in await bench.jobs.of(bench.owner):
        await bench.jobs.cancel(job.id, bench.owner)
    assert bench.held(UPLOADS) == ["0", "1"]
    bench.time.pass_by(FORGET_AFTER + 1)
    async with bench.working():

        async def erased() -> bool:
            return not bench.held(UPLOADS)

        await until(erased)


@pytest.mark.parametrize("fails", ["put", "enqueue"])
async def test_an_order_that_cannot_be_given_leaves_nothing(
    bench: StudioBench, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    if fails == "put":
        real = bench.files.put

        async def full(key: str, data: bytes) -> None:
            if key.endswith("/1"):
                raise Unavailable("the disk is full", role="files", provider="x")
            await real(key, data)

        monkeypatch.setattr(bench.files, "put", full)
    else:
        enqueue = bench.jobs.enqueue

        async def away(wanted: JobOrder) -> Job:
            if wanted.kind == BUILD_FACE:
                raise Unavailable("no database", role="database", provider="x")
            return await enqueue(wanted)

        monkeypatch.setattr(bench.jobs, "enqueue", away)
    with pytest.raises(Unavailable):
        await order(bench)
    assert bench.files.held == {} and await bench.faces.of(bench.owner) == []


@pytest.mark.parametrize("media", [
    ReferenceMedia("images", ()), ReferenceMedia("images", (b"x",) * (PHOTOS_MOST + 1)), ReferenceMedia("video", ()),
    ReferenceMedia("video", (b"x", b"x")),
])  # fmt: skip
async def test_too_few_and_too_many_are_refused_at_once(bench: StudioBench, media: ReferenceMedia) -> None:
    with pytest.raises(BadInput, match="1 to 20 photos"):
        await order(bench, media)
    assert bench.files.held == {} and await bench.jobs.of(bench.owner) == []


async def test_only_so_many_faces_wait_at_once(bench: StudioBench) -> None:
    faces = [await order(bench) for _ in range(WAITING_MOST)]
    with pytest.raises(BadInput, match="discard one"):
        await order(bench)
    await bench.faces.discard(bench.owner, faces[0].face.id)
    await order(bench)


async def test_to_others_there_is_no_such_face(bench: StudioBench) -> None:
    async with bench.working():
        ready = await bench.face_is((await order(bench)).face.id, "ready")
    stranger, face = bench.visitor, ready.face.id
    assert await bench.faces.of(stranger) == []
    for act in (
        bench.faces.state(stranger, face),
        bench.faces.file(stranger, face, "preview.jpg"),
        bench.faces.activate(stranger, face),
        bench.faces.discard(stranger, face),
        bench.faces.order(stranger, bench.clone, PHOTOS),
        bench.faces.order(bench.owner, Clone(new_id(), stranger, "theirs", "Theirs"), PHOTOS),
    ):
        with pytest.raises(NotFound):
            await act
    assert (await bench.faces.state(bench.owner, face)).status == "ready"


@pytest.mark.parametrize("args", [
    {}, {"face": "x"}, {"face": 7, "media": "images", "files": 1}, {"face": str(UUID(int=1)), "media": "images"},
])  # fmt: skip
async def test_a_damaged_order_fails_with_a_sentence(bench: StudioBench, args: dict[str, object]) -> None:
    job = await bench.jobs.enqueue(JobOrder(BUILD_FACE, bench.owner, args))
    async with bench.working():
        failed = await bench.job_is(job.id, "failed")
    assert failed.error_code in ("BAD_INPUT", "NOT_FOUND")


# --- real pictures ---------------------------------------------------------------------------------------------------


def real(bench: StudioBench, networks: FaceLandmarker) -> None:
    async def build(media: ReferenceMedia, progress: Progress, made: FaceOrder) -> BuiltFace:
        return await build_face_model(media, networks, progress, made)

    bench.build = build


@pytest.mark.parametrize(("make", "advice"), [
    (lambda: [photo(np.full((400, 400, 3), 128, np.uint8))], "No face was found"),
    (lambda: [photo(np.concatenate([drawn(), drawn()], 1))], "shows only you"),
    (lambda: [photo((drawn() * 0.1).astype(np.uint8))] * 2, "too dark"),
    (lambda: [b"this is no picture"], "not a photo"),
    (lambda: [bomb()], "megapixels"),
    (lambda: [b"\x1aE\xdf\xa3" + bytes(4000)], "video"),
], ids=["no face", "two faces", "dark", "no picture", "bomb", "no video"])  # fmt: skip
async def test_bad_pictures_end_with_advice_and_are_erased(
    bench: StudioBench, networks: FaceLandmarker, make: Callable[[], list[bytes]], advice: str
) -> None:
    real(bench, networks)
    async with bench.working():
        failed = await bench.face_is((await order(bench, as_media(make()))).face.id, "failed", "ready")
    said = told(failed)
    assert said["status"] == "failed" and advice in said["errorMessage"]
    assert bench.files.held == {} and "previewUrl" not in said


async def test_a_portrait_becomes_a_face_that_can_be_drawn(bench: StudioBench, networks: FaceLandmarker) -> None:
    real(bench, networks)
    async with bench.working():
        ready = await bench.face_is(
            (await order(bench, as_media([await offload(portrait_file)]))).face.id, "ready", "failed"
        )
    assert ready.status == "ready", told(ready)
    rig = from_json(bench.files.held[ready.face.model_path + "rig.json"])
    assert rig.texture.shape == (512, 512, 3)
    preview = await bench.faces.file(bench.owner, ready.face.id, "preview.jpg")
    decode = partial(cv2.imdecode, np.frombuffer(preview, np.uint8), cv2.IMREAD_COLOR)
    assert decode().shape == (256, 256, 3)
    said = told(ready)
    assert said["good"] == said["pictures"] == 1 and said["quality"][0]["isValid"] is True
