"""An application with every route, its owner, and all desks in memory; work is done when the test says so."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import numpy as np

from selfsame.channels.deps import (
    ArchiveStudio,
    FaceStudio,
    JobsStudio,
    KnowledgeStudio,
    OperationsDesk,
    PersonaStudio,
    QuestionStudio,
    VoiceStudio,
)
from selfsame.channels.identity import Identity
from selfsame.clones.clone import Clone
from selfsame.clones.consent import Consent
from selfsame.clones.persona import PersonaProfile
from selfsame.clones.tokens import CONVERSE, OWN, READ_METRICS
from selfsame.conversation.costs import DayCosts, Tariff
from selfsame.errors import BadInput, NotFound, Unauthenticated
from selfsame.events.heard import Hypothesis
from selfsame.face.port import FoundFace
from selfsame.jobs.build_face import BUILD_FACE, FaceWorkshop, building
from selfsame.jobs.clone_desk import CloneDesk
from selfsame.jobs.enrol_voice import ENROL_VOICE, VoiceWorkshop, enrolling
from selfsame.jobs.extract_persona import EXTRACT_PERSONA, extracting
from selfsame.jobs.ingest import INGEST, Intake, ingesting
from selfsame.jobs.job import JobKind, completed, outcome_of
from selfsame.jobs.knowledge_desk import KnowledgeDesk
from selfsame.jobs.overview import Desks
from selfsame.jobs.persona_desk import PersonaDesk
from selfsame.jobs.picture_desk import PictureDesk
from selfsame.jobs.render_clip import RENDER_CLIP, ClipWorkshop, rendering
from selfsame.jobs.video_desk import VideoDesk
from selfsame.jobs.voice_desk import VoiceDesk
from selfsame.jobs.work import Work
from selfsame.jobs.worker import Handler
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.library.answers import AnswerDesk
from selfsame.library.extract.read import read
from selfsame.library.ingest import SourceFile, ingest
from selfsame.library.search import HybridRetriever
from selfsame.library.webpage import WebPage
from selfsame.providers.fake.knowing import FakeEmbedder
from selfsame.stores.memory import MemoryKnowledge
from selfsame.stores.memory_clones import MemoryClones
from selfsame.stores.memory_questions import MemoryQuestions
from selfsame.stores.memory_shelf import MemoryShelf
from selfsame.stores.memory_voices import MemoryVoices
from selfsame.studio.face.looks import Looks
from selfsame.studio.face.quality import Checked, FaceQualityResult
from selfsame.studio.media import Photo
from selfsame.studio.record_reply import Answer, ReplyRoles, ReplyStudio
from selfsame.studio.recording import decode_recording
from selfsame.studio.voice.enrolment import Gathered, gather
from tests.channels.account_house import AccountHouse
from tests.channels.belongings_house import BelongingsHouse
from tests.channels.fake_session import house
from tests.enrolment import test_desk as enrolment
from tests.enrolment.people import Tones
from tests.jobs.conftest import Time
from tests.jobs.studio import StudioBench
from tests.library.pictures import in_process
from tests.library.test_ingest_and_search import GUIDE, WordHashes
from tests.persona.workshop import Workshop as PersonaShop

OWNS = frozenset({CONVERSE, OWN, READ_METRICS})
PEOPLE = {"owner": OWNS, "other": OWNS, "visitor": frozenset({CONVERSE})}


class NoPast:
    """A server that has done nothing yet."""

    async def costs(self, days: int) -> list[DayCosts]:
        return []

    async def newcomers(self) -> tuple[int, float]:
        return 0, 0.0


class WholeHouse:
    """The owner has the clone "ada", one document, and one question that it could not answer."""

    def __init__(self) -> None:
        bench = self.bench = StudioBench(Time())
        self.owner, self.clone, self.jobs = bench.owner, bench.clone, bench.jobs
        self.people = {"owner": self.owner, "other": new_id(), "visitor": bench.visitor}
        self.store = MemoryClones()
        self.shelf = MemoryShelf(bench.jobs, INGEST, self.store.owners)
        self.knowledge = KnowledgeDesk(self.shelf, self.shelf, bench.files, bench.jobs, lambda *_: None)
        self.pictures = PictureDesk(self.shelf.pictures, bench.files, in_process)
        self.personas = PersonaDesk(self.store.personas, bench.files, bench.jobs)
        self.agreeing = enrolment.House()
        self.voices = MemoryVoices(self.store.owners, self._voice_consents)
        self.voice_desk = VoiceDesk(self.voices, bench.files, bench.jobs)
        self.clones = CloneDesk(self.store, self.personas, bench.faces, self.voice_desk, self.shelf, "vera")
        self.known = MemoryKnowledge()
        self.answers = AnswerDesk(self.known, MemoryQuestions(self.known), WordHashes(), self._find_turn)
        self.account = AccountHouse(self.owner, [self.people["other"], self.people["visitor"]], self.clone.id)
        self.belongings = BelongingsHouse(self.clone)
        self.handlers = self._handlers()

    async def furnish(self) -> None:
        await self.store.put(self.clone, PersonaProfile(manual_overrides={"role": "a clockmaker"}))
        self.clone = await self.store.get("ada", self.owner)
        await ingest(self.known, WordHashes(), self.owner, self.clone.id, SourceFile("guide.md", GUIDE))
        for question in ("do you have a dog", "which is your favourite colour"):
            await self.answers.collect(self.owner, self.clone.id, question, "EN")

    @asynccontextmanager
    async def open(self, who: str | None = "owner", **changes: Any) -> AsyncIterator[httpx.AsyncClient]:
        """A client that bears the token of `who`."""
        await self.furnish()
        headers = {} if who is None else {"authorization": f"Bearer {who}"}
        async with house(authenticate=self.authenticate, **(self.desks() | changes)) as inside:
            transport = httpx.ASGITransport(app=inside.app, client=("127.0.0.1", 40_000))
            base = "http://127.0.0.1:8000"
            async with httpx.AsyncClient(transport=transport, base_url=base, headers=headers) as http:
                yield http

    async def work(self) -> None:
        """Do all that was ordered."""
        while claim := await self.jobs.claim("w", list(self.handlers), 30):
            kind = next(kind for kind in self.handlers if kind.name == claim.job.kind)
            try:
                outcome = completed(await self.handlers[kind](Work(claim, self.jobs, SYSTEM)))
            except Exception as error:
                outcome = outcome_of(error, claim.tries, 1)
            await self.jobs.finish(claim, outcome)

    def desks(self) -> dict[str, Any]:
        bench = self.bench
        desks = Desks(self._own, bench.faces, self.voice_desk, self.knowledge, self.personas, bench.clips)
        retriever = HybridRetriever(self.known, WordHashes(), self._owner_of)
        return {
            "faces": self,
            "clips": bench.clips,
            "replies": ReplyStudio(ReplyRoles(bench.meet, _decoded, self._hear, self._answer, bench.clips)),
            "face_studio": FaceStudio(bench.faces, self.find, self._face_consent, self._judge),
            "knowledge": KnowledgeStudio(self.knowledge, self.find, self.pictures),
            "questions": QuestionStudio(self.answers, self.find, retriever.look, self._set_answering),
            "persona_studio": PersonaStudio(self.personas, self.find, VideoDesk(self.personas, self.voice_desk)),
            "voice_studio": VoiceStudio(self.voice_desk, self.agreeing.consents, self.find, self._revoke),
            "clone_desk": self.clones,
            "jobs": JobsStudio(desks.overview(bench.jobs), self.find),
            "archives": ArchiveStudio(self.belongings, self.find),
            "privacy": self.belongings,
            "account": self.account.account(),
            "operations": OperationsDesk(
                bench.jobs,
                bench.jobs,
                NoPast(),
                lambda: None,
                lambda: (),
                lambda: Tariff({}, frozenset()),
                100.0,
                Path.cwd(),
            ),
        }

    async def authenticate(self, token: str) -> Identity:
        if token not in PEOPLE:
            raise Unauthenticated("the token is not valid")
        return Identity(self.people[token], PEOPLE[token], name=token.title())

    async def find(self, name: str | None, user: UUID) -> Clone:
        return await self.clones.mine(user, name or "ada")

    async def version(self, _clone: Clone) -> str | None:
        return "1"

    async def rig(self, _user: UUID, _slug: str, version: str) -> bytes:
        if version != "1":
            raise NotFound("that is not the clone's face any more")
        return gzip.compress(b'{"format": "selfsame-face/1"}')

    def _handlers(self) -> Mapping[JobKind, Handler]:
        bench, shop = self.bench, PersonaShop(count=1)
        shop.files, shop.jobs, shop.personas = bench.files, bench.jobs, self.store.personas
        intake = Intake(self.shelf, self.shelf, bench.files, FakeEmbedder(), _reading, _fetch, lambda *_: None)
        voices = VoiceWorkshop(
            self.voices, bench.files, self.agreeing.book.of, _collect, self.agreeing.train, shop.videos
        )
        return {
            BUILD_FACE: building(FaceWorkshop(bench.models, bench.files, bench._counted, bench._try)),
            RENDER_CLIP: rendering(ClipWorkshop(bench.clip_store, bench.files, bench._stage)),
            INGEST: ingesting(intake),
            EXTRACT_PERSONA: extracting(shop.shop),
            ENROL_VOICE: enrolling(voices),
        }

    def _voice_consents(self, user: UUID) -> tuple[Consent, ...]:
        return tuple(record for record in self.agreeing.book.records if record.user_id == user)

    async def _own(self, user: UUID) -> list[UUID]:
        return [clone.id for clone in await self.clones.own(user)]

    async def _owner_of(self, _clone: UUID) -> UUID:
        return self.owner

    async def _find_turn(self, _user: UUID, _conversation: UUID, _turn: int) -> tuple[UUID, str]:
        return self.clone.id, "what is baked in the kitchen"

    async def _hear(self, *_: Any) -> Hypothesis:
        return Hypothesis("how are you", 0.9, "EN")

    async def _answer(self, question: str, _clone: Clone, language: str) -> Answer:
        return Answer(f"{question}: fine", language)

    async def _judge(self, data: bytes) -> tuple[Photo, Checked]:
        if not data.startswith(b"\xff\xd8"):
            raise BadInput("The photo cannot be read.")
        face = FoundFace(0.9, (40.0, 20.0, 80.0, 100.0), np.zeros((478, 3), np.float32))
        looks = Looks(100.0, 3.0, -2.0, 1.0, 120.0, 0.0, 1.0, 0.1, 0.0, 0.3, 1.0, 1.0, 0.1, 0.2, 2.0, 1.0)
        seen = FaceQualityResult(True, True, 320, 400, "good", "frontal", 0.8, ("SMALL",))
        return Photo(np.zeros((200, 160, 3), np.uint8), 320, 400), Checked(seen, face, looks, 0.9)

    async def _face_consent(self, user: UUID, granted: bool) -> tuple[Consent, ...]:
        if granted:
            self.bench.consents += (Consent(new_id(), user, "face", self.bench.time()),)
        return self.bench.consents

    async def _revoke(self, user: UUID) -> tuple[Consent, ...]:
        self.agreeing.book.end()
        return await self.agreeing.book.of(user)

    async def _set_answering(
        self, _clone: UUID, _owner: UUID, adherence: str | None, no_answer: Mapping[str, str] | None
    ) -> Clone:
        changes: dict[str, Any] = {"adherence": adherence, "no_answer": no_answer}
        return replace(self.clone, **{name: value for name, value in changes.items() if value is not None})


def _nothing_costs() -> Tariff:
    return Tariff({}, frozenset())


async def _decoded(recording: bytes) -> Pcm:
    return await offload(decode_recording, recording)


async def _reading(data: bytes, wish: Any) -> Any:
    return read(data, wish)


async def _fetch(address: str) -> WebPage:
    return WebPage(address, b"<html><p>We are clockmakers.</p></html>", "")


async def _collect(uploads: Any, voice: Any, progress: Any) -> Gathered:
    return await gather(uploads, Tones(), voice, progress)
