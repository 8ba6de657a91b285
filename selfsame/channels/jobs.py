"""Jobs of every kind over HTTP, for their owner: list, follow, stop."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query

from selfsame.channels.api.jobs import JobItem, JobList
from selfsame.channels.deps import JobsStudio
from selfsame.channels.door import Owner
from selfsame.channels.routing import Routes
from selfsame.jobs.overview import OwnJob


class JobRoutes:
    """`/api/jobs`."""

    def __init__(self, studio: JobsStudio) -> None:
        self._overview = studio.overview
        self._find_clone = studio.find_clone
        self.router = Routes("jobs")
        self.router.add("GET", "/api/jobs", self.list_jobs)
        self.router.add("GET", "/api/jobs/{job_id}", self.show_job)
        self.router.add("DELETE", "/api/jobs/{job_id}", self.cancel_job)

    async def list_jobs(
        self, owner: Owner, clone: Annotated[str | None, Query(max_length=64)] = None, active: bool = False
    ) -> JobList:
        """The owner's jobs, newest first: all, those of a clone (slug or id), or with `active` the unfinished."""
        wanted = None if not clone else (await self._find_clone(clone, owner)).id
        return JobList(jobs=[_shown(each) for each in await self._overview.of(owner, wanted, active=active)])

    async def show_job(self, owner: Owner, job_id: UUID) -> JobItem:
        """One job: its status, how far it is, and why it failed."""
        return _shown(await self._overview.get(owner, job_id))

    async def cancel_job(self, owner: Owner, job_id: UUID) -> JobItem:
        """Stop a job; one that runs stops soon after. Harmless when it is finished."""
        return _shown(await self._overview.cancel(owner, job_id))


def _shown(own: OwnJob) -> JobItem:
    job = own.job
    failed = job.state == "failed"
    return JobItem(
        id=job.id,
        kind=job.kind,
        status=job.state,
        progress=round(job.progress, 3),
        step=job.message,
        error_code=job.error_code if failed else None,
        error_message=job.error_message if failed else None,
        cancel_requested=job.cancel_requested,
        clone_id=own.subject.clone_id,
        document_id=own.subject.document_id,
        about=own.subject.name,
        created_at=_time(job.created_at),
        started_at=_time(job.started_at) if job.started_at else None,
        finished_at=_time(job.finished_at) if job.finished_at else None,
    )


def _time(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")
