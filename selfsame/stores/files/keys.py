"""Which keys a file may have: pure."""

from __future__ import annotations

import re

from selfsame.errors import BadInput, TooLarge

LONGEST_KEY = 512
LONGEST_PART = 150
MOST_BYTES = 512 * 1024 * 1024
"""The largest file of a `FileStore`. A put holds the caller's bytes and one segment; a get holds the bytes once."""

_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


def parts_of(key: str) -> list[str]:
    """The key split at its slashes. Raises BadInput on anything that could leave its folder or hide in it.

    A key has 1 to 512 characters; each part 1 to 150 of A-Z, a-z, 0-9, dot, underscore and dash, no dot coming first.
    """
    parts = key.split("/")
    if len(key) > LONGEST_KEY or not all(len(part) <= LONGEST_PART and _PART.fullmatch(part) for part in parts):
        raise BadInput("a file's key is up to 512 letters, digits, dots, dashes and underscores between slashes")
    return parts


def prefix_of(prefix: str) -> tuple[list[str], str]:
    """A prefix as whole folders and the beginning of the next part, which may be empty. Raises BadInput."""
    *folders, rest = prefix.split("/")
    if folders:
        parts_of("/".join(folders))
    if rest:
        parts_of(rest)
    if len(prefix) > LONGEST_KEY:
        raise BadInput(f"a prefix has up to {LONGEST_KEY} characters")
    return folders, rest


def check_size(data: bytes) -> None:
    """Raise TooLarge beyond MOST_BYTES."""
    if len(data) > MOST_BYTES:
        raise TooLarge(f"a file may have up to {MOST_BYTES // 1024**2} MB, this one has {len(data) // 1024**2} MB")
