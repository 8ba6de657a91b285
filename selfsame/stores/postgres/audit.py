"""The audit log in Postgres."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, Select, and_, delete, insert, or_, select
from sqlalchemy.exc import IntegrityError

from selfsame.clones.audit import AUDIT_DAYS, Cursor, Entry, Logged
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.stores.postgres.account_tables import audit_log
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.tables import users

log = structlog.get_logger(__name__)


class PostgresAudit:
    """`AuditLog` on Postgres. The app's role may add and read, not change or delete."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def write(self, entry: Entry) -> None:
        """Add an entry. One whose user is gone is dropped."""
        values = {
            "id": new_id(),
            "user_id": entry.user_id,
            "created_at": self._now(),
            "action": entry.action[:50],
            "resource": entry.resource.replace("\0", "")[:200],
            "result": entry.result,
            "ip_address": entry.ip_address.replace("\0", "")[:64],
            "user_agent": entry.user_agent.replace("\0", "")[:300],
            "details": dict(entry.details),
        }
        try:
            async with self._database.session(entry.user_id) as db:
                await db.execute(insert(audit_log).values(values))
        except IntegrityError:
            log.info("nobody is there any more to log for", action=entry.action)

    async def read(self, user_id: UUID, limit: int = 200, action: str | None = None) -> list[Logged]:
        """The user's entries, newest first."""
        query = select(audit_log).where(audit_log.c.user_id == user_id)
        if action is not None:
            query = query.where(audit_log.c.action == action)
        async with self._database.session(user_id) as db:
            return [_told(row) for row in await db.execute(_newest(query, limit, None))]

    async def page(self, user_id: UUID, limit: int, after: Cursor | None = None) -> list[Logged]:
        """The user's entries, newest first, from after a place on."""
        mine = select(audit_log).where(audit_log.c.user_id == user_id)
        async with self._database.session(user_id) as db:
            return [_told(row) for row in await db.execute(_newest(mine, limit, after))]

    async def users(self) -> list[UUID]:
        """All users. The keeper may not read the log itself: that is done for each of them in turn."""
        async with self._database.keeper() as db:
            return list((await db.execute(select(users.c.id).order_by(users.c.id))).scalars())

    async def sweep(self) -> int:
        """Forget what is older than 90 days (AUDL-03)."""
        old = self._now() - timedelta(days=AUDIT_DAYS)
        async with self._database.keeper() as db:
            gone = await db.execute(delete(audit_log).where(audit_log.c.created_at <= old).returning(audit_log.c.id))
            return len(gone.all())


def _newest(query: Select[Any], limit: int, after: Cursor | None) -> Select[Any]:
    if after is not None:
        same = and_(audit_log.c.created_at == after.at, audit_log.c.id > after.id)
        query = query.where(or_(audit_log.c.created_at < after.at, same))
    return query.order_by(audit_log.c.created_at.desc(), audit_log.c.id).limit(limit)


def _told(row: Row[Any]) -> Logged:
    about = (row.action, row.resource, row.result, row.ip_address, row.user_agent, row.details)
    return Logged(row.id, row.created_at, Entry(row.user_id, *about))
