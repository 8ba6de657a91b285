"""Signing in from another machine: a one-time code, then a device that stays signed in (AUTH-03, SEC-05).

Codes and device secrets are stored as keyed hashes, so that whoever reads the database can use neither. A code has
60 random bits, serves once, and dies of age or of too many wrong tries; an address that tries too often waits.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from selfsame.errors import BadInput, NotFound, TooLarge, Unauthenticated
from selfsame.kit.ids import new_id

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is mistaken for a digit."""
CODE_LETTERS = 12
SECRET_BYTES = 32
MINUTES = (1, 60)
CODE_TRIES = 20
"""Wrong codes from anywhere after which the codes that wait are void; 20 guesses at 60 bits find nothing."""
ADDRESS_TRIES = 5
LOCKED_OUT = 900.0
"""Seconds that an address waits after `ADDRESS_TRIES` wrong codes."""
ALL_TRIES_A_MINUTE = 30
MOST_ADDRESSES = 10_000
IDLE_DAYS, LONGEST_DAYS = 30, 180
"""A device that is not seen for so long is signed out; and after so long in any case."""
MOST_DEVICES = 20
WRONG = (
    "This code is not valid: it is wrong, was used, or is too old. "
    "Make a new one at the machine itself with `selfsame sign-in`."
)


@dataclass(frozen=True, slots=True)
class SignInCode:
    """A code as it is stored. `tries` counts wrong codes while this one waited."""

    id: UUID
    user_id: UUID
    code_hash: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A device that is signed in. The secret and the device id are kept as hashes."""

    id: UUID
    user_id: UUID
    secret_hash: str
    device_hash: str
    name: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


class SignInStore(Protocol):
    """Codes and signed-in devices. Times are UTC and come in."""

    async def put_code(self, code: SignInCode, now: datetime) -> None:
        """Keep a code; older ones of the user are void."""
        ...

    async def waiting(self, now: datetime) -> Sequence[SignInCode]:
        """The codes that could be used now: not used, not expired, not tried too often."""
        ...

    async def missed(self, now: datetime) -> None:
        """Count a wrong code against all that wait."""
        ...

    async def redeem(self, code_id: UUID, device: SignedIn, now: datetime) -> bool:
        """Use the code up and sign the device in, both or neither; False when another was faster.

        The same device of the user is replaced; beyond `MOST_DEVICES` the one seen longest ago is signed out.
        """
        ...

    async def device(self, secret_hash: str) -> SignedIn | None:
        """The device with this secret, whoever's it is."""
        ...

    async def by_id(self, device_id: UUID) -> SignedIn | None:
        """The device, whoever's it is."""
        ...

    async def seen(self, device_id: UUID, address: str, now: datetime) -> None:
        """The device was here."""
        ...

    async def devices(self, user_id: UUID) -> Sequence[SignedIn]:
        """The user's devices, the one seen last first."""
        ...

    async def revoke(self, user_id: UUID, device_id: UUID) -> None:
        """Sign a device of the user out. Raises NotFound."""
        ...

    async def sweep(self, now: datetime) -> int:
        """Forget expired codes and devices; how many."""
        ...


def new_code() -> str:
    """A code as it is shown: three groups of four, 60 random bits."""
    letters = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LETTERS, 4))


def plain_code(typed: str) -> str:
    """What was typed as it is hashed: capitals without dashes and spaces, O as 0, I and L as 1."""
    kept = "".join(letter for letter in typed.upper() if letter.isalnum())
    return kept.translate(str.maketrans("OIL", "011"))


def keyed_hash(pepper: bytes, what: str, value: str) -> str:
    """HMAC-SHA-256 in hexadecimal; `what` keeps codes, secrets and device ids apart."""
    return hmac.new(pepper, f"{what}\0{value}".encode(), hashlib.sha256).hexdigest()


class Guard:
    """Who may try a code now, by address and in all. Pure: `now` is seconds of any monotonic clock."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, list[float]] = OrderedDict()
        self._all: list[float] = []

    def check(self, address: str, now: float) -> None:
        """Raise TooLarge (RATE_LIMITED) while the address is locked out, or when everybody together tries too often."""
        recent = self._recent(address, now)
        if len(recent) >= ADDRESS_TRIES:
            wait = max(1, round((recent[-ADDRESS_TRIES] + LOCKED_OUT - now) / 60))
            raise TooLarge(
                f"too many wrong codes from this address; wait {wait} minutes; at the machine itself no code is needed",
                code="RATE_LIMITED",
            )
        self._all = [at for at in self._all if now - at < 60.0]
        if len(self._all) >= ALL_TRIES_A_MINUTE:
            raise TooLarge("too many codes are being tried; wait a minute", code="RATE_LIMITED")
        self._all.append(now)

    def wrong(self, address: str, now: float) -> None:
        """Count a wrong code."""
        self._wrong[address] = [*self._recent(address, now), now][-ADDRESS_TRIES:]
        self._wrong.move_to_end(address)
        while len(self._wrong) > MOST_ADDRESSES:
            self._wrong.popitem(last=False)

    def right(self, address: str) -> None:
        """Forgive the address."""
        self._wrong.pop(address, None)

    def _recent(self, address: str, now: float) -> list[float]:
        return [at for at in self._wrong.get(address, ()) if now - at < LOCKED_OUT]


@dataclass(frozen=True, slots=True)
class Caller:
    """Who tries to sign in: their device's id, network address, and what their browser calls itself."""

    device_id: str
    address: str = ""
    name: str = ""


class SignInDesk:
    """Makes codes, takes them, and knows signed-in devices again. `now` gives UTC, `clock` monotonic seconds."""

    def __init__(
        self, store: SignInStore, pepper: bytes, now: Callable[[], datetime], clock: Callable[[], float]
    ) -> None:
        self._store = store
        self._pepper = pepper
        self._now = now
        self._clock = clock
        self._guard = Guard()

    async def make_code(self, user_id: UUID, minutes: int = 10) -> tuple[str, datetime]:
        """A fresh code and when it expires; earlier codes are void. Raises BadInput for other than 1 to 60 minutes."""
        if not MINUTES[0] <= minutes <= MINUTES[1]:
            raise BadInput(f"a code is valid for {MINUTES[0]} to {MINUTES[1]} minutes, not {minutes}")
        code, now = new_code(), self._now()
        expires = now + timedelta(minutes=minutes)
        await self._store.put_code(SignInCode(new_id(), user_id, self._hash("code", plain_code(code)), expires), now)
        return code, expires

    async def sign_in(self, typed: str, caller: Caller) -> tuple[SignedIn, str]:
        """The device that is signed in from now on, and its secret, which is told once and never stored.

        Raises Unauthenticated (SIGN_IN_REFUSED) for a wrong, used or expired code alike, TooLarge when locked out.
        """
        self._guard.check(caller.address, self._clock())
        now, tried = self._now(), self._hash("code", plain_code(typed))
        found = None
        for code in await self._store.waiting(now):
            if hmac.compare_digest(code.code_hash, tried):
                found = code
        if found is not None:
            secret = secrets.token_urlsafe(SECRET_BYTES)
            device = self._device(found.user_id, secret, caller, now)
            if await self._store.redeem(found.id, device, now):
                self._guard.right(caller.address)
                return device, secret
        self._guard.wrong(caller.address, self._clock())
        await self._store.missed(now)
        raise Unauthenticated(WRONG, code="SIGN_IN_REFUSED")

    def _device(self, user_id: UUID, secret: str, caller: Caller, now: datetime) -> SignedIn:
        return SignedIn(
            new_id(),
            user_id,
            self._hash("secret", secret),
            self._hash("device", caller.device_id),
            " ".join(caller.name.split())[:200],
            caller.address[:64],
            now,
            now,
            now + timedelta(days=LONGEST_DAYS),
        )

    async def known(self, secret: str, caller: Caller) -> SignedIn | None:
        """The signed-in device with this secret and this device id; None when there is none, or no longer."""
        found = await self._store.device(self._hash("secret", secret))
        now = self._now()
        if found is None or not hmac.compare_digest(found.device_hash, self._hash("device", caller.device_id)):
            return None
        if not is_live(found, now):
            return None
        await self._store.seen(found.id, caller.address[:64], now)
        return found

    async def is_signed_in(self, device_id: UUID, user_id: UUID) -> bool:
        """Whether the device behind a token is still signed in."""
        found = await self._store.by_id(device_id)
        return found is not None and found.user_id == user_id and is_live(found, self._now())

    async def holder(self, secret: str) -> SignedIn | None:
        """The device that this secret was given to."""
        return await self._store.device(self._hash("secret", secret))

    async def sign_out(self, secret: str) -> SignedIn | None:
        """Sign out whoever holds this secret; the device that it was."""
        found = await self._store.device(self._hash("secret", secret))
        if found is not None:
            try:
                await self._store.revoke(found.user_id, found.id)
            except NotFound:
                return None  # another request was faster
        return found

    async def devices(self, user_id: UUID) -> list[SignedIn]:
        """The user's signed-in devices, the one seen last first."""
        return [device for device in await self._store.devices(user_id) if is_live(device, self._now())]

    async def revoke(self, user_id: UUID, device_id: UUID) -> None:
        """Sign a device out; its tokens end with it. Raises NotFound."""
        await self._store.revoke(user_id, device_id)

    async def sweep(self) -> int:
        """Forget what has expired."""
        return await self._store.sweep(self._now())

    def _hash(self, what: str, value: str) -> str:
        return keyed_hash(self._pepper, what, value)


def is_live(device: SignedIn, now: datetime) -> bool:
    """Whether a device is still signed in at `now`."""
    return now < device.expires_at and now - device.last_seen_at < timedelta(days=IDLE_DAYS)
