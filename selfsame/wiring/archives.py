"""Clones as files: the way out and the way in, bound to this installation's stores and engines."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from selfsame.clones.archive.kinds import Imported, ImportWish
from selfsame.clones.clone import Clone
from selfsame.jobs.ingest import Changed
from selfsame.library.port import Embedder
from selfsame.stores.archive.incoming import CheckPicture, ClonesIn
from selfsame.stores.archive.outgoing import ClonesOut
from selfsame.stores.archive.plan import RIG, VOICE
from selfsame.stores.postgres.database import Database
from selfsame.studio.port import FileStore


@dataclass(frozen=True, slots=True)
class Archives:
    """Implements `clones.archive.kinds.CloneArchives`."""

    out: ClonesOut
    into: ClonesIn

    def export(self, owner_id: UUID, clone: Clone, passphrase: str | None = None) -> AsyncIterator[bytes]:
        """The archive, piece by piece; see the protocol."""
        return self.out.export(owner_id, clone, passphrase)

    async def lost(self, owner_id: UUID, clone: Clone) -> Mapping[str, int]:
        """What an export leaves out; see the protocol."""
        return await self.out.lost(owner_id, clone)

    async def bring(self, owner_id: UUID, file: BinaryIO, wish: ImportWish) -> Imported:
        """A clone of the archive; see the protocol."""
        return await self.into.bring(owner_id, file, wish)


def open_archives(
    database: Database, files: FileStore, embedder: Embedder, changed: Changed, check_picture: CheckPicture
) -> Archives:
    """The archives of this process; nothing runs yet."""
    coming = ClonesIn(database, files, embedder, check_file, check_picture, changed)
    return Archives(ClonesOut(database, files), coming)


def check_file(name: str, data: bytes) -> None:
    """Read a rig or a voice as the engines will. Raises BadInput."""
    if name == RIG:
        from selfsame.face.rig_file import from_json

        from_json(data)
    elif name == VOICE:
        from selfsame.voice.units.file import from_bytes

        from_bytes(data)
