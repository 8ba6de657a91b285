"""What a person may see, take along and erase, over all that this process holds of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from selfsame.clones.privacy import Erased, Held, KeptConversation, Overview, SectionName, policy
from selfsame.conversation.sessions import LiveSessions
from selfsame.errors import NotFound
from selfsame.kit.streams import closing
from selfsame.stores.archive.person_out import PersonOut
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.privacy import PostgresPrivacy
from selfsame.stores.postgres.users import PostgresUsers
from selfsame.studio.folders import CLIPS, FACE_MODELS, FOLDERS, UPLOADS, VOICE_MODELS, folder_of
from selfsame.studio.port import FileStore
from selfsame.wiring.forgetting import ForgetClone

FILED: dict[SectionName, str] = {
    "userAudio": UPLOADS,
    "voiceModels": VOICE_MODELS,
    "faceModels": FACE_MODELS,
    "clips": CLIPS,
}


@dataclass(frozen=True, slots=True)
class PrivacyDesk:
    """Implements `clones.privacy.Privacy`. `refurnish` makes what a house needs after its owner was erased."""

    database: Database
    files: FileStore
    sessions: LiveSessions
    forget_clone: ForgetClone
    refurnish: Callable[[UUID], Awaitable[None]]

    async def overview(self, user_id: UUID) -> Overview:
        """What is kept, and all consents."""
        held = await PostgresPrivacy(self.database).held(user_id)
        for section, purpose in FILED.items():
            known = held.get(section, Held())
            count, size = await self._filed(folder_of(purpose, user_id))
            held[section] = Held(count if section == "userAudio" else known.count, size, known.newest)
        return Overview(policy(held), await PostgresConsents(self.database).of(user_id))

    async def export(self, user_id: UUID, passphrase: str | None = None) -> AsyncIterator[bytes]:
        """Everything as one archive."""
        pieces = PersonOut(self.database, self.files).export(user_id, passphrase)
        async with closing(pieces):
            async for piece in pieces:
                yield piece

    async def erase(self, user_id: UUID) -> Erased:
        """Conversations end, rows go with all that hangs on them, then files and caches. Raises NotFound."""
        mine = [clone.id for clone in await PostgresClones(self.database).list(user_id) if clone.owner_id == user_id]
        await self.sessions.end_of(user_id)
        book = PostgresPrivacy(self.database)
        rows, drawn = await book.counts(user_id), await book.drawn(user_id)
        await PostgresUsers(self.database).erase_user(user_id)
        await self.sessions.end_of(user_id)  # one that began meanwhile: its rows are gone, and it has nowhere to write
        files = sum([await self.files.delete(folder_of(purpose, user_id)) for purpose in FOLDERS])
        for clone_id in mine:
            await self.forget_clone(clone_id)
        await book.withdraw_orders(user_id, drawn)
        await self.refurnish(user_id)
        return Erased(rows, files)

    async def conversations(self, user_id: UUID, limit: int, before: datetime | None) -> Sequence[KeptConversation]:
        """The user's conversations, newest first."""
        return await PostgresPrivacy(self.database).conversations(user_id, limit, before)

    async def conversation(self, user_id: UUID, conversation_id: UUID) -> KeptConversation:
        """One. Raises NotFound."""
        return await PostgresPrivacy(self.database).conversation(user_id, conversation_id)

    async def forget(self, user_id: UUID, conversation_id: UUID) -> None:
        """End and delete one. Raises NotFound."""
        await self.sessions.end_of(user_id, conversation_id)
        await PostgresConversations(self.database).forget(conversation_id, user_id)

    async def _filed(self, folder: str) -> tuple[int, int]:
        """How many files there are in a folder, and their bytes."""
        count, size = 0, 0
        async for key in self.files.keys(folder):
            try:
                size += len(await self.files.get(key))
            except NotFound:
                continue
            count += 1
        return count, size
