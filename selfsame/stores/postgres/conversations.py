"""Conversations in Postgres: sessions, turns, lapse and retention."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, func, literal, or_, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.clones.consent import TRANSCRIPT_RETENTION_DAYS
from selfsame.conversation.port import SessionRecord
from selfsame.errors import NotFound
from selfsame.events.turns import Source, TurnMetrics, TurnRecord
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.tables import clones, consents
from selfsame.stores.postgres.tables import conversation_sessions as sessions
from selfsame.stores.postgres.tables import conversation_turns as turns

IDLE = timedelta(hours=1)
"""A session without activity for this long has lapsed (CONV-20)."""


@dataclass(frozen=True, slots=True)
class SessionSummary:
    """A line of a user's list of conversations. Times are UTC; `average_latency_ms` is over the committed turns."""

    id: UUID
    clone_id: UUID
    state: str
    started_at: datetime
    ended_at: datetime | None
    total_turns: int
    average_latency_ms: float | None


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did: sessions that lapsed, turns whose texts were forgotten."""

    lapsed: int
    forgotten: int


class PostgresConversations:
    """`ConversationStore` on Postgres. `now` gives the date and time in UTC."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def open(self, session: SessionRecord) -> SessionRecord:
        """Create, or restore with turns; see the port. Also NotFound when the clone is not theirs to meet.

        `keep_transcripts` on a session that exists can be raised here, never lowered (`keep_transcripts()` does both).
        """
        now = self._now()
        async with self._database.session(session.user_id) as db:
            if await _create(db, session, now):
                return session
            revived = (
                update(sessions)
                .where(
                    sessions.c.id == session.id,
                    sessions.c.user_id == session.user_id,
                    sessions.c.ended_at.is_(None),
                    sessions.c.last_activity_at > now - IDLE,
                )
                .values(
                    last_activity_at=now,
                    keep_transcripts=or_(sessions.c.keep_transcripts, literal(session.keep_transcripts)),
                )
                .returning(sessions)
            )
            row = (await db.execute(revived)).one_or_none()
            if row is None:
                raise NotFound("there is no such conversation")
            kept = await db.execute(
                select(turns).where(turns.c.session_id == row.id, turns.c.user_id == row.user_id).order_by(turns.c.turn)
            )
            return _session(row, tuple(_turn(each) for each in kept))

    async def commit(self, session_id: UUID, user_id: UUID, turn: TurnRecord) -> bool:
        """Store a finished turn; durable when this returns. Raises NotFound when the session is not theirs.

        Texts are stored only when the session keeps transcripts or the user's consent to transcripts is live.
        """
        now = self._now()
        async with self._database.session(user_id) as db:
            keeps = await _keeps_texts(db, session_id, user_id)
            values = _columns(turn, keeps) | {
                "id": new_id(),
                "session_id": session_id,
                "user_id": user_id,
                "created_at": now,
            }
            stored = await db.execute(upsert(turns).values(values).on_conflict_do_nothing().returning(turns.c.id))
            if stored.first() is None:
                return False
            await db.execute(
                update(sessions)
                .where(sessions.c.id == session_id, sessions.c.user_id == user_id)
                .values(last_activity_at=now, total_turns=sessions.c.total_turns + 1)
            )
            return True

    async def close(self, session_id: UUID, user_id: UUID) -> None:
        """Mark the session as ended; harmless when it is, or is not theirs."""
        now = self._now()
        async with self._database.session(user_id) as db:
            await db.execute(
                update(sessions)
                .where(sessions.c.id == session_id, sessions.c.user_id == user_id, sessions.c.ended_at.is_(None))
                .values(ended_at=now, last_activity_at=now, state="ended")
            )

    async def keep_transcripts(self, session_id: UUID, user_id: UUID, keep: bool) -> None:
        """Change, in mid-conversation, whether texts of later turns are stored. Raises NotFound."""
        async with self._database.session(user_id) as db:
            changed = await db.execute(
                update(sessions)
                .where(sessions.c.id == session_id, sessions.c.user_id == user_id)
                .values(keep_transcripts=keep)
                .returning(sessions.c.id)
            )
            if changed.first() is None:
                raise NotFound("there is no such conversation")

    async def question(self, user_id: UUID, session_id: UUID, number: int) -> tuple[UUID, str]:
        """The clone that was asked in a turn of the user's own conversation, and what. Raises NotFound without text."""
        query = (
            select(sessions.c.clone_id, turns.c.user_transcript)
            .join(turns, and_(turns.c.session_id == sessions.c.id, turns.c.user_id == sessions.c.user_id))
            .where(sessions.c.id == session_id, sessions.c.user_id == user_id, turns.c.turn == number)
        )
        async with self._database.session(user_id) as db:
            row = (await db.execute(query)).one_or_none()
        if row is None or not row.user_transcript:
            raise NotFound("no question of yours was kept there; give the question's text instead")
        return row.clone_id, row.user_transcript

    async def history(self, user_id: UUID, limit: int = 50) -> list[SessionSummary]:
        """This user's conversations, newest first."""
        latency = func.avg(turns.c.total_latency_ms).filter(turns.c.total_latency_ms > 0)
        query = (
            select(sessions, latency.label("latency"))
            .outerjoin(turns, and_(turns.c.session_id == sessions.c.id, turns.c.user_id == user_id))
            .where(sessions.c.user_id == user_id)
            .group_by(sessions.c.id)
            .order_by(sessions.c.started_at.desc())
            .limit(limit)
        )
        async with self._database.session(user_id) as db:
            return [
                SessionSummary(
                    row.id, row.clone_id, row.state, row.started_at, row.ended_at, row.total_turns, row.latency
                )
                for row in await db.execute(query)
            ]

    async def forget(self, session_id: UUID, user_id: UUID) -> None:
        """Delete a conversation with all its turns (PRIV-02, PRIV-03). Raises NotFound."""
        async with self._database.session(user_id) as db:
            gone = await db.execute(
                delete(sessions)
                .where(sessions.c.id == session_id, sessions.c.user_id == user_id)
                .returning(sessions.c.id)
            )
            if gone.first() is None:
                raise NotFound("there is no such conversation")

    async def sweep(self) -> Swept:
        """End sessions that lapsed, and forget texts after 90 days. To be run at least hourly (CONV-20, PRIV-02)."""
        now = self._now()
        async with self._database.keeper() as db:
            lapsed = await db.execute(
                update(sessions)
                .where(sessions.c.ended_at.is_(None), sessions.c.last_activity_at <= now - IDLE)
                .values(ended_at=sessions.c.last_activity_at, state="lapsed")
                .returning(sessions.c.id)
            )
            forgotten = await db.execute(
                update(turns)
                .where(
                    turns.c.created_at <= now - timedelta(days=TRANSCRIPT_RETENTION_DAYS),
                    or_(turns.c.user_transcript.is_not(None), turns.c.llm_response.is_not(None)),
                )
                .values(user_transcript=None, llm_response=None, sources=[])
                .returning(turns.c.id)
            )
            return Swept(len(lapsed.all()), len(forgotten.all()))


async def _create(db: AsyncSession, session: SessionRecord, now: datetime) -> bool:
    """Insert the session unless its id is there. Raises NotFound when the clone may not be met."""
    met = select(clones.c.id).where(
        clones.c.id == session.clone_id, or_(clones.c.user_id == session.user_id, clones.c.public == true())
    )
    if (await db.execute(met)).first() is None:
        raise NotFound("there is no such clone")
    values = {
        "id": session.id,
        "user_id": session.user_id,
        "clone_id": session.clone_id,
        "language": session.language,
        "mode": session.mode,
        "keep_transcripts": session.keep_transcripts,
        "started_at": now,
        "last_activity_at": now,
    }
    made = await db.execute(upsert(sessions).values(values).on_conflict_do_nothing().returning(sessions.c.id))
    return made.first() is not None


async def _keeps_texts(db: AsyncSession, session_id: UUID, user_id: UUID) -> bool:
    agreed = (
        select(consents.c.id)
        .where(consents.c.user_id == user_id, consents.c.subject == "transcripts", consents.c.revoked_at.is_(None))
        .exists()
    )
    found = await db.execute(
        select(or_(sessions.c.keep_transcripts, agreed)).where(
            sessions.c.id == session_id, sessions.c.user_id == user_id
        )
    )
    row = found.one_or_none()
    if row is None:
        raise NotFound("there is no such conversation")
    return bool(row[0])


def _columns(turn: TurnRecord, keeps_texts: bool) -> dict[str, Any]:
    """A turn as column values; without consent neither its texts nor the excerpts of its sources."""
    measures = turn.metrics
    return {
        "turn": turn.turn,
        "message_id": turn.message_id,
        "user_transcript": turn.user if keeps_texts else None,
        "llm_response": turn.clone if keeps_texts else None,
        "language": turn.language,
        "interrupted": turn.interrupted,
        "transcript_confidence": turn.confidence,
        "user_audio_ms": turn.user_audio_ms,
        "response_audio_ms": turn.reply_audio_ms,
        "heard_ms": turn.heard_ms,
        "asr_latency_ms": measures.asr,
        "endpointing_ms": measures.endpointing,
        "rag_latency_ms": measures.rag,
        "llm_latency_ms": measures.llm,
        "tts_latency_ms": measures.tts,
        "total_latency_ms": measures.total,
        "asr_cost": turn.costs.asr,
        "llm_cost": turn.costs.llm,
        "tts_cost": turn.costs.tts,
        "total_cost": turn.costs.total,
        "model": measures.model,
        "speculated": measures.speculated,
        "prompt_tokens": measures.prompt_tokens,
        "reply_tokens": measures.reply_tokens,
        "tokens_estimated": measures.tokens_estimated,
        "sources": [_source(source, keeps_texts) for source in turn.sources],
    }


def _source(source: Source, keeps_texts: bool) -> Mapping[str, Any]:
    fields = asdict(source)
    return fields if keeps_texts else fields | {"excerpt": ""}


def _turn(row: Row[Any]) -> TurnRecord:
    measures = TurnMetrics(
        total=row.total_latency_ms,
        asr=row.asr_latency_ms,
        endpointing=row.endpointing_ms,
        rag=row.rag_latency_ms,
        llm=row.llm_latency_ms,
        tts=row.tts_latency_ms,
        model=row.model,
        speculated=row.speculated,
        prompt_tokens=row.prompt_tokens or 0,
        reply_tokens=row.reply_tokens or 0,
        tokens_estimated=row.tokens_estimated,
    )
    return TurnRecord(
        turn=row.turn,
        message_id=row.message_id,
        user=row.user_transcript,
        clone=row.llm_response,
        language=row.language,
        interrupted=row.interrupted,
        confidence=row.transcript_confidence,
        user_audio_ms=row.user_audio_ms,
        reply_audio_ms=row.response_audio_ms,
        heard_ms=row.heard_ms,
        metrics=measures,
        sources=tuple(Source(**source) for source in row.sources),
    )


def _session(row: Row[Any], kept: tuple[TurnRecord, ...]) -> SessionRecord:
    return SessionRecord(
        id=row.id,
        user_id=row.user_id,
        clone_id=row.clone_id,
        language=row.language,
        mode=row.mode,
        keep_transcripts=row.keep_transcripts,
        next_turn=kept[-1].turn + 1 if kept else 1,
        turns=kept,
    )
