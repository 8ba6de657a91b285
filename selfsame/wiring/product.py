"""The assembled, running product."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from fastapi import FastAPI

from selfsame.channels.deps import ChannelDeps, FaceStudio, KnowledgeStudio, QuestionStudio
from selfsame.channels.http import create_app
from selfsame.channels.limits import Limits
from selfsame.channels.wire.server import EngineItem
from selfsame.conversation.sessions import LiveSessions, SessionsParts
from selfsame.conversation.turn_state import TurnOptions
from selfsame.errors import SelfsameError
from selfsame.jobs.ingest import INGEST
from selfsame.jobs.knowledge_desk import KnowledgeDesk
from selfsame.jobs.worker import WorkerOptions, run_worker
from selfsame.kit.clock import SYSTEM
from selfsame.kit.tasks import background, offload
from selfsame.library.answers import AnswerDesk
from selfsame.library.search import HybridRetriever
from selfsame.settings import Settings
from selfsame.stores.files.local import LocalFiles
from selfsame.stores.keys import KeyFile
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.faces import PostgresFaces
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.questions import PostgresQuestions
from selfsame.stores.postgres.shelf import PostgresShelf
from selfsame.stores.postgres.users import PostgresUsers
from selfsame.wiring import demo
from selfsame.wiring.answers import CollectingConversations, Library
from selfsame.wiring.casting import Casting
from selfsame.wiring.choices import Announcer, Choice
from selfsame.wiring.database import open_home_database
from selfsame.wiring.engines import Engines, open_engines
from selfsame.wiring.faces import Faces, seed_demo_face
from selfsame.wiring.health import Health
from selfsame.wiring.knowledge import open_knowledge
from selfsame.wiring.learning import Learner
from selfsame.wiring.people import Doorkeeper, KeptConsents, Meetings
from selfsame.wiring.rooms import RoomBinder
from selfsame.wiring.studio import Studio, Talking, open_replies, open_studio
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
    studio: Studio
    knowledge: KnowledgeDesk
    library: Library


@asynccontextmanager
async def open_product(settings: Settings) -> AsyncIterator[Product]:
    """Start the database and the engines, seed the demonstration clone, and bind it all.

    Raises ProviderError when the database or an engine that was asked for by name cannot be had.
    """
    async with AsyncExitStack() as stack:
        database = await stack.enter_async_context(open_home_database(settings))
        announcer = Announcer(SYSTEM)
        engines = await stack.enter_async_context(open_engines(settings, announcer))
        clones, knowledge = PostgresClones(database), PostgresKnowledge(database)
        users, conversations = PostgresUsers(database), PostgresConversations(database)
        owner = await users.owner(name=settings.owner_name)
        shelf = PostgresShelf(database, INGEST)
        questions = PostgresQuestions(database)
        answers = AnswerDesk(knowledge, questions, engines.embedder, conversations.question)
        clone = await demo.seed(clones, knowledge, engines.embedder, owner.id, shelf, answers)
        await engines.adapt(str(clone.id), f"{clone.knowledge_version}", demo.spoken_knowledge())

        async def owner_of(clone_id: UUID) -> UUID:
            return owner.id if clone_id == clone.id else (await clones.get(clone_id, owner.id)).owner_id

        retriever = HybridRetriever(knowledge, engines.embedder, owner_of)
        meetings = Meetings(clones, clone.slug)
        library = Library(retriever, answers, meetings.meet, clones.set_answering)
        files = LocalFiles(settings.home / "files", await offload(KeyFile(settings.home / "files.key").load))
        faces = Faces(PostgresFaces(database), files, meetings)
        await seed_demo_face(faces.models, files, clone)
        casting = Casting(engines, faces)
        studio = open_studio(database, casting)
        binder = RoomBinder(engines, retriever, clones, SYSTEM, faces)
        parts = SessionsParts(
            CollectingConversations(conversations, answers, owner_of),
            meetings,
            KeptConsents(PostgresConsents(database)),
            binder.bind,
            SYSTEM,
            TurnOptions(),
            settings.max_sessions,
        )
        tasks = await stack.enter_async_context(background())
        sessions = LiveSessions(parts, tasks)
        stack.push_async_callback(sessions.close_all)
        announcer.listeners.append(sessions.announce)
        tasks.start_soon(_sweep, sessions, conversations, studio, questions)
        workshop = Workshop(clones, knowledge, engines, owner.id)
        learner = Learner(workshop.learn_of)
        open_shelf = open_knowledge(database, files, engines.embedder, studio.bell, learner.changed)
        if settings.work_slots:
            slots, handlers = WorkerOptions(slots=settings.work_slots), {**studio.handlers, INGEST: open_shelf.handler}
            tasks.start_soon(partial(run_worker, studio.worker, handlers, slots, bell=studio.bell))
        tasks.start_soon(workshop.learn_all)
        tasks.start_soon(learner.run)
        doorkeeper = Doorkeeper(users, owner, await _key(settings))
        deps = _channels(settings, sessions, doorkeeper, meetings, engines, Health(database, engines))
        replies = open_replies(Talking(engines, retriever, clones), casting, studio.clips)
        face_studio = FaceStudio(studio.faces, meetings.meet, studio.change_face_consent)
        deps = replace(deps, faces=faces, clips=studio.clips, replies=replies, face_studio=face_studio)
        deps = replace(deps, knowledge=KnowledgeStudio(open_shelf.desk, meetings.meet))
        deps = replace(deps, questions=QuestionStudio(answers, meetings.meet, retriever.look, clones.set_answering))
        yield Product(
            sessions, create_app(deps), engines.report, owner.id, workshop, casting, studio, open_shelf.desk, library
        )


async def _key(settings: Settings) -> bytes:
    if settings.token_key is not None:
        return settings.token_key.reveal().encode()
    return await offload(KeyFile(settings.home / "token.key").load)


async def _sweep(
    sessions: LiveSessions, conversations: PostgresConversations, studio: Studio, questions: PostgresQuestions
) -> None:
    """Let idle sessions lapse and old transcripts be forgotten, well within the hour that CONV-20 allows."""
    while True:
        await SYSTEM.sleep(SWEEP_EVERY)
        try:
            await sessions.sweep()
            await conversations.sweep()
            await studio.sweep()
            await questions.sweep()
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
    items = tuple(
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
        engines=lambda: items,
        components=health.components,
        doctor=doctor,
        static=settings.page,
        limits=Limits(connections=settings.max_sessions),
        origins=settings.allowed_origins,
    )
