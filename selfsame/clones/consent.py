"""Consent: nothing biometric and no transcript without a live record (PRIV-01 to PRIV-06, G-18)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from selfsame.errors import ConsentMissing

Subject = Literal["audio", "transcripts", "history", "voice", "face"]
TRANSCRIPT_RETENTION_DAYS = 90


@dataclass(frozen=True, slots=True)
class Consent:
    """One grant; revoking sets `revoked_at` and keeps the row as evidence."""

    id: UUID
    user_id: UUID
    subject: Subject
    granted_at: datetime
    revoked_at: datetime | None = None


def is_live(consents: tuple[Consent, ...], subject: Subject) -> bool:
    """Whether some record for `subject` is granted and not revoked."""
    return any(c.subject == subject and c.revoked_at is None for c in consents)


def require(consents: tuple[Consent, ...], subject: Subject) -> None:
    """Raise ConsentMissing unless a live record for `subject` exists."""
    if not is_live(consents, subject):
        raise ConsentMissing(f"this needs a recorded consent for {subject}")
