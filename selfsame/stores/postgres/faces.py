"""Face models in Postgres: nothing without the owner's live consent, at most one active for a clone (FACE-16)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.errors import ConsentMissing, NotFound
from selfsame.kit.clock import wall
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.tables import clones, consents
from selfsame.stores.postgres.work_tables import face_models as faces
from selfsame.studio.checks import check_face
from selfsame.studio.port import FaceModel


class PostgresFaces:
    """`FaceModelStore` on Postgres. The files of a row that goes away follow by jobs that the database orders."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def put_draft(self, face: FaceModel) -> FaceModel:
        """Store a draft, or write it anew. Raises ConsentMissing, NotFound, BadInput; see the port."""
        check_face(face)
        values = {
            "tier": face.tier,
            "resolution": face.resolution,
            "quality_score": face.quality_score,
            "model_path": face.model_path,
            "details": dict(face.details),
            "rig_hash": face.rig_hash,
            "fictional": face.fictional,
        }
        names = {"id": face.id, "user_id": face.user_id, "clone_id": face.clone_id}
        async with self._database.session(face.user_id) as db:
            await lock_clone(db, face.clone_id, face.user_id)
            if not face.fictional:
                await require_face(db, face.user_id)
            fresh = upsert(faces).values(values | names | {"created_at": self._now()}).on_conflict_do_nothing()
            row = (await db.execute(fresh.returning(faces))).one_or_none()
            if row is None:
                same = (faces.c.id == face.id) & (faces.c.user_id == face.user_id) & (faces.c.clone_id == face.clone_id)
                again = update(faces).where(same, faces.c.status == "draft").values(values).returning(faces)
                row = (await db.execute(again)).one_or_none()
            if row is None:
                raise NotFound("there is no such draft")
            return _face(row)

    async def activate(self, face_id: UUID, user_id: UUID) -> FaceModel:
        """Show this face from now on; the one before is `replaced`. Raises NotFound, ConsentMissing."""
        mine = (faces.c.id == face_id) & (faces.c.user_id == user_id)
        async with self._database.session(user_id) as db:
            clone_id = (await db.execute(select(faces.c.clone_id).where(mine))).scalar_one_or_none()
            if clone_id is None:
                raise NotFound("there is no such face")
            await lock_clone(db, clone_id, user_id)  # of two at once, the later one stays
            row = (await db.execute(select(faces).where(mine))).one_or_none()
            if row is None:
                raise NotFound("there is no such face")
            if not row.fictional:
                await require_face(db, user_id)
            shown = (faces.c.clone_id == clone_id) & (faces.c.user_id == user_id) & (faces.c.status == "active")
            await db.execute(update(faces).where(shown).values(status="replaced"))
            return _face((await db.execute(update(faces).where(mine).values(status="active").returning(faces))).one())

    async def discard(self, face_id: UUID, user_id: UUID) -> None:
        """Forget a model and its files. Raises NotFound."""
        async with self._database.session(user_id) as db:
            gone = delete(faces).where(faces.c.id == face_id, faces.c.user_id == user_id).returning(faces.c.id)
            if (await db.execute(gone)).first() is None:
                raise NotFound("there is no such face")

    async def active(self, clone_id: UUID, owner_id: UUID) -> FaceModel | None:
        """The face to show to whoever may meet the clone, read on its owner's behalf; None without live consent."""
        agreed = face_consent(owner_id)
        wanted = select(faces).where(
            faces.c.clone_id == clone_id,
            faces.c.user_id == owner_id,
            faces.c.status == "active",
            faces.c.fictional | agreed,
        )
        async with self._database.session(owner_id) as db:
            row = (await db.execute(wanted)).one_or_none()
        return None if row is None else _face(row)

    async def of(self, user_id: UUID) -> list[FaceModel]:
        """The user's models, newest first."""
        mine = select(faces).where(faces.c.user_id == user_id).order_by(faces.c.created_at.desc(), faces.c.id)
        async with self._database.session(user_id) as db:
            return [_face(row) for row in await db.execute(mine)]


def face_consent(owner_id: UUID) -> Any:
    """The condition that the owner's consent to `face` is live, for a transaction that acts for the owner."""
    return (
        select(consents.c.id)
        .where(consents.c.user_id == owner_id, consents.c.subject == "face", consents.c.revoked_at.is_(None))
        .exists()
    )


async def require_face(db: AsyncSession, owner_id: UUID) -> None:
    """Raise ConsentMissing unless the owner's consent to `face` is live; it cannot be revoked until the commit."""
    live = select(consents.c.id).where(
        consents.c.user_id == owner_id, consents.c.subject == "face", consents.c.revoked_at.is_(None)
    )
    if (await db.execute(live.limit(1).with_for_update(read=True))).first() is None:
        raise ConsentMissing("this needs a recorded consent for face")


async def lock_clone(db: AsyncSession, clone_id: UUID, user_id: UUID) -> None:
    """Hold the user's clone until the commit. Raises NotFound."""
    mine = select(clones.c.id).where(clones.c.id == clone_id, clones.c.user_id == user_id)
    if (await db.execute(mine.with_for_update())).first() is None:
        raise NotFound("there is no such clone")


def _face(row: Row[Any]) -> FaceModel:
    return FaceModel(
        id=row.id,
        user_id=row.user_id,
        clone_id=row.clone_id,
        model_path=row.model_path,
        tier=row.tier,
        resolution=row.resolution,
        quality_score=row.quality_score,
        rig_hash=row.rig_hash,
        details=row.details,
        fictional=row.fictional,
        status=row.status,
        created_at=row.created_at,
    )
