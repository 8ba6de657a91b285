"""What is asked of an import, and what it says of itself."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol
from uuid import UUID

from selfsame.clones.clone import Clone


@dataclass(frozen=True, slots=True)
class ImportWish:
    """How an archive is to be read. `slug` instead of the clone's own; `passphrase` of a sealed one; `claim`: the owner
    says to be the person of that name, whose consents the archive carries."""

    slug: str | None = None
    passphrase: str | None = None
    claim: str = ""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in: how many of each, what was left out and why, and whether vectors had to be made anew."""

    clone: Clone
    counts: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, str] = field(default_factory=dict)
    embedded_anew: bool = False


class CloneArchives(Protocol):
    """Clones as files. Whatever is not the owner's is NotFound."""

    def export(self, owner_id: UUID, clone: Clone, passphrase: str | None = None) -> AsyncIterator[bytes]:
        """The archive, piece by piece. Raises NotFound, BadInput (passphrase), Unavailable."""
        ...

    async def lost(self, owner_id: UUID, clone: Clone) -> Mapping[str, int]:
        """How many things of each kind an export leaves out, as their files are lost; {} when it is whole."""
        ...

    async def bring(self, owner_id: UUID, file: BinaryIO, wish: ImportWish) -> Imported:
        """Make a clone of the archive in `file`, which seeks: whole or not at all.

        Raises BadInput, TooLarge (each with what to do), Unavailable.
        """
        ...
