"""A clone out: its rows of one moment, then its files, as an archive that is made while it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Table, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame import __version__
from selfsame.clones.archive.container import ArchiveWriter
from selfsame.clones.archive.manifest import CLONE_FORMAT, WITH_FILES, Manifest
from selfsame.clones.archive.passphrase import Sealer
from selfsame.clones.clone import Clone
from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.kit.streams import closing
from selfsame.kit.tasks import offload
from selfsame.stores.archive import records as r
from selfsame.stores.archive.plan import NEEDED
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.shelf_tables import knowledge_uploads, product_chunks, product_pictures, products
from selfsame.stores.postgres.tables import (
    clones,
    consents,
    knowledge_chunks,
    knowledge_documents,
    persona_extractions,
    persona_profiles,
    personas,
    unanswered_questions,
)
from selfsame.stores.postgres.work_tables import face_models, voice_models
from selfsame.studio.port import FileStore

BATCH = 200
PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Folder:
    """Files to take along: all below `path` come as `files/<kind>/<id>/<name>`."""

    kind: str
    id: UUID
    path: str


class ClonesOut:
    """Writes archives. `now` gives the date and time in UTC."""

    def __init__(self, database: Database, files: FileStore, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._files = files
        self._now = now

    async def export(self, owner_id: UUID, clone: Clone, passphrase: str | None = None) -> AsyncIterator[bytes]:
        """The archive of the owner's clone, piece by piece; sealed when there is a passphrase.

        The rows are those of one moment; what has lost its files is left out, and counted in the list of contents. A
        file that is deleted meanwhile breaks the export off (NotFound), and what was written so far is no archive.
        Raises NotFound, BadInput (passphrase), Unavailable.
        """
        if clone.owner_id != owner_id:
            raise NotFound("there is no such clone of yours")
        pieces = sealed(self.plain(clone), passphrase)
        async with closing(pieces):
            async for piece in pieces:
                yield piece

    async def lost(self, owner_id: UUID, clone: Clone) -> dict[str, int]:
        """How many things of each kind an export of the owner's clone leaves out now, as their files are lost.

        Raises NotFound, Unavailable.
        """
        if clone.owner_id != owner_id:
            raise NotFound("there is no such clone of yours")
        found: Counter[str] = Counter()
        async with self._database.session(owner_id) as db:
            live = (await db.execute(_live(owner_id))).all()
            for name, _, query in _tables(clone, frozenset(each.subject for each in live)):
                if name in WITH_FILES:
                    for each in await db.execute(query):
                        found[name] += not await self._is_whole(_folder(name, each))
        return dict(+found)

    async def plain(self, clone: Clone) -> AsyncIterator[bytes]:
        """The archive without a seal, for whoever may have it."""
        writer = ArchiveWriter()
        folders: list[Folder] = []
        lost: Counter[str] = Counter()
        try:
            async with self._database.session(clone.owner_id) as db:
                await db.connection(execution_options={"isolation_level": "REPEATABLE READ"})
                pieces = self._write_rows(db, writer, clone, folders, lost)
                async with closing(pieces):
                    async for piece in pieces:
                        yield piece
            for folder in folders:
                pieces = self._write_files(writer, folder)
                async with closing(pieces):
                    async for piece in pieces:
                        yield piece
            head = Manifest(CLONE_FORMAT, __version__, self._now().isoformat(), clone.slug, clone.name, (), dict(+lost))
            await offload(writer.close, head)
            yield writer.taken()
        finally:
            writer.abandon()

    async def _write_rows(
        self, db: AsyncSession, writer: ArchiveWriter, clone: Clone, folders: list[Folder], lost: Counter[str]
    ) -> AsyncIterator[bytes]:
        row = (
            await db.execute(select(clones).where(clones.c.id == clone.id, clones.c.user_id == clone.owner_id))
        ).first()
        if row is None:
            raise NotFound("there is no such clone of yours")
        writer.add("clone.json", r.written(r.CloneRecord, row))
        profile = select(persona_profiles).join(personas, personas.c.id == persona_profiles.c.persona_id)
        halves = (await db.execute(profile.where(personas.c.clone_id == clone.id))).first()
        if halves is not None:
            writer.add("persona.json", r.written(r.PersonaRecord, halves))
        live = (await db.execute(_live(clone.owner_id))).all()
        shown: set[str] = set()
        for name, kind, query in _tables(clone, frozenset(each.subject for each in live)):
            writer.begin(f"rows/{name}.jsonl")
            async for batch in _batches(db, query):
                whole = [each for each in batch if await self._is_whole(_folder(name, each))]
                lost[name] += len(batch) - len(whole)
                await offload(writer.write, b"".join([r.written(kind, each) for each in whole]))
                folders += [found for each in whole if (found := _folder(name, each)) is not None]
                shown |= {subject for each in whole if (subject := _subject(name, each)) is not None}
                yield writer.taken()
            writer.end()
        told = [each for each in live if each.subject in shown]
        writer.add("consents.jsonl", b"".join([r.written(r.ConsentRecord, each) for each in told]))
        yield writer.taken()

    async def _is_whole(self, folder: Folder | None) -> bool:
        """Whether the files of a row are there. One whose files are lost is left out: the rest still is a clone."""
        if folder is None:
            return True
        there = {key.removeprefix(folder.path) async for key in self._files.keys(folder.path)}
        return bool(there) and there.issuperset(NEEDED[folder.kind])

    async def _write_files(self, writer: ArchiveWriter, folder: Folder) -> AsyncIterator[bytes]:
        async for key in self._files.keys(folder.path):
            name = f"files/{folder.kind}/{folder.id}/{key.removeprefix(folder.path)}"
            async for piece in write_file(writer, name, await self._files.get(key)):
                yield piece


async def sealed(pieces: AsyncIterator[bytes], passphrase: str | None) -> AsyncIterator[bytes]:
    """The pieces behind a passphrase; as they are without one. Raises BadInput when it is too short."""
    async with closing(pieces):
        sealer = None if passphrase is None else await offload(Sealer, passphrase)
        async for piece in pieces:
            ready = piece if sealer is None else await offload(sealer.push, piece)
            if ready:
                yield ready
        if sealer is not None:
            yield await offload(sealer.finish)


async def write_file(writer: ArchiveWriter, name: str, data: bytes) -> AsyncIterator[bytes]:
    """A file as an entry, piece by piece."""
    writer.begin(name)
    for start in range(0, len(data), PIECE):
        await offload(writer.write, data[start : start + PIECE])
        yield writer.taken()
    writer.end()
    yield writer.taken()


def _live(owner_id: UUID) -> Select[Any]:
    mine = (consents.c.user_id == owner_id) & consents.c.revoked_at.is_(None)
    return select(consents).where(mine, consents.c.subject.in_(("voice", "face"))).order_by(consents.c.granted_at)


def _tables(clone: Clone, agreed: frozenset[str]) -> Sequence[tuple[str, type[r.Record], Select[Any]]]:
    """What is written, in the order in which an import needs it; a likeness only while its consent is live."""
    d, c, u = knowledge_documents, knowledge_chunks, knowledge_uploads
    documents = select(d.c.id).where(d.c.clone_id == clone.id, d.c.user_id == clone.owner_id)
    mine = select(products.c.id).where(products.c.clone_id == clone.id, products.c.user_id == clone.owner_id)
    faces = _of(face_models, clone).where(face_models.c.rig_hash != "")
    if "face" not in agreed:
        faces = faces.where(face_models.c.fictional)
    voices = _of(voice_models, clone).where(voice_models.c.sample_rate > 0, literal("voice" in agreed))
    chunk_order = (c.c.document_id, c.c.chunk_index)
    return (
        ("extractions", r.ExtractionRecord, _of(persona_extractions, clone).order_by(persona_extractions.c.created_at)),
        ("documents", r.DocumentRecord, _of(d, clone).order_by(d.c.id)),
        ("uploads", r.UploadRecord, select(u).where(u.c.document_id.in_(documents)).order_by(u.c.created_at, u.c.id)),
        ("products", r.ProductRecord, _of(products, clone).order_by(products.c.document_id, products.c.place)),
        ("product_chunks", r.ProductChunkRecord, select(product_chunks).where(product_chunks.c.product_id.in_(mine))),
        ("pictures", r.PictureRecord, _of(product_pictures, clone).order_by(product_pictures.c.id)),
        ("chunks", r.ChunkRecord, _of(c, clone).order_by(*chunk_order)),
        ("unanswered", r.QuestionRecord, _of(unanswered_questions, clone).order_by(unanswered_questions.c.id)),
        ("voices", r.VoiceRecord, voices.order_by(voice_models.c.created_at)),
        ("faces", r.FaceRecord, faces.order_by(face_models.c.created_at)),
    )


def _of(table: Table, clone: Clone) -> Select[Any]:
    return select(table).where(table.c.clone_id == clone.id, table.c.user_id == clone.owner_id)


async def _batches(db: AsyncSession, query: Select[Any]) -> AsyncIterator[Sequence[Any]]:
    """The rows, fetched as they are needed."""
    stream = await db.stream(query.execution_options(yield_per=BATCH))
    async for batch in stream.partitions():
        yield batch


def _folder(name: str, row: Any) -> Folder | None:
    if name in ("uploads", "pictures"):
        return Folder(name, row.id, row.path)
    return Folder(name, row.id, row.model_path) if name in ("voices", "faces") else None


def _subject(name: str, row: Any) -> str | None:
    """The consent without which this row may not be."""
    if name == "voices":
        return "voice"
    return "face" if name == "faces" and not row.fictional else None
