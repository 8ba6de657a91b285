"""Consents in Postgres: rows are granted and revoked, never rewritten; they are the evidence (G-18)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.clones.consent import Consent, Subject
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.tables import consents, conversation_sessions, conversation_turns


class PostgresConsents:
    """What a user agreed to, and when."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def grant(self, user_id: UUID, subject: Subject) -> Consent:
        """Record a consent; the live one is returned when there is one."""
        async with self._database.session(user_id) as db:
            for known in await self._read(db, user_id):
                if known.subject == subject and known.revoked_at is None:
                    return known
            consent = Consent(new_id(), user_id, subject, self._now())
            await db.execute(
                insert(consents).values(id=consent.id, user_id=user_id, subject=subject, granted_at=consent.granted_at)
            )
            return consent

    async def revoke(self, user_id: UUID, subject: Subject) -> None:
        """End all live consents to `subject`; the rows stay as evidence.

        Revoking transcripts or history also forgets the texts that were kept under it.
        """
        async with self._database.session(user_id) as db:
            await db.execute(
                update(consents)
                .where(consents.c.user_id == user_id, consents.c.subject == subject, consents.c.revoked_at.is_(None))
                .values(revoked_at=self._now())
            )
            if subject in ("transcripts", "history"):
                sessions, turns = conversation_sessions, conversation_turns
                await db.execute(update(sessions).where(sessions.c.user_id == user_id).values(keep_transcripts=False))
                await db.execute(
                    update(turns)
                    .where(turns.c.user_id == user_id)
                    .values(user_transcript=None, llm_response=None, sources=[])
                )

    async def of(self, user_id: UUID) -> tuple[Consent, ...]:
        """All records of the user, oldest first, live and revoked."""
        async with self._database.session(user_id) as db:
            return await self._read(db, user_id)

    async def _read(self, db: AsyncSession, user_id: UUID) -> tuple[Consent, ...]:
        rows = await db.execute(select(consents).where(consents.c.user_id == user_id).order_by(consents.c.granted_at))
        return tuple(Consent(row.id, row.user_id, row.subject, row.granted_at, row.revoked_at) for row in rows)
