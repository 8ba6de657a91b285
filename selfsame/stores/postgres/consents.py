"""Consents in Postgres: rows are granted and revoked, never rewritten; they are the evidence (G-18)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.clones.consent import PRINT, Consent, Subject, check_grant
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.jobs import cancel_for
from selfsame.stores.postgres.reports import forget_copies
from selfsame.stores.postgres.tables import clones, consents, conversation_sessions, conversation_turns
from selfsame.stores.postgres.work_tables import clips, face_models, voice_models


class PostgresConsents:
    """What a user agreed to, and when."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def grant(self, user_id: UUID, subject: Subject, evidence: Mapping[str, Any] | None = None) -> Consent:
        """Record a consent; the live one is returned when there is one.

        With `evidence` (it was spoken) the new one takes the place of a live one. Raises BadInput for a voice without.
        """
        check_grant(subject, evidence)
        async with self._database.session(user_id) as db:
            for known in await self._read(db, user_id):
                if known.subject == subject and known.revoked_at is None and evidence is None:
                    return known
            await db.execute(_end(user_id, subject, self._now()))
            consent = Consent(new_id(), user_id, subject, self._now(), None, dict(evidence) if evidence else None)
            fields = {"id": consent.id, "user_id": user_id, "subject": subject, "granted_at": consent.granted_at}
            await db.execute(insert(consents).values(**fields, evidence=consent.evidence))
            return consent

    async def revoke(self, user_id: UUID, subject: Subject) -> None:
        """End all live consents to `subject`; the rows stay as evidence.

        In the same moment, revoking transcripts or history forgets the texts that were kept under it; revoking face or
        voice stops the jobs that need it and forgets what was made of them: face models, voice models, and the clips
        that anybody had made of the user's clones. Files follow by jobs that the database orders in the same
        transaction. What is fictional stays.
        """
        # The keeper, because clips of the user's clones belong to whoever asked for them.
        async with self._database.keeper() as db:
            await db.execute(_end(user_id, subject, self._now()))
            if subject in ("transcripts", "history"):
                sessions, turns = conversation_sessions, conversation_turns
                await db.execute(update(sessions).where(sessions.c.user_id == user_id).values(keep_transcripts=False))
                await db.execute(
                    update(turns)
                    .where(turns.c.user_id == user_id)
                    .values(user_transcript=None, llm_response=None, sources=[])
                )
                await forget_copies(db, user_id)
            if subject in ("face", "voice"):
                await cancel_for(db, user_id, subject)
                await _forget_likeness(db, user_id, subject)

    async def of(self, user_id: UUID) -> tuple[Consent, ...]:
        """All records of the user, oldest first, live and revoked."""
        async with self._database.session(user_id) as db:
            return await self._read(db, user_id)

    async def _read(self, db: AsyncSession, user_id: UUID) -> tuple[Consent, ...]:
        rows = await db.execute(select(consents).where(consents.c.user_id == user_id).order_by(consents.c.granted_at))
        return tuple(
            Consent(row.id, row.user_id, row.subject, row.granted_at, row.revoked_at, row.evidence) for row in rows
        )


def _end(user_id: UUID, subject: Subject, now: datetime) -> Any:
    """End the live consents to a subject; of their evidence the numbers of the voice go."""
    return (
        update(consents)
        .where(consents.c.user_id == user_id, consents.c.subject == subject, consents.c.revoked_at.is_(None))
        .values(revoked_at=now, evidence=consents.c.evidence.op("-")(PRINT))
    )


async def _forget_likeness(db: AsyncSession, user_id: UUID, subject: Subject) -> None:
    """Delete what shows the user's face or carries their voice; clones that had no face but nobody's keep theirs."""
    mine = select(clones.c.id).where(clones.c.user_id == user_id)
    faces = select(face_models.c.clone_id).where(face_models.c.user_id == user_id)
    nobodys = faces.where(face_models.c.fictional).except_(faces.where(~face_models.c.fictional))
    await db.execute(delete(clips).where(clips.c.clone_id.in_(mine), clips.c.clone_id.not_in(nobodys)))
    if subject == "face":
        await db.execute(delete(face_models).where(face_models.c.user_id == user_id, ~face_models.c.fictional))
    else:
        await db.execute(delete(voice_models).where(voice_models.c.user_id == user_id))
