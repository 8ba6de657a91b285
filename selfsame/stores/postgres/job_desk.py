"""The workers' side of the queue in Postgres: claims with limits, leases, the memo of steps, counts."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict
from typing import Any

from sqlalchemy import text

from selfsame.jobs.job import GIVEN_UP, Job, JobKind, Outcome
from selfsame.jobs.port import Claim, KindCounts, Lost, Pulse, WorkerCard
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.jobs import AT, Now, job_of

ALIVE = 60
"""Seconds after which a silent worker is no longer listed."""
KEPT_DAYS = 30
"""Finished jobs are kept this long for their owners to see."""

# Limits hold only when claims come one after another, and the claim reads a snapshot that is taken after the lock:
# therefore the lock is a statement of its own.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(7355608002)")

_RULES = """
rules AS (SELECT * FROM jsonb_to_recordset(CAST(:rules AS jsonb))
    AS r (name text, max_running int, max_per_user int, max_attempts int))
"""
_END_LAPSED = text(f"""
WITH {_RULES}
UPDATE jobs SET
    state = CASE WHEN cancel_requested THEN 'cancelled' ELSE 'failed' END,
    error_code = CASE WHEN cancel_requested THEN NULL ELSE :code END,
    error_message = CASE WHEN cancel_requested THEN NULL ELSE :message END,
    lease_until = NULL, finished_at = {AT}
FROM rules WHERE rules.name = jobs.kind AND jobs.state = 'running' AND jobs.lease_until <= {AT}
    AND (jobs.cancel_requested OR jobs.tries >= rules.max_attempts)
""")
_CLAIM = text(f"""
WITH {_RULES},
busy AS (
    SELECT kind, user_id, count(*) AS n FROM jobs WHERE state = 'running' AND lease_until > {AT} GROUP BY kind, user_id
),
pick AS (
    SELECT j.id FROM jobs j JOIN rules ON rules.name = j.kind
    WHERE ((j.state = 'pending' AND j.run_at <= {AT}) OR (j.state = 'running' AND j.lease_until <= {AT}))
        AND (SELECT coalesce(sum(n), 0) FROM busy b WHERE b.kind = j.kind) < rules.max_running
        AND (j.user_id IS NULL OR (
            SELECT coalesce(sum(n), 0) FROM busy b WHERE b.kind = j.kind AND b.user_id = j.user_id
        ) < rules.max_per_user)
    ORDER BY j.run_at, j.created_at, j.id LIMIT 1 FOR UPDATE OF j SKIP LOCKED
)
UPDATE jobs SET state = 'running', attempt = attempt + 1, tries = tries + 1, worker = :worker,
    lease_until = {AT} + :lease * interval '1 second', started_at = coalesce(started_at, {AT}),
    error_code = NULL, error_message = NULL
FROM pick WHERE jobs.id = pick.id RETURNING jobs.*
""")
_RENEW = text(f"""
UPDATE jobs SET lease_until = {AT} + :lease * interval '1 second'
FROM jsonb_to_recordset(CAST(:held AS jsonb)) AS held (id uuid, attempt int)
WHERE jobs.id = held.id AND jobs.attempt = held.attempt AND worker = :worker AND state = 'running'
RETURNING jobs.id, cancel_requested
""")
_SHOW_WORKER = text(f"""
INSERT INTO job_workers (id, host, process, kinds, slots, running, started_at, seen_at)
VALUES (:id, :host, :process, CAST(:kinds AS jsonb), :slots, :running, {AT}, {AT})
ON CONFLICT (id) DO UPDATE SET running = excluded.running, seen_at = excluded.seen_at
""")
_OURS = "id = :id AND worker = :worker AND attempt = :attempt AND state = 'running'"
_REMEMBER = text(f"""
UPDATE jobs SET steps = steps || jsonb_build_object(CAST(:step AS text), CAST(:result AS jsonb)), tries = 1
WHERE {_OURS} RETURNING id
""")
_PROGRESS = text(f"""
UPDATE jobs SET progress = greatest(progress, :share), message = :message WHERE {_OURS} RETURNING id
""")
# A job that waits for another try although it is to be cancelled is cancelled.
_FINISH = text(f"""
UPDATE jobs SET
    state = CASE WHEN :state = 'pending' AND cancel_requested THEN 'cancelled' ELSE :state END,
    result = CAST(:result AS jsonb), error_code = :code, error_message = :message,
    progress = CASE WHEN :state = 'completed' THEN 1 ELSE progress END,
    tries = tries - :untried,
    run_at = CASE WHEN :state = 'pending' THEN {AT} + :delay * interval '1 second' ELSE run_at END,
    lease_until = NULL, worker = NULL,
    finished_at = CASE WHEN :state = 'pending' AND NOT cancel_requested THEN NULL ELSE {AT} END
WHERE {_OURS} RETURNING id
""")
_COUNTS = text(f"""
SELECT kind,
    count(*) FILTER (WHERE state = 'pending') AS pending,
    count(*) FILTER (WHERE state = 'running') AS running,
    count(*) FILTER (WHERE state = 'completed') AS completed,
    count(*) FILTER (WHERE state = 'failed') AS failed,
    count(*) FILTER (WHERE state = 'cancelled') AS cancelled,
    coalesce(extract(epoch FROM max({AT} - run_at) FILTER (WHERE state = 'pending' AND run_at <= {AT})), 0) AS oldest,
    coalesce(extract(epoch FROM avg(started_at - created_at) FILTER (WHERE recent)), 0) AS waited,
    coalesce(extract(epoch FROM avg(finished_at - started_at) FILTER (WHERE recent)), 0) AS ran
FROM (SELECT *, state = 'completed' AND finished_at > {AT} - interval '1 hour' AS recent FROM jobs) AS known
GROUP BY kind ORDER BY kind
""")
_WORKERS = text(f"SELECT * FROM job_workers WHERE seen_at > {AT} - :alive * interval '1 second' ORDER BY id")
_LATELY = text(f"""
(SELECT * FROM jobs WHERE state = 'running' ORDER BY created_at, id LIMIT :limit)
UNION ALL
(SELECT * FROM jobs WHERE state = 'failed' AND finished_at > {AT} - interval '1 day'
    ORDER BY finished_at DESC, id LIMIT :limit)
UNION ALL
(SELECT * FROM jobs WHERE state = 'pending' ORDER BY created_at, id LIMIT :limit)
""")
_SWEEP = text(f"DELETE FROM jobs WHERE finished_at <= {AT} - :days * interval '1 day' RETURNING id")
_SWEEP_WORKERS = text(f"DELETE FROM job_workers WHERE seen_at <= {AT} - interval '1 day'")


class PostgresJobDesk:
    """`JobDesk` and `JobWatch` on Postgres, as the keeper. `now` as in `PostgresJobs`."""

    def __init__(self, database: Database, *, now: Now | None = None) -> None:
        self._database = database
        self._now = now

    async def claim(self, worker: str, kinds: Collection[JobKind], lease: float) -> Claim | None:
        """The next job within the limits, or one to take over; see the port."""
        at = self._at(rules=json.dumps([asdict(kind) for kind in kinds]))
        async with self._database.keeper() as db:
            await db.execute(_ONE_AT_A_TIME)
            await db.execute(_END_LAPSED, at | {"code": GIVEN_UP.error_code, "message": GIVEN_UP.error_message})
            row = (await db.execute(_CLAIM, at | {"worker": worker, "lease": lease})).mappings().one_or_none()
        return None if row is None else Claim(job_of(row), worker, row["attempt"], row["tries"], row["steps"])

    async def beat(self, card: WorkerCard, held: Collection[Claim], lease: float) -> Pulse:
        """Say that the worker lives, and renew its leases; see the port."""
        holding = [{"id": str(claim.job.id), "attempt": claim.attempt} for claim in held]
        shown = asdict(card) | {"kinds": json.dumps(card.kinds)}
        shown.pop("seen_at")
        async with self._database.keeper() as db:
            await db.execute(_SHOW_WORKER, self._at(**shown))
            renewed = {}
            if holding:
                asked = self._at(held=json.dumps(holding), worker=card.id, lease=lease)
                renewed = {row.id: row.cancel_requested for row in await db.execute(_RENEW, asked)}
        return Pulse(
            frozenset(key for key, cancelled in renewed.items() if cancelled),
            frozenset(claim.job.id for claim in held if claim.job.id not in renewed),
        )

    async def remember(self, claim: Claim, step: str, result: Any) -> None:
        """Store a finished step. Raises Lost."""
        await self._change(_REMEMBER, claim, step=step, result=json.dumps(result))

    async def progress(self, claim: Claim, share: float, message: str) -> None:
        """Show how far it is. Raises Lost."""
        await self._change(_PROGRESS, claim, share=share, message=message)

    async def finish(self, claim: Claim, outcome: Outcome) -> bool:
        """Record how the attempt ended; False when the claim was lost."""
        values = {
            "state": outcome.state,
            "result": None if outcome.result is None else json.dumps(outcome.result),
            "code": outcome.error_code,
            "message": outcome.error_message,
            "delay": outcome.delay,
            "untried": int(outcome.released),
        }
        try:
            await self._change(_FINISH, claim, **self._at(**values))
        except Lost:
            return False
        return True

    async def counts(self) -> list[KindCounts]:
        """Depth and times by kind."""
        async with self._database.keeper() as db:
            return [
                KindCounts(*row[:6], oldest_wait_s=float(row[6]), mean_wait_s=float(row[7]), mean_run_s=float(row[8]))
                for row in await db.execute(_COUNTS, self._at())
            ]

    async def workers(self) -> list[WorkerCard]:
        """All workers that were seen within a minute."""
        async with self._database.keeper() as db:
            return [
                WorkerCard(row.id, row.host, row.process, tuple(row.kinds), row.slots, row.running, row.seen_at)
                for row in await db.execute(_WORKERS, self._at(alive=ALIVE))
            ]

    async def lately(self, limit: int = 50) -> list[Job]:
        """What runs, failed within a day, or waits; see the port."""
        async with self._database.keeper() as db:
            return [job_of(row) for row in (await db.execute(_LATELY, self._at(limit=limit))).mappings()]

    async def sweep(self) -> int:
        """Forget jobs that finished 30 days ago, and workers of yesterday; how many jobs. To be run now and then."""
        async with self._database.keeper() as db:
            gone = (await db.execute(_SWEEP, self._at(days=KEPT_DAYS))).all()
            await db.execute(_SWEEP_WORKERS, self._at())
            return len(gone)

    def _at(self, **values: Any) -> dict[str, Any]:
        return values | {"now": self._now() if self._now else None}

    async def _change(self, statement: Any, claim: Claim, **values: Any) -> None:
        ours = {"id": claim.job.id, "worker": claim.worker, "attempt": claim.attempt}
        async with self._database.keeper() as db:
            if (await db.execute(statement, values | ours)).first() is None:
                raise Lost
