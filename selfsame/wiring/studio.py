"""Making things: the queue, its handlers, and the desks where work is ordered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.clones.consent import Consent
from selfsame.ears.port import HearingOptions, SpeechToText
from selfsame.events.heard import Hypothesis
from selfsame.events.thought import ThoughtEnded, Token
from selfsame.jobs.bell import Bell
from selfsame.jobs.build_face import BUILD_FACE, FaceWorkshop, building
from selfsame.jobs.clip_desk import JobClipDesk
from selfsame.jobs.erase import ERASE, erasing
from selfsame.jobs.face_desk import FaceDesk
from selfsame.jobs.job import JobKind
from selfsame.jobs.render_clip import RENDER_CLIP, ClipWorkshop, rendering
from selfsame.jobs.worker import Handler
from selfsame.kit.clock import SYSTEM, wall
from selfsame.kit.languages import detect
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.mind.port import Retriever
from selfsame.mind.think import Question, Thinking, think
from selfsame.stores.postgres.clips import PostgresClips
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.job_desk import PostgresJobDesk
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.studio.desk import ClipDesk
from selfsame.studio.face.kinds import BuiltFace, FaceOrder
from selfsame.studio.face.model import build_face_model
from selfsame.studio.media import ReferenceMedia
from selfsame.studio.port import Progress
from selfsame.studio.record_reply import Answer, ReplyRoles, ReplyStudio
from selfsame.studio.tube.fetch import forget_leftovers
from selfsame.wiring.casting import Casting
from selfsame.wiring.engines import Engines
from selfsame.wiring.manners import manner_of

HEARD_AT_ONCE = 3200
"""Samples of a recording given to the recogniser at a time."""


@dataclass(frozen=True, slots=True)
class Studio:
    """`handlers` do the jobs that the desks order; `bell` wakes a worker of this process."""

    bell: Bell
    worker: PostgresJobDesk
    clip_store: PostgresClips
    handlers: Mapping[JobKind, Handler]
    faces: FaceDesk
    clips: JobClipDesk
    consents: PostgresConsents

    async def change_face_consent(self, user_id: UUID, granted: bool) -> tuple[Consent, ...]:
        """Record the consent to a face, or its end; all records of the user, oldest first."""
        if granted:
            await self.consents.grant(user_id, "face")
        else:
            known = await self.faces.of(user_id)  # before: they go with the consent
            await self.consents.revoke(user_id, "face")
            for state in known:
                if not state.face.fictional:
                    await self.faces.erase(state.face)
        return await self.consents.of(user_id)

    async def sweep(self) -> None:
        """Forget what is old."""
        await self.worker.sweep()
        await self.clip_store.sweep()
        await offload(forget_leftovers, None, wall().timestamp())


def open_studio(database: Database, casting: Casting) -> Studio:
    """The studio of this process; nothing runs yet."""
    bell = Bell()
    files, models = casting.faces.files, casting.faces.models
    jobs = PostgresJobs(database, bell=bell)
    clips = PostgresClips(database, RENDER_CLIP, bell=bell)

    async def build(media: ReferenceMedia, progress: Progress, order: FaceOrder) -> BuiltFace:
        return await build_face_model(media, casting.engines.landmarker, progress, order)

    handlers = {
        ERASE: erasing(files),
        BUILD_FACE: building(FaceWorkshop(models, files, build, casting.try_face)),
        RENDER_CLIP: rendering(ClipWorkshop(clips, files, casting.stage)),
    }
    meet = casting.faces.meetings.meet
    desk = JobClipDesk(clips, files, jobs, meet, casting.cast)
    worker = PostgresJobDesk(database)
    return Studio(bell, worker, clips, handlers, FaceDesk(models, files, jobs), desk, PostgresConsents(database))


@dataclass(frozen=True, slots=True)
class Talking:
    """What answers a recording; `decode` reads its file in another process."""

    engines: Engines
    retriever: Retriever
    clones: PostgresClones
    decode: Callable[[bytes], Awaitable[Pcm]]


def open_replies(talking: Talking, casting: Casting, desk: ClipDesk) -> ReplyStudio:
    """The flow from a recording to an answering clip (WIRE-23)."""
    thinking = Thinking(talking.retriever, talking.engines.thinker, SYSTEM)

    async def hear(pcm: Pcm, clone: Clone, language: str) -> Hypothesis:
        return await transcribe(talking.engines.hearing, pcm, HearingOptions(str(clone.id), language))

    async def answer(question: str, clone: Clone, language: str) -> Answer:
        manner = manner_of(await talking.clones.persona(clone), clone)
        asked = Question(question, str(clone.id), manner, language, "planning", (), "", 1)
        text = ""
        async for thought in think(asked, thinking):
            match thought:
                case Token():
                    text += thought.text
                case ThoughtEnded():
                    break
        return Answer(text, detect(text) if language == "auto" else language)

    return ReplyStudio(ReplyRoles(casting.faces.meetings.meet, talking.decode, hear, answer, desk))


async def transcribe(engine: SpeechToText, pcm: Pcm, options: HearingOptions) -> Hypothesis:
    """The words of a whole recording at 16 kHz."""
    async with engine.open(options) as recognition:
        for start in range(0, len(pcm), HEARD_AT_ONCE):
            await recognition.accept(pcm[start : start + HEARD_AT_ONCE])
        return await recognition.finish()
