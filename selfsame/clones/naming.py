"""What a clone may be called. Pure."""

from __future__ import annotations

import re
import unicodedata

from selfsame.errors import BadInput

LONGEST_NAME = 100
TAKEN = frozenset({"mine", "import"})
"""Words that addresses use for other things than a clone."""
_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


def checked_name(name: str) -> str:
    """The name, trimmed. Raises BadInput."""
    kept = name.strip()
    if not 0 < len(kept) <= LONGEST_NAME or not kept.isprintable():
        raise BadInput(f"a name has 1 to {LONGEST_NAME} characters")
    return kept


def checked_slug(slug: str | None, name: str) -> str:
    """The slug, or one made from the name. Raises BadInput."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    wanted = slug if slug is not None else re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")
    if not _SLUG.fullmatch(wanted):
        if slug is None:
            raise BadInput(f"no address can be made from {name}; choose its slug yourself")
        raise BadInput("a slug has 1 to 64 of a-z, 0-9 and dashes, no dash first or last")
    if wanted in TAKEN:
        raise BadInput(f"{wanted} is a word of our addresses; choose another slug")
    return wanted
