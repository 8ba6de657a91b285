"""Face models and clips in memory, for tests and demonstrations: the same contracts, but nothing survives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from selfsame.clones.consent import Consent, is_live, require
from selfsame.errors import NotFound
from selfsame.jobs.job import JobKind, JobOrder
from selfsame.jobs.port import JobQueue
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.studio.checks import check_clip, check_face, check_files
from selfsame.studio.folders import clip_folder
from selfsame.studio.port import Clip, ClipDraft, ClipTimings, FaceModel

Consents = Callable[[UUID], tuple[Consent, ...]]
KEPT = timedelta(days=30)


class MemoryFaces:
    """`FaceModelStore` in memory. `owners` says whose clone is whose, `consents` what a user has agreed to."""

    def __init__(self, owners: Mapping[UUID, UUID], consents: Consents, now: Callable[[], datetime] = wall) -> None:
        self._owners = owners
        self._consents = consents
        self._now = now
        self._faces: dict[UUID, FaceModel] = {}

    async def put_draft(self, face: FaceModel) -> FaceModel:
        """Store a draft, or write it anew; see the port."""
        check_face(face)
        if self._owners.get(face.clone_id) != face.user_id:
            raise NotFound("there is no such clone")
        self._require(face)
        known = self._faces.get(face.id)
        made = self._now()
        if known is not None:
            if (known.user_id, known.clone_id, known.status) != (face.user_id, face.clone_id, "draft"):
                raise NotFound("there is no such draft")
            made = known.created_at or made
        self._faces[face.id] = replace(face, status="draft", created_at=made, details=dict(face.details))
        return self._faces[face.id]

    async def activate(self, face_id: UUID, user_id: UUID) -> FaceModel:
        """Show this face from now on; see the port."""
        face = self._theirs(face_id, user_id)
        self._require(face)
        for other in list(self._faces.values()):
            if other.clone_id == face.clone_id and other.status == "active":
                self._faces[other.id] = replace(other, status="replaced")
        self._faces[face_id] = replace(self._faces[face_id], status="active")
        return self._faces[face_id]

    async def discard(self, face_id: UUID, user_id: UUID) -> None:
        """Forget a model. Raises NotFound."""
        del self._faces[self._theirs(face_id, user_id).id]

    async def active(self, clone_id: UUID, owner_id: UUID) -> FaceModel | None:
        """The face to show; None without live consent."""
        agreed = is_live(self._consents(owner_id), "face")
        for face in self._faces.values():
            if (face.clone_id, face.user_id, face.status) == (clone_id, owner_id, "active"):
                return face if face.fictional or agreed else None
        return None

    async def of(self, user_id: UUID) -> list[FaceModel]:
        """The user's models, newest first."""
        mine = [face for face in self._faces.values() if face.user_id == user_id]
        return sorted(mine, key=lambda face: face.created_at or self._now(), reverse=True)

    def _require(self, face: FaceModel) -> None:
        if not face.fictional:
            require(self._consents(face.user_id), "face")

    def _theirs(self, face_id: UUID, user_id: UUID) -> FaceModel:
        face = self._faces.get(face_id)
        if face is None or face.user_id != user_id:
            raise NotFound("there is no such face")
        return face


class MemoryClips:
    """`ClipStore` in memory. `meets` says whether a user may meet a clone; jobs of `kind` go to `queue`."""

    def __init__(
        self,
        queue: JobQueue,
        kind: JobKind,
        meets: Callable[[UUID, UUID], bool],
        now: Callable[[], datetime] = wall,
    ) -> None:
        self._queue = queue
        self._kind = kind
        self._meets = meets
        self._now = now
        self._clips: dict[UUID, Clip] = {}

    async def begin(self, draft: ClipDraft) -> tuple[Clip, bool]:
        """The clip, and whether making it begins now; see the port."""
        check_clip(draft)
        if not self._meets(draft.user_id, draft.clone_id):
            raise NotFound("there is no such clone")
        now = self._now()
        known = self._known(draft.user_id, draft.content_key)
        if known is not None and known.state != "failed" and known.expires_at > now:
            self._clips[known.id] = replace(known, expires_at=now + KEPT)
            return self._clips[known.id], False
        if known is not None:
            del self._clips[known.id]
        clip_id = new_id()
        job = await self._queue.enqueue(JobOrder(self._kind, draft.user_id, {"clip_id": str(clip_id)}))
        path = clip_folder(draft.user_id, clip_id)
        self._clips[clip_id] = Clip(clip_id, draft, path, "pending", now, now + KEPT, job.id)
        return self._clips[clip_id], True

    async def find(self, user_id: UUID, content_key: str) -> Clip | None:
        """The user's clip with this content when it is ready and has not expired."""
        known = self._known(user_id, content_key)
        usable = known is not None and known.state == "ready" and known.expires_at > self._now()
        return known if usable else None

    async def get(self, clip_id: UUID, user_id: UUID) -> Clip:
        """The user's clip. Raises NotFound."""
        clip = self._clips.get(clip_id)
        if clip is None or clip.draft.user_id != user_id:
            raise NotFound("there is no such clip")
        return clip

    async def progress(self, clip_id: UUID, user_id: UUID, share: float, message: str) -> None:
        """Show how far it is. Raises NotFound."""
        clip = await self.get(clip_id, user_id)
        self._clips[clip_id] = replace(clip, progress=min(1.0, max(0.0, share)), message=message)

    async def finish(self, clip_id: UUID, user_id: UUID, files: Mapping[str, str], timings: ClipTimings) -> Clip:
        """It is ready. Raises NotFound, BadInput."""
        clip = await self.get(clip_id, user_id)
        check_files(clip.path, files)
        self._clips[clip_id] = replace(
            clip, state="ready", files=dict(files), timings=timings, progress=1.0, message="", error_message=None
        )
        return self._clips[clip_id]

    async def fail(self, clip_id: UUID, user_id: UUID, message: str) -> None:
        """It cannot be made, and why; harmless when it was deleted."""
        clip = self._clips.get(clip_id)
        if clip is not None and clip.draft.user_id == user_id:
            self._clips[clip_id] = replace(clip, state="failed", error_message=message)

    async def discard(self, clip_id: UUID, user_id: UUID) -> None:
        """Forget a clip. Raises NotFound."""
        del self._clips[(await self.get(clip_id, user_id)).id]

    def _known(self, user_id: UUID, content_key: str) -> Clip | None:
        for clip in self._clips.values():
            if (clip.draft.user_id, clip.draft.content_key) == (user_id, content_key):
                return clip
        return None
