"""Archives and privacy in memory for the whole house."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from selfsame.clones.archive.kinds import Imported, ImportWish
from selfsame.clones.clone import Clone
from selfsame.clones.privacy import Erased, Held, KeptConversation, KeptTurn, Overview, policy
from selfsame.errors import BadInput, NotFound
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id

ARCHIVE = b"selfsame-clone"


class BelongingsHouse:
    """One clone that can be taken along and brought, one conversation that can be seen and forgotten."""

    def __init__(self, clone: Clone) -> None:
        self._clone = clone
        said = KeptTurn(1, wall(), "Hello?", None, "EN", False)
        self.talks = {(one := new_id()): KeptConversation(one, clone.slug, clone.name, wall(), None, 1, 1, (said,))}

    async def export(self, owner_id: UUID, clone: object = None, passphrase: str | None = None) -> AsyncIterator[bytes]:
        yield ARCHIVE
        yield b"." if passphrase is None else b"sealed"

    async def lost(self, owner_id: UUID, clone: Clone) -> Mapping[str, int]:
        return {"voices": 1, "pictures": 2}

    async def bring(self, owner_id: UUID, file: BinaryIO, wish: ImportWish) -> Imported:
        if not file.read().startswith(ARCHIVE):
            raise BadInput("this is no archive of a clone")
        return Imported(self._clone, {"documents": 1}, {"voice": "there is no consent"})

    async def overview(self, user_id: UUID) -> Overview:
        return Overview(policy({"knowledgeBase": Held(2, 300, wall())}), ())

    async def erase(self, user_id: UUID) -> Erased:
        return Erased({"clones": 1}, 3)

    async def conversations(self, user_id: UUID, limit: int, before: datetime | None) -> Sequence[KeptConversation]:
        return list(self.talks.values())[:limit]

    async def conversation(self, user_id: UUID, conversation_id: UUID) -> KeptConversation:
        if conversation_id not in self.talks:
            raise NotFound("there is no such conversation of yours")
        return self.talks[conversation_id]

    async def forget(self, user_id: UUID, conversation_id: UUID) -> None:
        del self.talks[(await self.conversation(user_id, conversation_id)).id]
