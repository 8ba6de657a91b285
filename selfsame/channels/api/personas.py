"""A person's manner of speaking: what was extracted, what the owner wrote, and the merge."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from selfsame.channels.api.base import Base, CloneName, Share, Time, left_out
from selfsame.jobs.job import JobState

ProfileValue = str | list[str] | None


class VideoAddress(Base):
    """Body of `POST /api/voice/clone`, and of `POST /api/persona/extract` for a video."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(max_length=500)]
    clone: CloneName = None
    language: Annotated[str | None, Field(max_length=2)] = None
    speaker: Annotated[str | None, Field(max_length=80)] = None
    captions: bool = False


class PersonaEdit(Base):
    """Body of `PATCH /api/persona`: the owner's words by field, null for "nothing of the kind"; `reset` takes back."""

    model_config = ConfigDict(extra="forbid")

    overrides: dict[str, Any] = Field(default_factory=dict)
    reset: list[str] = Field(default_factory=list, max_length=50)
    clone: CloneName = None


class ProfileField(Base):
    """One field of the profile, both halves side by side."""

    field: str
    auto: ProfileValue
    mine: ProfileValue
    overridden: bool
    merged: ProfileValue


class MergedPersona(Base):
    """The persona that every reply goes by; empty where nothing is known. Its fields have the profile's own names."""

    model_config = ConfigDict(alias_generator=None)

    name: str
    role: str
    traits: list[str]
    tone: str
    patterns: list[str]
    dos: list[str]
    donts: list[str]
    backstory: str
    greeting: str
    closing: str
    fillers: list[str]
    openers: list[str]
    catchphrases: list[str]
    common_expressions: list[str]
    vocabulary_level: str
    vocabulary_style: str
    formality: str
    energy: str
    selling_approach: str
    answer_length: str
    language: str


class ExtractionItem(Base):
    """One extraction of the history; `figures` are what was counted."""

    id: UUID
    created_at: Time | None
    source: str
    engine: str
    figures: dict[str, Any]
    notes: list[str]


class Evidence(Base):
    """What shows something: how often it came, and where. `by` is "reading" when a language model found it."""

    what: str
    count: int
    score: float
    quotes: list[str]
    by: Literal["reading"] | None = left_out()


class PersonaItem(Base):
    """A persona for its owner. `evidence` and `measured`, by field, are there once something was extracted."""

    clone: Annotated[str, Field(description="The clone's slug.")]
    fields_: Annotated[list[ProfileField], Field(alias="fields")]
    auto_extracted: dict[str, ProfileValue]
    manual_overrides: dict[str, ProfileValue] | None
    merged: MergedPersona
    history: list[ExtractionItem]
    evidence: dict[str, list[Evidence]] | None = left_out()
    measured: dict[str, ProfileValue] | None = left_out()


class ExtractionResult(Base):
    """What an extraction brought: the fields that are known now, and from how many words."""

    engine: str
    known: list[str]
    words: int
    notes: list[str]


class ExtractionJob(Base):
    """How far an extraction is."""

    job_id: UUID
    status: JobState
    progress: Share
    message: str
    source: str
    created_at: Time
    result: ExtractionResult | None
    error_code: str | None = None
    error_message: str | None = left_out()
    status_url: str | None = left_out()


class VoiceOrdered(Base):
    """The voice of a video: its job and where to follow it, or what is missing."""

    ordered: bool
    job_id: UUID | None = left_out()
    voice_model_id: UUID | None = left_out()
    status_url: str | None = left_out()
    error_code: str | None = left_out()
    missing: str | None = left_out()


class VideoOrdered(Base):
    """What `POST /api/voice/clone` ordered: the job of the persona (JOB-02), and the voice."""

    job_id: UUID
    status: JobState
    progress: Share
    message: str
    source: str
    created_at: Time
    status_url: str
    voice: VoiceOrdered


class Forgotten(Base):
    """How many extractions were deleted."""

    forgotten: int
