"""Signed tokens: who presents a request (AUTH-02). Pure: the key and the time come from outside.

A token is a JSON Web Token (RFC 7519) signed with HMAC-SHA-256. Accounts, the owner of the machine and visitors by
device carry the same claims; what differs is their permissions and, for visitors, the made-up e-mail address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt

from selfsame.errors import Unauthenticated

ALGORITHM = "HS256"
LIFETIME = timedelta(hours=12)
LEEWAY = timedelta(seconds=30)
"""How far the clocks of two machines may differ."""
NEEDED = ("userId", "email", "subscriptionTier", "permissions", "iat", "exp")

CONVERSE = "converse"
OWN = "own"
"""May change clones, knowledge and settings of this machine's owner."""
READ_METRICS = "read_metrics"

VISITOR_PERMISSIONS = (CONVERSE,)
OWNER_PERMISSIONS = (CONVERSE, OWN, READ_METRICS)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says about its bearer. Times are UTC, whole seconds."""

    user_id: UUID
    email: str
    subscription_tier: str
    permissions: tuple[str, ...]
    issued_at: datetime
    expires_at: datetime
    device: UUID | None = None
    """The signed-in device that the token was made for; it ends with the device's sign-in."""

    def may(self, permission: str) -> bool:
        """Whether the bearer holds `permission`."""
        return permission in self.permissions


@dataclass(frozen=True, slots=True)
class Bearer:
    """For whom a token is made."""

    user_id: UUID
    email: str
    subscription_tier: str = "free"
    permissions: tuple[str, ...] = VISITOR_PERMISSIONS
    device: UUID | None = None


def issue(bearer: Bearer, key: bytes, now: datetime, lifetime: timedelta = LIFETIME) -> str:
    """A signed token, valid from `now` (UTC) for `lifetime`. `key` has at least 32 bytes."""
    issued = int(now.timestamp())
    claims = {
        "userId": str(bearer.user_id),
        "email": bearer.email,
        "subscriptionTier": bearer.subscription_tier,
        "permissions": list(bearer.permissions),
        "iat": issued,
        "exp": issued + int(lifetime.total_seconds()),
    }
    if bearer.device is not None:
        claims["device"] = str(bearer.device)
    return jwt.encode(claims, key, algorithm=ALGORITHM)


def verify(token: str, key: bytes, now: datetime) -> Claims:
    """The claims of a token that we signed and that is valid at `now`.

    Raises Unauthenticated when it is malformed, signed otherwise or not at all, incomplete, not yet or no longer valid.
    """
    # PyJWT would read the machine's clock, so the times are checked here.
    options: Any = {"require": list(NEEDED), "verify_exp": False, "verify_iat": False, "verify_nbf": False}
    try:
        found = jwt.decode(token, key, algorithms=[ALGORITHM], options=options)
        claims = _claims(found)
    except (jwt.PyJWTError, ValueError, TypeError, OverflowError, OSError) as error:
        raise Unauthenticated("the token is not valid") from error
    if now >= claims.expires_at:
        raise Unauthenticated("the token has expired")
    if now + LEEWAY < claims.issued_at:
        raise Unauthenticated("the token is from the future")
    return claims


def _claims(found: dict[str, Any]) -> Claims:
    """Check the shape. Raises ValueError or TypeError."""
    user, email, tier, permissions = (found[name] for name in ("userId", "email", "subscriptionTier", "permissions"))
    if not all(isinstance(each, str) for each in (user, email, tier)):
        raise TypeError("userId, email and subscriptionTier must be texts")
    if not isinstance(permissions, list) or not all(isinstance(each, str) for each in permissions):
        raise TypeError("permissions must be a list of texts")
    for name in ("iat", "exp"):
        if isinstance(found[name], bool) or not isinstance(found[name], int):
            raise TypeError(f"{name} must be whole seconds")
    device = found.get("device")
    if device is not None and not isinstance(device, str):
        raise TypeError("device must be a text")
    return Claims(
        device=None if device is None else UUID(device),
        user_id=UUID(user),
        email=email,
        subscription_tier=tier,
        permissions=tuple(permissions),
        issued_at=datetime.fromtimestamp(found["iat"], UTC),
        expires_at=datetime.fromtimestamp(found["exp"], UTC),
    )
