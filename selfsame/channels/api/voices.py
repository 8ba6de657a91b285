"""Voices: the sentences to read, the spoken consent, their making, and what was heard in the recordings."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from selfsame.channels.api.base import Base, Share, Time, left_out
from selfsame.channels.api.faces import ConsentItem, MakingStatus
from selfsame.studio.voice.kinds import Wish

Language = Literal["EN", "ES", "ZH"]


class Sentences(Base):
    """Sentences to read, in the order in which they cover the sounds of the language quickest."""

    language: Language
    sentences: list[str]


class SpokenStatement(Base):
    """The sentence to say today to agree."""

    text: str
    date: Annotated[str, Field(json_schema_extra={"format": "date"})]
    language: Language


class SpokenScores(Base):
    """How well the sentence was understood: shares 0..1, dB, and seconds of speech."""

    words: float
    name: float
    recogniser: float
    snr_db: float
    seconds: float


class SpokenEvidence(Base):
    """What is kept of a spoken consent; the numbers of the voice are not shown."""

    sha256: str
    text: str
    heard: str
    name: str
    date: str
    language: str
    scores: SpokenScores
    encoder: str | None = left_out()


class SpokenConsent(ConsentItem):
    """A consent to voice or face."""

    evidence: SpokenEvidence | None


class SpokenConsentList(Base):
    """Consents to voice and face, oldest first."""

    consents: list[SpokenConsent]


class RecordingQuality(Base):
    """The judgement of one recording: seconds, dB, LUFS, Hz and shares."""

    is_valid: bool
    score: Share
    speakers: int
    main_share: float
    seconds: float
    speech_seconds: float
    snr_db: float
    clipping: float
    modulation: float
    decay_seconds: float
    loudness: float
    bandwidth: float
    problems: list[str]
    recommendations: list[str]


class VoiceMannerEdit(Base):
    """How a voice is to speak: in the person's `own` sounds, `clear` (the synthesiser's sound in their pitch and
    colour: every word is understood), or `automatic`: as its making found best."""

    model_config = ConfigDict(extra="forbid")

    manner: Wish


class VoiceModelItem(Base):
    """A voice and how far its making is."""

    voice_model_id: UUID
    clone_id: UUID
    status: MakingStatus
    active: bool
    progress: Share
    message: Annotated[str, Field(description="What is being done now.")]
    id: UUID
    provider: Annotated[str, Field(description="Empty until it is made.")]
    model_path: str
    quality_score: Share
    created_at: Time | None
    sample_rate: Annotated[int, Field(description="Hz; 0 until it is made.")]
    uploads: int | None = left_out()
    notes: list[str] | None = left_out()
    quality: list[RecordingQuality | None] | None = left_out()
    recordings: int | None = left_out()
    good: Annotated[int | None, Field(description="How many of the recordings could be used.")] = left_out()
    seconds: float | None = left_out()
    consent_likeness: float | None = left_out()
    recording_score: float | None = left_out()
    has_preview: bool | None = left_out()
    manner: Annotated[Wish | None, Field(description="How its owner wishes it to speak.")] = left_out()
    speaks: Annotated[Literal["own", "clear"] | None, Field(description="How it speaks for that.")] = left_out()
    report: Annotated[dict[str, Any] | None, Field(description="What was measured on held-back sentences.")] = (
        left_out()
    )
    job_id: UUID | None = left_out()
    error_code: str | None = None
    error_message: str | None = left_out()
    preview_url: str | None = left_out()
    status_url: str | None = left_out()


class VoiceModelList(Base):
    """Voices, newest first, and the one that speaks by the id of its clone."""

    voice_models: list[VoiceModelItem]
    active_voice_model_id: dict[str, UUID]
