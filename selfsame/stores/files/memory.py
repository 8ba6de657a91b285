"""Files in memory, for tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

from selfsame.errors import BadInput, NotFound
from selfsame.stores.files.keys import check_size, parts_of, prefix_of


class MemoryFiles:
    """`FileStore` in memory; nothing survives."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    async def put(self, key: str, data: bytes) -> None:
        """Store; see the port."""
        parts_of(key)
        check_size(data)
        self.held[key] = bytes(data)

    async def get(self, key: str) -> bytes:
        """The bytes. Raises NotFound."""
        parts_of(key)
        if key not in self.held:
            raise NotFound("there is no such file")
        return self.held[key]

    async def delete(self, prefix: str) -> int:
        """Remove every file whose key starts with `prefix`; how many there were."""
        if not prefix:
            raise BadInput("say which files are to be deleted")
        prefix_of(prefix)
        gone = [key for key in self.held if key.startswith(prefix)]
        for key in gone:
            del self.held[key]
        return len(gone)

    async def keys(self, prefix: str) -> AsyncIterator[str]:
        """All keys that start with `prefix`, sorted."""
        prefix_of(prefix)
        for key in sorted(key for key in self.held if key.startswith(prefix)):
            yield key
