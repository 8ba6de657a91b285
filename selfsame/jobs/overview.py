"""All jobs of an owner, whatever their kind: how far each is, what it is about, and a way to stop it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from selfsame.errors import NotFound
from selfsame.jobs.build_face import BUILD_FACE, uploads_folder
from selfsame.jobs.clip_desk import JobClipDesk
from selfsame.jobs.enrol_voice import ENROL_VOICE, recordings_folder
from selfsame.jobs.erase import ERASE
from selfsame.jobs.extract_persona import EXTRACT_PERSONA
from selfsame.jobs.face_desk import FaceDesk
from selfsame.jobs.ingest import INGEST
from selfsame.jobs.job import FINISHED, Job, JobOrder
from selfsame.jobs.knowledge_desk import KnowledgeDesk
from selfsame.jobs.persona_desk import PersonaDesk
from selfsame.jobs.port import JobQueue
from selfsame.jobs.render_clip import RENDER_CLIP
from selfsame.jobs.voice_desk import VoiceDesk

SEEN = 200
"""The newest jobs of a user that are looked through."""
LATER = 300.0
"""Seconds after which the files of a job that was stopped while it ran go: by then it has stopped."""

Stop = Callable[[UUID, Job], Awaitable[object]]
"""Stops a job of one kind, with what else that means."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a job is about: a clone, and the document that it reads, if it reads one, with its file's name."""

    clone_id: UUID | None = None
    document_id: UUID | None = None
    name: str = ""


NOTHING = Subject()
Trace = Callable[[UUID, Sequence[Job]], Awaitable[Mapping[UUID, Subject]]]
"""From a user and their jobs of one kind to what these are about, by the id of the job."""


@dataclass(frozen=True, slots=True)
class OwnJob:
    """A job and what it is about, as far as that is still there."""

    job: Job
    subject: Subject = NOTHING


@dataclass(frozen=True, slots=True)
class JobOverview:
    """`stops` and `traces` by the name of a kind; a kind without them is just cancelled, and is about nothing."""

    jobs: JobQueue
    stops: Mapping[str, Stop] = field(default_factory=dict)
    traces: Mapping[str, Trace] = field(default_factory=dict)

    async def of(self, user_id: UUID, clone_id: UUID | None = None, *, active: bool = False) -> list[OwnJob]:
        """The user's jobs, newest first; only those of a clone, or those not finished, where that is asked."""
        found = await self.jobs.of(user_id, SEEN)
        own = await self._traced(user_id, [job for job in found if not active or job.state not in FINISHED])
        return [each for each in own if clone_id is None or each.subject.clone_id == clone_id]

    async def get(self, user_id: UUID, job_id: UUID) -> OwnJob:
        """One job. Raises NotFound."""
        return (await self._traced(user_id, [await self.jobs.get(job_id, user_id)]))[0]

    async def cancel(self, user_id: UUID, job_id: UUID) -> OwnJob:
        """Stop it; harmless when it is finished. Raises NotFound."""
        own = await self.get(user_id, job_id)
        if own.job.state not in FINISHED:
            await self.stops.get(own.job.kind, self._stop)(user_id, own.job)
        return OwnJob(await self.jobs.get(job_id, user_id), own.subject)

    async def _stop(self, user_id: UUID, job: Job) -> None:
        await self.jobs.cancel(job.id, user_id)

    async def _traced(self, user_id: UUID, jobs: Sequence[Job]) -> list[OwnJob]:
        subjects: dict[UUID, Subject] = {}
        for kind in {job.kind for job in jobs} & self.traces.keys():
            subjects |= await self.traces[kind](user_id, [job for job in jobs if job.kind == kind])
        return [OwnJob(job, subjects.get(job.id, NOTHING)) for job in jobs]


@dataclass(frozen=True, slots=True)
class Desks:
    """Where the kinds of jobs are ordered. `clones(user)` gives the ids of the user's own clones."""

    clones: Callable[[UUID], Awaitable[Sequence[UUID]]]
    faces: FaceDesk
    voices: VoiceDesk
    knowledge: KnowledgeDesk
    personas: PersonaDesk
    clips: JobClipDesk

    def overview(self, jobs: JobQueue) -> JobOverview:
        """The overview of what is ordered at these desks."""

        async def stop_persona(user_id: UUID, job: Job) -> object:
            return await self.personas.cancel(user_id, job.id)

        stops: dict[str, Stop] = {
            BUILD_FACE.name: self._stop_face,
            ENROL_VOICE.name: self._stop_voice,
            INGEST.name: self._stop_reading,
            EXTRACT_PERSONA.name: stop_persona,
        }
        traces: dict[str, Trace] = {
            BUILD_FACE.name: self._of_faces,
            ENROL_VOICE.name: self._of_voices,
            INGEST.name: self._of_documents,
            EXTRACT_PERSONA.name: _of_personas,
            RENDER_CLIP.name: self._of_clips,
        }
        return JobOverview(jobs, stops, traces)

    async def _stop_face(self, user_id: UUID, job: Job) -> None:
        await self._stop_upload(user_id, job, uploads_folder(user_id, UUID(str(job.args["face"]))))

    async def _stop_voice(self, user_id: UUID, job: Job) -> None:
        await self._stop_upload(user_id, job, recordings_folder(user_id, UUID(str(job.args["voice"]))))

    async def _stop_upload(self, user_id: UUID, job: Job, folder: str) -> None:
        """What was uploaded of a person goes at once, or when the job that reads it has stopped."""
        if (await self.faces.jobs.cancel(job.id, user_id)).state in FINISHED:
            await self.faces.files.delete(folder)
        else:
            await self.faces.jobs.enqueue(JobOrder(ERASE, None, {"prefix": folder}, f"stopped {job.id}", LATER))

    async def _stop_reading(self, user_id: UUID, job: Job) -> None:
        for clone_id in await self.clones(user_id):
            for each in await self.knowledge.shelf.of(user_id, clone_id):
                if each.job_id == job.id:
                    await self.knowledge.cancel(user_id, each.document.id)
                    return
        await self.knowledge.jobs.cancel(job.id, user_id)  # its document is gone

    async def _of_faces(self, user_id: UUID, jobs: Sequence[Job]) -> Mapping[UUID, Subject]:
        clones = {str(face.id): face.clone_id for face in await self.faces.models.of(user_id)}
        return _by_argument(jobs, "face", clones)

    async def _of_voices(self, user_id: UUID, jobs: Sequence[Job]) -> Mapping[UUID, Subject]:
        clones = {str(voice.id): voice.clone_id for voice in await self.voices.models.of(user_id)}
        return _by_argument(jobs, "voice", clones)

    async def _of_documents(self, user_id: UUID, jobs: Sequence[Job]) -> Mapping[UUID, Subject]:
        del jobs
        found: dict[UUID, Subject] = {}
        for clone_id in await self.clones(user_id):
            for each in await self.knowledge.shelf.of(user_id, clone_id):
                if each.job_id is not None:
                    document = each.document
                    found[each.job_id] = Subject(clone_id, document.id, document.title or document.filename)
        return found

    async def _of_clips(self, user_id: UUID, jobs: Sequence[Job]) -> Mapping[UUID, Subject]:
        found: dict[UUID, Subject] = {}
        for job in jobs:
            try:
                clip = await self.clips.clips.get(UUID(str(job.args.get("clip_id"))), user_id)
            except (NotFound, ValueError):
                continue  # expired and swept away
            found[job.id] = Subject(clip.draft.clone_id)
        return found


async def _of_personas(_user_id: UUID, jobs: Sequence[Job]) -> Mapping[UUID, Subject]:
    return {job.id: Subject(UUID(str(job.args["clone"]))) for job in jobs if job.args.get("clone")}


def _by_argument(jobs: Sequence[Job], name: str, clones: Mapping[str, UUID]) -> dict[UUID, Subject]:
    found = {job.id: clones.get(str(job.args.get(name))) for job in jobs}
    return {job_id: Subject(clone_id) for job_id, clone_id in found.items() if clone_id is not None}
