"""The audit log (AUDL-01 to AUDL-03): who did what, from where, with which result; kept 90 days. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

Result = Literal["success", "failure"]
AUDIT_DAYS = 90

SIGN_IN = "sign_in"
SIGN_OUT = "sign_out"
DEVICE_REVOKED = "device_revoked"
CODE_MADE = "sign_in_code_made"
KEY_CHANGED = "key_changed"
CONFIGURATION = "configuration_changed"
UPLOAD = "document_upload"
VOICE_TRAINING = "voice_training"
FACE_TRAINING = "face_training"
CONSENT = "consent_changed"
DELETION = "data_deletion"
ACCESS = "data_access"
REFUSED = "security_event"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. `resource` is what was acted on, as a path; `details` hold no content and no secret."""

    user_id: UUID
    action: str
    resource: str
    result: Result
    ip_address: str = ""
    user_agent: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry and when it was written."""

    id: UUID
    at: datetime
    entry: Entry


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the log: the entry after which to read on."""

    at: datetime
    id: UUID


class AuditLog(Protocol):
    """Written once, read by its user and by whoever runs the server, changed by nobody."""

    async def write(self, entry: Entry) -> None:
        """Add an entry. One whose user is gone is dropped."""
        ...

    async def read(self, user_id: UUID, limit: int = 200, action: str | None = None) -> Sequence[Logged]:
        """The user's entries, newest first."""
        ...

    async def page(self, user_id: UUID, limit: int, after: Cursor | None = None) -> Sequence[Logged]:
        """The user's entries, newest first, from after a place on; the whole log in pieces."""
        ...

    async def users(self) -> Sequence[UUID]:
        """All users, whose logs may be empty: for whoever runs the server."""
        ...


_RULES: tuple[tuple[str, str, str], ...] = (
    ("POST", r"/api/(documents|faq|products/upload)(/address)?|/api/products/.+/pictures", UPLOAD),
    ("POST", r"/api/persona/extract|/api/clones/import", UPLOAD),
    ("POST", r"/voice-model/upload|/api/voice/clone", VOICE_TRAINING),
    ("POST", r"/face-model/upload", FACE_TRAINING),
    ("POST|DELETE", r"/api/consents(/.*)?|/face-model/consent", CONSENT),
    ("DELETE", r"/api/documents/.+|/voice-model/.+|/face-model/.+|/api/clips/.+|/api/clones/.+", DELETION),
    ("DELETE", r"/api/products/.+/pictures/.+|/api/(conversations|persona|privacy)(/.*)?", DELETION),
    ("PUT|PATCH", r"/api/(clones|persona|settings)(/.*)?", CONFIGURATION),
    ("POST", r"/voice-model/.+/activate|/face-model/.+/activate|/api/clones", CONFIGURATION),
    ("GET", r"/api/documents/.+/file|/api/clones/.+/export|/api/privacy/export", ACCESS),
    ("GET", r"/api/audit(/export)?|/api/operations/audit/export", ACCESS),
)
"""What of the HTTP interface is logged: method, path, action. Signing in and keys write their own entries."""


def action_of(method: str, path: str) -> str | None:
    """The action that a request is, if it is one that is logged."""
    for methods, pattern, action in _RULES:
        if re.fullmatch(methods, method) and re.fullmatch(pattern, path):
            return action
    return None
