"""A clone out of one house and into another: it behaves the same there, or nothing of it is there."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import anyio
import orjson
import pytest
from sqlalchemy import text, update

from selfsame.clones.archive.container import ArchiveReader, ArchiveWriter
from selfsame.clones.archive.kinds import ImportWish
from selfsame.clones.archive.manifest import CLONE_FORMAT, Manifest
from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, NotFound, SelfsameError, Unavailable
from selfsame.jobs.erase import ERASE, erasing
from selfsame.jobs.ingest import INGEST
from selfsame.jobs.job import completed
from selfsame.jobs.work import Work
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id, stable_id
from selfsame.library.answers import AnswerDesk
from selfsame.library.pictures import PICTURE, THUMBNAIL
from selfsame.library.port import Search
from selfsame.library.shelf import Upload
from selfsame.stores.archive.outgoing import ClonesOut
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.faces import PostgresFaces
from selfsame.stores.postgres.job_desk import PostgresJobDesk
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.personas import PostgresPersonas
from selfsame.stores.postgres.pictures import PostgresPictures
from selfsame.stores.postgres.questions import PostgresQuestions
from selfsame.stores.postgres.shelf import PostgresShelf
from selfsame.stores.postgres.users import PostgresUsers
from selfsame.stores.postgres.voices import PostgresVoices
from selfsame.stores.postgres.work_tables import jobs
from tests.archive.house import RIG, RIG_HASH, VOICE, House, OtherEmbedder, furnish, opened
from tests.library.pictures import drawn
from tests.support.database import shared_server

pytestmark = pytest.mark.anyio
ASKED = (
    "how many clocks do you own",
    "who taught you",
    "do you sell a kettle",
    "what do you charge",
    "are you married",
)
ADA = ImportWish(claim="Ada Rowe")


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(shared_server(), tmp_path / "here", b"1" * 32) as house:
        yield house


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[House]:
    async with opened(shared_server(), tmp_path / "there", b"2" * 32) as house:
        yield house


async def found(house: House, clone: Clone) -> list[Any]:
    """What searches find, with all their figures and without ids.

    Words that share nothing with the question tie at exactly 0 with this embedder, and ties are broken by ids.
    """
    knowledge, results = PostgresKnowledge(house.database), []
    for question in ASKED:
        vector = await house.embedder.embed_query(question)
        search = Search(house.owner, clone.id, question, vector, house.embedder.model_id)
        for hit in (await knowledge.search(search)).hits:
            passage = hit.passage
            if hit.why.cosine == 0.0:
                continue
            told = (passage.text, passage.title, passage.kind, passage.question, passage.heading, passage.locator)
            results.append((question, *told, hit.why))
    return results


async def test_the_clone_is_the_same_in_another_house(here: House, there: House) -> None:
    clone = await furnish(here)
    archive = await here.exported(clone)
    came = await there.bring(archive, ADA)
    assert not came.left_out and not came.embedded_anew
    assert (came.clone.slug, came.clone.name, came.clone.adherence) == ("ada", "Ada Rowe", "strict")
    assert came.clone.no_answer == {"EN": "That I cannot say."} and not came.clone.public
    assert there.changed == [(there.owner, came.clone.id)]
    assert await found(there, came.clone) == await found(here, clone) != []
    stores = (PostgresClones(here.database), PostgresClones(there.database))
    assert await stores[0].profile(clone) == await stores[1].profile(came.clone)
    history = await PostgresPersonas(there.database).history(came.clone.id, there.owner)
    assert [(each.source, each.evidence) for each in history] == [("talk.txt", {"tone": ["so nice"]})]


async def test_documents_products_and_answers_can_be_worked_on_further(here: House, there: House) -> None:
    clone = await furnish(here)
    came = (await there.bring(await here.exported(clone), ADA)).clone
    shelf = PostgresShelf(there.database, INGEST)
    before = PostgresShelf(here.database, INGEST)
    shelved = {each.document.title: each for each in await shelf.of(there.owner, came.id)}
    known = {each.document.title: each for each in await before.of(here.owner, clone.id)}
    assert shelved.keys() == known.keys()
    for title, each in shelved.items():
        assert (each.chunk_count, each.uploaded_at, each.details) == (
            known[title].chunk_count, known[title].uploaded_at, known[title].details,
        )  # fmt: skip
        assert each.document.id != known[title].document.id
    upload = shelved["Prices"].upload
    assert upload is not None and await there.files.get(upload.path + "original") == b"name,price\nKettle,24.90\n"
    assert [each.product for each in await shelf.products(there.owner, came.id)] == [
        each.product for each in await before.products(here.owner, clone.id)
    ]
    await pictures_came(here, clone, there, came)
    desk = AnswerDesk(
        PostgresKnowledge(there.database),
        PostgresQuestions(there.database),
        there.embedder,
        PostgresConversations(there.database).question,
    )
    assert [one.question for one in await desk.unanswered(there.owner, came.id)] == ["Do you repair watches?"]
    answers = {one.question: one for one in await desk.answers(there.owner, came.id)}
    assert answers.keys() == {"What do you charge?", "Are you married?"}
    await desk.undo(there.owner, came.id, answers["Are you married?"].id)
    assert len(await desk.unanswered(there.owner, came.id)) == 2
    await desk.correct(there.owner, came.id, "what do you charge", "Fifty euros.")
    assert {one.answer for one in await desk.answers(there.owner, came.id)} == {"Fifty euros."}


async def pictures_came(here: House, clone: Clone, there: House, came: Clone) -> None:
    """The kettle has its two pictures, the same bytes in the same order; the pot has none."""
    told = []
    for house, mine in ((here, clone), (there, came)):
        shelf, pictures = PostgresShelf(house.database, INGEST), PostgresPictures(house.database)
        kettle, pot = await shelf.products(house.owner, mine.id)
        shown = await pictures.of_product(house.owner, kettle.id)
        assert await pictures.of_product(house.owner, pot.id) == []
        files = [await house.files.get(each.path + name) for each in shown for name in (PICTURE, THUMBNAIL)]
        told.append(([(each.width, each.height, each.size, each.created_at) for each in shown], files))
    assert told[0] == told[1] and len(told[0][0]) == 2
    document = (await PostgresShelf(there.database, INGEST).products(there.owner, came.id))[0].document_id
    spoken = await PostgresPictures(there.database).of_chunk(there.owner, stable_id("chunk", f"{document}:0"))
    assert len(spoken) == 2, "a passage leads to them here too"


@pytest.mark.parametrize("wrong", ["no picture", "hides words", "missing", "of no product"])
async def test_pictures_that_are_not_ours_end_the_import(here: House, there: House, wrong: str) -> None:
    archive = ArchiveReader(io.BytesIO(await here.exported(await furnish(here))))
    parts = {entry.name: archive.read(entry.name, 10**9) for entry in archive.manifest.entries}
    (name, *_) = [each for each in parts if each.endswith(PICTURE)]
    if wrong == "missing":
        del parts[name]
    elif wrong == "of no product":
        parts["rows/pictures.jsonl"] = re.sub(rb'"product_id":"[^"]+"', b'"product_id":"%s"' % str(new_id()).encode(),
                                              parts["rows/pictures.jsonl"])  # fmt: skip
    else:
        parts[name] = b"<svg/>" if wrong == "no picture" else drawn("WEBP", exif=b"Exif\0\0somewhere")
    writer = ArchiveWriter()
    for each, data in parts.items():
        writer.add(each, data)
    head = archive.manifest
    writer.close(Manifest(CLONE_FORMAT, head.product, head.made_at, head.slug, head.name, ()))
    with pytest.raises(BadInput):
        await there.bring(writer.taken(), ADA)
    assert await there.rows() == {"users": 1} and await there.keys() == []


async def test_what_has_lost_its_files_does_not_hold_the_rest_back(here: House, there: House) -> None:
    clone = await furnish(here)
    face = await PostgresFaces(here.database).active(clone.id, here.owner)
    voice = await PostgresVoices(here.database).active(clone.id, here.owner)
    assert face is not None and voice is not None
    archive = ArchiveReader(io.BytesIO(await here.exported(clone)))
    before = {each.name.rpartition("/")[0] for each in archive.manifest.entries}
    lost = [key for key in await here.keys() if key.endswith(PICTURE)]
    for prefix in (voice.model_path, lost[0]):  # the picture keeps its small one, which does not help it
        await here.files.delete(prefix)
    exported = await here.exported(clone)
    told = ArchiveReader(io.BytesIO(exported)).manifest
    after = {each.name.rpartition("/")[0] for each in told.entries}
    assert len(before - after) == 2 and not after - before
    assert (
        told.lost == await ClonesOut(here.database, here.files).lost(here.owner, clone) == {"pictures": 1, "voices": 1}
    )
    brought = await there.bring(exported, ADA)
    assert brought.left_out.keys() == {"pictures", "voices"} and not archive.manifest.lost
    came = brought.clone
    assert await found(there, came) == await found(here, clone) != []
    assert await PostgresVoices(there.database).active(came.id, there.owner) is None
    assert await PostgresFaces(there.database).active(came.id, there.owner) is not None


async def test_voice_and_face_are_the_same_bytes_under_the_new_owner(here: House, there: House) -> None:
    clone = await furnish(here)
    came = (await there.bring(await here.exported(clone), ADA)).clone
    face = await PostgresFaces(there.database).active(came.id, there.owner)
    voice = await PostgresVoices(there.database).active(came.id, there.owner)
    assert face is not None and voice is not None and face.rig_hash == RIG_HASH
    assert await there.files.get(face.model_path + "rig.json") == RIG
    assert await there.files.get(face.model_path + "textures/face.jpg") == b"\xff\xd8"
    assert await there.files.get(voice.model_path + "voice.npz") == VOICE
    assert voice.details["report"]["likeness"] == 0.8 and face.details == {"notes": ["light"]}
    assert sorted(each.status for each in await PostgresVoices(there.database).of(there.owner)) == ["active", "draft"]
    consents = await PostgresConsents(there.database).of(there.owner)
    assert {each.subject for each in consents} == {"voice", "face"}
    for each in consents:
        assert each.evidence is not None and each.evidence["sha256"] == "ab" * 32 and "carried" in each.evidence
    assert {key.split("/")[1] for key in await there.keys()} == {str(there.owner)}


async def test_other_vectors_are_made_where_another_model_embeds(here: House, tmp_path: Path) -> None:
    clone = await furnish(here)
    archive = await here.exported(clone)
    async with opened(shared_server(), tmp_path / "there", b"2" * 32, OtherEmbedder()) as there:
        came = await there.bring(archive, ADA)
        assert came.embedded_anew
        assert await found(there, came.clone) == await found(here, clone)  # the other model counts words alike


async def test_a_sealed_archive_opens_with_its_passphrase_alone(here: House, there: House) -> None:
    clone = await furnish(here)
    archive = await here.exported(clone, "winter in riga")
    assert b"clockmaker" not in archive and b"rig.json" not in archive
    for passphrase in (None, "summer in riga"):
        with pytest.raises(BadInput):
            await there.bring(archive, ImportWish(passphrase=passphrase))
    assert await there.rows() == {"users": 1} and await there.keys() == []
    assert (await there.bring(archive, ImportWish(None, "winter in riga", "ada rowe"))).left_out == {}


async def test_a_taken_name_is_said_and_another_may_be_chosen(here: House) -> None:
    clone = await furnish(here)
    archive, before = await here.exported(clone), (await here.rows(), await here.keys())
    with pytest.raises(BadInput, match="--slug"):
        await here.bring(archive)
    assert (await here.rows(), await here.keys()) == before
    twin = (await here.bring(archive, ImportWish("ada-2"))).clone  # the owner's own consent is live here
    assert await found(here, twin) == await found(here, clone)
    await PostgresClones(here.database).delete(twin.id, here.owner)
    again = (await here.bring(archive, ImportWish("ada-2"))).clone
    assert again.id == twin.id and again.knowledge_version > clone.knowledge_version + 1000


# --- no likeness without consent -----------------------------------------------------------------------------------


async def test_without_a_consent_the_likeness_stays_outside(here: House, there: House) -> None:
    clone = await furnish(here)
    archive = await here.exported(clone)
    for wish in (ImportWish(), ImportWish("ada-3", claim="Somebody Else")):
        came = await there.bring(archive, wish)
        assert came.left_out.keys() == {"voice", "face"}
        assert await PostgresVoices(there.database).of(there.owner) == []
        assert await PostgresFaces(there.database).of(there.owner) == []
    assert await PostgresConsents(there.database).of(there.owner) == ()
    assert not any("models" in key for key in await there.keys())


async def test_the_owners_own_consent_admits_the_same_voice_only(here: House, there: House) -> None:
    archive = await here.exported(await furnish(here))
    await there.owner_consents(voicePrint=[0.5, -0.5, 0.5, -0.5])
    assert (await there.bring(archive, ImportWish("one", claim="Ada Rowe"))).left_out.keys() == {"voice"}
    await there.owner_consents(voicePrint=[0.5, 0.5, 0.5, 0.4])
    assert (await there.bring(archive, ImportWish("two"))).left_out == {}
    await there.owner_consents(name="Bob")
    assert (await there.bring(archive, ImportWish("three"))).left_out.keys() == {"face"}
    assert len(await PostgresConsents(there.database).of(there.owner)) == 6  # none of the archive's was taken over


async def test_a_revoked_likeness_is_not_exported(here: House, there: House) -> None:
    clone = await furnish(here)
    for subject in ("voice", "face"):
        await PostgresConsents(here.database).revoke(here.owner, subject)
    reader = ArchiveReader(io.BytesIO(await here.exported(clone)))
    assert reader.read("consents.jsonl", 10**6) == b""
    assert not reader.names("files/voices") and not reader.names("files/faces")


async def test_a_consent_that_ends_while_the_import_runs_ends_the_import(
    here: House, there: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = await here.exported(await furnish(here))
    await there.owner_consents()
    before = await there.rows()
    put = there.files.put

    async def revoked(key: str, data: bytes) -> None:
        await PostgresConsents(there.database).revoke(there.owner, "voice")
        await put(key, data)

    monkeypatch.setattr(there.files, "put", revoked)
    with pytest.raises(SelfsameError):
        await there.bring(archive)
    assert await there.rows() == before and await there.keys() == []


# --- whole or not at all -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [0, 3, 6])
async def test_an_import_that_fails_leaves_nothing(
    here: House, there: House, after: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = await here.exported(await furnish(here))
    put, count = there.files.put, 0

    async def full(key: str, data: bytes) -> None:
        nonlocal count
        if count == after:
            raise Unavailable("the disk is full", role="files", provider="test")
        count += 1
        await put(key, data)

    monkeypatch.setattr(there.files, "put", full)
    with pytest.raises(Unavailable):
        await there.bring(archive, ADA)
    assert count == after
    assert await there.rows() == {"users": 1} and await there.keys() == []


async def test_an_import_that_is_cancelled_leaves_nothing(
    here: House, there: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = await here.exported(await furnish(here))
    put = there.files.put
    with anyio.CancelScope() as scope:

        async def leave(key: str, data: bytes) -> None:
            await put(key, data)
            if "face" in key:
                scope.cancel()

        monkeypatch.setattr(there.files, "put", leave)
        await there.bring(archive, ADA)
    assert scope.cancelled_caught
    assert await there.rows() == {"users": 1} and await there.keys() == []


async def test_what_a_killed_import_left_is_erased_by_a_worker(
    here: House, there: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = await here.exported(await furnish(here))

    class Killed(BaseException):
        pass

    async def killed(*_: object) -> None:
        raise Killed

    monkeypatch.setattr("selfsame.stores.archive.incoming.store_rows", killed)
    monkeypatch.setattr(there.files, "delete", killed)  # nothing of the process lives to clean up
    with pytest.raises(Killed):
        await there.bring(archive, ADA)
    monkeypatch.undo()
    assert len(await there.keys()) == 12
    assert await there.rows() == {"users": 1, "jobs": 4}
    async with there.database.keeper() as db:
        await db.execute(update(jobs).values(run_at=text("now()")))
    desk = PostgresJobDesk(there.database)
    while claim := await desk.claim("w", [ERASE], 30):
        await erasing(there.files)(Work(claim, desk, SYSTEM))
        await desk.finish(claim, completed(None))
    assert await there.keys() == []


async def test_an_import_that_was_given_up_does_not_commit(
    here: House, there: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its files may be gone: the order to erase them was carried out while it still ran."""
    archive = await here.exported(await furnish(here))
    put = there.files.put

    async def slow(key: str, data: bytes) -> None:
        await put(key, data)
        async with there.database.keeper() as db:
            await db.execute(update(jobs).where(jobs.c.kind == ERASE.name).values(state="running"))

    monkeypatch.setattr(there.files, "put", slow)
    with pytest.raises(Unavailable):
        await there.bring(archive, ADA)
    assert "clones" not in await there.rows() and await there.keys() == []


async def test_a_document_that_was_being_read_is_read_in_the_new_house(here: House, there: House) -> None:
    clone = await furnish(here, likeness=False)
    path = f"clone-knowledge/{here.owner}/{new_id()}/"
    await here.files.put(path + "original", b"# New\n\nWords.")
    upload = Upload(new_id(), here.owner, clone.id, "new.md", "file", "aa" * 32, 13, path)
    await PostgresShelf(here.database, INGEST).begin(upload)
    came = (await there.bring(await here.exported(clone))).clone
    shelf = PostgresShelf(there.database, INGEST)
    waiting = next(each for each in await shelf.of(there.owner, came.id) if each.document.filename == "new.md")
    assert waiting.document.status == "pending" and waiting.job_id is not None and waiting.upload is not None
    claim = await PostgresJobDesk(there.database).claim("w", [INGEST], 30)
    assert claim is not None and claim.job.args == {"upload": str(waiting.upload.id)}


async def test_only_the_owner_exports(here: House) -> None:
    clone = await furnish(here, likeness=False)
    visitor = await PostgresUsers(here.database).device("device-1")
    with pytest.raises(NotFound):
        async for _ in here.archives.export(visitor.id, clone):
            pass


# --- archives that somebody changed --------------------------------------------------------------------------------


def changed(archive: bytes, **entries: Any) -> bytes:
    """The archive with other entries, and honest hashes of them."""
    reader, writer = ArchiveReader(io.BytesIO(archive)), ArchiveWriter()
    for name in reader.names():
        data = reader.read(name, 10**9)
        key = name.split("/")[-1].split(".")[0]
        writer.add(name, entries[key](data) if key in entries else data)
    writer.close(Manifest(CLONE_FORMAT, "9", "", "x", "X", ()))
    return writer.taken()


def each_row(change: dict[str, Any]) -> Any:
    return lambda data: b"\n".join(orjson.dumps(orjson.loads(line) | change) for line in data.splitlines())


BAD = [
    {"clone": each_row({"slug": "../x"})},
    {"clone": each_row({"slug": "a" * 65})},
    {"clone": each_row({"name": "zero\0byte"})},
    {"clone": each_row({"no_answer": {"XX": "?"}})},
    {"clone": each_row({"user_id": "1"})},
    {"clone": lambda _: b"[]"},
    {"persona": each_row({"auto_extracted": {"unheard_of": 1}})},
    {"persona": each_row({"manual_overrides": {"tone": {"deep": 1}}})},
    {"documents": lambda data: data + data},
    {"documents": each_row({"id": str(UUID(int=1))})},
    {"documents": each_row({"title": "zero\0byte"})},
    {"documents": each_row({"uploaded_at": "0001-01-01T00:00:00Z"})},
    {"chunks": each_row({"document_id": str(UUID(int=1))})},
    {"chunks": each_row({"embedding": "AAAA"})},
    {"chunks": each_row({"embedding": "AH4=" * 256})},  # not a number
    {"chunks": lambda data: data + data},
    {"chunks": each_row({"chunk_index": 2**40})},
    {"uploads": each_row({"document_id": str(UUID(int=1))})},
    {"products": each_row({"price": "NaN"})},
    {"products": each_row({"price": "1" * 40})},
    {"product_chunks": each_row({"product_id": str(UUID(int=1))})},
    {"voices": each_row({"status": "active"})},
    {"voices": each_row({"sample_rate": 10**9})},
    {"faces": each_row({"rig_hash": "0" * 32})},
    {"faces": each_row({"id": str(UUID(int=1))})},
    {"faces": each_row({"details": {"deep": {"zero": "\0"}}})},
    {"rig": lambda data: data + b" "},
    {"consents": each_row({"subject": "transcripts"})},
    {"consents": lambda data: data + data},
    {"consents": lambda _: b"{}"},
]


@pytest.mark.parametrize("change", BAD, ids=lambda change: next(iter(change)))
async def test_records_that_make_no_sense_are_refused_and_leave_nothing(
    here: House, there: House, change: dict[str, Any]
) -> None:
    archive = changed(await here.exported(await furnish(here)), **change)
    with pytest.raises(BadInput):
        await there.bring(archive, ADA)
    assert await there.rows() == {"users": 1} and await there.keys() == []


async def test_a_forged_consent_does_not_let_a_voice_in(here: House, there: House) -> None:
    """Evidence without its parts, or a print that is none, is no spoken consent."""
    archive = await here.exported(await furnish(here))
    for number, forged in enumerate([{"name": "Ada Rowe"}, {"voicePrint": "all"}, None]):
        changes = {"consents": each_row({"evidence": forged})}
        came = await there.bring(changed(archive, **changes), ImportWish(f"x{number}", claim="Ada Rowe"))
        assert "voice" in came.left_out
    assert await PostgresVoices(there.database).of(there.owner) == []
