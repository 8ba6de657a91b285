"""What the studio needs from the stores."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID


class Cancelled(Exception):
    """The work was stopped by its owner, or another worker has it. Not an error: let it pass, and clean up."""


Progress = Callable[[float, str], Awaitable[None]]
"""Takes the share done (0..1) and what is being done, in words for the owner. Raises Cancelled when it was stopped."""


class FileStore(Protocol):
    """Files by key ("clone-face-models/<user>/<model>/neutral_pose.jpg"), encrypted at rest, local or in a bucket."""

    async def put(self, key: str, data: bytes) -> None:
        """Store whole or not at all; a key that is there is replaced. Raises Unavailable when the store cannot."""
        ...

    async def get(self, key: str) -> bytes:
        """The bytes. Raises NotFound."""
        ...

    async def delete(self, prefix: str) -> int:
        """Remove every file whose key starts with `prefix`; how many there were."""
        ...

    def keys(self, prefix: str) -> AsyncIterator[str]:
        """All keys that start with `prefix`, sorted."""
        ...


FaceStatus = Literal["draft", "active", "replaced"]


@dataclass(frozen=True, slots=True)
class FaceModel:
    """A face that was built, or is being built. Its files lie below `model_path`, a key that ends with a slash.

    `resolution` in pixels (the longer side of the face's picture), `quality_score` 0..1, `details` small JSON of
    whatever else belongs to the model. `fictional` marks a face that is nobody's, which needs no consent.
    """

    id: UUID
    user_id: UUID
    clone_id: UUID
    model_path: str
    tier: str = ""
    resolution: int = 0
    quality_score: float = 0.0
    rig_hash: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    fictional: bool = False
    status: FaceStatus = "draft"
    created_at: datetime | None = None


class FaceModelStore(Protocol):
    """Face models; at most one is active for a clone. Without the owner's live consent to `face` nothing is kept.

    Put the draft before its first file: a row that goes away takes its files along, a file without a row stays.
    """

    async def put_draft(self, face: FaceModel) -> FaceModel:
        """Store a draft, or write the draft of this id anew. Raises ConsentMissing, NotFound (the clone is not theirs,
        or the id is no draft), BadInput (model_path is not below the user's folder)."""
        ...

    async def activate(self, face_id: UUID, user_id: UUID) -> FaceModel:
        """Show this one from now on; the one before is `replaced` and may be activated again.

        Raises NotFound, ConsentMissing.
        """
        ...

    async def discard(self, face_id: UUID, user_id: UUID) -> None:
        """Forget a model and its files; an active one leaves its clone without a face. Raises NotFound."""
        ...

    async def active(self, clone_id: UUID, owner_id: UUID) -> FaceModel | None:
        """The face to show, read on the owner's behalf. None when there is none, or no live consent to show it."""
        ...

    async def of(self, user_id: UUID) -> list[FaceModel]:
        """The user's models, newest first."""
        ...


ClipState = Literal["pending", "ready", "failed"]


@dataclass(frozen=True, slots=True)
class ClipDraft:
    """A clip that somebody wants. `content_key` is a hash of everything that makes it what it is (script, clone,
    face, voice, size): the same key of the same user is the same clip. Sizes in pixels."""

    user_id: UUID
    clone_id: UUID
    content_key: str
    script: str
    language: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ClipTimings:
    """How long the parts took, in milliseconds (CLIP-03). Speech and pictures are made at the same time."""

    tts_ms: float = 0.0
    avatar_render_ms: float = 0.0
    total_generation_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip and how far it is. Its files lie below `path`, a key that ends with a slash; `files` maps what a file is
    ("video", "audio", "poster") to its key. Times are UTC."""

    id: UUID
    draft: ClipDraft
    path: str
    state: ClipState
    created_at: datetime
    expires_at: datetime
    job_id: UUID | None = None
    progress: float = 0.0
    message: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    timings: ClipTimings = field(default_factory=ClipTimings)
    error_message: str | None = None


class ClipStore(Protocol):
    """Clips: ordered once, kept for a while, and answered from the cache when asked for again (CLIP-04)."""

    async def begin(self, draft: ClipDraft) -> tuple[Clip, bool]:
        """The clip with this content, and whether making it begins now: its job is ordered in the same moment.

        One that is ready or being made comes back as it is; one that failed or expired is begun again, under another
        id. Whoever makes it asks `FaceModelStore.active` for the face, and with it for the owner's consent. Raises
        NotFound (no such clone), BadInput.
        """
        ...

    async def find(self, user_id: UUID, content_key: str) -> Clip | None:
        """The user's clip with this content when it is ready and has not expired."""
        ...

    async def get(self, clip_id: UUID, user_id: UUID) -> Clip:
        """The user's clip. Raises NotFound."""
        ...

    async def progress(self, clip_id: UUID, user_id: UUID, share: float, message: str) -> None:
        """Show how far it is. Raises NotFound when it was deleted meanwhile."""
        ...

    async def finish(self, clip_id: UUID, user_id: UUID, files: Mapping[str, str], timings: ClipTimings) -> Clip:
        """It is ready. Raises NotFound when it was deleted meanwhile, BadInput when a file lies elsewhere."""
        ...

    async def fail(self, clip_id: UUID, user_id: UUID, message: str) -> None:
        """It cannot be made, and why, in words for the owner; harmless when it was deleted."""
        ...

    async def discard(self, clip_id: UUID, user_id: UUID) -> None:
        """Forget a clip and its files. Raises NotFound."""
        ...
