"""Where owners order a face, look at it, and accept, replace or discard it (FACE-01, FACE-20)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import anyio

from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, NotFound, SelfsameError
from selfsame.jobs.build_face import BUILD_FACE, uploads_folder
from selfsame.jobs.erase import ERASE
from selfsame.jobs.job import Job, JobOrder
from selfsame.jobs.port import JobQueue
from selfsame.kit.ids import new_id
from selfsame.studio.face.model import PHOTOS_MOST
from selfsame.studio.folders import face_folder
from selfsame.studio.media import ReferenceMedia
from selfsame.studio.port import FaceModel, FaceModelStore, FileStore

WAITING_MOST = 3
"""Faces of one user that may wait to be built: their pictures lie on our disk meanwhile."""
FORGET_AFTER = 24 * 3600.0
"""Seconds after which uploaded media go whatever became of their job."""
SHOWN = {"neutral_pose.jpg": "image/jpeg", "preview.jpg": "image/jpeg", "preview.mp4": "video/mp4"}
"""Files of a face that its owner may look at, and their types."""


@dataclass(frozen=True, slots=True)
class FaceState:
    """A face and how far its building is. `job` is None for a face that was not built here."""

    face: FaceModel
    job: Job | None

    @property
    def status(self) -> str:
        """pending, running, failed or cancelled while it is a draft without a rig, else ready, active or replaced."""
        if self.face.status != "draft":
            return self.face.status
        if self.face.rig_hash and (self.job is None or self.job.state == "completed"):
            return "ready"
        return "failed" if self.job is None or self.job.state == "completed" else self.job.state


@dataclass(frozen=True, slots=True)
class FaceDesk:
    """For owners only: whatever is not the user's is NotFound."""

    models: FaceModelStore
    files: FileStore
    jobs: JobQueue

    async def order(self, user_id: UUID, clone: Clone, media: ReferenceMedia) -> FaceState:
        """Store the media and order the building; returns at once.

        Raises NotFound (not their clone), ConsentMissing, BadInput (nothing, too many pictures, or too many faces that
        wait), TooLarge. Whatever it raises, nothing of the media stays.
        """
        if clone.owner_id != user_id:
            raise NotFound("there is no such clone of yours")
        if not media.data or (media.type == "video" and len(media.data) > 1) or len(media.data) > PHOTOS_MOST:
            raise BadInput(f"Upload one video, or 1 to {PHOTOS_MOST} photos; 5 to 10 photos are best.")
        waiting = [state for state in await self.of(user_id) if state.status in ("pending", "running")]
        if len(waiting) >= WAITING_MOST:
            raise BadInput(f"{len(waiting)} faces are being built already; wait for them, or discard one")
        face_id = new_id()
        draft = FaceModel(face_id, user_id, clone.id, face_folder(user_id, face_id), details={"media": media.to_json()})
        draft = await self.models.put_draft(draft)
        try:
            return FaceState(draft, await self._order(draft, media))
        except BaseException:
            with anyio.CancelScope(shield=True):
                await self._forget(draft)
            raise

    async def _order(self, draft: FaceModel, media: ReferenceMedia) -> Job:
        folder = uploads_folder(draft.user_id, draft.id)
        await self.jobs.enqueue(JobOrder(ERASE, None, {"prefix": folder}, f"uploads {draft.id}", FORGET_AFTER))
        for number, data in enumerate(media.data):
            await self.files.put(f"{folder}{number}", data)
        args = {"face": str(draft.id), "media": media.type, "files": len(media.data)}
        return await self.jobs.enqueue(JobOrder(BUILD_FACE, draft.user_id, args, str(draft.id)))

    async def _forget(self, draft: FaceModel) -> None:
        """Take an order back that could not be given; the store may be away, and then the day's erasing does it."""
        with suppress(SelfsameError):
            await self.models.discard(draft.id, draft.user_id)
        with suppress(SelfsameError):
            await self.erase(draft)

    async def state(self, user_id: UUID, face_id: UUID) -> FaceState:
        """The face and its job. Raises NotFound."""
        face = await self._face(user_id, face_id)
        return FaceState(face, await self._job(face))

    async def of(self, user_id: UUID) -> list[FaceState]:
        """All faces of the user, newest first."""
        mine = reversed(await self.jobs.of(user_id, 200))  # so that the newest of a face's jobs counts
        jobs = {job.args.get("face"): job for job in mine if job.kind == BUILD_FACE.name}
        return [FaceState(face, jobs.get(str(face.id))) for face in await self.models.of(user_id)]

    async def file(self, user_id: UUID, face_id: UUID, name: str) -> bytes:
        """A picture or the test video of the face. Raises NotFound."""
        face = await self._face(user_id, face_id)
        if name not in SHOWN:
            raise NotFound("there is no such file")
        return await self.files.get(face.model_path + name)

    async def rig(self, user_id: UUID, face_id: UUID) -> bytes:
        """The rig of a face that is built. Raises NotFound."""
        face = await self._face(user_id, face_id)
        if not face.rig_hash:
            raise NotFound("this face is not built yet")
        return await self.files.get(face.model_path + "rig.json")

    async def activate(self, user_id: UUID, face_id: UUID) -> FaceState:
        """Show this face from now on. Raises NotFound, ConsentMissing, BadInput while it is not built."""
        state = await self.state(user_id, face_id)
        if state.status not in ("ready", "active", "replaced"):
            raise BadInput("this face is not built; wait for it, or upload other pictures")
        return replace(state, face=await self.models.activate(face_id, user_id))

    async def discard(self, user_id: UUID, face_id: UUID) -> None:
        """Forget the face, its files and its job. Raises NotFound."""
        state = await self.state(user_id, face_id)
        if state.job is not None:
            await self.jobs.cancel(state.job.id, user_id)
        await self.models.discard(face_id, user_id)
        await self.erase(state.face)

    async def erase(self, face: FaceModel) -> None:
        """Erase what was uploaded for a face and what was made of it, now; its row may be gone already."""
        await self.files.delete(uploads_folder(face.user_id, face.id))
        await self.files.delete(face.model_path)

    async def _face(self, user_id: UUID, face_id: UUID) -> FaceModel:
        for face in await self.models.of(user_id):
            if face.id == face_id:
                return face
        raise NotFound("there is no such face")

    async def _job(self, face: FaceModel) -> Job | None:
        for job in await self.jobs.of(face.user_id, 200):
            if job.kind == BUILD_FACE.name and job.args.get("face") == str(face.id):
                return job
        return None


def told(state: FaceState) -> dict[str, Any]:
    """A face as JSON for its owner."""
    face, job = state.face, state.job
    body: dict[str, Any] = {
        "faceModelId": str(face.id),
        "cloneId": str(face.clone_id),
        "status": state.status,
        "progress": 1.0 if job is None or face.rig_hash else job.progress,
        "message": "" if job is None else job.message,
        "tier": face.tier,
        "qualityScore": round(100 * face.quality_score, 1),
        "resolution": face.resolution,
        "createdAt": face.created_at.isoformat() if face.created_at else None,
        **{name: face.details[name] for name in face.details},
    }
    if job is not None:
        body["jobId"] = str(job.id)
        if job.error_message and state.status == "failed":
            body["errorCode"], body["errorMessage"] = job.error_code, job.error_message
    if face.rig_hash and not face.fictional:
        body["previewUrl"] = f"/face-model/{face.id}/preview.jpg"
        body["videoUrl"] = f"/face-model/{face.id}/preview.mp4"
    return body
