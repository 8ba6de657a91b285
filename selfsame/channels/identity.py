"""Who a caller is, as their token says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a valid token speaks for (AUTH-02)."""

    user_id: UUID
    permissions: frozenset[str] = frozenset()
    email: str | None = None
    tier: str = "free"
    name: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A fresh token and whom it is for."""

    token: str
    identity: Identity
    expires_at: datetime
