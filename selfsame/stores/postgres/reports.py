"""Reports and ratings in Postgres.

The sender's conversation is looked up as the sender; what is kept belongs to the owner of the clone, and is written as
theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.clones.reports import (
    KEPT_DAYS,
    LONGEST_ANSWER,
    LONGEST_QUESTION,
    LONGEST_WORDS,
    MOST_REPORTS,
    Complaint,
    Rating,
    Report,
    Status,
    one_line,
)
from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.stores.postgres.account_tables import answer_reports as reports
from selfsame.stores.postgres.account_tables import conversation_ratings as ratings
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.tables import clones
from selfsame.stores.postgres.tables import conversation_sessions as sessions
from selfsame.stores.postgres.tables import conversation_turns as turns

GONE = "there is no such conversation of yours"


@dataclass(frozen=True, slots=True)
class _Met:
    """Whose clone a conversation was with, and what was said in the turn, as far as it was kept."""

    owner: UUID
    clone: UUID
    question: str | None = None
    answer: str | None = None


class PostgresReports:
    """`ReportStore` on Postgres."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def report(self, sender: UUID, complaint: Complaint) -> UUID:
        """Keep a report; see the port. Raises NotFound."""
        met = await self._met(sender, complaint.session_id, complaint.turn)
        sent = (one_line(complaint.question, LONGEST_QUESTION), one_line(complaint.answer, LONGEST_ANSWER))
        copied = sent == (None, None) and (met.question, met.answer) != (None, None)
        question, answer = (met.question, met.answer) if copied else sent
        said = {
            "reason": complaint.reason,
            "words": one_line(complaint.words, LONGEST_WORDS) or "",
            "question": one_line(question, LONGEST_QUESTION),
            "answer": one_line(answer, LONGEST_ANSWER),
            "copied": copied,
            "status": "open",
            "note": "",
            "created_at": self._now(),
            "resolved_at": None,
        }
        whose = {"user_id": met.owner, "clone_id": met.clone, "reporter_id": sender}
        which = {"id": new_id(), "session_id": complaint.session_id, "turn": complaint.turn}
        same = [reports.c.session_id, reports.c.turn, reports.c.reporter_id]
        kept = upsert(reports).values(**which, **whose, **said).on_conflict_do_update(index_elements=same, set_=said)
        async with self._database.session(met.owner) as db:
            key = (await db.execute(kept.returning(reports.c.id))).scalar_one()
            mine = (reports.c.user_id == met.owner) & (reports.c.clone_id == met.clone)
            latest = select(reports.c.id).where(mine).order_by(reports.c.created_at.desc(), reports.c.id)
            await db.execute(delete(reports).where(mine, reports.c.id.in_(latest.offset(MOST_REPORTS))))
            return key

    async def reports(self, owner: UUID, status: Status | None = None, limit: int = 200) -> list[Report]:
        """Reports of the owner's clones, newest first."""
        query = select(reports).where(reports.c.user_id == owner)
        if status is not None:
            query = query.where(reports.c.status == status)
        async with self._database.session(owner) as db:
            found = await db.execute(query.order_by(reports.c.created_at.desc(), reports.c.id).limit(limit))
            return [_report(row) for row in found]

    async def resolve(self, owner: UUID, report_id: UUID, note: str = "") -> Report:
        """Mark a report as dealt with. Raises NotFound."""
        done = {"status": "resolved", "note": one_line(note, LONGEST_WORDS) or "", "resolved_at": self._now()}
        mine = (reports.c.id == report_id) & (reports.c.user_id == owner)
        async with self._database.session(owner) as db:
            row = (await db.execute(update(reports).where(mine).values(done).returning(reports))).one_or_none()
        if row is None:
            raise NotFound("there is no such report")
        return _report(row)

    async def rate(self, sender: UUID, session_id: UUID, rating: int, words: str = "") -> UUID:
        """Keep a rating; see the port. Raises NotFound."""
        met = await self._met(sender, session_id)
        said = {"rating": rating, "words": one_line(words, LONGEST_WORDS) or "", "created_at": self._now()}
        whose = {"user_id": met.owner, "clone_id": met.clone, "rater_id": sender, "session_id": session_id}
        same = [ratings.c.session_id, ratings.c.rater_id]
        kept = upsert(ratings).values(id=new_id(), **whose, **said)
        async with self._database.session(met.owner) as db:
            done = await db.execute(kept.on_conflict_do_update(index_elements=same, set_=said).returning(ratings.c.id))
            return done.scalar_one()

    async def ratings(self, owner: UUID, limit: int = 200) -> list[Rating]:
        """Ratings of the owner's clones, newest first."""
        query = select(ratings).where(ratings.c.user_id == owner)
        async with self._database.session(owner) as db:
            found = await db.execute(query.order_by(ratings.c.created_at.desc(), ratings.c.id).limit(limit))
            return [Rating(r.id, r.clone_id, r.session_id, r.rating, r.words, r.created_at) for r in found]

    async def sweep(self) -> int:
        """Forget what is old."""
        old = self._now() - timedelta(days=KEPT_DAYS)
        async with self._database.keeper() as db:
            first = await db.execute(delete(reports).where(reports.c.created_at <= old).returning(reports.c.id))
            second = await db.execute(delete(ratings).where(ratings.c.created_at <= old).returning(ratings.c.id))
            return len(first.all()) + len(second.all())

    async def _met(self, sender: UUID, session_id: UUID, turn: int | None = None) -> _Met:
        """The sender's own conversation. Raises NotFound."""
        said = and_(turns.c.session_id == sessions.c.id, turns.c.user_id == sender, turns.c.turn == turn)
        query = (
            select(sessions.c.clone_id, clones.c.user_id, turns.c.user_transcript, turns.c.llm_response)
            .join(clones, and_(clones.c.id == sessions.c.clone_id, or_(clones.c.public, clones.c.user_id == sender)))
            .outerjoin(turns, said)
            .where(sessions.c.id == session_id, sessions.c.user_id == sender)
        )
        async with self._database.session(sender) as db:
            row = (await db.execute(query)).one_or_none()
        if row is None:
            raise NotFound(GONE)
        return _Met(row.user_id, row.clone_id, row.user_transcript, row.llm_response)


async def forget_copies(db: AsyncSession, sender: UUID) -> None:
    """Forget what reports copied from the sender's conversations: their transcripts may no longer be kept."""
    copied = (reports.c.reporter_id == sender) & reports.c.copied
    await db.execute(update(reports).where(copied).values(question=None, answer=None))


async def move_sent(db: AsyncSession, visitor: UUID, account: UUID) -> None:
    """What a visitor sent becomes the account's."""
    await db.execute(update(reports).where(reports.c.reporter_id == visitor).values(reporter_id=account))
    await db.execute(update(ratings).where(ratings.c.rater_id == visitor).values(rater_id=account))


def _report(row: Row[Any]) -> Report:
    return Report(
        id=row.id,
        clone_id=row.clone_id,
        session_id=row.session_id,
        turn=row.turn,
        reason=row.reason,
        words=row.words,
        question=row.question,
        answer=row.answer,
        status=row.status,
        note=row.note,
        created_at=row.created_at,
        resolved_at=row.resolved_at,
    )
