"""Agreeing by voice, ordering a voice, its making, and its end: with real media reading, a fake trainer and stores."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import httpx
import numpy as np
import pytest
from fastapi import FastAPI

from selfsame.channels.deps import VoiceStudio
from selfsame.channels.door import Door
from selfsame.channels.http import _answer_errors
from selfsame.channels.identity import Identity
from selfsame.channels.voice_models import VoiceModelRoutes
from selfsame.clones.clone import Clone
from selfsame.clones.consent import Consent, Subject, check_grant, is_live
from selfsame.clones.tokens import OWN
from selfsame.contracts.file_store import listed
from selfsame.errors import BadInput, ConsentMissing, NotFound, SelfsameError
from selfsame.events.heard import Hypothesis
from selfsame.jobs.enrol_voice import ENROL_VOICE, VoiceWorkshop, enrolling
from selfsame.jobs.job import completed, outcome_of
from selfsame.jobs.shared_video import SharedVideo
from selfsame.jobs.voice_desk import ConsentDesk, VoiceDesk
from selfsame.jobs.work import Work
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.stores.files.memory import MemoryFiles
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.memory_voices import MemoryVoices
from selfsame.studio.port import Progress
from selfsame.studio.tube import FetchedVideo
from selfsame.studio.voice.enrolment import Gathered, Upload, gather
from selfsame.studio.voice.kinds import BuiltVoice, Recordings
from tests.enrolment.damage import noisy
from tests.enrolment.people import Tones, speech, wav

pytestmark = pytest.mark.anyio
OWNER, CLONE, DAY = new_id(), new_id(), date(2026, 11, 21)
VIDEO = "https://youtu.be/dQw4w9WgXcQ"
SAID = "i ana silva agree that selfsame makes a clone of my voice and face november twenty first twenty twenty six"


@dataclass
class Book:
    """Consents in memory, as the database keeps them."""

    records: list[Consent] = field(default_factory=list)

    async def grant(self, user_id: UUID, subject: Subject, evidence: Mapping[str, Any] | None = None) -> Consent:
        check_grant(subject, evidence)
        self.records.append(Consent(new_id(), user_id, subject, datetime(2026, 11, 21, tzinfo=UTC), None, evidence))
        return self.records[-1]

    async def of(self, user_id: UUID) -> tuple[Consent, ...]:
        return tuple(record for record in self.records if record.user_id == user_id)

    def end(self) -> None:
        self.records = [replace(record, revoked_at=datetime(2026, 11, 22, tzinfo=UTC)) for record in self.records]


class House:
    """Everything in one place."""

    def __init__(self) -> None:
        self.book, self.files, self.jobs = Book(), MemoryFiles(), MemoryJobs()
        self.heard = SAID
        self.voices = MemoryVoices(
            {CLONE: OWNER}, lambda user: tuple(r for r in self.book.records if r.user_id == user)
        )
        self.desk = VoiceDesk(self.voices, self.files, self.jobs)
        self.consents = ConsentDesk(self.book, Tones(), self.hear, lambda: DAY)
        self.clone = Clone(CLONE, OWNER, "me", "Me")
        self.trained: list[Recordings] = []
        self.video, self.fetched = wav(speech(1, 40)), 0
        self.videos = SharedVideo(self.fetch, self.files, self.jobs)
        self.while_training = lambda: None

    async def hear(self, pcm: np.ndarray, wanted: object) -> Hypothesis:
        assert pcm.dtype == np.int16 and wanted
        return Hypothesis(self.heard, 0.8, "EN")

    async def agree(self, person: int = 1) -> tuple[Consent, ...]:
        return await self.consents.take(OWNER, "Ana Silva", "EN", wav(speech(person, 6)))

    async def fetch(self, _address: object, _name: str, progress: Progress, *, captions: bool) -> FetchedVideo:
        assert not captions
        await progress(0.5, "Fetching")
        self.fetched += 1
        return FetchedVideo("A talk", "Ana", 40.0, "ES", self.video)

    async def train(self, recordings: Recordings, progress: Progress) -> BuiltVoice:
        await progress(0.5, "Training")
        self.trained.append(recordings)
        self.while_training()
        files = {"voice.bin": b"units"}
        return BuiltVoice("units", 22_050, 0.9, files, b"RIFFpreview", {"wer": 0.1}, ("A note.",))

    async def work(self) -> SelfsameError | None:
        """Do the next job; its error comes back."""

        async def consents(user: UUID) -> tuple[Consent, ...]:
            return await self.book.of(user)

        async def collect(uploads: Any, voice: Any, progress: Progress) -> Gathered:
            return await gather(uploads, Tones(), voice, progress)

        handler = enrolling(VoiceWorkshop(self.voices, self.files, consents, collect, self.train, self.videos))
        claim = await self.jobs.claim("w", [ENROL_VOICE], 60)
        assert claim is not None
        try:
            result = await handler(Work(claim, self.jobs, SYSTEM))
        except SelfsameError as error:
            await self.jobs.finish(claim, outcome_of(error, 9, 1))
            return error
        await self.jobs.finish(claim, completed(result))
        return None


@pytest.fixture
def house() -> House:
    return House()


def readings(count: int = 6, person: int = 1) -> list[Upload]:
    return [Upload(wav(speech(person, 4.0 + number % 3)), f"Sentence {number}.") for number in range(count)]


async def test_a_spoken_consent_is_recorded_with_its_evidence(house: House) -> None:
    voice, face = await house.agree()
    assert (voice.subject, face.subject) == ("voice", "face")
    evidence = voice.evidence or {}
    assert len(evidence["sha256"]) == 64 and len(evidence["voicePrint"]) == 8 and evidence["heard"] == SAID
    assert evidence["name"] == "Ana Silva" and evidence["date"] == "2026-11-21" and evidence["scores"]["words"] == 1
    assert "voicePrint" not in (face.evidence or {})
    assert await listed(house.files) == []  # the recording itself is not kept


@pytest.mark.parametrize(
    ("heard", "recording", "problem"),
    [
        (SAID.replace("agree", "do not agree"), wav(speech(1, 6)), "refusal"),
        (SAID.replace("ana silva", "bob stone"), wav(speech(1, 6)), "name"),
        (SAID.replace("first", "second"), wav(speech(1, 6)), "date"),
        ("", wav(speech(1, 6)), "not heard"),
        (SAID, wav(np.zeros(80_000, np.int16)), "No speech"),
        (SAID, wav(speech(1, 1.1)), "whole sentence"),
        (SAID, wav(noisy(speech(1, 6), 2)), "noise|speech"),
        (SAID, b"not sound", "Upload"),
        (SAID, b"", "empty"),
        (SAID, wav(speech(1, 150)), "longer"),
    ],
)
async def test_what_is_no_consent_is_not_recorded(house: House, heard: str, recording: bytes, problem: str) -> None:
    house.heard = heard
    with pytest.raises(SelfsameError, match=problem):
        await house.consents.take(OWNER, "Ana Silva", "EN", recording)
    assert house.book.records == []


@pytest.mark.parametrize(
    ("heard", "missing"),
    [
        (SAID.replace("agree", "do not agree"), ["agreement"]),
        (SAID.replace("ana silva", "bob stone").replace("first", "second"), ["name", "date"]),
        ("good morning", ["words", "name", "date"]),
    ],
)
async def test_of_a_consent_that_was_not_heard_all_is_told_that_lacks(
    house: House, heard: str, missing: list[str]
) -> None:
    house.heard = heard
    async with web(house) as client:
        form = {"files": {"recording": wav(speech(1, 6))}, "data": {"name": "Ana Silva"}}
        told = (await client.post("/api/consents/spoken", **form)).json()["error"]
        assert told["code"] == "CONSENT_NOT_HEARD" and told["heard"] == heard and told["missing"] == missing
        assert (await client.get("/api/consents")).json() == {"consents": []}


async def test_without_a_spoken_consent_no_voice_can_be_ordered(house: House) -> None:
    with pytest.raises(ConsentMissing):
        await house.desk.order(OWNER, house.clone, readings())
    await house.book.grant(OWNER, "face")  # a written one is for a face alone
    with pytest.raises(ConsentMissing):
        await house.desk.order(OWNER, house.clone, readings())
    assert await listed(house.files) == [] and await house.jobs.of(OWNER) == []


async def test_a_voice_is_made_heard_and_accepted_and_no_recording_remains(house: House) -> None:
    await house.agree()
    state = await house.desk.order(OWNER, house.clone, readings())
    assert state.status == "pending" and len(await listed(house.files)) == 6
    assert await house.work() is None
    (recordings,) = house.trained
    assert [take.text for take in recordings.takes] == [f"Sentence {number}." for number in range(6)]
    assert all(take.rate == 24_000 for take in recordings.takes)
    assert recordings.seconds == pytest.approx(27, abs=4)
    state = await house.desk.state(OWNER, state.voice.id)
    assert state.status == "ready" and state.voice.quality_score == 0.9 and state.voice.provider == "units"
    assert state.voice.details["consentLikeness"] > 0.95 and state.voice.details["good"] == 6
    left = await listed(house.files)
    assert left == [f"{state.voice.model_path}{name}" for name in ("preview.wav", "voice.bin")]
    assert await house.desk.preview(OWNER, state.voice.id) == b"RIFFpreview"
    assert (await house.desk.activate(OWNER, state.voice.id)).status == "active"
    assert await house.voices.active(CLONE, OWNER) is not None
    house.book.end()
    assert await house.voices.active(CLONE, OWNER) is None


async def test_a_stranger_s_recordings_under_somebody_s_consent_are_refused(house: House) -> None:
    await house.agree(person=1)
    state = await house.desk.order(OWNER, house.clone, readings(person=3))
    error = await house.work()
    assert isinstance(error, BadInput) and error.code == "NOT_THE_CONSENTING_VOICE"
    assert "do not sound like the person who gave the consent" in error.message
    assert (await house.desk.state(OWNER, state.voice.id)).status == "failed"
    assert house.trained == [] and await listed(house.files) == []


async def test_single_recordings_of_others_and_bad_ones_are_left_out_with_a_note(house: House) -> None:
    await house.agree()
    bad = [
        Upload(wav(speech(4, 5)), "Somebody else."),
        Upload(wav(noisy(speech(1, 5), 4)), "In a storm."),
        Upload(b"junk", "Nothing."),
    ]
    state = await house.desk.order(OWNER, house.clone, [*readings(), *bad])
    assert await house.work() is None
    details = (await house.desk.state(OWNER, state.voice.id)).voice.details
    notes = " ".join(details["notes"])
    assert len(house.trained[0].takes) == 6 and details["good"] == 6 and details["recordings"] == 9
    for number in (7, 8, 9):
        assert f"Recording {number} was left out." in notes


async def test_of_a_talk_the_main_speaker_s_part_is_taken(house: House) -> None:
    await house.agree()
    talk = np.concatenate([speech(1, 20), speech(5, 8), speech(1, 15)])
    await house.desk.order(OWNER, house.clone, [Upload(wav(talk))])
    assert await house.work() is None
    (recordings,) = house.trained
    assert recordings.seconds == pytest.approx(31, abs=4) and all(not take.text for take in recordings.takes)


async def test_a_voice_is_made_of_a_video_s_sound(house: House) -> None:
    with pytest.raises(ConsentMissing):
        await house.desk.order_address(OWNER, house.clone, VIDEO)
    await house.agree()
    state = await house.desk.order_address(OWNER, house.clone, VIDEO)
    assert await house.work() is None
    state = await house.desk.state(OWNER, state.voice.id)
    assert (state.status, house.fetched) == ("ready", 1)
    assert {take.language for take in house.trained[0].takes} == {"ES"}  # the video's own
    assert [name for name in await listed(house.files) if "uploads" in name] == []
    house.video = wav(speech(3, 40))
    state = await house.desk.order_address(OWNER, house.clone, VIDEO)
    error = await house.work()
    assert error is not None and error.code == "NOT_THE_CONSENTING_VOICE"
    assert [name for name in await listed(house.files) if "uploads" in name] == []


@pytest.mark.parametrize(("address", "language"), [("https://evil.example/x", None), ("no", None), ("", "FR")])
async def test_what_is_no_video_is_refused_at_once(house: House, address: str, language: str | None) -> None:
    await house.agree()
    with pytest.raises(BadInput):
        await house.desk.order_address(OWNER, house.clone, address or VIDEO, language)
    with pytest.raises(NotFound):
        await house.desk.order_address(new_id(), house.clone, VIDEO)
    assert await house.jobs.of(OWNER) == []


async def test_too_little_speech_is_said_to_be_too_little(house: House) -> None:
    await house.agree()
    await house.desk.order(OWNER, house.clone, readings(2))
    error = await house.work()
    assert isinstance(error, BadInput) and "at least 20 s" in error.message


async def test_a_consent_that_ends_during_the_training_stops_it(house: House) -> None:
    await house.agree()
    await house.desk.order(OWNER, house.clone, readings())
    house.while_training = house.book.end
    assert isinstance(await house.work(), ConsentMissing)
    assert await listed(house.files) == []


@pytest.mark.parametrize(
    "uploads", [[], [Upload(b"")], [Upload(b"x", "t" * 501)], [Upload(b"x", "", "FR")], [Upload(b"x")] * 121]
)
async def test_orders_that_cannot_be_met_are_refused_at_once(house: House, uploads: list[Upload]) -> None:
    await house.agree()
    with pytest.raises(BadInput):
        await house.desk.order(OWNER, house.clone, uploads)
    with pytest.raises(NotFound):
        await house.desk.order(new_id(), house.clone, readings(1))
    assert await listed(house.files) == []


async def test_a_manner_can_be_chosen_once_there_is_a_voice(house: House) -> None:
    await house.agree()
    voice_id = (await house.desk.order(OWNER, house.clone, readings())).voice.id
    for act in (house.desk.set_manner(OWNER, voice_id, "own"), house.desk.activate(OWNER, voice_id, "own")):
        with pytest.raises(BadInput, match="not made yet"):
            await act
    assert await house.work() is None
    assert (await house.desk.activate(OWNER, voice_id)).voice.wish == "automatic"
    assert (await house.desk.activate(OWNER, voice_id, "clear")).voice.manner == "clear"
    assert (await house.desk.activate(OWNER, voice_id)).voice.manner == "clear", "the wish stays"
    assert (await house.desk.set_manner(OWNER, voice_id, "automatic")).voice.manner == "own"
    with pytest.raises(NotFound):
        await house.desk.set_manner(new_id(), voice_id, "own")


async def test_a_discarded_voice_is_taken_out_of_memory(house: House) -> None:
    await house.agree()
    silenced: list[list[UUID]] = []

    async def silence() -> None:
        silenced.append([voice.id for voice in await house.voices.of(OWNER)])

    desk = replace(house.desk, silence=silence)
    voice_id = (await desk.order(OWNER, house.clone, readings())).voice.id
    await desk.discard(OWNER, voice_id)
    assert silenced == [[]], "asked once, when the voice was gone"


@asynccontextmanager
async def web(house: House, permissions: frozenset[str] = frozenset({OWN})) -> AsyncIterator[httpx.AsyncClient]:
    async def authenticate(_: str) -> Identity:
        return Identity(OWNER, permissions)

    async def find(_: str | None, __: UUID) -> Clone:
        return house.clone

    async def revoke(user: UUID) -> tuple[Consent, ...]:
        house.book.end()
        return await house.book.of(user)

    app = Door(authenticate).opened(FastAPI())
    _answer_errors(app)
    app.include_router(VoiceModelRoutes(VoiceStudio(house.desk, house.consents, find, revoke)).router)
    transport, token = httpx.ASGITransport(app, client=("127.0.0.1", 1)), {"authorization": "Bearer token"}
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1", headers=token) as client:
        yield client


async def test_the_whole_way_over_http(house: House) -> None:
    async with web(house) as client:
        told = (await client.get("/api/voice/sentences", params={"language": "ES"})).json()
        assert len(told["sentences"]) == 40
        wanted = (await client.get("/api/consents/spoken", params={"name": "Ana Silva"})).json()
        assert wanted["text"].endswith("21 November 2026.")
        files = [("files", (f"{n}.wav", upload.data)) for n, upload in enumerate(readings())]
        texts = {"texts": [upload.text for upload in readings()]}
        refused = await client.post("/voice-model/upload", files=files, data=texts)
        assert refused.status_code == 400 and refused.json()["error"]["code"] == "CONSENT_MISSING"
        agreed = await client.post(
            "/api/consents/spoken", files={"recording": wav(speech(1, 6))}, data={"name": "Ana Silva"}
        )
        assert agreed.status_code == 201 and "voicePrint" not in agreed.text and len(agreed.json()["consents"]) == 2
        uneven = await client.post("/voice-model/upload", files=files, data={"texts": ["one"]})
        assert uneven.status_code == 400 and "as many texts" in uneven.json()["error"]["message"]
        ordered = await client.post("/voice-model/upload", files=files, data=texts)
        assert ordered.status_code == 202, ordered.text
        assert await house.work() is None
        one = (await client.get(ordered.json()["statusUrl"])).json()
        assert one["status"] == "ready" and one["qualityScore"] == 0.9 and one["sampleRate"] == 22_050
        sound = await client.get(one["previewUrl"])
        assert sound.content == b"RIFFpreview" and sound.headers["cache-control"] == "private, no-store"
        assert (one["manner"], one["speaks"]) == ("automatic", "own")
        path = f"/voice-model/{one['voiceModelId']}"
        spoken = (await client.post(f"{path}/activate", params={"manner": "clear"})).json()
        assert (spoken["status"], spoken["manner"], spoken["speaks"]) == ("active", "clear", "clear")
        changed = (await client.patch(path, json={"manner": "own"})).json()
        assert changed == spoken | {"manner": "own", "speaks": "own"}
        for body in ({"manner": "loud"}, {}, {"manner": "own", "more": 1}, [], None):
            wrong = await client.patch(path, json=body)
            assert wrong.status_code in (400, 422) and wrong.json()["error"]["message"], body
        assert (await client.post(f"{path}/activate", params={"manner": "x"})).status_code in (400, 422)
        everything = (await client.get("/voice-models")).json()
        assert everything["activeVoiceModelId"] == {str(CLONE): one["voiceModelId"]}
        assert (await client.delete(f"/voice-model/{one['voiceModelId']}")).status_code == 204
        assert (await client.get(one["previewUrl"])).status_code == 404
        ended = (await client.delete("/api/consents/spoken")).json()["consents"]
        assert all(each["revokedAt"] for each in ended)
        assert not is_live(await house.book.of(OWNER), "voice")


async def test_visitors_may_do_none_of_it(house: House) -> None:
    async with web(house, frozenset()) as client:
        some = new_id()
        for method, path in (
            ("GET", "/voice-models"),
            ("GET", "/api/consents"),
            ("GET", f"/voice-model/{some}"),
            ("GET", f"/voice-model/{some}/preview.wav"),
            ("POST", f"/voice-model/{some}/activate"),
            ("DELETE", f"/voice-model/{some}"),
            ("PATCH", f"/voice-model/{some}"),
            ("POST", "/voice-model/upload"),
            ("GET", "/api/voice/sentences"),
            ("GET", "/api/consents/spoken?name=Ana"),
            ("POST", "/api/consents/spoken"),
            ("DELETE", "/api/consents/spoken"),
        ):
            body = {"manner": "own"} if method == "PATCH" else None
            assert (await client.request(method, path, json=body)).status_code == 403, path
