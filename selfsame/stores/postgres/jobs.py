"""Jobs in Postgres, as their owners see them; `job_desk.py` is the workers' side."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, RowMapping, text
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.errors import ConsentMissing, NotFound
from selfsame.jobs.bell import Bell
from selfsame.jobs.job import Job, JobOrder, checked, key_of_again, may_go_again
from selfsame.stores.postgres.database import Database

Now = Callable[[], datetime]

AT = "coalesce(CAST(:now AS timestamptz), statement_timestamp())"
"""The present moment: the database's own clock, the same for all machines, unless a test gives another."""

_INSERT = text(f"""
INSERT INTO jobs (user_id, kind, args, idempotency_key, consent, run_at, created_at)
VALUES (:user_id, :kind, CAST(:args AS jsonb), :key, :consent, {AT} + :delay * interval '1 second', {AT})
ON CONFLICT (user_id, kind, idempotency_key) DO NOTHING RETURNING *
""")
_KNOWN = text("SELECT * FROM jobs WHERE user_id = :user_id AND kind = :kind AND idempotency_key = :key")
_GET = text("SELECT * FROM jobs WHERE id = :id AND user_id = :user_id")
_OF = text("SELECT * FROM jobs WHERE user_id = :user_id ORDER BY created_at DESC, id LIMIT :limit")

_AGAIN = text(f"""
INSERT INTO jobs (user_id, kind, args, steps, idempotency_key, consent, run_at, created_at)
SELECT user_id, kind, args, steps, :key, consent, {AT}, {AT} FROM jobs
WHERE id = :id AND user_id = :user_id AND state = 'failed' AND (consent IS NULL OR EXISTS (
    SELECT FROM consents c WHERE c.user_id = jobs.user_id AND c.subject = jobs.consent AND c.revoked_at IS NULL
))
ON CONFLICT (user_id, kind, idempotency_key) DO NOTHING RETURNING *
""")

_STOP = f"""
UPDATE jobs SET
    cancel_requested = true,
    state = CASE WHEN state = 'pending' THEN 'cancelled' ELSE state END,
    finished_at = CASE WHEN state = 'pending' THEN {AT} END
WHERE user_id = :user_id AND state IN ('pending', 'running')
"""
_CANCEL = text(_STOP + " AND id = :id")
_CANCEL_FOR = text(_STOP + " AND consent = :consent")


class PostgresJobs:
    """`JobQueue` on Postgres. `bell` wakes workers of this process; workers elsewhere look every second.

    `now` gives the time in UTC for tests; without it the database's clock counts.
    """

    def __init__(self, database: Database, *, bell: Bell | None = None, now: Now | None = None) -> None:
        self._database = database
        self._bell = bell or Bell()
        self._now = now

    async def enqueue(self, order: JobOrder) -> Job:
        """The new job, or the one that is there under the same key. Raises BadInput."""
        acting = self._database.keeper() if order.user_id is None else self._database.session(order.user_id)
        async with acting as db:
            job = await enqueue_in(db, order, self._now)
        self._bell.ring()
        return job

    async def get(self, job_id: UUID, user_id: UUID) -> Job:
        """The user's job. Raises NotFound."""
        async with self._database.session(user_id) as db:
            row = (await db.execute(_GET, {"id": job_id, "user_id": user_id})).mappings().one_or_none()
        if row is None:
            raise NotFound("there is no such job")
        return job_of(row)

    async def of(self, user_id: UUID, limit: int = 50) -> list[Job]:
        """The user's jobs, newest first."""
        async with self._database.session(user_id) as db:
            rows = (await db.execute(_OF, {"user_id": user_id, "limit": limit})).mappings()
            return [job_of(row) for row in rows]

    async def cancel(self, job_id: UUID, user_id: UUID) -> Job:
        """Cancelled at once when pending; asked to stop when running. Raises NotFound."""
        async with self._database.session(user_id) as db:
            asked = {"id": job_id, "user_id": user_id}
            await db.execute(_CANCEL, asked | {"now": self._now() if self._now else None})
            row = (await db.execute(_GET, asked)).mappings().one_or_none()
        if row is None:
            raise NotFound("there is no such job")
        return job_of(row)

    async def again(self, job_id: UUID, user_id: UUID) -> Job:
        """A new job that goes on where a failed one stopped; see the port."""
        asked = {"id": job_id, "user_id": user_id}
        key = key_of_again(job_id)
        async with self._database.session(user_id) as db:
            row = (await db.execute(_GET, asked)).mappings().one_or_none()
            if row is None:
                raise NotFound("there is no such job")
            failed = job_of(row)
            may_go_again(failed)
            values = asked | {"key": key, "now": self._now() if self._now else None}
            made = (await db.execute(_AGAIN, values)).mappings().one_or_none()
            if made is None:
                known = {"user_id": user_id, "kind": failed.kind, "key": key}
                made = (await db.execute(_KNOWN, known)).mappings().one_or_none()
        if made is None:
            raise ConsentMissing("the consent that this work needs has ended; give it anew, then order the work anew")
        self._bell.ring()
        return job_of(made)


async def enqueue_in(db: AsyncSession, order: JobOrder, now: Now | None = None) -> Job:
    """Order a job inside the caller's transaction: it is there exactly when that commits. Raises BadInput.

    `db` acts for the order's user, or is the keeper's.
    """
    checked(order)
    values: dict[str, Any] = {
        "user_id": order.user_id,
        "kind": order.kind.name,
        "args": _written(order),
        "key": order.key,
        "consent": order.kind.consent,
        "delay": order.delay,
        "now": now() if now else None,
    }
    row = (await db.execute(_INSERT, values)).mappings().one_or_none()
    if row is None:
        known = {name: values[name] for name in ("user_id", "kind", "key")}
        row = (await db.execute(_KNOWN, known)).mappings().one()
    return job_of(row)


async def cancel_for(db: AsyncSession, user_id: UUID, consent: str) -> None:
    """Stop all unfinished jobs of the user that need a consent which is being revoked, in the same transaction."""
    await db.execute(_CANCEL_FOR, {"user_id": user_id, "consent": consent, "now": None})


def job_of(row: RowMapping | Row[Any]) -> Job:
    """A row as a job."""
    fields: Any = row if isinstance(row, RowMapping) else row._mapping
    names = Job.__dataclass_fields__
    return Job(**{name: fields[name] for name in names})


def _written(order: JobOrder) -> str:
    return json.dumps(dict(order.args))
