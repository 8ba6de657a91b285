"""The assembled, running product."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Protocol
from uuid import UUID

import structlog
from anyio.abc import TaskGroup
from fastapi import FastAPI

from selfsame.channels.deps import (
    ArchiveStudio,
    ChannelDeps,
    FaceStudio,
    JobsStudio,
    KnowledgeStudio,
    PersonaStudio,
    QuestionStudio,
)
from selfsame.channels.http import create_app
from selfsame.channels.limits import Limits
from selfsame.channels.wire.server import EngineItem
from selfsame.clones.clone import Clone
from selfsame.conversation.sessions import LiveSessions, SessionsParts
from selfsame.conversation.turn_state import TurnOptions
from selfsame.errors import SelfsameError
from selfsame.jobs.clone_desk import CloneDesk
from selfsame.jobs.ingest import INGEST
from selfsame.jobs.knowledge_desk import KnowledgeDesk
from selfsame.jobs.persona_desk import PersonaDesk
from selfsame.jobs.picture_desk import PictureDesk
from selfsame.jobs.worker import WorkerOptions, run_worker
from selfsame.kit.clock import SYSTEM
from selfsame.kit.tasks import background, offload
from selfsame.library.answers import AnswerDesk
from selfsame.library.port import Embedder
from selfsame.library.search import HybridRetriever
from selfsame.providers.embedded.answers.rerank import LikenessReranker
from selfsame.settings import Settings
from selfsame.stores.files.local import LocalFiles
from selfsame.stores.keys import KeyFile
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.faces import PostgresFaces
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.pictures import PostgresPictures
from selfsame.stores.postgres.questions import PostgresQuestions
from selfsame.stores.postgres.shelf import PostgresShelf
from selfsame.stores.postgres.users import PostgresUsers, User
from selfsame.stores.postgres.voices import PostgresVoices
from selfsame.studio.face.judge import PhotoJudge
from selfsame.studio.media.shared import SharedReader
from selfsame.wiring import demo
from selfsame.wiring.account import open_account
from selfsame.wiring.answers import CollectingConversations, Library
from selfsame.wiring.belongings import Belongings, Living, open_belongings
from selfsame.wiring.casting import Casting
from selfsame.wiring.choices import Announcer, Choice
from selfsame.wiring.database import open_home_database
from selfsame.wiring.engines import Engines, open_engines
from selfsame.wiring.faces import Faces, seed_demo_face
from selfsame.wiring.forgetting import forgetting
from selfsame.wiring.health import Health
from selfsame.wiring.learning import Learner
from selfsame.wiring.making import Making, open_making
from selfsame.wiring.observing import Observing
from selfsame.wiring.own_voice import OwnVoices, with_own_voices
from selfsame.wiring.people import Doorkeeper, KeptConsents, Meetings
from selfsame.wiring.rooms import RoomBinder
from selfsame.wiring.studio import Studio, Talking, open_replies
from selfsame.wiring.voices import Voices
from selfsame.wiring.watching import LiveClones, Watch
from selfsame.wiring.workshop import Workshop

log = structlog.get_logger(__name__)
SWEEP_EVERY = 600.0


@dataclass(frozen=True, slots=True)
class Product:
    """Everything, assembled and running. `owner_id` is the person at this machine."""

    sessions: LiveSessions
    app: FastAPI
    report: Sequence[Choice]
    owner_id: UUID
    workshop: Workshop
    casting: Casting
    making: Making
    library: Library
    belongings: Belongings
    pictures: PictureDesk

    @property
    def studio(self) -> Studio:
        """Faces and clips."""
        return self.making.studio

    @property
    def knowledge(self) -> KnowledgeDesk:
        """Documents and products."""
        return self.making.knowledge

    @property
    def personas(self) -> PersonaDesk:
        """Manners of speaking."""
        return self.making.personas

    @property
    def clones(self) -> CloneDesk:
        """Clones themselves."""
        return self.making.clones

    @property
    def voices(self) -> Voices:
        """Voices, and the consent that they need."""
        return self.making.voices


@dataclass(frozen=True, slots=True)
class _Stores:
    clones: PostgresClones
    knowledge: PostgresKnowledge
    users: PostgresUsers
    conversations: PostgresConversations
    questions: PostgresQuestions


@dataclass(frozen=True, slots=True)
class _Start:
    """How every house begins: with its owner and the demonstration clone."""

    settings: Settings
    stores: _Stores
    embedder: Embedder
    shelf: PostgresShelf
    answers: AnswerDesk

    async def furnish(self) -> tuple[User, Clone]:
        owner = await self.stores.users.owner(name=self.settings.owner_name)
        stores = self.stores
        clone = await demo.seed(stores.clones, stores.knowledge, self.embedder, owner.id, self.shelf, self.answers)
        return owner, clone

    def over(self, faces: Faces, owner_id: UUID) -> Callable[[UUID], Awaitable[None]]:
        """Begins anew when the owner was erased."""

        async def refurnish(user_id: UUID) -> None:
            if user_id == owner_id:
                _, clone = await self.furnish()
                await seed_demo_face(faces.models, faces.files, clone)

        return refurnish

    def owners(self, owner_id: UUID, demonstration: UUID) -> Callable[[UUID], Awaitable[UUID]]:
        """Finds the owner of a clone; of the demonstration clone without asking."""

        async def owner_of(clone_id: UUID) -> UUID:
            return (
                owner_id if clone_id == demonstration else (await self.stores.clones.get(clone_id, owner_id)).owner_id
            )

        return owner_of


@asynccontextmanager
async def open_product(settings: Settings) -> AsyncIterator[Product]:
    """Start the database and the engines, seed the demonstration clone, and bind it all.

    Raises ProviderError when the database or an engine that was asked for by name cannot be had.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_home_database(settings))
        engines = await stack.enter_async_context(open_engines(settings, announcer := Announcer(SYSTEM)))
        stores = _stores(database)
        answers = AnswerDesk(stores.knowledge, stores.questions, engines.embedder, stores.conversations.question)
        shelf = PostgresShelf(database, INGEST)
        start = _Start(settings, stores, engines.embedder, shelf, answers)
        owner, clone = await start.furnish()
        await engines.adapt(str(clone.id), f"{clone.knowledge_version}", demo.spoken_knowledge())
        meetings = Meetings(stores.clones, clone.slug)
        files = LocalFiles(settings.home / "files", await offload(KeyFile(settings.home / "files.key").load))
        account = await open_account(settings, database, owner.id, engines.thinker, announcer)
        guide, said = engines.speaking, await with_own_voices(settings, announcer, engines.speaking, files)
        observing = Observing.begin(settings, announcer, replace(engines, speaking=said.engine))
        engines = observing.engines
        own = OwnVoices(PostgresVoices(database), said)
        faces = Faces(PostgresFaces(database), files, meetings)
        await seed_demo_face(faces.models, files, clone)
        workshop = Workshop(stores.clones, stores.knowledge, engines, owner.id)
        learner = Learner(workshop.learn_of)
        casting, live = Casting(engines, faces, own), LiveClones(stores.clones, own)
        making = open_making(database, engines, casting, account.chooser.settings, learner.changed, guide)
        owner_of = start.owners(owner.id, clone.id)
        retriever = HybridRetriever(stores.knowledge, engines.embedder, owner_of, reranker=_reranker(settings))
        library = Library(retriever, answers, meetings.meet, stores.clones.set_answering)
        judge, reader, pictures = await stack.enter_async_context(_readers(database, files, engines))
        tasks = await stack.enter_async_context(background())
        parts = SessionsParts(
            CollectingConversations(observing.stored(stores.conversations), answers, owner_of),
            meetings,
            KeptConsents(PostgresConsents(database)),
            account.chooser.before(RoomBinder(engines, retriever, live, SYSTEM, faces).bind),
            SYSTEM,
            TurnOptions(),
            settings.max_sessions,
        )
        sessions = LiveSessions(parts, tasks)
        stack.push_async_callback(sessions.close_all)
        announcer.listeners.append(sessions.announce)
        swept = (sessions, stores.conversations, making.studio, stores.questions, own, judge, reader)
        tasks.start_soon(_sweep, (*swept, *account.swept))
        _work(tasks, making, learner, settings.work_slots)
        gone = forgetting(casting, retriever, workshop)
        tasks.start_soon(Watch(stores.clones, owner.id, learner.changed, live.refresh, gone, sessions.renew).run)
        tasks.start_soon(observing.remember, database)
        doorkeeper = Doorkeeper(stores.users, owner, await _key(settings), account.sign_in)
        deps = _channels(settings, sessions, doorkeeper, meetings, engines, Health(database, engines))
        talking = Talking(engines, retriever, stores.clones, reader.utterance)
        replies = open_replies(talking, casting, making.studio.clips)
        living = Living(sessions, retriever, start.over(faces, owner.id))
        belongings = open_belongings(database, casting, living, learner.changed, reader.check_picture)
        desks = _desks(deps, making, library, belongings, judge, pictures)
        desks = replace(desks, faces=faces, replies=replies, account=account.bind(files, doorkeeper))
        app = create_app(observing.shown(desks, database, making.studio.bell))
        yield Product(sessions, app, engines.report, owner.id, workshop, casting, making, library, belongings, pictures)


@asynccontextmanager
async def _readers(
    database: Database, files: LocalFiles, engines: Engines
) -> AsyncIterator[tuple[PhotoJudge, SharedReader, PictureDesk]]:
    """What reads uploads while their sender waits, in processes of their own."""
    async with PhotoJudge(engines.landmarker) as judge, SharedReader() as reader:
        yield judge, reader, PictureDesk(PostgresPictures(database), files, reader.picture)


def _work(tasks: TaskGroup, making: Making, learner: Learner, slots: int) -> None:
    """Let the ears learn, and do ordered work in this process; `slots` 0 leaves it to others."""
    tasks.start_soon(learner.run)
    if slots:
        studio, options = making.studio, WorkerOptions(slots=slots)
        tasks.start_soon(partial(run_worker, studio.worker, making.handlers, options, bell=studio.bell))


def _reranker(settings: Settings) -> LikenessReranker | None:
    return LikenessReranker() if settings.rerank == "on" else None


def _stores(database: Database) -> _Stores:
    return _Stores(
        PostgresClones(database),
        PostgresKnowledge(database),
        PostgresUsers(database),
        PostgresConversations(database),
        PostgresQuestions(database),
    )


def _desks(
    deps: ChannelDeps,
    making: Making,
    library: Library,
    belongings: Belongings,
    judge: PhotoJudge,
    pictures: PictureDesk,
) -> ChannelDeps:
    """The channels with the desks where owners make their clones."""
    meet, studio = library.find_clone, making.studio
    return replace(
        deps,
        clips=studio.clips,
        face_studio=FaceStudio(studio.faces, meet, studio.change_face_consent, judge.judge),
        knowledge=KnowledgeStudio(making.knowledge, meet, pictures),
        persona_studio=PersonaStudio(making.personas, meet, making.videos),
        voice_studio=making.voices.studio,
        clone_desk=making.clones,
        jobs=JobsStudio(making.jobs, meet),
        questions=QuestionStudio(library.answers, meet, library.retriever.look, library.set_answering),
        archives=ArchiveStudio(belongings.archives, meet),
        privacy=belongings.privacy,
    )


async def _key(settings: Settings) -> bytes:
    if settings.token_key is not None:
        return settings.token_key.reveal().encode()
    return await offload(KeyFile(settings.home / "token.key").load)


class _Swept(Protocol):
    async def sweep(self) -> object: ...


async def _sweep(all_of: Sequence[_Swept]) -> None:
    """Let idle sessions lapse and old transcripts be forgotten, well within the hour that CONV-20 allows."""
    while True:
        await SYSTEM.sleep(SWEEP_EVERY)
        for each in all_of:
            try:
                await each.sweep()
            except SelfsameError as error:
                log.warning("the sweep failed and will be tried again", code=error.code)


def _channels(
    settings: Settings,
    sessions: LiveSessions,
    doorkeeper: Doorkeeper,
    meetings: Meetings,
    engines: Engines,
    health: Health,
) -> ChannelDeps:

    def items() -> tuple[EngineItem, ...]:
        return tuple(
            EngineItem(role=c.role, name=c.name, tier=c.tier, languages=c.languages, hint=c.hint)
            for c in engines.report
            if c.role not in ("animator", "landmarks", "encoder")  # `doctor` names them, pages need not know
        )

    async def doctor() -> Mapping[str, Any]:
        return {"engines": [asdict(choice) for choice in engines.report]}

    return ChannelDeps(
        sessions=sessions,
        authenticate=doorkeeper.authenticate,
        issue_token=doorkeeper.issue,
        list_clones=meetings.cards,
        engines=items,
        components=health.components,
        doctor=doctor,
        static=settings.page,
        limits=Limits(connections=settings.max_sessions),
        origins=settings.allowed_origins,
        embed_origins=settings.embed_origins,
    )
