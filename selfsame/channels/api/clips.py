"""Clips: a clone that says a text, as a video; and the answer to a recorded question."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from selfsame.channels.api.base import Base, Share, left_out
from selfsame.studio.desk import TalkStatus


class ClipRequest(Base):
    """Body of `POST /api/clips`."""

    clone: Annotated[str | None, Field(max_length=64, pattern=r"^[\x21-\x7e]+$")] = None
    text: Annotated[str, Field(min_length=1, max_length=12_000)]
    language: Literal["auto", "EN", "ZH", "ES"] = "auto"
    size: Literal[256, 360, 512] = 512


class ClipTimes(Base):
    """How long the parts of the work took, in milliseconds."""

    tts_ms: float
    avatar_render_ms: float
    total_generation_ms: float


class ClipItem(Base):
    """A clip and how far it is."""

    talk_id: UUID
    status: TalkStatus
    status_url: str
    progress: Share
    message: str | None = left_out()
    video_url: Annotated[str | None, Field(description="There once it is completed.")] = left_out()
    error: str | None = left_out()
    timings: ClipTimes | None = left_out()


class RecordedAnswer(ClipItem):
    """What was heard, what is answered, and the clip that will say it. `known`: it had been answered before."""

    transcript: str
    answer: str
    language: str
    known: bool
