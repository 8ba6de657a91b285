"""Where clips are ordered: what the channels need, and what the flow from recording to reply hands its answer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from selfsame.studio.port import ClipTimings

TalkStatus = Literal["pending", "running", "completed", "failed", "cancelled"]


@dataclass(frozen=True, slots=True)
class ClipWish:
    """A clip that somebody wants of a clone (its slug or id; None: the default one). `size` in pixels."""

    clone: str | None
    text: str
    language: str = "auto"
    size: int = 512


@dataclass(frozen=True, slots=True)
class Talk:
    """A clip and how far it is; `progress` 0..1. `error` says in words for the owner why it failed."""

    id: UUID
    status: TalkStatus
    progress: float = 0.0
    message: str = ""
    error: str | None = None
    timings: ClipTimings | None = None


@dataclass(frozen=True, slots=True)
class RecordedReply:
    """What was heard, what is answered, and the clip that will say it. `known`: it had been answered before."""

    transcript: str
    answer: str
    language: str
    talk: Talk
    known: bool


class ClipDesk(Protocol):
    """Takes orders for clips and hands them out. Whatever is not the user's is NotFound."""

    async def order(self, user_id: UUID, wish: ClipWish) -> Talk:
        """Order a clip; returns at once (JOB-09). The same wish again may give the same talk, finished or not.

        Raises NotFound (no such clone, or not theirs to meet), ConsentMissing (nobody agreed to show this face),
        BadInput or TooLarge (see `clips.check_script`), Overloaded.
        """
        ...

    async def status(self, user_id: UUID, talk_id: UUID) -> Talk:
        """How far it is. Raises NotFound."""
        ...

    async def cancel(self, user_id: UUID, talk_id: UUID) -> Talk:
        """Stop it when it is not finished; harmless otherwise. Raises NotFound."""
        ...

    async def video(self, user_id: UUID, talk_id: UUID) -> bytes:
        """The MP4 file. Raises NotFound, also while it is not finished or when it has expired."""
        ...
