"""`ClipDesk` on the job queue: order a clip, see how far it is, cancel it, fetch it (JOB-09, CLIP-04)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.errors import NotFound
from selfsame.jobs.job import FINISHED, Job
from selfsame.jobs.port import JobQueue
from selfsame.kit.languages import detect
from selfsame.studio.clips import Script, check_script, clip_key
from selfsame.studio.desk import ClipWish, Talk, TalkStatus
from selfsame.studio.port import Clip, ClipDraft, ClipStore, FileStore

CANCELLED = "it was cancelled"


@dataclass(frozen=True, slots=True)
class Cast:
    """What decides how a clip looks and sounds besides its script."""

    engines: tuple[str, ...]
    rig_hash: str


@dataclass(frozen=True, slots=True)
class JobClipDesk:
    """`meet(clone, user)` finds a clone the user may meet; `cast(clone)` says with what its clips are made.

    They raise NotFound: no such clone, or it has no face to show.
    """

    clips: ClipStore
    files: FileStore
    jobs: JobQueue
    meet: Callable[[str | None, UUID], Awaitable[Clone]]
    cast: Callable[[Clone], Awaitable[Cast]]

    async def order(self, user_id: UUID, wish: ClipWish) -> Talk:
        """Order a clip; the same wish again gives the clip that is there. See the protocol."""
        clone = await self.meet(wish.clone, user_id)
        language = detect(wish.text) if wish.language == "auto" else wish.language
        script = Script(wish.text, language, size=wish.size)
        check_script(script)
        cast = await self.cast(clone)
        # Clones with the same picture differ in how their heads move: a clip is one clone's.
        key = clip_key(script, cast.engines, f"{clone.id} {cast.rig_hash}")
        draft = ClipDraft(user_id, clone.id, key, script.text, language, script.size, script.size)
        clip, job = await self._now((await self.clips.begin(draft))[0])
        if clip.state == "pending" and _is_over(job):
            # Its job ended, or ends, without a word to the clip (cancelled, or given up): begin it anew.
            await self.clips.fail(clip.id, user_id, CANCELLED)
            clip, job = await self._now((await self.clips.begin(draft))[0])
        return _talk(clip, job)

    async def status(self, user_id: UUID, talk_id: UUID) -> Talk:
        """How far it is. Raises NotFound."""
        return _talk(*await self._now(await self.clips.get(talk_id, user_id)))

    async def cancel(self, user_id: UUID, talk_id: UUID) -> Talk:
        """Stop it when it is not finished. Raises NotFound."""
        clip = await self.clips.get(talk_id, user_id)
        if clip.state == "pending" and clip.job_id is not None:
            await self.jobs.cancel(clip.job_id, user_id)
        return await self.status(user_id, talk_id)

    async def video(self, user_id: UUID, talk_id: UUID) -> bytes:
        """The MP4 file. Raises NotFound."""
        clip = await self.clips.get(talk_id, user_id)
        if clip.state != "ready" or "video" not in clip.files:
            raise NotFound("this clip is not ready; ask for its status")
        return await self.files.get(clip.files["video"])

    async def _now(self, clip: Clip) -> tuple[Clip, Job | None]:
        """The clip and its job. When the job is over, the clip is read again: it may have become ready meanwhile."""
        job = await self._job(clip)
        if clip.state == "pending" and _is_over(job):
            clip = await self.clips.get(clip.id, clip.draft.user_id)
        return clip, job

    async def _job(self, clip: Clip) -> Job | None:
        if clip.job_id is None:
            return None
        try:
            return await self.jobs.get(clip.job_id, clip.draft.user_id)
        except NotFound:
            return None


def _is_over(job: Job | None) -> bool:
    return job is None or job.cancel_requested or job.state in FINISHED


def _talk(clip: Clip, job: Job | None) -> Talk:
    if clip.state == "ready":
        return Talk(clip.id, "completed", 1.0, timings=clip.timings)
    stopping = job is not None and job.cancel_requested
    status: TalkStatus = "failed" if clip.state == "failed" or job is None else job.state
    if stopping and status in ("pending", "running"):
        status = "cancelled"
    progress = 0.0 if job is None else job.progress
    error = clip.error_message or (job.error_message if job is not None and status == "failed" else None)
    return Talk(clip.id, status, progress, "" if job is None else job.message, error)
