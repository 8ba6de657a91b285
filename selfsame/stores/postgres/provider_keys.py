"""Providers' keys in Postgres, sealed for their row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from selfsame.clones.provider_keys import KeyCheck, KeyEntry, ProviderKey
from selfsame.errors import NotFound
from selfsame.kit.clock import wall
from selfsame.kit.ids import stable_id
from selfsame.stores.postgres.account_tables import api_keys
from selfsame.stores.postgres.database import Database
from selfsame.stores.seal import RowSeal

_TOLD = tuple(column for column in api_keys.c if column.name != "sealed")


class PostgresKeys:
    """`KeyStore` on Postgres."""

    def __init__(self, database: Database, seal: RowSeal, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._seal = seal
        self._now = now

    async def put(self, user_id: UUID, key: ProviderKey) -> KeyEntry:
        """Keep a key; see the port."""
        row = stable_id("provider key", f"{user_id}:{key.provider}")  # the same row again: one key of each provider
        values = {
            "sealed": self._seal.seal(str(row), key.value),
            "base_url": key.base_url,
            "model": key.model,
            "set_at": self._now(),
            "check_state": "",
            "check_message": "",
            "checked_at": None,
        }
        kept = upsert(api_keys).values(id=row, user_id=user_id, provider=key.provider, **values)
        kept = kept.on_conflict_do_update(index_elements=[api_keys.c.id], set_=values).returning(*_TOLD)
        async with self._database.session(user_id) as db:
            return _entry((await db.execute(kept)).one())

    async def entries(self, user_id: UUID) -> list[KeyEntry]:
        """What is kept, by provider."""
        query = select(*_TOLD).where(api_keys.c.user_id == user_id).order_by(api_keys.c.provider)
        async with self._database.session(user_id) as db:
            return [_entry(row) for row in await db.execute(query)]

    async def reveal(self, user_id: UUID, provider: str) -> ProviderKey | None:
        """The key itself. Raises Unavailable when it cannot be opened."""
        query = select(api_keys).where(_mine(user_id, provider))
        async with self._database.session(user_id) as db:
            row = (await db.execute(query)).one_or_none()
        if row is None:
            return None
        return ProviderKey(provider, self._seal.open(str(row.id), row.sealed), row.base_url, row.model)

    async def checked(self, user_id: UUID, provider: str, check: KeyCheck) -> None:
        """Note what a check found."""
        values = {"check_state": check.state, "check_message": check.message, "checked_at": check.at}
        async with self._database.session(user_id) as db:
            await db.execute(update(api_keys).where(_mine(user_id, provider)).values(values))

    async def remove(self, user_id: UUID, provider: str) -> None:
        """Forget a key. Raises NotFound."""
        gone = delete(api_keys).where(_mine(user_id, provider)).returning(api_keys.c.id)
        async with self._database.session(user_id) as db:
            if (await db.execute(gone)).first() is None:
                raise NotFound("no key of this provider is kept")


def _mine(user_id: UUID, provider: str) -> Any:
    return (api_keys.c.user_id == user_id) & (api_keys.c.provider == provider)


def _entry(row: Row[Any]) -> KeyEntry:
    check = KeyCheck(row.check_state, row.check_message, row.checked_at) if row.checked_at else None
    return KeyEntry(row.provider, row.set_at, row.base_url, row.model, check)
