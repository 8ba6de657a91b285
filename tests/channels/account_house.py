"""An account in memory for the whole house: its stores, one conversation to report and rate."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from selfsame.channels.account_port import Account
from selfsame.channels.identity import Identity, IssuedToken
from selfsame.clones.provider_keys import KeyCheck, KeyDesk, ProviderKey
from selfsame.clones.sign_in import SignedIn, SignInDesk
from selfsame.clones.usage import Made, Storage, Talked, Turns, Usage
from selfsame.conversation.port import SessionRecord
from selfsame.events.turns import TurnMetrics, TurnRecord
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id
from selfsame.stores.memory import MemoryConversations
from selfsame.stores.memory_account import MemoryAudit, MemoryKeys, MemorySettings, MemorySignIns
from selfsame.stores.memory_reports import MemoryReports


class AccountHouse:
    """The account of `owner`, whose clone is `clone`."""

    def __init__(self, owner: UUID, others: list[UUID], clone: UUID) -> None:
        self._owner, self._clone = owner, clone
        self._talks = MemoryConversations()
        self._users = (owner, *others)
        self.desk = SignInDesk(MemorySignIns(), b"p" * 32, wall, lambda: wall().timestamp())

    def account(self) -> Account:
        return Account(
            owner_id=self._owner,
            sign_in=self.desk,
            keys=KeyDesk(MemoryKeys(wall), self._attempt, self._nothing, wall),
            settings=MemorySettings(*self._users),
            reports=MemoryReports(self._talks, {self._clone: self._owner}),
            audit=MemoryAudit(*self._users),
            usage=self,
            issue_signed_in=self._issue,
            keeps_history=self._keeps,
            set_history=self._nothing,
            settings_changed=self._nothing,
            storage=self._storage,
        )

    async def talk(self) -> str:
        """The id of a conversation of the owner's with one answered turn."""
        record = await self._talks.open(SessionRecord(new_id(), self._owner, self._clone, keep_transcripts=True))
        said = TurnRecord(1, "m", "When do you open?", "Never.", "EN", False, 0.9, 1000, 1000, 1000, TurnMetrics())
        await self._talks.commit(record.id, self._owner, said)
        return str(record.id)

    async def since(self, owner: UUID, since: datetime) -> Usage:
        day = since.date()
        turns = [Turns(day, self._clone, "embedded-answers", 7, 9.0, 9.0)]
        talked = [Talked(day, self._clone, 3, 12.5)]
        return Usage(since, {self._clone: "ada"}, talked, turns, [Made(day, self._clone, 2)])

    async def _attempt(self, key: ProviderKey) -> KeyCheck:
        return KeyCheck("works" if key.value.startswith("sk-") else "refused", "it was tried", wall())

    async def _issue(self, device: SignedIn) -> IssuedToken:
        return IssuedToken("owner", Identity(device.user_id), wall())

    async def _keeps(self, _user: UUID) -> bool:
        return False

    async def _nothing(self, *_: Any) -> None:
        return None

    async def _storage(self, _user: UUID) -> Storage:
        return Storage(1, 2, 3, 4)
