"""What is kept of a person, for how long, and by whose leave (PRIV-01 to PRIV-08). Pure."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol
from uuid import UUID

from selfsame.clones.consent import PRINT, TRANSCRIPT_RETENTION_DAYS, Consent
from selfsame.errors import BadInput

SectionName = Literal[
    "userAudio", "transcripts", "knowledgeBase", "voiceModels", "conversationHistory", "faceModels", "clips",
    "unansweredQuestions",
]  # fmt: skip
CLIP_DAYS = 30
CONFIRMATION = "erase everything"
"""What somebody types who wants to be erased."""


@dataclass(frozen=True, slots=True)
class Held:
    """What there is of a section: how many, how many bytes, and the time of the newest, from which it is counted."""

    count: int = 0
    size: int = 0
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the policy (PRIV-07), and what there is of it. `retention_days` None: until it is deleted.

    `kept_until`: when the newest of it goes by itself.
    """

    name: SectionName
    retention_days: int | None
    requires_consent: bool
    deletable: bool
    held: Held
    about: str

    @property
    def stored(self) -> bool:
        """Whether there is any of it."""
        return self.held.count > 0

    @property
    def kept_until(self) -> datetime | None:
        """When the newest of it is forgotten."""
        if self.held.newest is None or self.retention_days is None:
            return None
        return self.held.newest + timedelta(days=self.retention_days)


_AUDIO = (
    "What you say is turned into words and thrown away. Recordings and pictures for a voice or a face wait here only "
    "until it is made, a day at most."
)
_HISTORY = "Conversations of which words are kept. Of the others only when they were and how quick the answers came."
_ASKED = "Questions that your clones could not answer, without who asked."
_RULES: Mapping[SectionName, tuple[int | None, bool, str]] = {
    "userAudio": (0, True, _AUDIO),
    "transcripts": (TRANSCRIPT_RETENTION_DAYS, True, "The words of your conversations."),
    "conversationHistory": (TRANSCRIPT_RETENTION_DAYS, True, _HISTORY),
    "knowledgeBase": (None, False, "What your clones know: documents, products, your answers."),
    "voiceModels": (None, True, "Voices made of recordings that you brought."),
    "faceModels": (None, True, "Faces made of pictures that you brought."),
    "clips": (CLIP_DAYS, False, "Videos that you had made."),
    "unansweredQuestions": (TRANSCRIPT_RETENTION_DAYS, False, _ASKED),
}
"""For each section: days that it is kept, whether that needs consent, and what it is, in words for the person."""


def policy(held: Mapping[SectionName, Held]) -> tuple[Section, ...]:
    """All sections, with what there is."""
    return tuple(
        Section(name, days, consent, True, held.get(name, Held()), about)
        for name, (days, consent, about) in _RULES.items()
    )


def shown_consent(consent: Consent) -> dict[str, Any]:
    """A record for whom it concerns, without the numbers of the voice."""
    evidence = {name: value for name, value in (consent.evidence or {}).items() if name != PRINT}
    return {
        "id": consent.id,
        "subject": consent.subject,
        "granted_at": consent.granted_at,
        "revoked_at": consent.revoked_at,
        "evidence": evidence or None,
    }


def check_confirmation(typed: str) -> None:
    """Raise BadInput unless the sentence was typed."""
    if " ".join(typed.lower().split()) != CONFIRMATION:
        raise BadInput(f'nothing was erased; to erase everything, write "{CONFIRMATION}"', code="NOT_CONFIRMED")


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything at a glance."""

    sections: tuple[Section, ...]
    consents: tuple[Consent, ...]


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """One turn; the words are None where they were not kept."""

    turn: int
    at: datetime
    user: str | None
    clone: str | None
    language: str
    interrupted: bool


@dataclass(frozen=True, slots=True)
class KeptConversation:
    """A conversation of the user's. `kept` turns have words; `clone` is the slug of whom it was with."""

    id: UUID
    clone: str
    clone_name: str
    started_at: datetime
    ended_at: datetime | None
    turns: int
    kept: int
    said: Sequence[KeptTurn] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure removed: rows by table, and files."""

    rows: Mapping[str, int]
    files: int


class Privacy(Protocol):
    """What a user may see, take along and erase: their own, and nothing else."""

    async def overview(self, user_id: UUID) -> Overview:
        """What is kept, section by section, and all consents."""
        ...

    def export(self, user_id: UUID, passphrase: str | None = None) -> AsyncIterator[bytes]:
        """Everything of the user as one archive, piece by piece. Raises NotFound, BadInput (passphrase)."""
        ...

    async def erase(self, user_id: UUID) -> Erased:
        """Erase everything of the user, at once; their conversations end. Raises NotFound."""
        ...

    async def conversations(self, user_id: UUID, limit: int, before: datetime | None) -> Sequence[KeptConversation]:
        """The user's conversations, newest first, those that began before a time."""
        ...

    async def conversation(self, user_id: UUID, conversation_id: UUID) -> KeptConversation:
        """One, with what was said as far as it was kept. Raises NotFound."""
        ...

    async def forget(self, user_id: UUID, conversation_id: UUID) -> None:
        """End it where it still runs, and delete it. Raises NotFound."""
        ...
