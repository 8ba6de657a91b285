"""Users, devices, consents, clones: who is who, and what is whose."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from selfsame.clones.audit import Entry
from selfsame.clones.clone import Clone
from selfsame.clones.consent import EVIDENCE, PRINT, is_live
from selfsame.clones.persona import Persona, PersonaProfile
from selfsame.clones.provider_keys import ProviderKey
from selfsame.clones.reports import Complaint
from selfsame.clones.sign_in import SignedIn, SignInCode
from selfsame.contracts.conversation_store import turn
from selfsame.contracts.document_shelf import KETTLE
from selfsame.contracts.job_queue import CARD, CLIP
from selfsame.contracts.knowledge_store import MODEL, along, direction, pieces
from selfsame.conversation.port import SessionRecord
from selfsame.errors import BadInput, NotFound
from selfsame.jobs.ingest import INGEST
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import group
from selfsame.library.pictures import NewPicture
from selfsame.library.port import Asking, Document
from selfsame.library.shelf import Outcome, Upload
from selfsame.stores.postgres.audit import PostgresAudit
from selfsame.stores.postgres.clips import PostgresClips
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.faces import PostgresFaces
from selfsame.stores.postgres.job_desk import PostgresJobDesk
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.personas import PostgresPersonas
from selfsame.stores.postgres.pictures import PostgresPictures
from selfsame.stores.postgres.provider_keys import PostgresKeys
from selfsame.stores.postgres.questions import PostgresQuestions
from selfsame.stores.postgres.reports import PostgresReports
from selfsame.stores.postgres.shelf import PostgresShelf
from selfsame.stores.postgres.sign_ins import PostgresSignIns
from selfsame.stores.postgres.tables import metadata, users
from selfsame.stores.postgres.users import PostgresUsers, User
from selfsame.stores.postgres.voices import PostgresVoices
from selfsame.stores.seal import RowSeal
from selfsame.studio.folders import KNOWLEDGE, face_folder, folder_of, voice_folder
from selfsame.studio.persona.port import ExtractionRecord
from selfsame.studio.port import ClipDraft, FaceModel
from selfsame.studio.voice.kinds import VoiceModel
from tests.stores.conftest import People, settle

pytestmark = pytest.mark.anyio


async def furnish(database: Database) -> People:
    """Give the owner, and a visitor, a row in every table there is for them."""
    people = await settle(database)
    profile = PersonaProfile({"tone": "warm"}, {"tone": "dry"})
    await PostgresClones(database).put(people.public, profile)
    extracted = ExtractionRecord(new_id(), people.owner, people.public.id, "talk.txt", "statistics", {"tone": "warm"})
    await PostgresPersonas(database).put_extraction(extracted)
    document = Document(new_id(), people.owner, people.public.id, "g.md", "G", "text/markdown", "0" * 64)
    await PostgresKnowledge(database).put(document, pieces("one", "two"), along(0, 1), MODEL)
    await PostgresQuestions(database).note(people.owner, people.public.id, Asking("q", "EN", direction(0), MODEL), 0.8)
    path = f"clone-knowledge/{people.owner}/{new_id()}/"
    upload = Upload(new_id(), people.owner, people.public.id, "g.md", "products", "0" * 64, 5, path)
    shelf = PostgresShelf(database, INGEST)
    await shelf.begin(upload)
    await shelf.finish(people.owner, upload.id, Outcome({}, [(KETTLE, pieces("one"))]))
    (kettle,) = await shelf.products(people.owner, people.public.id)
    shown = NewPicture(
        new_id(), people.owner, kettle.id, 9, 9, 9, "0" * 64, f"{folder_of(KNOWLEDGE, people.owner)}{new_id()}/"
    )
    await PostgresPictures(database).put(shown)
    for user in (people.owner, people.visitor):
        await PostgresConsents(database).grant(user, "transcripts")
        record = SessionRecord(new_id(), user, people.public.id, keep_transcripts=True)
        store = PostgresConversations(database)
        await store.open(record)
        await store.commit(record.id, user, turn(1))
        clip = ClipDraft(user, people.public.id, "0123456789abcdef", "Hello.", "EN", 256, 256)
        await PostgresClips(database, CLIP).begin(clip)
    face = FaceModel(new_id(), people.owner, people.public.id, face_folder(people.owner, new_id()), fictional=True)
    await PostgresFaces(database).put_draft(face)
    spoken = dict.fromkeys((*EVIDENCE, PRINT), "x")
    await PostgresConsents(database).grant(people.owner, "voice", spoken)
    voice_id = new_id()
    voice = VoiceModel(voice_id, people.owner, people.public.id, voice_folder(people.owner, voice_id))
    await PostgresVoices(database).put_draft(voice)
    await PostgresJobDesk(database).beat(CARD, [], 30)
    await furnish_account(database, people)
    return people


async def furnish_account(database: Database, people: People) -> None:
    """The owner's account, and what the visitor says of the conversation."""
    sign_ins, now = PostgresSignIns(database), wall()
    until = now + timedelta(days=1)
    code = SignInCode(new_id(), people.owner, "c" * 64, until)
    await sign_ins.put_code(code, now)
    await sign_ins.redeem(code.id, SignedIn(new_id(), people.owner, "s" * 64, "d" * 64, "", "", now, now, until), now)
    await PostgresKeys(database, RowSeal(b"k" * 32, "test")).put(people.owner, ProviderKey("openai", "sk-secret"))
    await PostgresAudit(database).write(Entry(people.owner, "sign_in", "/api/sign-in", "success"))
    (talk, *_) = await PostgresConversations(database).history(people.visitor)
    store = PostgresReports(database)
    await store.report(people.visitor, Complaint(talk.id, 1, "wrong"))
    await store.rate(people.visitor, talk.id, 4)


async def rows(database: Database) -> dict[str, int]:
    """How many rows each table holds, seen without row-level security."""
    async with database.engine.connect() as connection:
        await connection.execute(text("reset role"))
        await connection.execute(text("set role none"))
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in metadata.sorted_tables
        }


async def test_erasing_a_visitor_leaves_no_row_of_theirs(private: Database) -> None:
    people = await furnish(private)
    before = await rows(private)
    await PostgresUsers(private).erase_user(people.visitor)
    after = await rows(private)
    gone = {name: before[name] - after[name] for name in before if before[name] != after[name]}
    orders = after["jobs"] - before["jobs"] + 1  # their own job went, orders to erase files came
    assert (orders, gone.pop("jobs")) == (4, -3)
    mine = {"users": 1, "devices": 1, "consents": 1, "conversation_sessions": 1, "conversation_turns": 1, "clips": 1}
    assert gone == mine | {"answer_reports": 1, "conversation_ratings": 1}
    with pytest.raises(NotFound):
        await PostgresUsers(private).get(people.visitor)


async def test_erasing_the_owner_takes_clones_knowledge_and_conversations_along(private: Database) -> None:
    people = await furnish(private)
    assert all(count > 0 for count in (await rows(private)).values())
    await PostgresUsers(private).erase_user(people.owner)
    left = {name: count for name, count in (await rows(private)).items() if count}
    assert left == {"users": 2, "devices": 2, "consents": 1, "job_workers": 1, "jobs": 15}
    async with private.keeper() as db:
        jobs = (await db.execute(text("select kind, args, user_id from jobs order by created_at, id"))).all()
    assert [row.user_id for row in jobs if row.kind != "erase-files"] == [people.visitor]
    ordered = {json.dumps(row.args) for row in jobs if row.kind == "erase-files"}
    assert len(ordered) == 7  # the owner's folders, face, voice, upload, picture, both clips; each ordered twice


async def test_nobody_can_be_erased_twice_or_by_guess(private: Database) -> None:
    people = await settle(private)
    store = PostgresUsers(private)
    await store.erase_user(people.visitor)
    for user in (people.visitor, new_id()):
        with pytest.raises(NotFound):
            await store.erase_user(user)


async def test_an_export_holds_all_rows_of_the_user_and_of_nobody_else(private: Database) -> None:
    people = await furnish(private)
    exported = await PostgresUsers(private).export_user(people.owner)
    assert json.loads(json.dumps(exported)) == exported
    assert {name: len(found) for name, found in exported.items()} == {
        "users": 1,
        "clones": 2,
        "personas": 1,
        "persona_profiles": 1,
        "persona_extractions": 1,
        "conversation_sessions": 1,
        "conversation_turns": 1,
        "knowledge_documents": 1,
        "knowledge_chunks": 2,
        "unanswered_questions": 1,
        "consents": 2,
        "devices": 0,
        "jobs": 2,
        "face_models": 1,
        "clips": 1,
        "voice_models": 1,
        "knowledge_uploads": 1,
        "products": 1,
        "product_chunks": 1,
        "product_pictures": 1,
        "sign_in_codes": 1,
        "signed_in_devices": 1,
        "api_keys": 1,
        "audit_log": 1,
        "answer_reports": 1,
        "conversation_ratings": 1,
        "answer_reports_sent": 0,
        "conversation_ratings_sent": 0,
    }
    names = {name for found in exported.values() for row in found for name in row}
    assert not {"sealed", "secret_hash", "code_hash", "device_hash", "reporter_id", "rater_id"} & names
    assert str(people.visitor) not in json.dumps(exported["answer_reports"])
    sent = await PostgresUsers(private).export_user(people.visitor)
    assert [row["reason"] for row in sent["answer_reports_sent"]] == ["wrong"]
    assert [row["rating"] for row in sent["conversation_ratings_sent"]] == [4]
    assert "user_id" not in sent["answer_reports_sent"][0] and sent["answer_reports"] == []
    owners = {row.get("user_id", row["id"]) for found in exported.values() for row in found}
    assert owners == {str(people.owner)}


async def test_a_device_is_the_same_visitor_every_time(private: Database) -> None:
    store = PostgresUsers(private)
    first, again, other = await store.device("abc"), await store.device("abc"), await store.device("abd")
    assert first == again
    assert first.id != other.id
    assert (first.kind, first.email) == ("visitor", f"{first.id}@visitor.invalid")
    for bad in ("", "x" * 201):
        with pytest.raises(BadInput):
            await store.device(bad)


async def test_a_device_that_comes_many_times_at_once_is_one_visitor(private: Database) -> None:
    store, seen = PostgresUsers(private), []

    async def come() -> None:
        seen.append(await store.device("abc"))

    async with group() as tasks:
        for _ in range(8):
            tasks.start_soon(come)
    assert len({user.id for user in seen}) == 1
    async with private.keeper() as db:
        assert (await db.execute(select(func.count()).select_from(users))).scalar_one() == 1


async def test_the_device_id_itself_is_not_stored(private: Database) -> None:
    user = await PostgresUsers(private).device("very-secret-device")
    exported = await PostgresUsers(private).export_user(user.id)
    assert len(exported["devices"]) == 1
    assert "very-secret-device" not in json.dumps(exported)


async def test_a_visitor_joins_an_account_with_everything(database: Database) -> None:
    people = await furnish(database)
    store = PostgresUsers(database)
    account = await store.account(" Ann@Example.org ", "Ann")
    assert account == User(account.id, "ann@example.org", "Ann", "account")
    assert await store.join("device-1", account.id) == account
    assert (await store.device("device-1")).id == account.id
    exported = await store.export_user(account.id)
    moved = ("conversation_sessions", "conversation_turns", "consents", "devices")
    assert {name: len(exported[name]) for name in moved} == dict.fromkeys(moved, 1)
    with pytest.raises(NotFound):
        await store.get(people.visitor)
    with pytest.raises(BadInput):
        await store.join("device-1", (await store.account("bob@example.org", "Bob")).id)
    with pytest.raises(NotFound):
        await store.join("device-1", new_id())


async def test_a_visitors_clone_and_its_knowledge_move_to_the_account(database: Database) -> None:
    people = await settle(database)
    store = PostgresUsers(database)
    clone = await PostgresClones(database).put(Clone(new_id(), people.visitor, "mine", "Mine"), PersonaProfile())
    document = Document(new_id(), people.visitor, clone.id, "g.md", "G", "text/markdown", "0" * 64)
    await PostgresKnowledge(database).put(document, pieces("one"), along(0), MODEL)
    record = ExtractionRecord(new_id(), people.visitor, clone.id, "talk.txt", "statistics", {"tone": "warm"})
    await PostgresPersonas(database).put_extraction(record)
    account = await store.account("ann@example.org", "Ann")
    await store.join("device-1", account.id)
    exported = await store.export_user(account.id)
    names = ("clones", "personas", "persona_profiles", "persona_extractions", "knowledge_documents", "knowledge_chunks")
    assert {name: len(exported[name]) for name in names} == dict.fromkeys(names, 1)


async def test_the_owner_is_one_person(private: Database) -> None:
    store = PostgresUsers(private)
    assert await store.owner() == await store.owner()
    assert (await store.owner()).kind == "owner"


async def test_consents_are_granted_once_and_revoked_with_evidence(private: Database) -> None:
    people = await settle(private)
    store = PostgresConsents(private)
    first = await store.grant(people.visitor, "audio")
    assert await store.grant(people.visitor, "audio") == first
    await store.revoke(people.visitor, "audio")
    (revoked,) = await store.of(people.visitor)
    assert revoked.id == first.id and revoked.revoked_at is not None
    await store.grant(people.visitor, "audio")
    records = await store.of(people.visitor)
    assert len(records) == 2 and is_live(records, "audio")
    assert await store.of(people.other) == ()


async def test_clones_are_seen_by_their_owner_and_public_ones_by_all(private: Database) -> None:
    people = await settle(private)
    store = PostgresClones(private)
    assert [c.slug for c in await store.list(people.owner)] == ["guide", "me"]
    assert [c.slug for c in await store.list(people.visitor)] == ["guide"]
    assert await store.get("guide", people.visitor) == people.public
    assert await store.get(people.clone.id, people.owner) == people.clone
    for key in ("me", people.clone.id, "nobody", new_id()):
        with pytest.raises(NotFound):
            await store.get(key, people.visitor)


async def test_a_clone_changes_but_neither_its_name_nor_its_id_can_be_taken(private: Database) -> None:
    people = await settle(private)
    store = PostgresClones(private)
    changed = await store.put(replace(people.clone, public=True, name="Myself", language="ES", knowledge_version=99))
    assert changed == replace(people.clone, public=True, name="Myself", language="ES", knowledge_version=0)
    for theft in (replace(people.clone, owner_id=people.visitor, slug="other"), replace(people.clone, slug="guide")):
        with pytest.raises(BadInput):
            await store.put(theft)
    with pytest.raises(BadInput):
        await store.put(Clone(new_id(), people.visitor, "me", "Me too"))
    with pytest.raises(NotFound):
        await store.delete(people.clone.id, people.visitor)
    await store.delete(people.clone.id, people.owner)


async def test_the_persona_is_merged_and_the_owners_words_win(private: Database) -> None:
    people = await settle(private)
    store = PostgresClones(private)
    assert await store.persona(people.public) == Persona("Guide")
    await store.put(people.public, PersonaProfile({"tone": "warm", "traits": ["calm"]}, None))
    assert (await store.profile(people.public)).manual_overrides is None
    await store.put(people.public, PersonaProfile({"tone": "warm", "traits": ["calm"]}, {"tone": "dry"}))
    assert await store.persona(people.public) == Persona("Guide", tone="dry", traits=("calm",))
