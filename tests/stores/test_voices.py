"""Voice models: the contract on every adapter; spoken consent, and what is erased when it ends, in Postgres."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from selfsame.clones.consent import Consent, is_live, voice_print
from selfsame.contracts.file_store import listed
from selfsame.contracts.job_queue import LEASE
from selfsame.contracts.voice_model_store import VoiceBench, VoiceModelStoreContract
from selfsame.errors import BadInput, ConsentMissing
from selfsame.jobs.erase import ERASE, erasing
from selfsame.jobs.job import JobKind, JobOrder, completed
from selfsame.jobs.work import Work
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.stores.files.local import LocalFiles
from selfsame.stores.memory_voices import MemoryVoices
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.job_desk import PostgresJobDesk
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.stores.postgres.users import PostgresUsers
from selfsame.stores.postgres.voices import PostgresVoices
from selfsame.studio.folders import voice_folder
from selfsame.studio.voice.kinds import VoiceModel
from tests.stores.conftest import People, Time, settle

pytestmark = pytest.mark.anyio
VOICE = JobKind("enrol-voice", consent="voice")
EVIDENCE = {
    "sha256": "0" * 64,
    "text": "I, Me, agree ...",
    "heard": "i me agree",
    "name": "Me",
    "date": "2026-03-01",
    "language": "EN",
    "scores": {"words": 1.0},
    "voicePrint": [0.6, 0.8],
}


class TestMemoryVoices(VoiceModelStoreContract):
    @pytest.fixture
    def bench(self, time: Time) -> VoiceBench:
        agreed: set[UUID] = set()

        def consents(user: UUID) -> tuple[Consent, ...]:
            return (Consent(user, user, "voice", time(), None, EVIDENCE),) if user in agreed else ()

        async def agree(user: UUID) -> None:
            agreed.add(user)

        async def end(user: UUID) -> None:
            agreed.discard(user)

        owner, clone, other = new_id(), new_id(), new_id()
        store = MemoryVoices({clone: owner, other: owner}, consents, time)
        return VoiceBench(store, owner, clone, other, new_id(), agree, end, time.pass_by)


class TestPostgresVoices(VoiceModelStoreContract):
    @pytest.fixture
    async def bench(self, database: Database, time: Time) -> VoiceBench:
        people, consents = await settle(database), PostgresConsents(database)

        async def agree(user: UUID) -> None:
            await consents.grant(user, "voice", EVIDENCE)

        async def end(user: UUID) -> None:
            await consents.revoke(user, "voice")

        store = PostgresVoices(database, time)
        clone, other = people.clone.id, people.public.id
        return VoiceBench(store, people.owner, clone, other, people.visitor, agree, end, time.pass_by)


async def test_consent_to_a_voice_is_spoken_or_it_is_none(private: Database) -> None:
    people, store = await settle(private), PostgresConsents(private)
    for evidence in (None, {}, {name: value for name, value in EVIDENCE.items() if name != "sha256"}):
        with pytest.raises(BadInput, match="spoken"):
            await store.grant(people.owner, "voice", evidence)
    assert await store.of(people.owner) == ()
    with pytest.raises(ConsentMissing):
        voice_print(await store.of(people.owner))
    granted = await store.grant(people.owner, "voice", EVIDENCE)
    assert (await store.of(people.owner)) == (granted,) and granted.evidence == EVIDENCE
    assert voice_print(await store.of(people.owner)) == [0.6, 0.8]


async def test_a_newer_spoken_consent_takes_the_place_of_the_older(private: Database) -> None:
    people, store = await settle(private), PostgresConsents(private)
    await store.grant(people.owner, "voice", EVIDENCE)
    await store.grant(people.owner, "voice", EVIDENCE | {"voicePrint": [1.0, 0.0]})
    old, new = await store.of(people.owner)
    assert old.revoked_at is not None and new.revoked_at is None
    assert old.evidence == {name: value for name, value in EVIDENCE.items() if name != "voicePrint"}
    assert voice_print((old, new)) == [1.0, 0.0]


async def voice(private: Database, files: LocalFiles, people: People) -> VoiceModel:
    """An active voice with a file."""
    store, voice_id = PostgresVoices(private), new_id()
    path = voice_folder(people.owner, voice_id)
    await store.put_draft(VoiceModel(voice_id, people.owner, people.clone.id, path, "units", 22_050, 0.9))
    await files.put(path + "voice.bin", b"biometric")
    return await store.activate(voice_id, people.owner)


async def erase(private: Database, files: LocalFiles) -> None:
    desk, handler = PostgresJobDesk(private), erasing(files)
    while claim := await desk.claim("w", [ERASE], LEASE):
        await handler(Work(claim, desk, SYSTEM))
        await desk.finish(claim, completed(None))


async def test_revoking_stops_the_voice_at_once_and_erases_it(private: Database, tmp_path: Path) -> None:
    people, consents = await settle(private), PostgresConsents(private)
    files, store, jobs = LocalFiles(tmp_path, bytes(32)), PostgresVoices(private), PostgresJobs(private)
    await consents.grant(people.owner, "voice", EVIDENCE)
    await consents.grant(people.owner, "face")
    made = await voice(private, files, people)
    waiting = await jobs.enqueue(JobOrder(VOICE, people.owner))
    assert await store.active(people.clone.id, people.owner) == made
    await consents.revoke(people.owner, "voice")
    assert await store.active(people.clone.id, people.owner) is None and await store.of(people.owner) == []
    assert (await jobs.get(waiting.id, people.owner)).state == "cancelled"
    await erase(private, files)
    assert await listed(files) == []
    records = await consents.of(people.owner)
    assert is_live(records, "face") and not is_live(records, "voice")
    (evidence,) = [each.evidence for each in records if each.subject == "voice"]
    assert evidence is not None and evidence["sha256"] == "0" * 64 and "voicePrint" not in evidence


async def test_erasing_a_person_takes_the_voice_along(private: Database, tmp_path: Path) -> None:
    people, files = await settle(private), LocalFiles(tmp_path, bytes(32))
    await PostgresConsents(private).grant(people.owner, "voice", EVIDENCE)
    await voice(private, files, people)
    exported = await PostgresUsers(private).export_user(people.owner)
    assert len(exported["voice_models"]) == 1 and exported["consents"][0]["evidence"]["name"] == "Me"
    await PostgresUsers(private).erase_user(people.owner)
    await erase(private, files)
    assert await listed(files) == []


async def test_the_keeper_sees_whose_a_voice_is_and_not_what_it_is(private: Database, tmp_path: Path) -> None:
    people = await settle(private)
    await PostgresConsents(private).grant(people.owner, "voice", EVIDENCE)
    await voice(private, LocalFiles(tmp_path, bytes(32)), people)
    async with private.keeper() as db:
        assert len((await db.execute(text("select id, user_id, clone_id from voice_models"))).all()) == 1
    with pytest.raises((DBAPIError, Exception), match="denied|database"):
        async with private.keeper() as db:
            await db.execute(text("select model_path from voice_models"))
    async with private.session(people.visitor) as db:
        assert (await db.execute(text("select * from voice_models"))).all() == []
