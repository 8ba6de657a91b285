"""The job queue in memory, for tests and demonstrations: the same contract, but nothing survives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from selfsame.errors import NotFound
from selfsame.jobs.bell import Bell
from selfsame.jobs.job import (
    CANCELLED,
    FINISHED,
    GIVEN_UP,
    Job,
    JobKind,
    JobOrder,
    Outcome,
    checked,
    key_of_again,
    may_go_again,
)
from selfsame.jobs.port import Claim, KindCounts, Lost, Pulse, WorkerCard
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id


@dataclass(slots=True)
class _Kept:
    job: Job
    key: str | None
    run_at: datetime
    worker: str = ""
    lease_until: datetime | None = None
    tries: int = 0
    steps: dict[str, Any] = field(default_factory=dict)


class MemoryJobs:
    """`JobQueue`, `JobDesk` and `JobWatch` in memory. `now` gives the date and time in UTC."""

    def __init__(self, *, bell: Bell | None = None, now: Callable[[], datetime] = wall) -> None:
        self._bell = bell or Bell()
        self._now = now
        self._jobs: dict[UUID, _Kept] = {}
        self._cards: dict[str, WorkerCard] = {}

    async def enqueue(self, order: JobOrder) -> Job:
        """The new job, or the one that is there under the same key. Raises BadInput."""
        checked(order)
        for kept in self._jobs.values():
            same = (kept.job.user_id, kept.job.kind, kept.key) == (order.user_id, order.kind.name, order.key)
            if same and order.user_id is not None and order.key is not None:
                return kept.job
        now = self._now()
        job = Job(new_id(), order.user_id, order.kind.name, "pending", now, dict(order.args))
        self._jobs[job.id] = _Kept(job, order.key, now + timedelta(seconds=order.delay))
        self._bell.ring()
        return job

    async def get(self, job_id: UUID, user_id: UUID) -> Job:
        """The user's job. Raises NotFound."""
        return self._theirs(job_id, user_id).job

    async def of(self, user_id: UUID, limit: int = 50) -> list[Job]:
        """The user's jobs, newest first."""
        mine = [kept.job for kept in self._jobs.values() if kept.job.user_id == user_id]
        return sorted(mine, key=lambda job: job.created_at, reverse=True)[:limit]

    async def cancel(self, job_id: UUID, user_id: UUID) -> Job:
        """Cancelled at once when pending; asked to stop when running. Raises NotFound."""
        kept = self._theirs(job_id, user_id)
        if kept.job.state not in FINISHED:
            kept.job = replace(kept.job, cancel_requested=True)
        if kept.job.state == "pending":
            self._end(kept, CANCELLED)
        return kept.job

    async def again(self, job_id: UUID, user_id: UUID) -> Job:
        """A new job that goes on where a failed one stopped; see the port. Consents are not known here."""
        failed = self._theirs(job_id, user_id)
        may_go_again(failed.job)
        job = await self.enqueue(JobOrder(JobKind(failed.job.kind), user_id, failed.job.args, key=key_of_again(job_id)))
        kept = self._jobs[job.id]
        kept.steps = kept.steps or dict(failed.steps)
        return job

    async def claim(self, worker: str, kinds: Collection[JobKind], lease: float) -> Claim | None:
        """The next job within the limits, or one to take over; see the port."""
        now, rules = self._now(), {kind.name: kind for kind in kinds}
        lapsed = [kept for kept in self._jobs.values() if kept.lease_until and kept.lease_until <= now]
        for kept in lapsed:
            kind = rules.get(kept.job.kind)
            if kind and (kept.job.cancel_requested or kept.tries >= kind.max_attempts):
                self._end(kept, CANCELLED if kept.job.cancel_requested else GIVEN_UP)
        for kept in sorted(self._jobs.values(), key=lambda each: (each.run_at, each.job.created_at)):
            if kept.job.kind in rules and self._is_free(kept, rules[kept.job.kind], now):
                kept.worker, kept.lease_until, kept.tries = worker, now + timedelta(seconds=lease), kept.tries + 1
                kept.job = replace(
                    kept.job,
                    state="running",
                    attempt=kept.job.attempt + 1,
                    started_at=kept.job.started_at or now,
                    error_code=None,
                    error_message=None,
                )
                return Claim(kept.job, worker, kept.job.attempt, kept.tries, dict(kept.steps))
        return None

    async def beat(self, card: WorkerCard, held: Collection[Claim], lease: float) -> Pulse:
        """Say that the worker lives, and renew its leases; see the port."""
        self._cards[card.id] = replace(card, seen_at=self._now())
        cancelled, lost = set(), set()
        for claim in held:
            try:
                kept = self._ours(claim)
            except Lost:
                lost.add(claim.job.id)
                continue
            kept.lease_until = self._now() + timedelta(seconds=lease)
            if kept.job.cancel_requested:
                cancelled.add(claim.job.id)
        return Pulse(frozenset(cancelled), frozenset(lost))

    async def remember(self, claim: Claim, step: str, result: Any) -> None:
        """Store a finished step. Raises Lost."""
        kept = self._ours(claim)
        kept.steps[step], kept.tries = result, 1

    async def progress(self, claim: Claim, share: float, message: str) -> None:
        """Show how far it is. Raises Lost."""
        kept = self._ours(claim)
        kept.job = replace(kept.job, progress=max(kept.job.progress, share), message=message)

    async def finish(self, claim: Claim, outcome: Outcome) -> bool:
        """Record how the attempt ended; False when the claim was lost."""
        try:
            self._end(self._ours(claim), outcome)
        except Lost:
            return False
        return True

    async def counts(self) -> list[KindCounts]:
        """Depth and times by kind."""
        return [self._count(kind) for kind in sorted({kept.job.kind for kept in self._jobs.values()})]

    async def workers(self) -> list[WorkerCard]:
        """All workers that were seen within a minute."""
        since = self._now() - timedelta(minutes=1)
        return [card for _, card in sorted(self._cards.items()) if card.seen_at and card.seen_at > since]

    async def lately(self, limit: int = 50) -> list[Job]:
        """What runs, failed within a day, or waits; see the port."""
        jobs = sorted((kept.job for kept in self._jobs.values()), key=lambda job: job.created_at)
        day = self._now() - timedelta(days=1)
        failed = [job for job in jobs if job.state == "failed" and job.finished_at and job.finished_at > day]
        failed.sort(key=lambda job: job.finished_at or day, reverse=True)
        running, waiting = ([job for job in jobs if job.state == state] for state in ("running", "pending"))
        return running[:limit] + failed[:limit] + waiting[:limit]

    def _count(self, kind: str) -> KindCounts:
        now = self._now()
        mine = [kept for kept in self._jobs.values() if kept.job.kind == kind]
        states: Mapping[str, int] = Counter(kept.job.state for kept in mine)
        waits = [(now - kept.run_at).total_seconds() for kept in mine if kept.job.state == "pending"]
        recent = [
            (job.created_at, job.started_at, job.finished_at)
            for job in (kept.job for kept in mine if kept.job.state == "completed")
            if job.started_at and job.finished_at and job.finished_at > now - timedelta(hours=1)
        ]
        return KindCounts(
            kind,
            *(states.get(state, 0) for state in ("pending", "running", "completed", "failed", "cancelled")),
            oldest_wait_s=max([0.0, *waits]),
            mean_wait_s=sum((s - c).total_seconds() for c, s, _ in recent) / max(1, len(recent)),
            mean_run_s=sum((f - s).total_seconds() for _, s, f in recent) / max(1, len(recent)),
        )

    def _is_free(self, kept: _Kept, kind: JobKind, now: datetime) -> bool:
        waits = kept.job.state == "pending" and kept.run_at <= now
        lapsed = kept.job.state == "running" and kept.lease_until is not None and kept.lease_until <= now
        if not (waits or lapsed):
            return False
        busy = [
            each.job.user_id
            for each in self._jobs.values()
            if each.job.kind == kind.name and each.lease_until is not None and each.lease_until > now
        ]
        mine = 0 if kept.job.user_id is None else busy.count(kept.job.user_id)
        return len(busy) < kind.max_running and mine < kind.max_per_user

    def _end(self, kept: _Kept, outcome: Outcome) -> None:
        state = outcome.state
        if state == "pending" and kept.job.cancel_requested:
            state = "cancelled"
        kept.lease_until, kept.worker = None, ""
        kept.tries -= outcome.released
        if outcome.state == "pending":
            kept.run_at = self._now() + timedelta(seconds=outcome.delay)
        kept.job = replace(
            kept.job,
            state=state,
            result=outcome.result,
            error_code=outcome.error_code,
            error_message=outcome.error_message,
            progress=1.0 if state == "completed" else kept.job.progress,
            finished_at=self._now() if state in FINISHED else None,
        )

    def _theirs(self, job_id: UUID, user_id: UUID) -> _Kept:
        kept = self._jobs.get(job_id)
        if kept is None or kept.job.user_id != user_id:
            raise NotFound("there is no such job")
        return kept

    def _ours(self, claim: Claim) -> _Kept:
        kept = self._jobs.get(claim.job.id)
        ours = kept is not None and (kept.worker, kept.job.attempt) == (claim.worker, claim.attempt)
        if kept is None or not ours or kept.job.state != "running":
            raise Lost
        return kept
