"""A clone in: checked whole, then its files, then all its rows in one transaction. A failed import leaves nothing.

Before the first file an order to erase all files of this import is written, to be carried out in an hour. The
transaction of the rows takes it back; a process that is killed in between leaves it standing, and a worker erases what
was half done.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

import anyio
from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.clones.archive.kinds import Imported, ImportWish
from selfsame.clones.archive.likeness import admit
from selfsame.clones.archive.manifest import DAMAGED, ENTRY_BYTES
from selfsame.errors import BadInput, SelfsameError, Unavailable
from selfsame.jobs.erase import ERASE
from selfsame.jobs.ingest import Changed
from selfsame.jobs.job import JobOrder
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id, stable_id
from selfsame.kit.tasks import offload
from selfsame.library.port import Embedder
from selfsame.stores.archive.plan import Landing, Plan, file_place, land, open_archive
from selfsame.stores.archive.rows_in import store_rows
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.jobs import enqueue_in
from selfsame.stores.postgres.tables import clones
from selfsame.stores.postgres.work_tables import jobs
from selfsame.studio.port import FileStore

ERASE_AFTER = 3600.0
"""Seconds after which the files of an import that never ended are erased; one that takes longer is given up."""

CheckFile = Callable[[str, bytes], None]
"""`check(name, data)` raises BadInput for a face's or a voice's file that could not be used. Blocking."""

CheckPicture = Callable[[bytes], Awaitable[None]]
"""`check_picture(data)` raises BadInput for a picture that is none of ours, or hides more than its pixels."""


@dataclass(frozen=True, slots=True)
class ClonesIn:
    """Reads archives. `changed` hears of the clone that came; `now` gives the date and time in UTC."""

    database: Database
    files: FileStore
    embedder: Embedder
    check_file: CheckFile
    check_picture: CheckPicture
    changed: Changed
    now: Callable[[], datetime] = field(default=wall)

    async def bring(self, owner_id: UUID, file: BinaryIO, wish: ImportWish) -> Imported:
        """Make a clone of the archive; see `CloneArchives.bring`."""
        plan = await offload(open_archive, file, wish.passphrase)
        own = await PostgresConsents(self.database).of(owner_id)
        slug = wish.slug or plan.clone.slug
        clone_id = await self._free(owner_id, slug)
        decided = admit(own, plan.consents, wish.claim), self.now()
        landing = await offload(land, plan, owner_id, clone_id, slug, decided)
        order = await self._order_erasure(landing)
        try:
            await self._put_files(plan, landing)
            counts, anew = await self._store(plan, landing, order)
        except BaseException:
            with anyio.CancelScope(shield=True), suppress(SelfsameError):
                for prefix in landing.prefixes:
                    await self.files.delete(prefix)
                await self._take_back(landing, order)
            raise
        self.changed(owner_id, clone_id)
        clone = await PostgresClones(self.database).get(clone_id, owner_id)
        return Imported(clone, counts, _left_out(plan, landing), anew)

    async def _free(self, owner_id: UUID, slug: str) -> UUID:
        """The id of the new clone. Raises BadInput when the slug is taken.

        It is the id that a clone of this slug would get from `selfsame clone create`, so that both are the same clone.
        """
        wanted = stable_id("clone", f"{owner_id}:{slug}")
        async with self.database.session(owner_id) as db:
            taken = (await db.execute(select(clones.c.id).where(clones.c.slug == slug))).first()
            known = (await db.execute(select(clones.c.id).where(clones.c.id == wanted))).first()
        if taken is not None:
            raise _taken(slug)
        return wanted if known is None else new_id()

    async def _order_erasure(self, landing: Landing) -> str:
        name = f"import {new_id()}"
        async with self.database.session(landing.owner_id) as db:
            for number, prefix in enumerate(landing.prefixes):
                args = {"prefix": prefix}
                await enqueue_in(db, JobOrder(ERASE, landing.owner_id, args, f"{name} {number}", ERASE_AFTER))
        return name

    async def _put_files(self, plan: Plan, landing: Landing) -> None:
        for entry in plan.reader.names("files/"):
            kind, old, name = file_place(entry)
            folder = landing.folders.get((kind, old))
            if folder is None:
                continue
            data = await offload(plan.reader.read, entry, ENTRY_BYTES)
            if kind == "pictures":
                await self.check_picture(data)
            elif kind != "uploads":
                await offload(self.check_file, name, data)
            await self.files.put(folder + name, data)

    async def _store(self, plan: Plan, landing: Landing, order: str) -> tuple[dict[str, int], bool]:
        try:
            async with self.database.session(landing.owner_id) as db:
                stored = await store_rows(db, plan, landing, self.embedder)
                await _settle(db, landing, order)
                return stored
        except IntegrityError as error:
            if "clones" in str(error.orig):
                raise _taken(landing.slug) from error
            raise BadInput(DAMAGED) from error
        except DataError as error:
            raise BadInput(DAMAGED) from error

    async def _take_back(self, landing: Landing, order: str) -> None:
        async with self.database.session(landing.owner_id) as db:
            await db.execute(delete(jobs).where(_mine(landing, order)))


async def _settle(db: AsyncSession, landing: Landing, order: str) -> None:
    """Take the order to erase back, in the transaction of the rows. Raises Unavailable when it was carried out."""
    waiting = delete(jobs).where(_mine(landing, order), jobs.c.state == "pending").returning(jobs.c.id)
    if len((await db.execute(waiting)).all()) != len(landing.prefixes):
        raise Unavailable("the import took too long and was given up; try it again", role="files", provider="archive")


def _mine(landing: Landing, order: str) -> ColumnElement[bool]:
    named = jobs.c.idempotency_key.startswith(f"{order} ", autoescape=True)
    return (jobs.c.user_id == landing.owner_id) & (jobs.c.kind == ERASE.name) & named


def _left_out(plan: Plan, landing: Landing) -> dict[str, str]:
    """Why voices or faces of the archive did not come in, and what was lost before it was made."""
    left = {}
    if plan.voices and not landing.admission.voice:
        left["voice"] = landing.admission.left_out["voice"]
    if any(not face.fictional for face in plan.faces.values()) and not landing.admission.face:
        left["face"] = landing.admission.left_out["face"]
    for kind, count in plan.reader.manifest.lost.items():
        left[kind] = f"{count} had lost their files before the archive was made"
    return left


def _taken(slug: str) -> BadInput:
    return BadInput(
        f"there is a clone called {slug} already; choose another name with --slug (or delete that one first)"
    )
