"""What the channels need from the wiring, and who is speaking."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol
from uuid import UUID

from selfsame.channels.account_port import Account
from selfsame.channels.identity import Identity, IssuedToken
from selfsame.channels.limits import Limits
from selfsame.channels.observatory import Observatory
from selfsame.channels.wire.server import EngineItem
from selfsame.clones.archive.kinds import CloneArchives
from selfsame.clones.clone import Clone
from selfsame.clones.consent import Consent
from selfsame.clones.privacy import Privacy
from selfsame.conversation.costs import DayCosts, Tariff
from selfsame.conversation.port import Sessions
from selfsame.jobs.clone_desk import CloneDesk
from selfsame.jobs.face_desk import FaceDesk
from selfsame.jobs.knowledge_desk import KnowledgeDesk
from selfsame.jobs.overview import JobOverview
from selfsame.jobs.persona_desk import PersonaDesk
from selfsame.jobs.picture_desk import PictureDesk
from selfsame.jobs.port import JobQueue, JobWatch
from selfsame.jobs.video_desk import VideoDesk
from selfsame.jobs.voice_desk import ConsentDesk, VoiceDesk
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.library.answers import AnswerDesk
from selfsame.library.port import Filters
from selfsame.library.search import Look
from selfsame.studio.desk import ClipDesk, ClipWish, RecordedReply
from selfsame.studio.face.quality import Checked
from selfsame.studio.media.kinds import Photo


@dataclass(frozen=True, slots=True)
class CloneCard:
    """What a visitor may know of a clone before they talk."""

    slug: str
    name: str
    greeting: str = ""
    language: str = "EN"


@dataclass(frozen=True, slots=True)
class ComponentHealth:
    """One component's state (HLTH-03). `latency` in ms, `error_rate` 0..1."""

    status: Literal["up", "down", "degraded"]
    latency: float | None = None
    error_rate: float | None = None
    message: str | None = None


class FaceShelf(Protocol):
    """Where faces are found."""

    async def version(self, clone: Clone) -> str | None:
        """The hash of the face that the clone shows now; None when it has none, or may not show one."""
        ...

    async def rig(self, user_id: UUID, slug: str, version: str) -> bytes:
        """The rig's file, compressed by gzip, of a clone that the user may meet.

        Raises NotFound when that is not the clone's face now.
        """
        ...


@dataclass(frozen=True, slots=True)
class FaceStudio:
    """Where owners have faces made. `find_clone(name, user)` raises NotFound; `change_consent(user, granted)` gives
    all consent records of the user; `judge(file)` says of one photo what is good and bad in it."""

    desk: FaceDesk
    find_clone: Callable[[str | None, UUID], Awaitable[Clone]]
    change_consent: Callable[[UUID, bool], Awaitable[tuple[Consent, ...]]]
    judge: Callable[[bytes], Awaitable[tuple[Photo, Checked]]] | None = None


@dataclass(frozen=True, slots=True)
class KnowledgeStudio:
    """Where owners manage what their clones know. `find_clone(name, user)` raises NotFound."""

    desk: KnowledgeDesk
    find_clone: Callable[[str | None, UUID], Awaitable[Clone]]
    pictures: PictureDesk


@dataclass(frozen=True, slots=True)
class QuestionStudio:
    """Where owners see what their clones could not answer, and answer it.

    `find_clone(name, user)` raises NotFound; `look(clone, question, filters)` says what would be retrieved and why;
    `set_answering(clone, owner, adherence, no_answer)` changes how the clone keeps to its sources.
    """

    desk: AnswerDesk
    find_clone: Callable[[str | None, UUID], Awaitable[Clone]]
    look: Callable[[UUID, str, Filters], Awaitable[Look]]
    set_answering: Callable[[UUID, UUID, str | None, Mapping[str, str] | None], Awaitable[Clone]]


@dataclass(frozen=True, slots=True)
class PersonaStudio:
    """Where owners have a manner of speaking learnt. `find_clone(name, user)` raises NotFound; `videos` learns
    persona and voice from one video."""

    desk: PersonaDesk
    find_clone: Callable[[str | None, UUID], Awaitable[Clone]]
    videos: VideoDesk


@dataclass(frozen=True, slots=True)
class VoiceStudio:
    """Where owners agree by voice and have voices made. `find_clone(name, user)` raises NotFound;
    `revoke(user)` ends the consent to voice and face, and gives all consent records of the user."""

    desk: VoiceDesk
    consents: ConsentDesk
    find_clone: Callable[[str | None, UUID], Awaitable[Clone]]
    revoke: Callable[[UUID], Awaitable[tuple[Consent, ...]]]


@dataclass(frozen=True, slots=True)
class JobsStudio:
    """Where owners follow and stop their jobs. `find_clone(name, user)` raises NotFound."""

    overview: JobOverview
    find_clone: Callable[[str | None, UUID], Awaitable[Clone]]


@dataclass(frozen=True, slots=True)
class ArchiveStudio:
    """Where owners take clones along and bring them. `find_clone(name, user)` raises NotFound."""

    archives: CloneArchives
    find_clone: Callable[[str | None, UUID], Awaitable[Clone]]


class Replies(Protocol):
    """The record-and-reply flow (`studio.record_reply.ReplyStudio`)."""

    async def complete_flow(self, user_id: UUID, recording: bytes, wish: ClipWish) -> RecordedReply:
        """A recording in, its transcript, the answer and the ordered clip. Raises CallerError and ProviderError."""
        ...


@dataclass(frozen=True, slots=True)
class PoolUse:
    """Database connections of this process: in use, and the most there may be."""

    used: int
    size: int


@dataclass(frozen=True, slots=True)
class Breaker:
    """The circuit breaker of an engine, and how often in a row it failed."""

    role: str
    name: str
    state: Literal["closed", "open", "half-open"]
    failures: int


class Past(Protocol):
    """What the database knows of all conversations. Raises Unavailable when it does not answer."""

    async def costs(self, days: int) -> list[DayCosts]:
        """By day and by who answered: today and the `days` before it."""
        ...

    async def newcomers(self) -> tuple[int, float]:
        """Users who are new since this time yesterday, and the mean of a day of the week before."""
        ...


@dataclass(frozen=True, slots=True)
class OperationsDesk:
    """What whoever runs the server looks at, beside what this process observes. `home` names the disk to watch."""

    jobs: JobQueue
    watch: JobWatch
    past: Past
    pool: Callable[[], PoolUse | None]
    breakers: Callable[[], Sequence[Breaker]]
    tariff: Callable[[], Tariff]
    budget: float
    home: Path


@dataclass(frozen=True, slots=True)
class ChannelDeps:
    """Everything the channels are given.

    `authenticate(token)` gives the identity or raises Unauthenticated. `issue_token(device_id)` gives a token for the
    visitor on that device, or for the owner when it is None. `list_clones(identity)` gives the clones they may meet,
    the one to meet by default first. `components()` gives the health of asr, rag, llm, tts, database, cache and so on
    and must be quick; `doctor()` a report of the engines for `GET /api/engines` (JSON). `static` is the built page.
    `clips` takes orders for clips and `replies` answers recordings, where the product has them.
    """

    sessions: Sessions
    authenticate: Callable[[str], Awaitable[Identity]]
    issue_token: Callable[[str | None], Awaitable[IssuedToken]]
    list_clones: Callable[[Identity], Awaitable[list[CloneCard]]]
    engines: Callable[[], tuple[EngineItem, ...]]
    components: Callable[[], Awaitable[Mapping[str, ComponentHealth]]]
    doctor: Callable[[], Awaitable[Mapping[str, Any]]]
    static: Path
    limits: Limits = field(default_factory=Limits)
    origins: tuple[str, ...] = ()
    embed_origins: tuple[str, ...] = ()
    clock: Clock = SYSTEM
    faces: FaceShelf | None = None
    clips: ClipDesk | None = None
    replies: Replies | None = None
    face_studio: FaceStudio | None = None
    knowledge: KnowledgeStudio | None = None
    questions: QuestionStudio | None = None
    persona_studio: PersonaStudio | None = None
    voice_studio: VoiceStudio | None = None
    clone_desk: CloneDesk | None = None
    jobs: JobsStudio | None = None
    observatory: Observatory = field(default_factory=Observatory)
    operations: OperationsDesk | None = None
    account: Account | None = None
    archives: ArchiveStudio | None = None
    privacy: Privacy | None = None
