"""Users' settings in Postgres: the column `settings` of their own row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update

from selfsame.clones.user_settings import UserSettings, changed, settings_from
from selfsame.errors import NotFound
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.tables import users


class PostgresSettings:
    """`SettingsStore` on Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: UUID) -> UserSettings:
        """The user's settings. Raises NotFound."""
        async with self._database.session(user_id) as db:
            return _settings((await db.execute(select(users.c.settings).where(users.c.id == user_id))).first())

    async def change(self, user_id: UUID, changes: Mapping[str, Any]) -> UserSettings:
        """Set some of them. Raises BadInput, NotFound."""
        mine = select(users.c.settings).where(users.c.id == user_id)
        async with self._database.session(user_id) as db:
            after = changed(_settings((await db.execute(mine.with_for_update())).first()), changes)
            stored = users.c.settings.op("||")(func.jsonb_build_object("user", _json(after)))
            await db.execute(update(users).where(users.c.id == user_id).values(settings=stored))
        return after


def _json(settings: UserSettings) -> Any:
    from sqlalchemy import cast
    from sqlalchemy.dialects.postgresql import JSONB

    return cast(asdict(settings), JSONB)


def _settings(row: Any) -> UserSettings:
    if row is None:
        raise NotFound("there is no such user")
    return settings_from((row.settings or {}).get("user", {}))
