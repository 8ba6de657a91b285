"""Two houses with a database, a file store and a key each, and a clone that has something of everything."""

from __future__ import annotations

import hashlib
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select, text

from selfsame.clones.archive.kinds import Imported, ImportWish
from selfsame.clones.clone import Clone
from selfsame.clones.persona import PersonaProfile
from selfsame.contracts.document_shelf import KETTLE, POT
from selfsame.jobs.ingest import INGEST
from selfsame.jobs.knowledge_desk import NewFile
from selfsame.jobs.picture_desk import PictureDesk
from selfsame.kit.ids import new_id
from selfsame.library.answers import AnswerDesk
from selfsame.library.ingest import SourceFile, ingest
from selfsame.library.port import Chunk, Document, Embedder
from selfsame.library.products import gist
from selfsame.library.shelf import Outcome, Upload
from selfsame.providers.fake.knowing import FakeEmbedder
from selfsame.stores.files.local import LocalFiles
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.faces import PostgresFaces
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.personas import PostgresPersonas
from selfsame.stores.postgres.pictures import PostgresPictures
from selfsame.stores.postgres.questions import PostgresQuestions
from selfsame.stores.postgres.shelf import PostgresShelf
from selfsame.stores.postgres.tables import metadata
from selfsame.stores.postgres.users import PostgresUsers
from selfsame.stores.postgres.voices import PostgresVoices
from selfsame.studio.folders import KNOWLEDGE, face_folder, folder_of, voice_folder
from selfsame.studio.persona.port import ExtractionRecord
from selfsame.studio.port import FaceModel
from selfsame.studio.voice.kinds import VoiceModel
from selfsame.wiring.archives import Archives, open_archives
from tests.library.pictures import checked_here, drawn, in_process
from tests.support.database import TestServer, fresh_database

PRINT = [0.5, 0.5, 0.5, 0.5]
SPOKEN = {
    "sha256": "ab" * 32, "text": "I, Ada Rowe, agree.", "heard": "i ada rowe agree", "name": "Ada Rowe",
    "date": "2026-03-01", "language": "EN", "scores": {"words": 1.0}, "encoder": "ge2e",
}  # fmt: skip
RIG, VOICE = b'{"format": "selfsame-face/1"}' * 50, bytes(range(256)) * 300
RIG_HASH = hashlib.sha256(RIG).hexdigest()[:32]
GUIDE = """# Clocks

## How many clocks do you own?

I own forty two clocks, and all of them tick.

## Who taught you?

My grandmother Ilze taught me in her workshop in Riga.
"""


class OtherEmbedder(FakeEmbedder):
    """Another model of the same width."""

    def __init__(self) -> None:
        super().__init__()
        self.model_id = "other-words-384"


@dataclass
class House:
    """One installation."""

    database: Database
    files: LocalFiles
    archives: Archives
    embedder: Embedder
    owner: UUID
    changed: list[tuple[UUID, UUID]] = field(default_factory=list)

    async def exported(self, clone: Clone, passphrase: str | None = None) -> bytes:
        return b"".join([piece async for piece in self.archives.export(self.owner, clone, passphrase)])

    async def bring(self, archive: bytes, wish: ImportWish | None = None) -> Imported:
        return await self.archives.bring(self.owner, io.BytesIO(archive), wish or ImportWish())

    async def rows(self) -> dict[str, int]:
        """How many rows each table holds."""
        async with self.database.engine.connect() as connection:
            await connection.execute(text("set role none"))
            counts = {
                table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
                for table in metadata.sorted_tables
            }
        return {name: count for name, count in counts.items() if count}

    async def keys(self) -> list[str]:
        """Every file there is."""
        return [key async for key in self.files.keys("")]

    async def owner_consents(self, **evidence: object) -> None:
        book = PostgresConsents(self.database)
        await book.grant(self.owner, "voice", SPOKEN | {"voicePrint": PRINT} | evidence)
        await book.grant(self.owner, "face", SPOKEN | evidence)


@asynccontextmanager
async def opened(
    server: TestServer, folder: Path, key: bytes, embedder: Embedder | None = None
) -> AsyncIterator[House]:
    """A house of its own."""
    async with fresh_database(server) as database:
        files = LocalFiles(folder, key)
        changed: list[tuple[UUID, UUID]] = []
        embedder = embedder or FakeEmbedder()
        changes = lambda owner, clone: changed.append((owner, clone))  # noqa: E731
        archives = open_archives(database, files, embedder, changes, checked_here)
        object.__setattr__(archives.into, "check_file", lambda name, data: None)  # the rig and the voice are drawn here
        owner = await PostgresUsers(database).owner()
        yield House(database, files, archives, embedder, owner.id, changed)


async def furnish(house: House, slug: str = "ada", *, likeness: bool = True) -> Clone:
    """A clone that has something of everything."""
    database, owner = house.database, house.owner
    clones = PostgresClones(database)
    profile = PersonaProfile({"tone": "warm", "fillers": ["well"]}, {"role": "a clockmaker", "greeting": "Hello."})
    clone = await clones.put(Clone(new_id(), owner, slug, "Ada Rowe"), profile)
    await clones.set_answering(clone.id, owner, "strict", {"EN": "That I cannot say."})
    extraction = ExtractionRecord(
        new_id(), owner, clone.id, "talk.txt", "counting", {"tone": "warm"}, evidence={"tone": ["so nice"]}
    )
    await PostgresPersonas(database).put_extraction(extraction)
    await clones.put(clone, profile)
    knowledge = PostgresKnowledge(database)
    guide = SourceFile("guide.md", GUIDE.encode())
    await ingest(knowledge, house.embedder, owner, clone.id, guide)
    await _catalogue(house, clone)
    desk = AnswerDesk(knowledge, PostgresQuestions(database), house.embedder, PostgresConversations(database).question)
    await desk.correct(owner, clone.id, "What do you charge?", "Forty euros an hour.")
    await desk.collect(owner, clone.id, "Do you repair watches?", "EN")
    await desk.collect(owner, clone.id, "Are you married?", "EN")
    asked = next(one for one in await desk.unanswered(owner, clone.id) if "married" in one.question)
    await desk.answer(owner, clone.id, asked.id, "I am.")
    if likeness:
        await _likeness(house, clone)
    return await clones.get(clone.id, owner)


async def _catalogue(house: House, clone: Clone) -> None:
    """A catalogue of two products, with its original and what was understood of it."""
    upload_id = new_id()
    path = f"{folder_of(KNOWLEDGE, house.owner)}{upload_id}/"
    await house.files.put(path + "original", b"name,price\nKettle,24.90\n")
    await house.files.put(path + "extracted", b"understood")
    shelf = PostgresShelf(house.database, INGEST)
    upload = Upload(upload_id, house.owner, clone.id, "prices.csv", "products", "cd" * 32, 24, path)
    shelved, _ = await shelf.begin(upload)
    chunks = [Chunk(n, f"We sell the {name}.", 100 * n, 100 * n + 20) for n, name in enumerate(("Kettle", "Pot"))]
    document = Document(
        shelved.document.id, house.owner, clone.id, "prices.csv", "Prices", "text/csv", "ef" * 32, kind="product"
    )
    texts = [f"Prices\n{gist(each)}" for each in (KETTLE, POT)]
    vectors = await house.embedder.embed_documents(texts)
    await PostgresKnowledge(house.database).put(document, chunks, vectors, house.embedder.model_id)
    await shelf.finish(house.owner, upload_id, Outcome({"notes": ["fine"]}, [(KETTLE, chunks[:1]), (POT, chunks[1:])]))
    kettle, _ = await shelf.products(house.owner, clone.id)
    desk = PictureDesk(PostgresPictures(house.database), house.files, in_process)
    await desk.add(
        house.owner, kettle.id, [NewFile("kettle.png", drawn("PNG")), NewFile("k.jpg", drawn("JPEG", hue=90))]
    )


async def _likeness(house: House, clone: Clone) -> None:
    await house.owner_consents()
    voices, faces = PostgresVoices(house.database), PostgresFaces(house.database)
    for active in (False, True):
        voice_id = new_id()
        folder = voice_folder(house.owner, voice_id)
        details = {"report": {"manner": "own", "likeness": 0.8}, "hasPreview": True}
        voice = VoiceModel(voice_id, house.owner, clone.id, folder, "own-voice", 22050, 0.7, details)
        await voices.put_draft(voice)
        await house.files.put(folder + "voice.npz", VOICE)
        await house.files.put(folder + "preview.wav", b"RIFF")
        if active:
            await voices.activate(voice_id, house.owner)
    face_id = new_id()
    folder = face_folder(house.owner, face_id)
    face = FaceModel(face_id, house.owner, clone.id, folder, "good", 512, 0.9, RIG_HASH, {"notes": ["light"]})
    await faces.put_draft(face)
    await house.files.put(folder + "rig.json", RIG)
    await house.files.put(folder + "textures/face.jpg", b"\xff\xd8")
    await faces.activate(face_id, house.owner)
