"""The job that builds a face from what its owner uploaded, tries it, and leaves a preview to accept or replace."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from selfsame.errors import BadInput, NotFound
from selfsame.jobs.job import JobKind
from selfsame.jobs.work import Work
from selfsame.jobs.worker import Handler
from selfsame.kit.clock import wall
from selfsame.studio.face.kinds import BuiltFace, FaceOrder
from selfsame.studio.folders import UPLOADS, folder_of
from selfsame.studio.media import ReferenceMedia
from selfsame.studio.port import FaceModel, FaceModelStore, FileStore, Progress

BUILD_FACE = JobKind("build-face", max_running=1, consent="face")
DAMAGED = "the order of this face is damaged; upload the pictures again"
QUALITIES_KEPT = 20
"""Judgements of single pictures kept with the model; a video has up to 120."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What trying a built face gave: small JSON for its owner, and a video to look at."""

    report: dict[str, Any]
    video: bytes | None


BuildFace = Callable[[ReferenceMedia, Progress, FaceOrder], Awaitable[BuiltFace]]
"""Builds a face from media. Raises BadInput that says what is wrong with them, ProviderError."""
TryFace = Callable[[FaceModel, BuiltFace, ReferenceMedia, Progress], Awaitable[Trial]]
"""Validates a face and renders a test sentence with it. Raises BadInput that says why it may not be used."""


@dataclass(frozen=True, slots=True)
class FaceWorkshop:
    """What the job needs."""

    models: FaceModelStore
    files: FileStore
    build: BuildFace
    try_face: TryFace


def uploads_folder(user_id: UUID, face_id: UUID) -> str:
    """Where the raw media of a face lie until it is built."""
    return f"{folder_of(UPLOADS, user_id)}{face_id}/"


def building(shop: FaceWorkshop) -> Handler:
    """The handler of `BUILD_FACE`; its arguments are `face`, `media` (images or video) and the number of `files`."""

    async def build(work: Work) -> Any:
        uploads = uploads_folder(work.user_id, _ordered(work))
        try:
            face = await _draft(shop.models, work)
            result = await work.step("build", _build, shop, work, face)
        except Exception as error:
            if work.fails_with(error, BUILD_FACE):
                # Nothing will come of these pictures: they go at once, and the owner hears why.
                await shop.files.delete(uploads)
            raise
        await work.step("clear", _clear, shop.files, uploads)
        return result

    return build


def _ordered(work: Work) -> UUID:
    try:
        return UUID(str(work.args.get("face")))
    except ValueError:
        raise BadInput(DAMAGED) from None


async def _draft(models: FaceModelStore, work: Work) -> FaceModel:
    wanted = _ordered(work)
    for face in await models.of(work.user_id):
        if face.id == wanted:
            return face
    raise NotFound("the face was discarded before it was built")


async def _build(shop: FaceWorkshop, work: Work, face: FaceModel) -> dict[str, Any]:
    media = await _media(shop.files, work, face)
    order = FaceOrder(str(face.user_id), str(face.id), face.created_at or wall())
    built = await shop.build(media, work.part(0.0, 0.6), order)
    trial = await shop.try_face(face, built, media, work.part(0.6, 0.98))
    files = built.files if trial.video is None else {**built.files, "preview.mp4": trial.video}
    for name, data in files.items():
        await shop.files.put(face.model_path + name, data)
    done = _described(face, built, trial)
    await shop.models.put_draft(done)
    await work.progress(1.0, "The face is ready: look at it, then accept it or upload other pictures")
    return {"face": str(face.id), "qualityScore": round(100 * done.quality_score, 1), "tier": done.tier}


async def _media(files: FileStore, work: Work, face: FaceModel) -> ReferenceMedia:
    kind, count = work.args.get("media"), work.args.get("files")
    if kind not in ("images", "video") or not isinstance(count, int):
        raise BadInput(DAMAGED)
    folder = uploads_folder(face.user_id, face.id)
    try:
        data = tuple([await files.get(f"{folder}{number}") for number in range(count)])
    except NotFound:
        raise BadInput("the uploaded pictures are gone; upload them again") from None
    return ReferenceMedia("video" if kind == "video" else "images", data)


def _described(face: FaceModel, built: BuiltFace, trial: Trial) -> FaceModel:
    from hashlib import sha256

    model = built.model
    details = dict(face.details) | {
        "notes": list(built.notes),
        "quality": [quality.to_json() for quality in built.quality[:QUALITIES_KEPT]],
        "pictures": len(built.quality),
        "good": sum(quality.is_valid for quality in built.quality),
        **trial.report,
    }
    return replace(
        face,
        tier=model.tier,
        resolution=max(model.resolution),
        quality_score=min(1.0, max(0.0, model.quality_score / 100)),
        rig_hash=sha256(built.files["rig.json"]).hexdigest()[:32],
        details=details,
    )


async def _clear(files: FileStore, prefix: str) -> int:
    return await files.delete(prefix)
