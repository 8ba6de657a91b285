"""What people say of a clone's answers: reports of a bad answer, and ratings of a conversation (MET-13).

Both belong to the owner of the clone. A report holds what its sender sends; the question and the answer of the turn are
copied only where the sender lets transcripts be kept, and are forgotten with that consent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

Reason = Literal["wrong", "made_up", "outdated", "rude", "off_topic", "unsafe", "other"]
Status = Literal["open", "resolved"]
LONGEST_WORDS = 2000
LONGEST_QUESTION = 500
LONGEST_ANSWER = 5000
MOST_REPORTS = 1000
"""Kept of each clone; beyond that the oldest is forgotten."""
KEPT_DAYS = 365


@dataclass(frozen=True, slots=True)
class Complaint:
    """A report as it is sent. `turn` is the conversation's turn number; `question` and `answer` only if sent."""

    session_id: UUID
    turn: int
    reason: Reason
    words: str = ""
    question: str | None = None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """A report as the owner sees it. It does not say who sent it."""

    id: UUID
    clone_id: UUID
    session_id: UUID
    turn: int
    reason: Reason
    words: str
    question: str | None
    answer: str | None
    status: Status
    note: str
    created_at: datetime
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating of a conversation, 1 (bad) to 5 (good)."""

    id: UUID
    clone_id: UUID
    session_id: UUID
    rating: int
    words: str
    created_at: datetime


class ReportStore(Protocol):
    """Reports and ratings."""

    async def report(self, sender: UUID, complaint: Complaint) -> UUID:
        """Keep a report of the sender's own conversation; the same turn again replaces it. Raises NotFound."""
        ...

    async def reports(self, owner: UUID, status: Status | None = None, limit: int = 200) -> Sequence[Report]:
        """Reports of the owner's clones, newest first."""
        ...

    async def resolve(self, owner: UUID, report_id: UUID, note: str = "") -> Report:
        """Mark a report as dealt with. Raises NotFound."""
        ...

    async def rate(self, sender: UUID, session_id: UUID, rating: int, words: str = "") -> UUID:
        """Keep a rating of the sender's own conversation, in place of an earlier one. Raises NotFound."""
        ...

    async def ratings(self, owner: UUID, limit: int = 200) -> Sequence[Rating]:
        """Ratings of the owner's clones, newest first."""
        ...

    async def sweep(self) -> int:
        """Forget what is older than `KEPT_DAYS`; how many."""
        ...


def one_line(text: str | None, longest: int) -> str | None:
    """A text with its ends trimmed and cut to size; None for nothing."""
    kept = (text or "").strip().replace("\0", "")[:longest].strip()
    return kept or None
