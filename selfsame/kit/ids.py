"""Identifiers: random UUIDs for rows, short readable ones for logs."""

from __future__ import annotations

import secrets
import uuid


def new_id() -> uuid.UUID:
    """A random (version 4) row id."""
    return uuid.uuid4()


def stable_id(namespace: str, name: str) -> uuid.UUID:
    """The same id for the same pair on every machine (version 5)."""
    return uuid.uuid5(uuid.uuid5(uuid.NAMESPACE_URL, "selfsame:" + namespace), name)


def short_id(length: int = 8) -> str:
    """A random lower-case token for names that a person may read aloud."""
    return secrets.token_hex((length + 1) // 2)[:length]
