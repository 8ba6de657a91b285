"""Clips in Postgres: ordered once, kept thirty days, answered from the cache when asked for again (CLIP-03, -04)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.errors import NotFound
from selfsame.jobs.bell import Bell
from selfsame.jobs.job import JobKind, JobOrder
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.jobs import enqueue_in
from selfsame.stores.postgres.tables import clones
from selfsame.stores.postgres.work_tables import clips
from selfsame.studio.checks import check_clip, check_files
from selfsame.studio.folders import clip_folder
from selfsame.studio.port import Clip, ClipDraft, ClipTimings

KEPT = timedelta(days=30)
"""A clip is kept this long after it was asked for last."""


class PostgresClips:
    """`ClipStore` on Postgres. Beginning a clip orders a job of `kind` with `{"clip_id": ...}` in the same transaction.

    The files of a row that goes away follow by jobs that the database orders.
    """

    def __init__(
        self, database: Database, kind: JobKind, *, bell: Bell | None = None, now: Callable[[], datetime] = wall
    ) -> None:
        self._database = database
        self._kind = kind
        self._bell = bell or Bell()
        self._now = now

    async def begin(self, draft: ClipDraft) -> tuple[Clip, bool]:
        """The clip, and whether making it begins now; see the port. Raises NotFound, BadInput."""
        check_clip(draft)
        now = self._now()
        mine = _mine(draft.user_id, draft.content_key)
        async with self._database.session(draft.user_id) as db:
            await _meet(db, draft)
            await db.execute(delete(clips).where(mine, or_(clips.c.state == "failed", clips.c.expires_at <= now)))
            row = await self._insert(db, draft, now)
            if row is None:
                asked_again = update(clips).where(mine).values(expires_at=now + KEPT).returning(clips)
                return _clip((await db.execute(asked_again)).one()), False
            job = await enqueue_in(db, JobOrder(self._kind, draft.user_id, {"clip_id": str(row.id)}))
            linked = update(clips).where(clips.c.id == row.id).values(job_id=job.id).returning(clips)
            clip = _clip((await db.execute(linked)).one())
        self._bell.ring()
        return clip, True

    async def find(self, user_id: UUID, content_key: str) -> Clip | None:
        """The user's clip with this content when it is ready and has not expired."""
        wanted = _mine(user_id, content_key) & (clips.c.state == "ready") & (clips.c.expires_at > self._now())
        async with self._database.session(user_id) as db:
            row = (await db.execute(select(clips).where(wanted))).one_or_none()
        return None if row is None else _clip(row)

    async def get(self, clip_id: UUID, user_id: UUID) -> Clip:
        """The user's clip. Raises NotFound."""
        async with self._database.session(user_id) as db:
            row = (await db.execute(select(clips).where(_own(clip_id, user_id)))).one_or_none()
        if row is None:
            raise NotFound("there is no such clip")
        return _clip(row)

    async def progress(self, clip_id: UUID, user_id: UUID, share: float, message: str) -> None:
        """Show how far it is. Raises NotFound."""
        await self._change(clip_id, user_id, {"progress": min(1.0, max(0.0, share)), "message": message})

    async def finish(self, clip_id: UUID, user_id: UUID, files: Mapping[str, str], timings: ClipTimings) -> Clip:
        """It is ready. Raises NotFound, BadInput when a file lies outside the clip's folder."""
        check_files((await self.get(clip_id, user_id)).path, files)
        ready = {"state": "ready", "files": dict(files), "timings": asdict(timings), "progress": 1.0, "message": ""}
        return await self._change(clip_id, user_id, ready | {"error_message": None})

    async def fail(self, clip_id: UUID, user_id: UUID, message: str) -> None:
        """It cannot be made, and why; harmless when it was deleted."""
        try:
            await self._change(clip_id, user_id, {"state": "failed", "error_message": message})
        except NotFound:
            return

    async def discard(self, clip_id: UUID, user_id: UUID) -> None:
        """Forget a clip and its files. Raises NotFound."""
        async with self._database.session(user_id) as db:
            gone = await db.execute(delete(clips).where(_own(clip_id, user_id)).returning(clips.c.id))
            if gone.first() is None:
                raise NotFound("there is no such clip")

    async def sweep(self) -> int:
        """Forget clips that expired; how many. To be run now and then."""
        async with self._database.keeper() as db:
            gone = await db.execute(delete(clips).where(clips.c.expires_at <= self._now()).returning(clips.c.id))
            return len(gone.all())

    async def _insert(self, db: AsyncSession, draft: ClipDraft, now: datetime) -> Row[Any] | None:
        clip_id = new_id()
        values = asdict(draft) | {
            "id": clip_id,
            "path": clip_folder(draft.user_id, clip_id),
            "created_at": now,
            "expires_at": now + KEPT,
        }
        return (await db.execute(upsert(clips).values(values).on_conflict_do_nothing().returning(clips))).one_or_none()

    async def _change(self, clip_id: UUID, user_id: UUID, values: Mapping[str, Any]) -> Clip:
        async with self._database.session(user_id) as db:
            changed = update(clips).where(_own(clip_id, user_id)).values(values).returning(clips)
            row = (await db.execute(changed)).one_or_none()
            if row is None:
                raise NotFound("there is no such clip")
            return _clip(row)


def _mine(user_id: UUID, content_key: str) -> Any:
    return (clips.c.user_id == user_id) & (clips.c.content_key == content_key)


def _own(clip_id: UUID, user_id: UUID) -> Any:
    return (clips.c.id == clip_id) & (clips.c.user_id == user_id)


async def _meet(db: AsyncSession, draft: ClipDraft) -> None:
    """Raise NotFound unless the user may meet the clone."""
    met = select(clones.c.id).where(
        clones.c.id == draft.clone_id, or_(clones.c.user_id == draft.user_id, clones.c.public == true())
    )
    if (await db.execute(met)).first() is None:
        raise NotFound("there is no such clone")


def _clip(row: Row[Any]) -> Clip:
    draft = ClipDraft(row.user_id, row.clone_id, row.content_key, row.script, row.language, row.width, row.height)
    return Clip(
        id=row.id,
        draft=draft,
        path=row.path,
        state=row.state,
        created_at=row.created_at,
        expires_at=row.expires_at,
        job_id=row.job_id,
        progress=row.progress,
        message=row.message,
        files=row.files,
        timings=ClipTimings(**row.timings),
        error_message=row.error_message,
    )
