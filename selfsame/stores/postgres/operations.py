"""What whoever runs the server may know of all conversations: measures and costs, never a word of what was said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, text

from selfsame.conversation.costs import DayCosts
from selfsame.events.turns import TurnCosts, TurnMetrics, TurnRecord
from selfsame.kit.clock import wall
from selfsame.stores.postgres.database import Database

MOST_TURNS = 20_000
"""Turns that are read again after a restart; of a busier day, the newest."""

_TURNS = text("""
SELECT created_at, turn, language, interrupted, transcript_confidence, user_audio_ms, response_audio_ms, heard_ms,
    asr_latency_ms, endpointing_ms, rag_latency_ms, llm_latency_ms, tts_latency_ms, total_latency_ms, model, speculated,
    asr_cost, llm_cost, tts_cost, total_cost
FROM conversation_turns WHERE created_at > :since ORDER BY created_at DESC LIMIT :limit
""")
_COSTS = text("""
SELECT CAST(created_at AT TIME ZONE 'UTC' AS date) AS day, model, count(*) AS turns,
    sum(user_audio_ms + heard_ms) / 1000 AS seconds, sum(asr_cost) AS asr, sum(llm_cost) AS llm, sum(tts_cost) AS tts,
    sum(total_cost - asr_cost - llm_cost - tts_cost) AS rest
FROM conversation_turns WHERE created_at >= :since GROUP BY day, model ORDER BY day, model
""")
_NEWCOMERS = text("""
SELECT count(*) FILTER (WHERE created_at > :day) AS lately, count(*) FILTER (WHERE created_at <= :day) AS before
FROM users WHERE created_at > :week
""")


class PostgresOperations:
    """Reads across users, as the keeper. `now` gives the date and time in UTC."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def turns(self, seconds: float) -> list[tuple[datetime, TurnRecord]]:
        """The turns of the last `seconds` with their measures and without their texts, oldest first.

        Of their costs, lip-sync and storage are among `network`.
        """
        since = self._now() - timedelta(seconds=seconds)
        async with self._database.keeper() as db:
            rows = (await db.execute(_TURNS, {"since": since, "limit": MOST_TURNS})).all()
        return [(row.created_at, _measured(row)) for row in reversed(rows)]

    async def costs(self, days: int) -> list[DayCosts]:
        """By day and by who answered: today and the `days` before it."""
        midnight = self._now().replace(hour=0, minute=0, second=0, microsecond=0)
        async with self._database.keeper() as db:
            rows = await db.execute(_COSTS, {"since": midnight - timedelta(days=days)})
            return [DayCosts(row.day, row.model, row.turns, *(float(value) for value in row[3:])) for row in rows]

    async def newcomers(self) -> tuple[int, float]:
        """Users who are new since this time yesterday, and the mean of the seven days before."""
        now = self._now()
        day, week = now - timedelta(days=1), now - timedelta(days=8)
        async with self._database.keeper() as db:
            row = (await db.execute(_NEWCOMERS, {"day": day, "week": week})).one()
        return row.lately, row.before / 7


def _measured(row: Row[Any]) -> TurnRecord:
    return TurnRecord(
        turn=row.turn,
        message_id=None,
        user=None,
        clone=None,
        language=row.language,
        interrupted=row.interrupted,
        confidence=row.transcript_confidence,
        user_audio_ms=row.user_audio_ms,
        reply_audio_ms=row.response_audio_ms,
        heard_ms=row.heard_ms,
        metrics=TurnMetrics(
            total=row.total_latency_ms,
            asr=row.asr_latency_ms,
            endpointing=row.endpointing_ms,
            rag=row.rag_latency_ms,
            llm=row.llm_latency_ms,
            tts=row.tts_latency_ms,
            model=row.model,
            speculated=row.speculated,
        ),
        costs=TurnCosts(
            float(row.asr_cost),
            float(row.llm_cost),
            float(row.tts_cost),
            network=float(row.total_cost - row.asr_cost - row.llm_cost - row.tts_cost),
        ),
    )
