"""Everything that makes clones: the desks where owners order work, and the handlers of all jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from selfsame.demo import DEMO
from selfsame.jobs.clone_desk import CloneDesk
from selfsame.jobs.extract_persona import EXTRACT_PERSONA
from selfsame.jobs.face_desk import FaceDesk
from selfsame.jobs.ingest import INGEST, Changed
from selfsame.jobs.job import JobKind
from selfsame.jobs.knowledge_desk import KnowledgeDesk
from selfsame.jobs.overview import Desks, JobOverview
from selfsame.jobs.persona_desk import PersonaDesk
from selfsame.jobs.shared_video import SharedVideo
from selfsame.jobs.video_desk import VideoDesk
from selfsame.jobs.voice_desk import VoiceDesk
from selfsame.jobs.worker import Handler
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.models.manifest import SPEAKER
from selfsame.settings import Settings
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.studio.tube import VideoFetcher
from selfsame.studio.voice.speakers import main_speaker
from selfsame.voice.port import TextToSpeech
from selfsame.wiring.casting import Casting
from selfsame.wiring.engines import Engines
from selfsame.wiring.knowledge import open_knowledge
from selfsame.wiring.personas import PersonaParts, open_personas
from selfsame.wiring.studio import Studio, open_studio
from selfsame.wiring.training import Trainer
from selfsame.wiring.voices import LateSpeakerEncoder, VoiceParts, Voices, open_voices


@dataclass(frozen=True, slots=True)
class Making:
    """`handlers` do the jobs that any of the desks orders."""

    studio: Studio
    knowledge: KnowledgeDesk
    personas: PersonaDesk
    voices: Voices
    videos: VideoDesk
    handlers: Mapping[JobKind, Handler]
    clones: CloneDesk
    jobs: JobOverview


def open_making(
    database: Database, engines: Engines, casting: Casting, settings: Settings, changed: Changed, guide: TextToSpeech
) -> Making:
    """The desks of this process; nothing runs yet.

    `changed` hears of clones that know something new; `guide` is the synthesiser by which voices are cloned.
    """
    studio = open_studio(database, casting)
    files, bell = casting.faces.files, studio.bell
    shelf = open_knowledge(database, files, engines.embedder, bell, changed)
    jobs = PostgresJobs(database, bell=bell)
    encoder = LateSpeakerEncoder(settings.models_dir / SPEAKER.name)
    meetings, trainer = casting.faces.meetings, Trainer(engines, guide, encoder)
    videos, silence = SharedVideo(VideoFetcher().fetch, files, jobs), casting.voices.sweep
    parts = VoiceParts(database, engines, files, jobs, meetings, encoder, trainer.train, videos, silence)
    voices = open_voices(parts)

    async def who(pcm: Pcm) -> list[tuple[float, float]]:
        return [(span.start, span.end) for span in await offload(main_speaker, pcm, encoder)]

    personas = open_personas(PersonaParts(database, files, jobs, engines, videos, who), settings)
    handlers = {
        **studio.handlers,
        **voices.handlers,
        INGEST: shelf.handler,
        EXTRACT_PERSONA: personas.handler,
    }
    clones = open_clones(database, studio.faces, voices.studio.desk, shelf.desk, personas.desk)
    clones = replace(clones, forget=casting.forget)
    desks = Desks(partial(_own, clones), studio.faces, voices.studio.desk, shelf.desk, personas.desk, studio.clips)
    videos_desk = VideoDesk(personas.desk, voices.studio.desk)
    overview = desks.overview(jobs)
    return Making(studio, shelf.desk, personas.desk, voices, videos_desk, handlers, clones, overview)


def open_clones(
    database: Database, faces: FaceDesk, voices: VoiceDesk, knowledge: KnowledgeDesk, personas: PersonaDesk
) -> CloneDesk:
    """Where clones themselves are made."""
    return CloneDesk(PostgresClones(database), personas, faces, voices, knowledge.shelf, DEMO.slug)


async def _own(desk: CloneDesk, user_id: UUID) -> list[UUID]:
    return [clone.id for clone in await desk.own(user_id)]
