"""Signing in: codes that can be read aloud, one use, age, wrong tries, and devices that stay signed in."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.clones.sign_in import (
    ADDRESS_TRIES,
    ALL_TRIES_A_MINUTE,
    CODE_TRIES,
    IDLE_DAYS,
    LOCKED_OUT,
    LONGEST_DAYS,
    Caller,
    Guard,
    SignInDesk,
    keyed_hash,
    new_code,
    plain_code,
)
from selfsame.errors import BadInput, TooLarge, Unauthenticated
from selfsame.kit.ids import new_id
from selfsame.stores.memory_account import MemorySignIns

pytestmark = pytest.mark.anyio
HOME = Caller("device-at-home-1", "203.0.113.9", "Mozilla/5.0")


class House:
    """A desk with clocks that tests move; the monotonic one goes along with the calendar."""

    def __init__(self) -> None:
        self.time = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
        self.store = MemorySignIns()
        self.desk = SignInDesk(self.store, b"p" * 32, lambda: self.time, lambda: self.time.timestamp())
        self.owner = new_id()

    def pass_by(self, **span: float) -> None:
        self.time += timedelta(**span)

    async def refused(self, code: str, caller: Caller = HOME) -> str:
        with pytest.raises(Unauthenticated) as error:
            await self.desk.sign_in(code, caller)
        assert error.value.code == "SIGN_IN_REFUSED"
        return error.value.message


@pytest.fixture
def house() -> House:
    return House()


def test_codes_are_random_and_forgive_how_they_are_typed() -> None:
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000 and all(
        re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}", c) for c in codes
    )
    for code in list(codes)[:20]:
        spoken = code.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
        assert plain_code(spoken) == plain_code(code) == code.replace("-", "")


@given(st.text(max_size=200))
def test_anything_may_be_typed(text: str) -> None:
    assert len(keyed_hash(b"p" * 32, "code", plain_code(text))) == 64


def test_hashes_of_different_things_and_keys_differ() -> None:
    found = {keyed_hash(key, what, "x") for key in (b"a" * 32, b"b" * 32) for what in ("code", "secret", "device")}
    assert len(found) == 6


async def test_a_code_signs_one_device_in_once(house: House) -> None:
    code, expires = await house.desk.make_code(house.owner, 10)
    assert expires == house.time + timedelta(minutes=10)
    device, secret = await house.desk.sign_in(code.lower(), HOME)
    assert device.user_id == house.owner and device.name == "Mozilla/5.0"
    stored = repr(await house.desk.devices(house.owner))
    assert secret not in stored and HOME.device_id not in stored
    assert await house.desk.known(secret, HOME) is not None
    assert await house.desk.is_signed_in(device.id, house.owner)
    used, wrong = await house.refused(code), await house.refused("AAAA-AAAA-AAAA")
    assert used == wrong, "what was wrong with a code is not told"


async def test_an_old_code_is_refused(house: House) -> None:
    code, _ = await house.desk.make_code(house.owner, 1)
    house.pass_by(minutes=1)
    assert "`selfsame sign-in`" in await house.refused(code)


@pytest.mark.parametrize("minutes", [0, -1, 61])
async def test_a_code_lives_for_a_sensible_time(house: House, minutes: int) -> None:
    with pytest.raises(BadInput, match="1 to 60 minutes"):
        await house.desk.make_code(house.owner, minutes)


async def test_an_address_that_guesses_is_locked_out_and_another_is_not(house: House) -> None:
    code, _ = await house.desk.make_code(house.owner, 60)
    for _ in range(ADDRESS_TRIES):
        await house.refused("AAAA-AAAA-AAAA")
        house.pass_by(seconds=1)
    with pytest.raises(TooLarge, match="15 minutes") as locked:
        await house.desk.sign_in(code, HOME)
    assert locked.value.code == "RATE_LIMITED"
    other = Caller("device-2-0000", "198.51.100.7")
    device, _ = await house.desk.sign_in(code, other)
    assert device.user_id == house.owner
    house.pass_by(seconds=LOCKED_OUT - ADDRESS_TRIES - 1)
    code, _ = await house.desk.make_code(house.owner, 60)
    with pytest.raises(TooLarge):
        await house.desk.sign_in(code, HOME)
    house.pass_by(seconds=1)
    device, _ = await house.desk.sign_in(code, HOME)
    assert [each.id for each in await house.desk.devices(house.owner)].count(device.id) == 1


async def test_many_addresses_that_guess_void_the_code(house: House) -> None:
    code, _ = await house.desk.make_code(house.owner, 60)
    for number in range(CODE_TRIES):
        await house.refused("AAAA-AAAA-AAAA", Caller("device-x-0000", f"203.0.113.{number}"))
        house.pass_by(seconds=5)
    await house.refused(code)


def test_all_together_try_only_so_often() -> None:
    guard = Guard()
    for number in range(ALL_TRIES_A_MINUTE):
        guard.check(f"10.0.0.{number}", 1.0)
    with pytest.raises(TooLarge, match="wait a minute"):
        guard.check("10.1.0.1", 60.9)
    guard.check("10.1.0.1", 61.1)


async def test_a_secret_is_of_no_use_on_another_device_or_after_sign_out(house: House) -> None:
    device, secret = await house.desk.sign_in((await house.desk.make_code(house.owner))[0], HOME)
    assert await house.desk.known(secret, Caller("another-device", HOME.address)) is None
    assert await house.desk.known(secret[:-1] + "~", HOME) is None
    assert not await house.desk.is_signed_in(device.id, new_id())
    gone = await house.desk.sign_out(secret)
    assert gone is not None and gone.id == device.id
    assert await house.desk.known(secret, HOME) is None and await house.desk.sign_out(secret) is None
    assert not await house.desk.is_signed_in(device.id, house.owner)


async def test_a_device_stays_signed_in_while_it_comes_and_not_for_ever(house: House) -> None:
    device, secret = await house.desk.sign_in((await house.desk.make_code(house.owner))[0], HOME)
    for _ in range(LONGEST_DAYS // (IDLE_DAYS - 1)):
        house.pass_by(days=IDLE_DAYS - 1)
        assert await house.desk.known(secret, HOME) is not None
    house.pass_by(days=IDLE_DAYS - 1)
    assert await house.desk.known(secret, HOME) is None
    assert not await house.desk.is_signed_in(device.id, house.owner)
    assert await house.desk.devices(house.owner) == [] and await house.desk.sweep() == 1


async def test_a_device_that_stays_away_is_signed_out(house: House) -> None:
    _, secret = await house.desk.sign_in((await house.desk.make_code(house.owner))[0], HOME)
    house.pass_by(days=IDLE_DAYS)
    assert await house.desk.known(secret, HOME) is None
