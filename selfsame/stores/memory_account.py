"""The account's stores in memory, for tests: the same contracts as Postgres, but nothing survives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from selfsame.clones.audit import AUDIT_DAYS, Cursor, Entry, Logged
from selfsame.clones.provider_keys import KeyCheck, KeyEntry, ProviderKey
from selfsame.clones.sign_in import CODE_TRIES, MOST_DEVICES, SignedIn, SignInCode, is_live
from selfsame.clones.user_settings import UserSettings, changed
from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id


class MemorySignIns:
    """`SignInStore` in memory."""

    def __init__(self) -> None:
        self._codes: dict[UUID, tuple[SignInCode, int]] = {}
        self._devices: dict[UUID, SignedIn] = {}

    async def put_code(self, code: SignInCode, now: datetime) -> None:
        """Keep a code; older ones of the user are void."""
        self._codes = {key: kept for key, kept in self._codes.items() if kept[0].user_id != code.user_id}
        self._codes[code.id] = (code, 0)

    async def waiting(self, now: datetime) -> list[SignInCode]:
        """The codes that could be used now."""
        return [code for code, tries in self._codes.values() if code.expires_at > now and tries < CODE_TRIES]

    async def missed(self, now: datetime) -> None:
        """Count a wrong code against all that wait."""
        self._codes = {key: (code, tries + 1) for key, (code, tries) in self._codes.items()}

    async def redeem(self, code_id: UUID, device: SignedIn, now: datetime) -> bool:
        """Use the code up and sign the device in; see the port."""
        fitting = [code for code in await self.waiting(now) if code.id == code_id and code.user_id == device.user_id]
        if not fitting:
            return False
        del self._codes[code_id]
        for known in await self.devices(device.user_id):
            if known.device_hash == device.device_hash:
                del self._devices[known.id]
        self._devices[device.id] = device
        for known in (await self.devices(device.user_id))[MOST_DEVICES:]:
            del self._devices[known.id]
        return True

    async def device(self, secret_hash: str) -> SignedIn | None:
        """The device with this secret."""
        return next((device for device in self._devices.values() if device.secret_hash == secret_hash), None)

    async def by_id(self, device_id: UUID) -> SignedIn | None:
        """The device, whoever's it is."""
        return self._devices.get(device_id)

    async def seen(self, device_id: UUID, address: str, now: datetime) -> None:
        """The device was here."""
        known = self._devices.get(device_id)
        if known is not None:
            self._devices[device_id] = replace(known, last_seen_at=now, address=address)

    async def devices(self, user_id: UUID) -> list[SignedIn]:
        """The user's devices, the one seen last first."""
        mine = [device for device in self._devices.values() if device.user_id == user_id]
        return sorted(mine, key=lambda device: device.last_seen_at, reverse=True)

    async def revoke(self, user_id: UUID, device_id: UUID) -> None:
        """Sign a device out. Raises NotFound."""
        known = self._devices.get(device_id)
        if known is None or known.user_id != user_id:
            raise NotFound("there is no such signed-in device")
        del self._devices[device_id]

    async def sweep(self, now: datetime) -> int:
        """Forget expired codes and devices."""
        codes = {key: kept for key, kept in self._codes.items() if kept[0].expires_at > now}
        devices = {key: device for key, device in self._devices.items() if is_live(device, now)}
        gone = len(self._codes) - len(codes) + len(self._devices) - len(devices)
        self._codes, self._devices = codes, devices
        return gone


class MemoryKeys:
    """`KeyStore` in memory; nothing is sealed, since nothing is written."""

    def __init__(self, now: Callable[[], datetime] = wall) -> None:
        self._now = now
        self._kept: dict[tuple[UUID, str], tuple[ProviderKey, KeyEntry]] = {}

    async def put(self, user_id: UUID, key: ProviderKey) -> KeyEntry:
        """Keep a key; see the port."""
        entry = KeyEntry(key.provider, self._now(), key.base_url, key.model)
        self._kept[user_id, key.provider] = (key, entry)
        return entry

    async def entries(self, user_id: UUID) -> list[KeyEntry]:
        """What is kept, by provider."""
        return [entry for (user, _), (_, entry) in sorted(self._kept.items()) if user == user_id]

    async def reveal(self, user_id: UUID, provider: str) -> ProviderKey | None:
        """The key itself."""
        kept = self._kept.get((user_id, provider))
        return None if kept is None else kept[0]

    async def checked(self, user_id: UUID, provider: str, check: KeyCheck) -> None:
        """Note what a check found."""
        kept = self._kept.get((user_id, provider))
        if kept is not None:
            self._kept[user_id, provider] = (kept[0], replace(kept[1], check=check))

    async def remove(self, user_id: UUID, provider: str) -> None:
        """Forget a key. Raises NotFound."""
        if self._kept.pop((user_id, provider), None) is None:
            raise NotFound("no key of this provider is kept")


class MemorySettings:
    """`SettingsStore` in memory, for the users it is told of."""

    def __init__(self, *users: UUID) -> None:
        self._kept = {user: UserSettings() for user in users}

    async def get(self, user_id: UUID) -> UserSettings:
        """The user's settings. Raises NotFound."""
        if user_id not in self._kept:
            raise NotFound("there is no such user")
        return self._kept[user_id]

    async def change(self, user_id: UUID, changes: Mapping[str, Any]) -> UserSettings:
        """Set some of them. Raises BadInput, NotFound."""
        self._kept[user_id] = changed(await self.get(user_id), changes)
        return self._kept[user_id]


class MemoryAudit:
    """`AuditLog` in memory, for the users it is told of."""

    def __init__(self, *users: UUID, now: Callable[[], datetime] = wall) -> None:
        self._users = users
        self._now = now
        self._lines: list[Logged] = []

    async def write(self, entry: Entry) -> None:
        """Add an entry."""
        if entry.user_id in self._users:
            self._lines.append(Logged(new_id(), self._now(), entry))

    async def read(self, user_id: UUID, limit: int = 200, action: str | None = None) -> list[Logged]:
        """The user's entries, newest first."""
        mine = [line for line in self._sorted() if line.entry.user_id == user_id]
        return [line for line in mine if action in (None, line.entry.action)][:limit]

    async def page(self, user_id: UUID, limit: int, after: Cursor | None = None) -> list[Logged]:
        """The user's entries, newest first, from after a place on."""
        return [line for line in self._sorted(after) if line.entry.user_id == user_id][:limit]

    async def users(self) -> list[UUID]:
        """All users."""
        return sorted(self._users)

    def _sorted(self, after: Cursor | None = None) -> list[Logged]:
        lines = sorted(self._lines, key=lambda line: (-line.at.timestamp(), line.id))
        ids = [line.id for line in lines]
        return lines[ids.index(after.id) + 1 :] if after is not None else lines

    async def sweep(self) -> int:
        """Forget what is older than 90 days."""
        old = self._now() - timedelta(days=AUDIT_DAYS)
        kept = [line for line in self._lines if line.at > old]
        gone, self._lines = len(self._lines) - len(kept), kept
        return gone
