"""Users: the owner of this machine, visitors by their device, and erasing or exporting a person."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Row, Table, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from selfsame.errors import BadInput, NotFound
from selfsame.kit.clock import wall
from selfsame.kit.ids import new_id, stable_id
from selfsame.stores.postgres.account_tables import answer_reports, conversation_ratings
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.reports import move_sent
from selfsame.stores.postgres.tables import (
    clones,
    consents,
    conversation_sessions,
    devices,
    knowledge_words,
    metadata,
    users,
)
from selfsame.stores.postgres.work_tables import clips, jobs

UserKind = Literal["owner", "visitor", "account"]
LONGEST_DEVICE_ID = 200
SECRETS = ("sealed", "secret_hash", "device_hash", "code_hash", "reporter_id", "rater_id")
"""Columns that are in no export: who reads one must not be able to sign in, use a key, or learn who sent a report."""


@dataclass(frozen=True, slots=True)
class User:
    """A person as rows know them. A visitor has a made-up address under `visitor.invalid`."""

    id: UUID
    email: str
    name: str
    kind: UserKind
    subscription_tier: str = "free"


class PostgresUsers:
    """Who is who. Looking up a device happens before there is a user to act for, so the keeper does it."""

    def __init__(self, database: Database, now: Callable[[], datetime] = wall) -> None:
        self._database = database
        self._now = now

    async def owner(self, email: str = "owner@selfsame.invalid", name: str = "Owner") -> User:
        """The person at this machine: the same row whenever asked with the same address."""
        return await self._ensure(User(stable_id("owner", email), email, name, "owner"))

    async def device(self, device_id: str) -> User:
        """The user behind a device: its visitor, made at the first visit, or the account it was joined to.

        Only a hash of the device id is stored: the id is what separates one visitor from another (AUTH-04).
        Raises BadInput on an empty or overlong id.
        """
        if not 0 < len(device_id) <= LONGEST_DEVICE_ID:
            raise BadInput("the device id is empty or too long")
        mark = _hash(device_id)
        async with self._database.keeper() as db:
            known = await self._holder(db, mark)
            if known is not None:
                return known
            visitor = new_id()
            await db.execute(
                upsert(users).values(id=visitor, email=f"{visitor}@visitor.invalid", name="Visitor", kind="visitor")
            )
            made = await db.execute(
                upsert(devices)
                .values(device_hash=mark, user_id=visitor, created_at=self._now(), last_seen_at=self._now())
                .on_conflict_do_nothing()
                .returning(devices.c.device_hash)
            )
            if made.first() is None:  # the same device came twice at once
                await db.execute(delete(users).where(users.c.id == visitor))
            found = await self._holder(db, mark)
        if found is None:
            raise NotFound("the device was forgotten meanwhile")
        return found

    async def account(self, email: str, name: str) -> User:
        """The account with this address, made when it is new."""
        return await self._ensure(User(new_id(), email.strip().lower(), name, "account"))

    async def join(self, device_id: str, account_id: UUID) -> User:
        """Turn the device's visitor into `account_id`: everything of the visitor becomes the account's.

        Raises NotFound when device or account is unknown, BadInput when the device belongs to another account already.
        """
        async with self._database.keeper() as db:
            account = await self._by_id(db, account_id)
            visitor = await self._holder(db, _hash(device_id))
            if account is None or visitor is None:
                raise NotFound("there is no such device or account")
            if visitor.id == account.id:
                return account
            if visitor.kind != "visitor":
                raise BadInput("this device belongs to another account")
            # Turns, documents, chunks and personas follow their parents by ON UPDATE CASCADE.
            for table in (devices, clones, conversation_sessions, consents):
                await db.execute(update(table).where(table.c.user_id == visitor.id).values(user_id=account.id))
            await _join_made(db, visitor.id, account.id)
            await move_sent(db, visitor.id, account.id)
            await db.execute(delete(users).where(users.c.id == visitor.id))
            return account

    async def get(self, user_id: UUID) -> User:
        """The user. Raises NotFound."""
        async with self._database.session(user_id) as db:
            found = await self._by_id(db, user_id)
        if found is None:
            raise NotFound("there is no such user")
        return found

    async def erase_user(self, user_id: UUID) -> None:
        """Delete the user and every row of theirs: all other tables follow by cascade. Raises NotFound.

        Their files follow by jobs that the database orders in the same transaction (`jobs/erase.py`).
        A clone's conversations with others go with the clone, since its answers are made of the erased person.
        """
        async with self._database.session(user_id) as db:
            gone = await db.execute(delete(users).where(users.c.id == user_id).returning(users.c.id))
            if gone.first() is None:
                raise NotFound("there is no such user")

    async def export_user(self, user_id: UUID) -> dict[str, list[dict[str, Any]]]:
        """Every row of the user, by table, ready for JSON; vectors and search words left out (PRIV-08)."""
        async with self._database.session(user_id) as db:
            derived = (knowledge_words,)
            owned = [t for t in metadata.sorted_tables if (t is users or "user_id" in t.c) and t not in derived]
            exported = {table.name: await _rows(db, table, user_id) for table in owned}
            for table, sender in ((answer_reports, "reporter_id"), (conversation_ratings, "rater_id")):
                sent = await _rows(db, table, user_id, sender)
                exported[f"{table.name}_sent"] = [_without(row, "user_id", "note") for row in sent]
            return exported

    async def _ensure(self, user: User) -> User:
        async with self._database.keeper() as db:
            await db.execute(
                upsert(users)
                .values(id=user.id, email=user.email, name=user.name, kind=user.kind)
                .on_conflict_do_nothing()
            )
            row = (await db.execute(select(users).where(users.c.email == user.email))).one()
            return _user(row)

    async def _holder(self, db: AsyncSession, mark: str) -> User | None:
        seen = (
            update(devices)
            .where(devices.c.device_hash == mark)
            .values(last_seen_at=self._now())
            .returning(devices.c.user_id)
        )
        holder = (await db.execute(seen)).scalar_one_or_none()
        return None if holder is None else await self._by_id(db, holder)

    async def _by_id(self, db: AsyncSession, user_id: UUID) -> User | None:
        row = (await db.execute(select(users).where(users.c.id == user_id))).one_or_none()
        return None if row is None else _user(row)


def _without(row: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in names}


async def _rows(db: AsyncSession, table: Table, user_id: UUID, whose: str = "user_id") -> list[dict[str, Any]]:
    owner = table.c.id if table is users else table.c[whose]
    shown = func.to_jsonb(table.table_valued())
    for derived_or_secret in ("embedding", "tsv", *SECRETS):
        shown = shown.op("-")(derived_or_secret)
    return list((await db.execute(select(shown).where(owner == user_id))).scalars())


async def _join_made(db: AsyncSession, visitor: UUID, account: UUID) -> None:
    """Move jobs and clips; a key that the account may use itself goes, a clip that it may have already goes too.

    Face models follow their clones by ON UPDATE CASCADE. Files stay where they are: their rows know the way.
    """
    await db.execute(update(jobs).where(jobs.c.user_id == visitor).values(user_id=account, idempotency_key=None))
    known = select(clips.c.content_key).where(clips.c.user_id == account).scalar_subquery()
    await db.execute(delete(clips).where(clips.c.user_id == visitor, clips.c.content_key.in_(known)))
    await db.execute(update(clips).where(clips.c.user_id == visitor).values(user_id=account))


def _hash(device_id: str) -> str:
    return hashlib.sha256(device_id.encode()).hexdigest()


def _user(row: Row[Any]) -> User:
    return User(row.id, row.email, row.name, row.kind, row.subscription_tier)
