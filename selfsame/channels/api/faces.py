"""Faces: their making, what was seen in the pictures, and the consent to them."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, StrictBool

from selfsame.channels.api.base import Base, Share, Time, left_out
from selfsame.clones.consent import Subject
from selfsame.studio.face.quality import Angle, Lighting

MakingStatus = Literal["pending", "running", "failed", "cancelled", "ready", "active", "replaced"]
"""pending and running while it is made; ready until its owner accepts it; replaced by another since."""
Percent = Annotated[float, Field(json_schema_extra={"minimum": 0.0, "maximum": 100.0})]


class FaceMedia(Base):
    """What was uploaded; `duration` in seconds."""

    type: Literal["images", "video"]
    duration: float | None = left_out()
    frame_count: int | None = left_out()


class PictureSize(Base):
    """Pixels."""

    width: int
    height: int


class PictureQuality(Base):
    """The judgement of one photo, or of one picture of the video."""

    is_valid: bool
    face_detected: bool
    resolution: PictureSize
    lighting: Lighting
    angle: Angle
    clarity: float
    recommendations: list[str]
    reasons: list[str]


class FacePlace(Base):
    """Where the largest face lies, as shares of the photo's width and height, and how the head is held.

    Degrees, positive when the head turns to the person's left, looks up, and leans to their left shoulder.
    """

    x: float
    y: float
    width: float
    height: float
    yaw: float
    pitch: float
    roll: float


class PhotoVerdict(PictureQuality):
    """What is said of one photo before it is uploaded for a face."""

    face: FacePlace | None


class FaceValidation(Base):
    """Whether the built face may be used, and what to do better."""

    is_valid: bool
    quality_score: Percent | None = left_out()
    issues: list[str] | None = left_out()
    recommendations: list[str] | None = left_out()


class FaceTest(Base):
    """What a test sentence gave: scores 0..1, pictures a second, and milliseconds of one picture."""

    lip_sync_score: float
    face_quality: float
    frame_rate: float
    average_latency: float


class FaceModelItem(Base):
    """A face and how far its making is."""

    face_model_id: UUID
    clone_id: UUID
    status: MakingStatus
    progress: Share
    message: Annotated[str, Field(description="What is being done now.")]
    tier: Annotated[Literal["", "basic", "standard", "premium", "demo"], Field(description="Empty until it is built.")]
    quality_score: Percent
    resolution: Annotated[int, Field(description="Pixels of the longer side of the face's picture.")]
    created_at: Time | None
    media: FaceMedia | None = left_out()
    notes: list[str] | None = left_out()
    quality: list[PictureQuality] | None = left_out()
    pictures: int | None = left_out()
    good: Annotated[int | None, Field(description="How many of the pictures could be used.")] = left_out()
    validation: FaceValidation | None = left_out()
    test: FaceTest | None = left_out()
    test_error: str | None = left_out()
    about: str | None = left_out()
    job_id: UUID | None = left_out()
    error_code: str | None = None
    error_message: str | None = left_out()
    preview_url: str | None = left_out()
    video_url: str | None = left_out()
    status_url: str | None = left_out()


class FaceModelList(Base):
    """Faces, newest first."""

    face_models: list[FaceModelItem]


class FaceConsent(Base):
    """Body of `POST /api/consents`: the person agrees (or no longer agrees) that their face is stored and animated."""

    subject: Literal["face"] = "face"
    granted: StrictBool


class ConsentItem(Base):
    """One grant; its end keeps it as evidence."""

    subject: Subject
    granted_at: Time
    revoked_at: Time | None


class ConsentList(Base):
    """Consents, oldest first."""

    consents: list[ConsentItem]
