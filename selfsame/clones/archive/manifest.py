"""The list of contents of an archive, and what an archive may hold at most. Pure.

`manifest.json` is written last and read first: `format`, `product` (the version that wrote it), `madeAt`, `slug`,
`name`, `lost` where something was left out whose files were lost, and for every other entry its name, its size in bytes
and its SHA-256.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from selfsame.errors import BadInput, TooLarge

CLONE_FORMAT = "selfsame-clone/1"
PERSON_FORMAT = "selfsame-person/1"
MANIFEST = "manifest.json"
WITH_FILES = ("uploads", "pictures", "voices", "faces")
"""The kinds of things that have files in an archive."""
MOST_ENTRIES = 50_000
MOST_MANIFEST = 16_000_000
ENTRY_BYTES = 512 * 1024 * 1024
"""The largest entry: as large as a file of a `FileStore`."""
ALL_BYTES = 8 * 1024**3
"""All entries of an archive together, unpacked."""
MOST_RATIO = 100
"""How many times larger than the archive its contents may be, beyond `FREE_BYTES`."""
FREE_BYTES = 256 * 1024 * 1024
DAMAGED = "the archive is damaged or no export of a clone; export it again"

_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,149}(?:/[A-Za-z0-9_-][A-Za-z0-9._-]{0,149}){0,5}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in an archive: its name, its size in bytes, and the SHA-256 of its bytes in hexadecimal."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says of itself. `lost`: how many things of each kind were left out, as their files were lost."""

    format: str
    product: str
    made_at: str
    slug: str
    name: str
    entries: tuple[Entry, ...]
    lost: Mapping[str, int] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The file."""
        entries = [{"name": e.name, "size": e.size, "sha256": e.sha256} for e in self.entries]
        body: dict[str, Any] = {"format": self.format, "product": self.product, "madeAt": self.made_at}
        body |= {"slug": self.slug, "name": self.name} | ({"lost": dict(self.lost)} if self.lost else {})
        return orjson.dumps(body | {"entries": entries}, option=2)


def is_entry_name(name: str) -> bool:
    """Whether it is up to six parts of letters, digits, dots, dashes and underscores, none beginning with a dot."""
    return len(name) <= 400 and _NAME.fullmatch(name) is not None


def read_manifest(data: bytes, archive_bytes: int, wanted: str = CLONE_FORMAT) -> Manifest:
    """The list of an archive of `archive_bytes`.

    Raises BadInput when it is none or of another version, TooLarge when it announces more than an archive may hold.
    """
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise BadInput(DAMAGED) from error
    if not isinstance(body, dict) or not isinstance(body.get("format"), str):
        raise BadInput(DAMAGED)
    if body["format"] != wanted:
        kind, _, _ = wanted.partition("/")
        if body["format"].startswith(f"{kind}/"):
            raise BadInput(f"the archive has the format {body['format'][:40]}; update Selfsame to read it")
        raise BadInput(DAMAGED)
    texts = {key: body.get(key) for key in ("product", "madeAt", "slug", "name")}
    listed = body.get("entries")
    if not all(isinstance(text, str) and len(text) <= 255 for text in texts.values()) or not isinstance(listed, list):
        raise BadInput(DAMAGED)
    if len(listed) > MOST_ENTRIES:
        raise TooLarge(f"an archive has at most {MOST_ENTRIES} entries")
    entries = tuple(_entry(each) for each in listed)
    if len({entry.name for entry in entries}) != len(entries):
        raise BadInput(DAMAGED)
    _check_size(sum(entry.size for entry in entries), archive_bytes)
    told = texts["product"], texts["madeAt"], texts["slug"], texts["name"]
    return Manifest(wanted, *told, entries, _lost(body.get("lost", {})))  # type: ignore[arg-type]


def _lost(value: Any) -> dict[str, int]:
    if not isinstance(value, dict) or not value.keys() <= set(WITH_FILES):
        raise BadInput(DAMAGED)
    if not all(type(count) is int and 0 < count <= MOST_ENTRIES for count in value.values()):
        raise BadInput(DAMAGED)
    return value


def _entry(value: Any) -> Entry:
    if not isinstance(value, dict):
        raise BadInput(DAMAGED)
    name, size, digest = value.get("name"), value.get("size"), value.get("sha256")
    if not (isinstance(name, str) and isinstance(size, int) and isinstance(digest, str)):
        raise BadInput(DAMAGED)
    if isinstance(size, bool) or size < 0 or name == MANIFEST:
        raise BadInput(DAMAGED)
    if not is_entry_name(name) or _HASH.fullmatch(digest) is None:
        raise BadInput(DAMAGED)
    if size > ENTRY_BYTES:
        raise TooLarge(f"a file in an archive has at most {ENTRY_BYTES // 1024**2} MB")
    return Entry(name, size, digest)


def _check_size(total: int, archive_bytes: int) -> None:
    if total > ALL_BYTES:
        raise TooLarge(f"an archive holds at most {ALL_BYTES // 1024**3} GB")
    if total > FREE_BYTES + MOST_RATIO * archive_bytes:
        raise TooLarge("the archive would unpack to far more than an export of a clone does; it is not read")
