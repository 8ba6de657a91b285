"""Personas in Postgres: extraction and the owner's words side by side, each written without touching the other."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.clones.persona import PersonaProfile, checked_profile
from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.kit.ids import stable_id
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.tables import clones, persona_extractions, persona_profiles, personas
from selfsame.studio.persona.port import KEPT, ExtractionRecord

extractions = persona_extractions


class PostgresPersonas:
    """`PersonaStore` on Postgres."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def halves(self, clone_id: UUID, user_id: UUID) -> PersonaProfile:
        """The two halves; see the port. Raises NotFound."""
        async with self._database.session(user_id) as db:
            await _require(db, clone_id, user_id)
            return await _halves(db, clone_id)

    async def put_extraction(self, record: ExtractionRecord) -> PersonaProfile:
        """Store an extraction; see the port. Raises NotFound, BadInput."""
        profile = checked_profile(record.profile)
        values = {
            "id": record.id,
            "user_id": record.user_id,
            "clone_id": record.clone_id,
            "source": record.source[:300],
            "engine": record.engine[:200],
            "profile": profile,
            "measured": dict(record.measured),
            "evidence": dict(record.evidence),
            "figures": dict(record.figures),
            "notes": list(record.notes),
            "created_at": self._now(),
        }
        async with self._database.session(record.user_id) as db:
            name = await _lock(db, record.clone_id, record.user_id)
            fresh = upsert(extractions).values(values).on_conflict_do_nothing().returning(extractions.c.id)
            if (await db.execute(fresh)).first() is not None:
                before = await _halves(db, record.clone_id)
                await self._write(db, record.clone_id, record.user_id, name, before.manual_overrides, profile)
                await _forget_old(db, record.clone_id)
            return await _halves(db, record.clone_id)

    async def override(
        self, clone_id: UUID, user_id: UUID, changes: Mapping[str, Any], reset: Collection[str] = ()
    ) -> PersonaProfile:
        """Write the owner's words; see the port. Raises NotFound, BadInput."""
        wanted = checked_profile(changes)
        async with self._database.session(user_id) as db:
            name = await _lock(db, clone_id, user_id)
            before = await _halves(db, clone_id)
            mine = {key: value for key, value in (before.manual_overrides or {}).items() if key not in reset} | wanted
            await self._write(db, clone_id, user_id, name, mine or None, before.auto_extracted)
            return await _halves(db, clone_id)

    async def history(self, clone_id: UUID, user_id: UUID) -> list[ExtractionRecord]:
        """The extractions, newest first. Raises NotFound."""
        newest = extractions.c.created_at.desc(), extractions.c.id
        async with self._database.session(user_id) as db:
            await _require(db, clone_id, user_id)
            rows = await db.execute(select(extractions).where(extractions.c.clone_id == clone_id).order_by(*newest))
            return [_record(row) for row in rows]

    async def forget(self, clone_id: UUID, user_id: UUID) -> int:
        """Delete the history. Raises NotFound."""
        mine = (extractions.c.clone_id == clone_id) & (extractions.c.user_id == user_id)
        async with self._database.session(user_id) as db:
            await _require(db, clone_id, user_id)
            return len((await db.execute(delete(extractions).where(mine).returning(extractions.c.id))).all())

    async def _write(
        self,
        db: AsyncSession,
        clone_id: UUID,
        user_id: UUID,
        name: str,
        mine: dict[str, Any] | None,
        auto: dict[str, Any],
    ) -> None:
        """Both halves, under the clone's lock."""
        persona_id = stable_id("persona", str(clone_id))
        persona = {"id": persona_id, "user_id": user_id, "clone_id": clone_id, "name": name}
        await db.execute(upsert(personas).values(persona).on_conflict_do_nothing(index_elements=[personas.c.clone_id]))
        halves = {"auto_extracted": auto, "manual_overrides": mine, "updated_at": self._now()}
        await db.execute(
            upsert(persona_profiles)
            .values(id=persona_id, user_id=user_id, persona_id=persona_id, **halves)
            .on_conflict_do_update(index_elements=[persona_profiles.c.persona_id], set_=halves)
        )


async def _require(db: AsyncSession, clone_id: UUID, user_id: UUID) -> None:
    mine = select(clones.c.id).where(clones.c.id == clone_id, clones.c.user_id == user_id)
    if (await db.execute(mine)).first() is None:
        raise NotFound("there is no such clone of yours")


async def _lock(db: AsyncSession, clone_id: UUID, user_id: UUID) -> str:
    """Hold the clone until the commit; its name. Raises NotFound."""
    mine = select(clones.c.name).where(clones.c.id == clone_id, clones.c.user_id == user_id)
    row = (await db.execute(mine.with_for_update())).first()
    if row is None:
        raise NotFound("there is no such clone of yours")
    return row.name


async def _halves(db: AsyncSession, clone_id: UUID) -> PersonaProfile:
    query = (
        select(persona_profiles)
        .join(personas, personas.c.id == persona_profiles.c.persona_id)
        .where(personas.c.clone_id == clone_id)
    )
    row = (await db.execute(query)).one_or_none()
    return PersonaProfile() if row is None else PersonaProfile(row.auto_extracted, row.manual_overrides)


async def _forget_old(db: AsyncSession, clone_id: UUID) -> None:
    newest = extractions.c.created_at.desc(), extractions.c.id
    kept = select(extractions.c.id).where(extractions.c.clone_id == clone_id).order_by(*newest).limit(KEPT)
    await db.execute(delete(extractions).where(extractions.c.clone_id == clone_id, extractions.c.id.not_in(kept)))


def _record(row: Row[Any]) -> ExtractionRecord:
    return ExtractionRecord(
        id=row.id,
        user_id=row.user_id,
        clone_id=row.clone_id,
        source=row.source,
        engine=row.engine,
        profile=row.profile,
        measured=row.measured,
        evidence=row.evidence,
        figures=row.figures,
        notes=tuple(row.notes),
        created_at=row.created_at,
    )
