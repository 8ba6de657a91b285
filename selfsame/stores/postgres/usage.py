"""Counting what a user's clones did, by functions of the database that count across users and show no row."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text

from selfsame.clones.usage import Made, Talked, Tokens, Turns, Usage
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.tables import clones

_TALKED = text("SELECT * FROM usage_of_conversations(:since) ORDER BY day, clone_id")
_TURNS = text("SELECT * FROM usage_of_turns(:since) ORDER BY day, clone_id, model")
_MADE = text("SELECT * FROM usage_of_clips(:since) ORDER BY day, clone_id")


class PostgresUsage:
    """`UsageStore` on Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def since(self, owner: UUID, since: datetime) -> Usage:
        """The counts by day and clone."""
        when = {"since": since}
        async with self._database.session(owner) as db:
            theirs = await db.execute(select(clones.c.id, clones.c.slug).where(clones.c.user_id == owner))
            names = {row.id: row.slug for row in theirs}
            talked = [Talked(r.day, r.clone_id, r.conversations, r.minutes) for r in await db.execute(_TALKED, when)]
            turns = [
                Turns(
                    r.day,
                    r.clone_id,
                    r.model,
                    r.turns,
                    r.heard_ms / 1000,
                    r.spoken_ms / 1000,
                    Tokens(r.prompt_tokens, r.reply_tokens, r.estimated, r.uncounted, r.uncounted_ms / 1000),
                )
                for r in await db.execute(_TURNS, when)
            ]
            made = [Made(r.day, r.clone_id, r.clips) for r in await db.execute(_MADE, when)]
        return Usage(since, names, talked, turns, made)
