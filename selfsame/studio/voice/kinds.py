"""What a voice model is, what it is made of, and what making and keeping one must do."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from selfsame.kit.pcm import Pcm
from selfsame.studio.port import Progress
from selfsame.voice.port import SpeakerEncoder as SpeakerEncoder
from selfsame.voice.port import VoicePrint as VoicePrint

VoiceStatus = Literal["draft", "active", "replaced"]
Wish = Literal["own", "clear", "automatic"]
WISHES: tuple[Wish, ...] = ("own", "clear", "automatic")
"""How a voice is to speak: in the person's own sounds, clearly in the synthesiser's, or as its making found best."""
MANNER = "manner"
"""Where the owner's wish lies in a voice's details, and what was found best in its report."""


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """One utterance of the person: mono sound at `rate`, levelled. `text` is what was said, empty when not known;
    `language` EN, ES or ZH."""

    pcm: Pcm
    rate: int
    text: str = ""
    language: str = "EN"

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.pcm) / self.rate


@dataclass(frozen=True, slots=True)
class Recordings:
    """What a voice is made of: all of one person, who has agreed, and good enough."""

    takes: tuple[Take, ...]

    @property
    def seconds(self) -> float:
        """How much there is in all."""
        return sum(take.seconds for take in self.takes)


@dataclass(frozen=True, slots=True)
class BuiltVoice:
    """What training gives. `files` by name; `preview` a WAV of a test sentence; `quality_score` 0..1 is
    derived from likeness, words and melody on recordings that were held back (VOICE-10); `report` small JSON with each
    of these; `notes` for the owner."""

    provider: str
    sample_rate: int
    quality_score: float
    files: Mapping[str, bytes]
    preview: bytes | None = None
    report: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


TrainVoice = Callable[[Recordings, Progress], Awaitable[BuiltVoice]]
"""Aligns, trains and measures; never blocks the loop. Raises BadInput with what to do, ProviderError, Cancelled."""


@dataclass(frozen=True, slots=True)
class VoiceModel:
    """A voice that was made, or is being made (VOICE-07). Its files lie below `model_path`, which ends with a slash.

    `sample_rate` in Hz is 0 until it is made; `quality_score` is 0..1; `details` small JSON of whatever else belongs.
    """

    id: UUID
    user_id: UUID
    clone_id: UUID
    model_path: str
    provider: str = ""
    sample_rate: int = 0
    quality_score: float = 0.0
    details: Mapping[str, Any] = field(default_factory=dict)
    status: VoiceStatus = "draft"
    created_at: datetime | None = None

    @property
    def wish(self) -> Wish:
        """The manner that the owner asked for; `automatic` unless they did."""
        wanted = self.details.get(MANNER)
        return wanted if wanted in WISHES else "automatic"

    @property
    def manner(self) -> Literal["own", "clear"]:
        """How the voice speaks: as its owner wishes, else as its making found best."""
        if self.wish != "automatic":
            return "clear" if self.wish == "clear" else "own"
        report = self.details.get("report")
        return "clear" if isinstance(report, Mapping) and report.get(MANNER) == "clear" else "own"

    def reference(self) -> dict[str, Any]:
        """`VoiceModelReference` (VOICE-08)."""
        return {
            "id": str(self.id),
            "provider": self.provider,
            "modelPath": self.model_path,
            "qualityScore": round(self.quality_score, 4),
            "createdAt": self.created_at.isoformat() if self.created_at else None,
        }


class VoiceModelStore(Protocol):
    """Voice models; several of an owner, at most one active for a clone (VOICE-09).

    Without the owner's live, spoken consent to `voice` nothing is kept. Put the draft before its first file: a row
    that goes away takes its files along, a file without a row stays.
    """

    async def put_draft(self, voice: VoiceModel) -> VoiceModel:
        """Store a draft, or write the draft of this id anew. Raises ConsentMissing, NotFound (the clone is not theirs,
        or the id is no draft), BadInput (model_path is not below the user's folder)."""
        ...

    async def activate(self, voice_id: UUID, user_id: UUID) -> VoiceModel:
        """Speak with this one from now on; the one before is `replaced`. Raises NotFound, ConsentMissing."""
        ...

    async def set_manner(self, voice_id: UUID, user_id: UUID, wish: Wish) -> VoiceModel:
        """Store in which manner the voice is to speak, whatever its status. Raises NotFound."""
        ...

    async def discard(self, voice_id: UUID, user_id: UUID) -> None:
        """Forget a model and its files; an active one leaves its clone without a voice of its own. Raises NotFound."""
        ...

    async def active(self, clone_id: UUID, owner_id: UUID) -> VoiceModel | None:
        """The voice to speak with, read on the owner's behalf. None when there is none, or no live consent."""
        ...

    async def of(self, user_id: UUID) -> list[VoiceModel]:
        """The user's models, newest first."""
        ...
