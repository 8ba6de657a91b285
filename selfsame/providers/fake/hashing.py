"""Numbers out of texts, for fakes that must be the same everywhere."""

from __future__ import annotations

import hashlib


def number_of(text: str, below: int) -> int:
    """A number in [0, below) that depends on `text` alone, the same on every machine."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big") % below
