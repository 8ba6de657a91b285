"""What is kept of a person is shown, taken along and erased: theirs, all of it, and nobody else's."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from selfsame.channels.clone_archive import CloneArchiveRoutes
from selfsame.channels.deps import ArchiveStudio
from selfsame.channels.door import Door
from selfsame.channels.http import _answer_errors
from selfsame.channels.identity import Identity
from selfsame.channels.privacy import PrivacyRoutes
from selfsame.clones.archive.container import ArchiveReader
from selfsame.clones.archive.manifest import PERSON_FORMAT
from selfsame.clones.clone import Clone
from selfsame.clones.privacy import CONFIRMATION
from selfsame.clones.tokens import CONVERSE, OWN
from selfsame.contracts.conversation_store import turn
from selfsame.contracts.job_queue import LEASE
from selfsame.conversation.port import SessionRecord
from selfsame.errors import NotFound, Unauthenticated
from selfsame.jobs.erase import ERASE, erasing
from selfsame.jobs.job import JobKind, completed
from selfsame.jobs.work import Work
from selfsame.kit.clock import SYSTEM, wall
from selfsame.kit.ids import new_id
from selfsame.stores.postgres.clips import PostgresClips
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.faces import PostgresFaces
from selfsame.stores.postgres.job_desk import PostgresJobDesk
from selfsame.stores.postgres.tables import metadata
from selfsame.stores.postgres.users import PostgresUsers
from selfsame.studio.folders import FOLDERS, UPLOADS, VOICE_MODELS, face_folder, folder_of, voice_folder
from selfsame.studio.port import ClipDraft, ClipTimings, FaceModel
from selfsame.wiring.privacy import PrivacyDesk
from tests.archive.house import House, furnish, opened
from tests.support.database import shared_server

pytestmark = pytest.mark.anyio
CLIP = JobKind("render-clip")


class Ended:
    """The live sessions, of which only the ending matters here."""

    def __init__(self) -> None:
        self.ended: list[tuple[UUID, UUID | None]] = []

    async def end_of(self, user_id: UUID, session_id: UUID | None = None) -> int:
        self.ended.append((user_id, session_id))
        return 0


@dataclass
class Town:
    """A house with a furnished clone that a visitor talks with, and what stands before it on the network."""

    house: House
    clone: Clone
    visitor: UUID
    sessions: Ended
    http: httpx.AsyncClient
    forgotten: list[UUID]

    async def ask(self, method: str, path: str, who: str = "owner", **more: Any) -> httpx.Response:
        headers = {"authorization": f"Bearer {who}"} | more.pop("headers", {})
        return await self.http.request(method, path, headers=headers, **more)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with opened(shared_server(), tmp_path / "here", b"1" * 32) as house, _settled(house) as town:
        yield town


@asynccontextmanager
async def _settled(house: House) -> AsyncIterator[Town]:
    clone = await furnish(house)
    await PostgresClones(house.database).put(replace(clone, public=True))
    visitor = (await PostgresUsers(house.database).device("device-1")).id
    sessions, forgotten = Ended(), []

    async def forget(clone_id: UUID) -> None:
        forgotten.append(clone_id)

    async def refurnish(_user: UUID) -> None:
        pass

    desk = PrivacyDesk(house.database, house.files, sessions, forget, refurnish)  # type: ignore[arg-type]

    async def authenticate(token: str) -> Identity:
        if token == "owner":
            return Identity(house.owner, frozenset({OWN, CONVERSE}))
        if token == "visitor":
            return Identity(visitor, frozenset({CONVERSE}))
        raise Unauthenticated("who are you")

    async def find(name: str | None, user: UUID) -> Clone:
        return await PostgresClones(house.database).get(name or "", user)

    app = Door(authenticate).opened(FastAPI())
    _answer_errors(app)
    app.include_router(PrivacyRoutes(desk).router)
    app.include_router(CloneArchiveRoutes(ArchiveStudio(house.archives, find)).router)
    transport = httpx.ASGITransport(app, client=("127.0.0.1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        yield Town(house, clone, visitor, sessions, client, forgotten)


async def talk(town: Town, user: UUID, *, keep: bool) -> UUID:
    record = SessionRecord(new_id(), user, town.clone.id, keep_transcripts=keep)
    store = PostgresConversations(town.house.database)
    await store.open(record)
    await store.commit(record.id, user, turn(1))
    return record.id


async def live(town: Town) -> None:
    """The visitor has a row and a file wherever they can have one."""
    house, visitor = town.house, town.visitor
    await PostgresConsents(house.database).grant(visitor, "transcripts")
    await talk(town, visitor, keep=True)
    await talk(town, house.owner, keep=True)
    clips = PostgresClips(house.database, CLIP)
    for user in (visitor, house.owner):
        draft = ClipDraft(user, town.clone.id, "0123456789abcdef", "Hello.", "EN", 256, 256)
        clip, _ = await clips.begin(draft)
        await house.files.put(clip.path + "video.mp4", b"video")
        await clips.finish(clip.id, user, {"video": clip.path + "video.mp4"}, ClipTimings())
        await house.files.put(f"{folder_of(UPLOADS, user)}{new_id()}/0", b"a recording")


async def traces(house: House, user: UUID) -> list[str]:
    """Wherever the user's id stands: any column of any table, orders to erase apart; any file's key."""
    found = []
    async with house.database.engine.connect() as connection:
        await connection.execute(text("set role none"))
        for table in metadata.sorted_tables:
            rows = await connection.execute(
                text(f"select to_jsonb(t)::text from {table.name} as t where to_jsonb(t)::text like :mark"),
                {"mark": f"%{user}%"},
            )
            for (row,) in rows:
                if not (table.name == "jobs" and json.loads(row)["kind"] == "erase-files"):
                    found.append(f"{table.name}: {row[:200]}")
    return found + [key for key in await house.keys() if str(user) in key]


# --- what is kept --------------------------------------------------------------------------------------------------


async def due_and_later(town: Town) -> None:
    """Run every order to erase files, also those for later."""
    database = town.house.database
    async with database.keeper() as db:
        await db.execute(text("update jobs set run_at = now() where kind = 'erase-files'"))
    desk, handler = PostgresJobDesk(database), erasing(town.house.files)
    while claim := await desk.claim("w", [ERASE], LEASE):
        await handler(Work(claim, desk, SYSTEM))
        await desk.finish(claim, completed(None))


async def test_who_begins_anew_keeps_what_they_make_and_a_late_writer_s_files_go(town: Town) -> None:
    house = town.house
    voices = [key async for key in house.files.keys(folder_of(VOICE_MODELS, house.owner))]
    assert voices, "there is a voice to be erased"
    drawn = face_folder(house.owner, new_id())
    faces = PostgresFaces(house.database)
    await faces.put_draft(FaceModel(UUID(drawn.split("/")[2]), house.owner, town.clone.id, drawn, fictional=True))
    answer = await town.ask("DELETE", "/api/privacy", json={"confirm": CONFIRMATION})
    assert answer.status_code == 200
    fresh = voice_folder(house.owner, new_id()) + "voice.bin"
    for key in (fresh, drawn + "rig.json", voices[0]):
        await house.files.put(key, b"bytes")
    await due_and_later(town)
    left: list[str] = []
    for purpose in FOLDERS:
        left += [key async for key in house.files.keys(folder_of(purpose, house.owner))]
    assert sorted(left) == sorted([fresh, drawn + "rig.json"])


async def test_the_owner_sees_every_section_and_every_consent(town: Town) -> None:
    await live(town)
    told = (await town.ask("GET", "/api/privacy")).json()
    sections = told["sections"]
    assert {"userAudio", "transcripts", "knowledgeBase", "voiceModels", "conversationHistory"} <= sections.keys()
    counts = {name: section["count"] for name, section in sections.items()}
    assert counts == {
        "userAudio": 1, "transcripts": 1, "conversationHistory": 1, "knowledgeBase": 4, "voiceModels": 2,
        "faceModels": 1, "clips": 1, "unansweredQuestions": 2,
    }  # fmt: skip
    assert sections["userAudio"]["retentionDays"] == 0 and sections["userAudio"]["requiresConsent"]
    assert sections["transcripts"]["retentionDays"] == sections["conversationHistory"]["retentionDays"] == 90
    assert sections["knowledgeBase"]["retentionDays"] is None and not sections["knowledgeBase"]["requiresConsent"]
    assert sections["voiceModels"]["bytes"] == 2 * (256 * 300 + 4) and sections["voiceModels"]["requiresConsent"]
    assert sections["clips"]["bytes"] == 5
    until = sections["transcripts"]["keptUntil"]
    assert until is not None and until[:10] == (wall() + timedelta(days=90)).date().isoformat()
    assert [each["subject"] for each in told["consents"]] == ["voice", "face"]
    assert "voicePrint" not in json.dumps(told) and told["consents"][0]["evidence"]["name"] == "Ada Rowe"


async def test_a_visitor_sees_their_own_alone(town: Town) -> None:
    await live(town)
    told = (await town.ask("GET", "/api/privacy", "visitor")).json()
    kept = {name for name, section in told["sections"].items() if section["stored"]}
    assert kept == {"userAudio", "transcripts", "conversationHistory", "clips"}
    assert [each["subject"] for each in told["consents"]] == ["transcripts"]


async def test_nothing_is_said_to_nobody(town: Town) -> None:
    for method, path in (("GET", "/api/privacy"), ("DELETE", "/api/privacy"), ("GET", "/api/conversations")):
        answer = await town.http.request(method, path, json={"confirm": CONFIRMATION} if method == "DELETE" else None)
        assert answer.status_code == 401
    foreign = {"origin": "https://elsewhere.example"}
    assert (await town.ask("GET", "/api/privacy", headers=foreign)).status_code == 403


# --- conversations -------------------------------------------------------------------------------------------------


async def test_conversations_are_listed_with_words_only_where_they_were_kept(town: Town) -> None:
    silent = await talk(town, town.visitor, keep=False)
    kept = await talk(town, town.visitor, keep=True)
    listed = (await town.ask("GET", "/api/conversations", "visitor")).json()["conversations"]
    assert [(each["id"], each["kept"], each["clone"]) for each in listed] == [
        (str(kept), 1, "ada"), (str(silent), 0, "ada"),
    ]  # fmt: skip
    told = (await town.ask("GET", f"/api/conversations/{kept}", "visitor")).json()
    assert told["said"][0]["user"] and told["said"][0]["clone"]
    told = (await town.ask("GET", f"/api/conversations/{silent}", "visitor")).json()
    assert told["said"][0]["user"] is None and told["said"][0]["clone"] is None
    page = await town.ask("GET", "/api/conversations", "visitor", params={"before": listed[0]["startedAt"]})
    assert [each["id"] for each in page.json()["conversations"]] == [str(silent)]
    for bad in ({"limit": "0"}, {"limit": "x"}, {"before": "yesterday"}):
        assert (await town.ask("GET", "/api/conversations", "visitor", params=bad)).status_code == 422


async def test_a_conversation_is_its_speakers_to_read_and_to_delete(town: Town) -> None:
    theirs = await talk(town, town.visitor, keep=True)
    for method in ("GET", "DELETE"):
        assert (await town.ask(method, f"/api/conversations/{theirs}")).status_code == 404  # not even the clone's owner
    assert (await town.ask("DELETE", f"/api/conversations/{theirs}", "visitor")).status_code == 204
    assert town.sessions.ended[-1] == (town.visitor, theirs)
    assert (await town.ask("GET", f"/api/conversations/{theirs}", "visitor")).status_code == 404
    assert (await town.ask("DELETE", f"/api/conversations/{theirs}", "visitor")).status_code == 404


# --- erasing -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["", "yes", "erase", "erase everything please"])
async def test_nothing_is_erased_without_the_sentence(town: Town, typed: str) -> None:
    before = await town.house.rows()
    answer = await town.ask("DELETE", "/api/privacy", json={"confirm": typed})
    assert answer.status_code == 400 and answer.json()["error"]["code"] == "NOT_CONFIRMED"
    assert await town.house.rows() == before
    assert (await town.ask("DELETE", "/api/privacy")).status_code == 422


async def test_of_an_erased_visitor_nothing_remains_and_the_owner_keeps_all(town: Town) -> None:
    await live(town)
    owners = len(await traces(town.house, town.house.owner))
    assert len(await traces(town.house, town.visitor)) > 8
    erased = await town.ask("DELETE", "/api/privacy", "visitor", json={"confirm": "Erase  everything"})
    assert erased.status_code == 200 and erased.json()["files"] == 2
    assert erased.json()["rows"]["conversation_turns"] == 1
    assert await traces(town.house, town.visitor) == []
    assert len(await traces(town.house, town.house.owner)) == owners
    assert town.sessions.ended[0] == (town.visitor, None) and town.forgotten == []
    with pytest.raises(NotFound):
        await PostgresUsers(town.house.database).get(town.visitor)


async def test_of_an_erased_owner_nothing_remains(town: Town) -> None:
    await live(town)
    names = {key.split("/")[0] for key in await town.house.keys()}
    assert len(names) == 5  # every folder there is
    erased = await town.ask("DELETE", "/api/privacy", json={"confirm": CONFIRMATION})
    assert erased.status_code == 200
    assert await traces(town.house, town.house.owner) == []
    assert town.forgotten == [town.clone.id]
    left = await town.house.rows()
    assert left.keys() <= {"users", "devices", "consents", "jobs"} and left["users"] == 1  # the visitor's
    assert all(str(town.visitor) in key for key in await town.house.keys())


# --- taking along --------------------------------------------------------------------------------------------------


async def test_a_visitor_takes_along_what_is_theirs(town: Town) -> None:
    await live(town)
    answer = await town.ask("GET", "/api/privacy/export", "visitor")
    assert answer.status_code == 200 and "my-data.zip" in answer.headers["content-disposition"]
    reader = ArchiveReader(io.BytesIO(answer.content), PERSON_FORMAT)
    reader.verify()
    names = {name.split("/")[-1].split(".")[0] for name in reader.names("rows/")}
    assert {"users", "devices", "consents", "conversation_sessions", "conversation_turns", "clips"} <= names
    assert not reader.names("clones/") and len(reader.names("files/")) == 2
    assert str(town.house.owner).encode() not in b"".join(reader.read(n, 10**7) for n in reader.names("rows/"))


async def test_an_owner_takes_along_clones_that_can_be_imported(town: Town, tmp_path: Path) -> None:
    await live(town)
    answer = await town.ask("GET", "/api/privacy/export", headers={"selfsame-passphrase": "winter%20in%20riga"})
    from selfsame.clones.archive.passphrase import SealedFile

    plain = SealedFile(io.BytesIO(answer.content), "winter in riga")
    reader = ArchiveReader(plain, PERSON_FORMAT)  # type: ignore[arg-type]
    assert reader.names("clones/") == ["clones/ada.zip"]
    archive = reader.read("clones/ada.zip", 10**8)
    async with opened(shared_server(), tmp_path / "there", b"2" * 32) as there:
        assert (await there.bring(archive)).clone.name == "Ada Rowe"


async def test_a_clone_goes_and_comes_over_http(town: Town) -> None:
    answer = await town.ask("GET", "/api/clones/ada/export")
    assert answer.status_code == 200 and answer.headers["cache-control"] == "private, no-store"
    assert "selfsame-lost" not in answer.headers
    taken = await town.ask("POST", "/api/clones/import", files={"archive": answer.content})
    assert taken.status_code == 400 and "--slug" in taken.json()["error"]["message"]
    came = await town.ask("POST", "/api/clones/import", files={"archive": answer.content}, data={"slug": "ada-2"})
    assert came.status_code == 201, came.text
    body = came.json()
    assert body["slug"] == "ada-2" and body["leftOut"] == {} and body["counts"]["voice_models"] == 2


async def test_it_is_told_what_an_archive_lacks(town: Town) -> None:
    voice = [key for key in await town.house.keys() if key.endswith("voice.npz")][0]
    await town.house.files.delete(voice.removesuffix("voice.npz"))
    answer = await town.ask("GET", "/api/clones/ada/export")
    assert answer.headers["selfsame-lost"] == "voices=1"
    came = await town.ask("POST", "/api/clones/import", files={"archive": answer.content}, data={"slug": "ada-3"})
    assert came.json()["leftOut"].keys() == {"voices"} and came.json()["counts"]["voice_models"] == 1


async def test_bad_requests_get_answers(town: Town) -> None:
    assert (await town.ask("GET", "/api/clones/none/export")).status_code == 404
    short = await town.ask("GET", "/api/clones/ada/export", headers={"selfsame-passphrase": "short"})
    assert short.status_code == 400
    assert (await town.ask("GET", "/api/clones/ada/export", headers={"selfsame-passphrase": "%ff"})).status_code == 400
    for who in ("visitor", "nobody"):
        assert (await town.ask("GET", "/api/clones/ada/export", who)).status_code in (401, 403)
        rubbish = await town.ask("POST", "/api/clones/import", who, files={"archive": b"x"})
        assert rubbish.status_code in (401, 403)
    sealed = (await town.ask("GET", "/api/clones/ada/export", headers={"selfsame-passphrase": "long%20enough"})).content
    for files, data in (
        ({"archive": b"rubbish"}, {}),
        ({"other": b"x"}, {}),
        ({"archive": sealed}, {"slug": "x"}),
        ({"archive": sealed}, {"slug": "x", "passphrase": "not the one"}),
        ({"archive": sealed}, {"slug": "../x", "passphrase": "long enough"}),
        ({"archive": sealed}, {"slug": "x", "iAm": "x" * 600}),
    ):
        answer = await town.ask("POST", "/api/clones/import", files=files, data=data)
        assert answer.status_code == 400 and len(answer.json()["error"]["message"]) > 20, answer.text
