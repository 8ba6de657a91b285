"""Everything of one person as one archive: their rows, their files, and for an owner every clone (PRIV-08)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from uuid import UUID

from selfsame import __version__
from selfsame.clones.archive.container import ArchiveWriter
from selfsame.clones.archive.manifest import PERSON_FORMAT, Manifest
from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.kit.streams import closing
from selfsame.kit.tasks import offload
from selfsame.stores.archive.outgoing import ClonesOut, sealed, write_file
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.privacy import PostgresPrivacy
from selfsame.stores.postgres.users import PostgresUsers
from selfsame.studio.folders import CLIPS, UPLOADS, folder_of
from selfsame.studio.port import FileStore


class PersonOut:
    """Writes the archive: `rows/<table>.jsonl` are the rows, `clones/<slug>.zip` archives that can be imported, and
    `files/` clips and what waits to be worked on."""

    def __init__(self, database: Database, files: FileStore, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._files = files
        self._clones = ClonesOut(database, files, now)
        self._now = now

    async def export(self, user_id: UUID, passphrase: str | None = None) -> AsyncIterator[bytes]:
        """The archive, piece by piece. Raises NotFound, BadInput (passphrase), Unavailable."""
        user = await PostgresUsers(self._database).get(user_id)
        pieces = sealed(self._plain(user_id, user.name), passphrase)
        async with closing(pieces):
            async for piece in pieces:
                yield piece

    async def _plain(self, user_id: UUID, name: str) -> AsyncIterator[bytes]:
        writer = ArchiveWriter()
        try:
            for part in (self._rows(writer, user_id), self._cloned(writer, user_id), self._filed(writer, user_id)):
                async with closing(part):
                    async for piece in part:
                        yield piece
            head = Manifest(PERSON_FORMAT, __version__, self._now().isoformat(), "", name, ())
            await offload(writer.close, head)
            yield writer.taken()
        finally:
            writer.abandon()

    async def _rows(self, writer: ArchiveWriter, user_id: UUID) -> AsyncIterator[bytes]:
        rows = PostgresPrivacy(self._database).rows(user_id)
        table = ""
        async with closing(rows):
            async for name, lines in rows:
                if name != table:
                    if table:
                        writer.end()
                    writer.begin(f"rows/{name}.jsonl")
                    table = name
                await offload(writer.write, lines)
                yield writer.taken()
        if not table:
            raise NotFound("there is no such user")
        writer.end()

    async def _cloned(self, writer: ArchiveWriter, user_id: UUID) -> AsyncIterator[bytes]:
        for clone in await PostgresClones(self._database).list(user_id):
            if clone.owner_id != user_id:
                continue
            writer.begin(f"clones/{clone.slug}.zip")
            pieces = self._clones.plain(clone)
            async with closing(pieces):
                async for piece in pieces:
                    await offload(writer.write, piece)
                    yield writer.taken()
            writer.end()

    async def _filed(self, writer: ArchiveWriter, user_id: UUID) -> AsyncIterator[bytes]:
        for purpose in (CLIPS, UPLOADS):
            folder = folder_of(purpose, user_id)
            async for key in self._files.keys(folder):
                try:
                    data = await self._files.get(key)
                except NotFound:
                    continue  # it expired, or was worked on, just now
                async for piece in write_file(writer, f"files/{purpose}/{key.removeprefix(folder)}", data):
                    yield piece
