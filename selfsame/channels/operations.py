"""The operations page's side of the server: one snapshot, time series, and acts on jobs (DASH-01, JOB-07).

For the owner of this machine alone (permissions "own" and "read_metrics"); visitors get FORBIDDEN.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Query

from selfsame.channels import operations_answers as a
from selfsame.channels import operations_view as view
from selfsame.channels.alerts import Alert, alerts, worst_first
from selfsame.channels.deps import ChannelDeps, ComponentHealth, OperationsDesk
from selfsame.channels.door import Admin
from selfsame.channels.lines import Lines
from selfsame.channels.machine import look
from selfsame.channels.metrics import Metrics
from selfsame.channels.routing import Routes
from selfsame.channels.suspicion import ENTRIES, suspicions
from selfsame.errors import ProviderError
from selfsame.jobs.job import Job
from selfsame.kit.clock import Clock
from selfsame.kit.tasks import offload

T = TypeVar("T")
DAYS = 31
"""Days of costs that are shown, besides today."""
Minutes = Annotated[int, Query(ge=1, le=1440, description="How far back, at most a day.")]


class Kept:
    """A figure from the database, asked for at most every `seconds`; None while it does not answer."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._asked: dict[str, float] = {}
        self._known: dict[str, object] = {}

    async def get(self, name: str, ask: Callable[[], Awaitable[T]]) -> T | None:
        """The figure, at most `seconds` old. What could not be had is asked for again at the next call."""
        now = self._clock.now()
        if name not in self._known or now - self._asked[name] >= self._seconds:
            try:
                self._known[name] = await ask()
                self._asked[name] = now
            except ProviderError:
                self._known.pop(name, None)
                return None
        return self._known[name]  # type: ignore[return-value]

    def forget(self) -> None:
        """Ask anew next time: something was changed."""
        self._known.clear()


class OperationsRoutes:
    """`/api/operations...`."""

    def __init__(
        self,
        deps: ChannelDeps,
        desk: OperationsDesk,
        lines: Lines,
        metrics: Metrics,
    ) -> None:
        self._deps = deps
        self._desk = desk
        self._lines = lines
        self._metrics = metrics
        self._seen = metrics.observatory
        self._often, self._seldom = Kept(deps.clock, 1.0), Kept(deps.clock, 15.0)
        self.router = Routes("operations")
        options = {"response_model_exclude_unset": False}  # what is not known is null, so that a page sees it
        self.router.add("GET", "/api/operations", self.show_operations, **options)
        self.router.add("GET", "/api/operations/series", self.show_operations_series, **options)
        self.router.add("POST", "/api/operations/jobs/{job_id}/retry", self.retry_job, **options)
        self.router.add(
            "POST", "/api/operations/jobs/{job_id}/cancel", self.cancel_job, name="cancel_operations_job", **options
        )

    async def show_operations(self, admin: Admin) -> a.Operations:
        """Everything at this moment: conversations, latency, errors, engines, jobs, costs, the machine, alerts."""
        return await self.snapshot(admin)

    async def show_operations_series(self, _admin: Admin, minutes: Minutes = 60) -> a.Series:
        """Figures over time, oldest first, for live charts.

        Steps are of 10 s for up to 15 minutes, a minute up to an hour, 5 minutes up to 6 hours, 15 minutes beyond.
        """
        step, windows = self._seen.series(minutes)
        return a.Series(step_seconds=step, points=tuple(map(view.point, windows)))

    async def retry_job(self, admin: Admin, job_id: UUID) -> a.JobAnswer:
        """Have failed work of one's own done again, from the last step that was done. The answer is the new job."""
        return self._job(await self._desk.jobs.again(job_id, admin), admin)

    async def cancel_job(self, admin: Admin, job_id: UUID) -> a.JobAnswer:
        """Stop work of one's own: at once while it waits, within a second or at its next step while it runs."""
        return self._job(await self._desk.jobs.cancel(job_id, admin), admin)

    async def snapshot(self, owner: UUID) -> a.Operations:
        """The answer of `GET /api/operations`."""
        seen, known = self._seen, await self._gather(owner)
        return a.Operations(
            at=view.utc(seen.now()),
            since=view.utc(seen.since),
            conversations=view.conversations(seen, known.places),
            five_minutes=view.span(seen, 300),
            hour=view.span(seen, 3_600),
            day=view.span(seen, 86_400),
            errors=view.errors(seen),
            providers=known.engines,
            fallbacks=tuple(
                a.Fallback(role=role, left=left, taken=taken, times=times)
                for (role, left, taken), times in seen.fallbacks.most_common()
            ),
            jobs=known.queue,
            costs=known.money,
            resources=view.resources(seen, known.reading, known.pool, self._metrics.traffic),
            health=view.health(known.components, known.engines, known.queue),
            alerts=tuple(
                a.AlertLine(level=x.level, code=x.code, what=x.what, action=x.action, values=dict(x.values))
                for x in worst_first([*alerts(view.vitals(seen, known)), *await self._suspicions()])
            ),
        )

    async def _gather(self, owner: UUID) -> view.Gathered:
        """Ask the database, the machine and the engines. A database that does not answer leaves gaps."""
        desk, seen, deps = self._desk, self._seen, self._deps
        counts = await self._often.get("counts", desk.watch.counts)
        workers = await self._often.get("workers", desk.watch.workers)
        lately = await self._often.get("lately", desk.watch.lately)
        days = await self._seldom.get("costs", lambda: desk.past.costs(DAYS))
        newcomers = await self._seldom.get("newcomers", desk.past.newcomers)
        reading = await offload(look, desk.home)
        queue = None
        if counts is not None and workers is not None and lately is not None:
            queue = view.jobs(counts, workers, lately, owner, seen.now())
        taken, there = len(self._lines), deps.limits.connections
        room = ComponentHealth("up" if taken < there else "degraded")
        return view.Gathered(
            (taken, there),
            {"websocket": room, **await deps.components()},
            view.providers(seen, deps.engines(), desk.breakers()),
            queue,
            view.costs(seen, desk.tariff(), desk.budget, days),
            reading,
            desk.pool(),
            newcomers,
        )

    async def _suspicions(self) -> list[Alert]:
        """What looks suspicious in the log of the owner of this machine, where refusals are noted too."""
        account = self._deps.account
        if account is None:
            return []
        lines = await self._seldom.get("audit", lambda: account.audit.read(account.owner_id, ENTRIES))
        return suspicions(lines or (), datetime.fromtimestamp(self._seen.now(), UTC))

    def _job(self, job: Job, owner: UUID) -> a.JobAnswer:
        self._often.forget()
        return a.JobAnswer(job=view.job_line(job, owner))
