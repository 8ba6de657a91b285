"""Codes and signed-in devices in Postgres. Who redeems a code is not known yet, so the keeper does it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, insert, or_, select, update

from selfsame.clones.sign_in import CODE_TRIES, IDLE_DAYS, MOST_DEVICES, SignedIn, SignInCode
from selfsame.errors import NotFound
from selfsame.stores.postgres.account_tables import sign_in_codes as codes
from selfsame.stores.postgres.account_tables import signed_in_devices as devices
from selfsame.stores.postgres.database import Database


class PostgresSignIns:
    """`SignInStore` on Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_code(self, code: SignInCode, now: datetime) -> None:
        """Keep a code; older ones of the user are void."""
        values = {
            "id": code.id,
            "user_id": code.user_id,
            "code_hash": code.code_hash,
            "created_at": now,
            "expires_at": code.expires_at,
        }
        async with self._database.session(code.user_id) as db:
            await db.execute(delete(codes).where(codes.c.user_id == code.user_id))
            await db.execute(insert(codes).values(values))

    async def waiting(self, now: datetime) -> list[SignInCode]:
        """The codes that could be used now."""
        async with self._database.keeper() as db:
            rows = await db.execute(select(codes).where(_waits(now)).order_by(codes.c.created_at.desc()).limit(100))
            return [SignInCode(row.id, row.user_id, row.code_hash, row.expires_at) for row in rows]

    async def missed(self, now: datetime) -> None:
        """Count a wrong code against all that wait."""
        async with self._database.keeper() as db:
            await db.execute(update(codes).where(_waits(now)).values(tries=codes.c.tries + 1))

    async def redeem(self, code_id: UUID, device: SignedIn, now: datetime) -> bool:
        """Use the code up and sign the device in; see the port."""
        used = update(codes).where(codes.c.id == code_id, _waits(now)).values(used_at=now).returning(codes.c.user_id)
        async with self._database.keeper() as db:
            # The row is locked by the update: of two that come at once, the second finds it used.
            if (await db.execute(used)).scalar_one_or_none() != device.user_id:
                return False
            theirs = devices.c.user_id == device.user_id
            await db.execute(delete(devices).where(theirs, devices.c.device_hash == device.device_hash))
            await db.execute(insert(devices).values(asdict(device)))
            latest = select(devices.c.id).where(theirs).order_by(devices.c.last_seen_at.desc(), devices.c.id)
            await db.execute(delete(devices).where(theirs, devices.c.id.not_in(latest.limit(MOST_DEVICES))))
            return True

    async def device(self, secret_hash: str) -> SignedIn | None:
        """The device with this secret."""
        return await self._one(devices.c.secret_hash == secret_hash)

    async def by_id(self, device_id: UUID) -> SignedIn | None:
        """The device, whoever's it is."""
        return await self._one(devices.c.id == device_id)

    async def seen(self, device_id: UUID, address: str, now: datetime) -> None:
        """The device was here."""
        async with self._database.keeper() as db:
            await db.execute(update(devices).where(devices.c.id == device_id).values(last_seen_at=now, address=address))

    async def devices(self, user_id: UUID) -> list[SignedIn]:
        """The user's devices, the one seen last first."""
        query = select(devices).where(devices.c.user_id == user_id)
        async with self._database.session(user_id) as db:
            return [_signed_in(row) for row in await db.execute(query.order_by(devices.c.last_seen_at.desc()))]

    async def revoke(self, user_id: UUID, device_id: UUID) -> None:
        """Sign a device out. Raises NotFound."""
        mine = (devices.c.id == device_id) & (devices.c.user_id == user_id)
        async with self._database.session(user_id) as db:
            if (await db.execute(delete(devices).where(mine).returning(devices.c.id))).first() is None:
                raise NotFound("there is no such signed-in device")

    async def sweep(self, now: datetime) -> int:
        """Forget expired codes and devices."""
        idle = devices.c.last_seen_at <= now - timedelta(days=IDLE_DAYS)
        async with self._database.keeper() as db:
            old = await db.execute(delete(codes).where(codes.c.expires_at <= now).returning(codes.c.id))
            gone = await db.execute(
                delete(devices).where(or_(devices.c.expires_at <= now, idle)).returning(devices.c.id)
            )
            return len(old.all()) + len(gone.all())

    async def _one(self, which: Any) -> SignedIn | None:
        async with self._database.keeper() as db:
            row = (await db.execute(select(devices).where(which))).one_or_none()
            return None if row is None else _signed_in(row)


def _waits(now: datetime) -> Any:
    return and_(codes.c.used_at.is_(None), codes.c.expires_at > now, codes.c.tries < CODE_TRIES)


def _signed_in(row: Row[Any]) -> SignedIn:
    return SignedIn(
        row.id,
        row.user_id,
        row.secret_hash,
        row.device_hash,
        row.name,
        row.address,
        row.created_at,
        row.last_seen_at,
        row.expires_at,
    )
