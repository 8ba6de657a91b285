"""What a job queue must do: for those who order work, and for the workers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from selfsame.jobs.job import Job, JobKind, JobOrder, Outcome


class Lost(Exception):
    """The claim is no longer ours: the lease ran out and another worker has the job, or the job is gone."""


class JobQueue(Protocol):
    """The queue as the owners of jobs see it. Every error of the store is Unavailable (role database)."""

    async def enqueue(self, order: JobOrder) -> Job:
        """The new job; the one that is there when user, kind and key are the same. Raises BadInput."""
        ...

    async def get(self, job_id: UUID, user_id: UUID) -> Job:
        """The user's job. Raises NotFound."""
        ...

    async def of(self, user_id: UUID, limit: int = 50) -> list[Job]:
        """The user's jobs, newest first."""
        ...

    async def cancel(self, job_id: UUID, user_id: UUID) -> Job:
        """Cancelled at once when pending; asked to stop when running; as it is when finished. Raises NotFound."""
        ...

    async def again(self, job_id: UUID, user_id: UUID) -> Job:
        """A new job that goes on where a failed one stopped: its order, and the steps that it finished.

        Asked twice, it is the same new job. Raises NotFound, BadInput when the job did not fail, ConsentMissing when
        the consent that it needs has ended (where the store knows consents).
        """
        ...


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in a worker's hands until its lease runs out. `steps` are the results that earlier attempts left.

    `attempt` fences off earlier holders; `tries` counts the attempts since the last finished step, this one included.
    """

    job: Job
    worker: str
    attempt: int
    tries: int
    steps: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkerCard:
    """A worker as others see it: alive when `seen_at` is recent (JOB-08)."""

    id: str
    host: str
    process: int
    kinds: tuple[str, ...]
    slots: int
    running: int = 0
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pulse:
    """What a beat learned: ids of held jobs that are to be cancelled, and of those that are lost."""

    cancelled: frozenset[UUID] = frozenset()
    lost: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class KindCounts:
    """Depth and times of one kind (JOB-07). Means are over the jobs that completed in the last hour, in seconds."""

    kind: str
    pending: int = 0
    running: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    oldest_wait_s: float = 0.0
    mean_wait_s: float = 0.0
    mean_run_s: float = 0.0


class JobDesk(Protocol):
    """The queue as workers see it, across users."""

    async def claim(self, worker: str, kinds: Collection[JobKind], lease: float) -> Claim | None:
        """The job that has waited longest within the limits of its kind, or one whose lease ran out; None when none.

        A job that was cut off too often fails here, and one that was to be cancelled is. `lease` in seconds.
        """
        ...

    async def beat(self, card: WorkerCard, held: Collection[Claim], lease: float) -> Pulse:
        """Say that the worker lives, and renew the leases of the jobs it holds."""
        ...

    async def remember(self, claim: Claim, step: str, result: Any) -> None:
        """Store a finished step, once. Raises Lost."""
        ...

    async def progress(self, claim: Claim, share: float, message: str) -> None:
        """Show how far it is; the share never falls. Raises Lost."""
        ...

    async def finish(self, claim: Claim, outcome: Outcome) -> bool:
        """Record how the attempt ended; False when the claim was lost, and nothing is recorded."""
        ...


class JobWatch(Protocol):
    """The queue as whoever runs the server sees it."""

    async def counts(self) -> list[KindCounts]:
        """Depth and times by kind, sorted."""
        ...

    async def workers(self) -> list[WorkerCard]:
        """All workers that were seen within a minute."""
        ...

    async def lately(self, limit: int = 50) -> list[Job]:
        """What runs, then what failed within a day, then what waits: of all users, at most `limit` of each.

        Running and waiting ones oldest first, failed ones newest first.
        """
        ...
