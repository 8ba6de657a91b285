"""A studio in memory: desks, handlers, workers that can be killed, and engines that are drawn and hummed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

import anyio

from selfsame.clones.clone import Clone
from selfsame.clones.consent import Consent
from selfsame.errors import NotFound
from selfsame.jobs.bell import Bell
from selfsame.jobs.build_face import BUILD_FACE, FaceWorkshop, Trial, building
from selfsame.jobs.clip_desk import Cast, JobClipDesk
from selfsame.jobs.erase import ERASE, erasing
from selfsame.jobs.face_desk import FaceDesk, FaceState
from selfsame.jobs.job import Job, Outcome
from selfsame.jobs.port import Claim, Pulse
from selfsame.jobs.render_clip import RENDER_CLIP, ClipWorkshop, rendering
from selfsame.jobs.worker import WorkerOptions, run_worker
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import background
from selfsame.stores.files.memory import MemoryFiles
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.memory_studio import MemoryClips, MemoryFaces
from selfsame.studio.clips import ClipTools, Script
from selfsame.studio.desk import Talk
from selfsame.studio.face.kinds import BuiltFace, FaceModel, FaceOrder
from selfsame.studio.media import ReferenceMedia
from selfsame.studio.port import Progress
from tests.face.painter import DrawnFace
from tests.jobs.conftest import Time, until
from tests.studio.speakers import Loudly, Words, quiet

OPTIONS = WorkerOptions(slots=2, lease=5, beat=0.005, poll=0.005)
FILES = ("neutral_pose.jpg", "rig.json", "preview.jpg")


def built(order: FaceOrder, text: str = "{}") -> BuiltFace:
    """A face as the builder would give it, quickly."""
    model = FaceModel(
        order.model_id, order.user_id, order.path, (512, 512), (), ((0.0,),), {}, (), order.created_at, 71.5, "basic"
    )
    return BuiltFace(model, {name: text.encode() for name in FILES}, (), ("Made of one photo: lower quality.",))


class KilledDesk:
    """The queue as a worker sees it that is killed `before` or `after` it has stored the step: nothing more is heard
    of it, and nobody renews its leases."""

    def __init__(self, jobs: MemoryJobs, when: str, step: str) -> None:
        self._jobs, self._when, self._step = jobs, when, step
        self.killed = anyio.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._jobs, name)

    async def remember(self, claim: Claim, step: str, result: Any) -> None:
        if (self._when, self._step) == ("before", step):
            await self._die()
        await self._jobs.remember(claim, step, result)
        if (self._when, self._step) == ("after", step):
            await self._die()

    async def finish(self, claim: Claim, outcome: Outcome) -> bool:
        return False if self.killed.is_set() else await self._jobs.finish(claim, outcome)

    async def beat(self, *args: Any) -> Pulse:
        return Pulse() if self.killed.is_set() else await self._jobs.beat(*args)

    async def _die(self) -> None:
        self.killed.set()
        await anyio.sleep_forever()


class StudioBench:
    """An owner with a clone, and a visitor who may meet it."""

    def __init__(self, time: Time) -> None:
        self.time = time
        self.bell = Bell()
        self.owner, self.visitor = new_id(), new_id()
        self.clone = Clone(new_id(), self.owner, "ada", "Ada", public=True)
        self.consents: tuple[Consent, ...] = (Consent(new_id(), self.owner, "face", time()),)
        self.jobs = MemoryJobs(bell=self.bell, now=time)
        self.files = MemoryFiles()
        self.models = MemoryFaces({self.clone.id: self.owner}, self._agreed, time)
        self.faces = FaceDesk(self.models, self.files, self.jobs)
        self.clip_store = MemoryClips(self.jobs, RENDER_CLIP, lambda _user, clone: clone == self.clone.id, time)
        self.clips = JobClipDesk(self.clip_store, self.files, self.jobs, self.meet, self.cast)
        self.build: Callable[[ReferenceMedia, Progress, FaceOrder], Awaitable[BuiltFace]] = self._build
        self.before_picture: Callable[[], None] = lambda: None
        self.voice = Words(gap=0.1)
        self.rig_hash = "rig-1"
        self.builds = self.trials = self.staged = 0

    def revoke(self) -> None:
        self.consents = tuple(replace(consent, revoked_at=self.time()) for consent in self.consents)

    async def meet(self, name: str | None, _user: UUID) -> Clone:
        if name not in (None, "ada", str(self.clone.id)):
            raise NotFound("there is no such clone")
        return self.clone

    async def cast(self, _clone: Clone) -> Cast:
        if not self.rig_hash:
            raise NotFound("Ada has no face to show")
        return Cast(("words", "loudly", "drawn"), self.rig_hash)

    @asynccontextmanager
    async def working(self, desk: Any = None) -> AsyncIterator[None]:
        """A worker runs."""
        handlers = {
            ERASE: erasing(self.files),
            BUILD_FACE: building(FaceWorkshop(self.models, self.files, self._counted, self._try)),
            RENDER_CLIP: rendering(ClipWorkshop(self.clip_store, self.files, self._stage)),
        }
        async with background() as tasks:
            tasks.start_soon(lambda: run_worker(desk or self.jobs, handlers, OPTIONS, bell=self.bell))
            yield

    async def kill(self, when: str, step: str) -> None:
        """A worker begins what is ordered, is killed there, and its lease runs out."""
        desk = KilledDesk(self.jobs, when, step)
        async with self.working(desk):
            with anyio.fail_after(20):
                await desk.killed.wait()
        self.time.pass_by(OPTIONS.lease + 1)

    async def face_is(self, face: UUID, *states: str) -> FaceState:
        """Wait until the face is in one of the states."""

        async def there() -> bool:
            return (await self.faces.state(self.owner, face)).status in states

        await until(there)
        return await self.faces.state(self.owner, face)

    async def talk_is(self, talk: Talk, *states: str) -> Talk:
        """Wait until the clip is in one of the states."""

        async def there() -> bool:
            return (await self.clips.status(self.owner, talk.id)).status in states

        await until(there)
        return await self.clips.status(self.owner, talk.id)

    async def job_is(self, job: UUID, *states: str) -> Job:
        """Wait until the job is in one of the states."""

        async def there() -> bool:
            return (await self.jobs.get(job, self.owner)).state in states

        await until(there)
        return await self.jobs.get(job, self.owner)

    def held(self, purpose: str) -> list[str]:
        """The last parts of the keys of all files of a purpose."""
        return sorted(key.rsplit("/", 1)[1] for key in self.files.held if key.startswith(purpose + "/"))

    def _agreed(self, user: UUID) -> tuple[Consent, ...]:
        return self.consents if user == self.owner else ()

    async def _counted(self, media: ReferenceMedia, progress: Progress, order: FaceOrder) -> BuiltFace:
        self.builds += 1
        return await self.build(media, progress, order)

    async def _build(self, _media: ReferenceMedia, progress: Progress, order: FaceOrder) -> BuiltFace:
        await progress(0.5, "Looking at photo 1 of 1")
        return built(order)

    async def _try(self, *args: Any) -> Trial:
        self.trials += 1
        await args[-1](0.5, "Letting the face say a sentence")
        return Trial({"validation": {"isValid": True}}, b"video")

    async def _stage(self, _clone: UUID, _user: UUID, script: Script) -> ClipTools:
        self.staged += 1
        if not self.rig_hash:
            raise NotFound("Ada has no face to show")
        return ClipTools(self.voice, Loudly(), DrawnFace(script.size, self.before_picture), quiet, SYSTEM)
