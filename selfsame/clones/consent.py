"""Consent: nothing biometric and no transcript without a live record (PRIV-01 to PRIV-06, G-18)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from selfsame.errors import BadInput, ConsentMissing

Subject = Literal["audio", "transcripts", "history", "voice", "face"]
TRANSCRIPT_RETENTION_DAYS = 90


@dataclass(frozen=True, slots=True)
class Consent:
    """One grant; revoking sets `revoked_at` and keeps the row as evidence.

    `evidence` of a spoken consent: SHA-256 of the recording, its text, the name, the date, the scores, and
    `voicePrint`, the numbers of the voice that agreed, which alone is forgotten when the consent ends.
    """

    id: UUID
    user_id: UUID
    subject: Subject
    granted_at: datetime
    revoked_at: datetime | None = None
    evidence: Mapping[str, Any] | None = None


def is_live(consents: tuple[Consent, ...], subject: Subject) -> bool:
    """Whether some record for `subject` is granted and not revoked."""
    return any(c.subject == subject and c.revoked_at is None for c in consents)


def require(consents: tuple[Consent, ...], subject: Subject) -> None:
    """Raise ConsentMissing unless a live record for `subject` exists."""
    if not is_live(consents, subject):
        raise ConsentMissing(f"this needs a recorded consent for {subject}")


EVIDENCE = ("sha256", "text", "heard", "name", "date", "language", "scores")
PRINT = "voicePrint"


def check_grant(subject: Subject, evidence: Mapping[str, Any] | None) -> None:
    """Raise BadInput when consent to a voice is to be recorded without having been spoken (VOICE-13)."""
    if subject == "voice" and (evidence is None or not all(evidence.get(name) for name in (*EVIDENCE, PRINT))):
        raise BadInput("consent to a clone of the voice is spoken: record the sentence that is shown")


def voice_print(consents: tuple[Consent, ...]) -> list[float]:
    """The numbers of the voice that agreed. Raises ConsentMissing without a live consent to `voice`."""
    require(consents, "voice")
    live = [c for c in consents if c.subject == "voice" and c.revoked_at is None and c.evidence is not None]
    if not live:
        raise ConsentMissing("this needs a spoken consent: record the sentence that is shown")
    return [float(number) for number in (live[-1].evidence or {})[PRINT]]
