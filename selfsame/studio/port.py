"""What the studio needs from the stores."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Protocol

Progress = Callable[[float, str], Awaitable[None]]
"""Takes the share done (0..1) and what is being done, in words for the owner. Raises Cancelled when it was stopped."""


class FileStore(Protocol):
    """Files by key ("clone-face-models/<user>/<model>/neutral_pose.jpg"), encrypted at rest, local or in a bucket."""

    async def put(self, key: str, data: bytes) -> None:
        """Store whole or not at all; a key that is there is replaced. Raises Unavailable when the store cannot."""
        ...

    async def get(self, key: str) -> bytes:
        """The bytes. Raises NotFound."""
        ...

    async def delete(self, prefix: str) -> int:
        """Remove every file whose key starts with `prefix`; how many there were."""
        ...

    def keys(self, prefix: str) -> AsyncIterator[str]:
        """All keys that start with `prefix`, sorted."""
        ...
