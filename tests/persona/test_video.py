"""One video, two jobs: the persona and, where the owner agreed, the voice; fetched once, each independent."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx
import pytest
from fastapi import FastAPI

from selfsame.channels.deps import PersonaStudio
from selfsame.channels.door import Door
from selfsame.channels.http import _answer_errors
from selfsame.channels.identity import Identity
from selfsame.channels.personas import PersonaRoutes
from selfsame.clones.consent import Consent
from selfsame.clones.tokens import OWN
from selfsame.errors import BadInput
from selfsame.jobs.enrol_voice import ENROL_VOICE, VoiceWorkshop, enrolling
from selfsame.jobs.extract_persona import EXTRACT_PERSONA, extracting
from selfsame.jobs.job import Job
from selfsame.jobs.persona_desk import PersonaWish
from selfsame.jobs.shared_video import SharedVideo
from selfsame.jobs.video_desk import VideoDesk
from selfsame.jobs.voice_desk import VoiceDesk
from selfsame.jobs.worker import WorkerOptions, run_worker
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import background
from selfsame.stores.memory_voices import MemoryVoices
from selfsame.studio.voice.enrolment import Gathered
from selfsame.studio.voice.kinds import BuiltVoice
from tests.persona.workshop import WAV, Workshop

pytestmark = pytest.mark.anyio
URL = "https://www.youtube.com/watch?v=dQw4w9WgXcQ"
ENDED = ("completed", "failed", "cancelled")


class House:
    """A persona workshop, and a voice workshop beside it on the same files and jobs. `agreed`: a live consent."""

    def __init__(self, *, agreed: bool, **plan: Any) -> None:
        self.made = Workshop(**plan)
        made = self.made
        self.agreed, self.sounds = agreed, list[bytes]()
        self.voices = MemoryVoices({made.clone.id: made.owner}, lambda _user: self.consents())
        self.desk = VideoDesk(made.desk, VoiceDesk(self.voices, made.files, made.jobs))
        self.fetching = anyio.Event()
        self.go_on: anyio.Event | None = None
        self.shared = SharedVideo(self._fetch, made.files, made.jobs)

    def consents(self) -> tuple[Consent, ...]:
        evidence = {"voicePrint": [1.0]}
        record = Consent(new_id(), self.made.owner, "voice", datetime(2026, 11, 21, tzinfo=UTC), None, evidence)
        return (record,) if self.agreed else ()

    async def _fetch(self, *given: Any, **options: Any) -> Any:
        self.fetching.set()
        if self.go_on is not None:
            await self.go_on.wait()
        return await self.made._fetch(*given, **options)

    @asynccontextmanager
    async def working(self) -> AsyncIterator[None]:
        async def gather(uploads: Any, _consent: Any, _progress: Any) -> Gathered:
            self.sounds += [upload.data for upload in uploads]
            return Gathered()

        async def train(_recordings: Any, _progress: Any) -> BuiltVoice:
            return BuiltVoice("units", 22_050, 0.9, {"voice.bin": b"u"})

        async def consents(_user: Any) -> tuple[Consent, ...]:
            return self.consents()

        shop = self.made.shop
        persona = extracting(type(shop)(shop.personas, shop.files, self.shared, *_rest(shop)))
        voice = enrolling(VoiceWorkshop(self.voices, self.made.files, consents, gather, train, self.shared))
        async with background() as tasks:
            options = WorkerOptions(slots=2, lease=5, beat=0.02, poll=0.01)
            handlers = {EXTRACT_PERSONA: persona, ENROL_VOICE: voice}
            tasks.start_soon(run_worker, self.made.jobs, handlers, options)
            yield

    async def ended(self, *jobs: Job) -> list[Job]:
        found = list(jobs)
        with anyio.fail_after(30):
            async with self.working():
                while any(job.state not in ENDED for job in found):
                    await SYSTEM.sleep(0.01)
                    found = [await self.made.jobs.get(job.id, self.made.owner) for job in jobs]
        return found

    async def order(self, **wish: Any) -> Any:
        return await self.desk.order(self.made.owner, self.made.clone, URL, PersonaWish(**wish))


def _rest(shop: Any) -> tuple[Any, ...]:
    return shop.read_sound, shop.main_speaker, shop.hear, shop.reader


async def test_both_are_learnt_from_a_video_that_is_fetched_once() -> None:
    house = House(agreed=True)
    ordered = await house.order()
    persona, voice = await house.ended(ordered.persona, ordered.voice.job)
    assert (persona.state, voice.state) == ("completed", "completed"), (persona.error_message, voice.error_message)
    assert len(house.made.fetched) == 1 and house.sounds == [WAV]
    assert [key for key in await house.made.left() if "uploads" in key] == []
    state = await house.desk.voices.state(house.made.owner, ordered.voice.voice.id)
    assert state.status == "ready"


async def test_without_a_consent_the_persona_goes_on_alone() -> None:
    house = House(agreed=False)
    ordered = await house.order()
    assert ordered.voice is None and "consent sentence" in ordered.missing
    [persona] = await house.ended(ordered.persona)
    assert persona.state == "completed" and await house.made.left() == []


async def test_captions_for_the_persona_and_the_sound_for_the_voice() -> None:
    house = House(agreed=True, captions=b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello there.\n")
    ordered = await house.order(captions=True)
    _, voice = await house.ended(ordered.persona, ordered.voice.job)
    assert voice.state == "completed" and house.sounds == [WAV] and len(house.made.fetched) == 2


async def test_one_that_is_cancelled_leaves_the_other_and_nothing_behind() -> None:
    for leaves in ("persona", "voice"):
        house = House(agreed=True)
        house.go_on = anyio.Event()
        ordered = await house.order()
        async with house.working():
            with anyio.fail_after(20):
                await house.fetching.wait()
                if leaves == "persona":
                    await house.made.desk.cancel(house.made.owner, ordered.persona.id)
                else:
                    await house.desk.voices.discard(house.made.owner, ordered.voice.voice.id)
                house.go_on.set()
        stays = ordered.voice.job if leaves == "persona" else ordered.persona
        [job] = await house.ended(stays)
        assert job.state == "completed", job.error_message
        assert [key for key in await house.made.left() if "uploads" in key] == []


async def test_a_video_that_cannot_be_fetched_fails_both_with_its_message() -> None:
    house = House(agreed=True, fails=BadInput("This video is private."))
    ordered = await house.order()
    jobs = await house.ended(ordered.persona, ordered.voice.job)
    assert {(job.state, job.error_message) for job in jobs} == {("failed", "This video is private.")}
    assert [key for key in await house.made.left() if "uploads" in key] == []


async def test_what_is_no_address_orders_nothing() -> None:
    house = House(agreed=True)
    with pytest.raises(BadInput):
        await house.desk.order(house.made.owner, house.made.clone, "https://evil.example/v", PersonaWish())
    assert await house.made.jobs.of(house.made.owner) == []


@pytest.mark.parametrize("agreed", [True, False])
async def test_the_answer_names_both_jobs_or_says_what_is_missing(agreed: bool) -> None:
    house = House(agreed=agreed)

    async def authenticate(_token: str) -> Identity:
        return Identity(house.made.owner, frozenset([OWN]))

    async def find_clone(_name: str | None, _user: Any) -> Any:
        return house.made.clone

    app = Door(authenticate).opened(FastAPI())
    _answer_errors(app)
    app.include_router(PersonaRoutes(PersonaStudio(house.made.desk, find_clone, house.desk)).router)
    transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 40_000))
    headers = {"authorization": "Bearer owner"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000", headers=headers) as http:
        answer = await http.post("/api/voice/clone", json={"url": URL})
    assert answer.status_code == 202
    told = answer.json()
    jobs = {str(job.id): job.kind for job in await house.made.jobs.of(house.made.owner)}
    assert jobs[told["jobId"]] == "extract-persona" and told["statusUrl"] == f"/api/persona/jobs/{told['jobId']}"
    if agreed:
        assert told["voice"]["ordered"] and jobs[told["voice"]["jobId"]] == "enrol-voice"
        assert told["voice"]["statusUrl"] == f"/voice-model/{told['voice']['voiceModelId']}"
    else:
        assert told["voice"]["errorCode"] == "CONSENT_MISSING" and "/api/consents/spoken" in told["voice"]["missing"]
        assert len(jobs) == 1
