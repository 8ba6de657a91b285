"""Voice models in Postgres: nothing without the owner's spoken, live consent, one active for a clone (VOICE-09)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, cast, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.errors import ConsentMissing, NotFound
from selfsame.kit.clock import wall
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.faces import lock_clone
from selfsame.stores.postgres.tables import consents
from selfsame.stores.postgres.work_tables import voice_models as voices
from selfsame.studio.checks import check_voice
from selfsame.studio.voice.kinds import MANNER, VoiceModel, Wish


class PostgresVoices:
    """`VoiceModelStore` on Postgres. The files of a row that goes away follow by jobs that the database orders."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def put_draft(self, voice: VoiceModel) -> VoiceModel:
        """Store a draft, or write it anew. Raises ConsentMissing, NotFound, BadInput; see the port."""
        check_voice(voice)
        values = {
            "provider": voice.provider,
            "sample_rate": voice.sample_rate,
            "quality_score": voice.quality_score,
            "model_path": voice.model_path,
            "details": dict(voice.details),
        }
        names = {"id": voice.id, "user_id": voice.user_id, "clone_id": voice.clone_id}
        async with self._database.session(voice.user_id) as db:
            await lock_clone(db, voice.clone_id, voice.user_id)
            await require_voice(db, voice.user_id)
            fresh = upsert(voices).values(values | names | {"created_at": self._now()}).on_conflict_do_nothing()
            row = (await db.execute(fresh.returning(voices))).one_or_none()
            if row is None:
                mine = (voices.c.id == voice.id) & (voices.c.user_id == voice.user_id)
                same = mine & (voices.c.clone_id == voice.clone_id)
                again = update(voices).where(same, voices.c.status == "draft").values(values).returning(voices)
                row = (await db.execute(again)).one_or_none()
            if row is None:
                raise NotFound("there is no such draft")
            return _voice(row)

    async def activate(self, voice_id: UUID, user_id: UUID) -> VoiceModel:
        """Speak with this voice from now on; the one before is `replaced`. Raises NotFound, ConsentMissing."""
        mine = (voices.c.id == voice_id) & (voices.c.user_id == user_id)
        async with self._database.session(user_id) as db:
            clone_id = (await db.execute(select(voices.c.clone_id).where(mine))).scalar_one_or_none()
            if clone_id is None:
                raise NotFound("there is no such voice")
            await lock_clone(db, clone_id, user_id)  # of two at once, the later one stays
            row = (await db.execute(select(voices).where(mine))).one_or_none()
            if row is None:
                raise NotFound("there is no such voice")
            await require_voice(db, user_id)
            spoken = (voices.c.clone_id == clone_id) & (voices.c.user_id == user_id) & (voices.c.status == "active")
            await db.execute(update(voices).where(spoken).values(status="replaced"))
            return _voice(
                (await db.execute(update(voices).where(mine).values(status="active").returning(voices))).one()
            )

    async def set_manner(self, voice_id: UUID, user_id: UUID, wish: Wish) -> VoiceModel:
        """Store how the voice is to speak. Raises NotFound."""
        mine = (voices.c.id == voice_id) & (voices.c.user_id == user_id)
        # In one statement: whoever writes other details of the row meanwhile is not undone.
        details = voices.c.details.op("||")(cast({MANNER: wish}, JSONB))
        async with self._database.session(user_id) as db:
            change = update(voices).where(mine).values(details=details).returning(voices)
            row = (await db.execute(change)).one_or_none()
            if row is None:
                raise NotFound("there is no such voice")
            return _voice(row)

    async def discard(self, voice_id: UUID, user_id: UUID) -> None:
        """Forget a model and its files. Raises NotFound."""
        async with self._database.session(user_id) as db:
            gone = delete(voices).where(voices.c.id == voice_id, voices.c.user_id == user_id).returning(voices.c.id)
            if (await db.execute(gone)).first() is None:
                raise NotFound("there is no such voice")

    async def active(self, clone_id: UUID, owner_id: UUID) -> VoiceModel | None:
        """The voice to speak with, read on its owner's behalf; None without live consent."""
        agreed = voice_consent(owner_id)
        wanted = select(voices).where(
            voices.c.clone_id == clone_id,
            voices.c.user_id == owner_id,
            voices.c.status == "active",
            agreed,
        )
        async with self._database.session(owner_id) as db:
            row = (await db.execute(wanted)).one_or_none()
        return None if row is None else _voice(row)

    async def of(self, user_id: UUID) -> list[VoiceModel]:
        """The user's models, newest first."""
        mine = select(voices).where(voices.c.user_id == user_id).order_by(voices.c.created_at.desc(), voices.c.id)
        async with self._database.session(user_id) as db:
            return [_voice(row) for row in await db.execute(mine)]


def voice_consent(owner_id: UUID) -> Any:
    """The condition that the owner's consent to `voice` is live, for a transaction that acts for the owner."""
    return (
        select(consents.c.id)
        .where(consents.c.user_id == owner_id, consents.c.subject == "voice", consents.c.revoked_at.is_(None))
        .exists()
    )


async def require_voice(db: AsyncSession, owner_id: UUID) -> None:
    """Raise ConsentMissing unless the owner's consent to `voice` is live; it cannot be revoked until the commit."""
    live = select(consents.c.id).where(
        consents.c.user_id == owner_id, consents.c.subject == "voice", consents.c.revoked_at.is_(None)
    )
    if (await db.execute(live.limit(1).with_for_update(read=True))).first() is None:
        raise ConsentMissing("this needs a recorded spoken consent for voice")


def _voice(row: Row[Any]) -> VoiceModel:
    return VoiceModel(
        id=row.id,
        user_id=row.user_id,
        clone_id=row.clone_id,
        model_path=row.model_path,
        provider=row.provider,
        sample_rate=row.sample_rate,
        quality_score=row.quality_score,
        details=row.details,
        status=row.status,
        created_at=row.created_at,
    )
