"""Jobs of every kind, as those who ordered them see them."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from selfsame.channels.api.base import Base, Share, Time
from selfsame.jobs.job import JobState


class JobItem(Base):
    """A job and how far it is. `cancelRequested`: it was asked to stop and is about to."""

    id: UUID
    kind: Annotated[str, Field(description="build-face, enrol-voice, ingest, extract-persona, render-clip, ...")]
    status: JobState
    progress: Share
    step: Annotated[str, Field(description="What is being done now, or why it waits for another try.")]
    error_code: str | None
    error_message: str | None
    cancel_requested: bool
    clone_id: UUID | None
    document_id: Annotated[UUID | None, Field(description="The document that it reads, if it reads one.")]
    about: Annotated[str, Field(description="The name of that document; else empty.")]
    created_at: Time
    started_at: Time | None
    finished_at: Time | None


class JobList(Base):
    """Jobs, newest first; at most the 200 newest are looked through."""

    jobs: list[JobItem]
