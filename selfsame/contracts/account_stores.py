"""What every `SignInStore`, `KeyStore`, `SettingsStore` and `AuditLog` must do. Inherit, and give the fixtures."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from selfsame.clones.audit import AuditLog, Cursor, Entry
from selfsame.clones.provider_keys import KeyCheck, KeyStore, ProviderKey
from selfsame.clones.sign_in import CODE_TRIES, IDLE_DAYS, MOST_DEVICES, SignedIn, SignInCode, SignInStore
from selfsame.clones.user_settings import SettingsStore, UserSettings
from selfsame.errors import BadInput, NotFound
from selfsame.kit.ids import new_id

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class AccountBench:
    """Two users that exist, and the stores; fresh for each test."""

    owner: UUID
    stranger: UUID
    sign_ins: SignInStore
    keys: KeyStore
    settings: SettingsStore
    audit: AuditLog

    def device(self, number: int = 1, seen: datetime = NOW) -> SignedIn:
        """A device of the owner."""
        hashes = f"{number:064x}", f"{number + 1000:064x}"
        return SignedIn(new_id(), self.owner, *hashes, f"Browser {number}", "::1", seen, seen, NOW + timedelta(days=9))

    async def code(self, user: UUID | None = None) -> SignInCode:
        """A code of the user (the owner) that waits."""
        code = SignInCode(new_id(), user or self.owner, "c" * 64, LATER)
        await self.sign_ins.put_code(code, NOW)
        return code

    async def signed_in(self, number: int = 1, seen: datetime = NOW) -> SignedIn:
        """A device of the owner that is signed in."""
        code, device = await self.code(), self.device(number, seen)
        assert await self.sign_ins.redeem(code.id, device, NOW)
        return device


@pytest.mark.anyio
class AccountContract:
    """Codes serve once; devices are their user's; keys are told to engines alone; the log is its user's."""

    @pytest.fixture
    def bench(self) -> AccountBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    # --- signing in --------------------------------------------------------------------------------------------------

    async def test_a_code_serves_once(self, bench: AccountBench) -> None:
        code, device = await bench.code(), bench.device()
        assert [each.code_hash for each in await bench.sign_ins.waiting(NOW)] == [code.code_hash]
        assert await bench.sign_ins.redeem(code.id, device, NOW)
        assert not await bench.sign_ins.redeem(code.id, bench.device(2), NOW)
        assert await bench.sign_ins.waiting(NOW) == []
        assert await bench.sign_ins.devices(bench.owner) == [device]
        assert await bench.sign_ins.device(device.secret_hash) == device
        assert await bench.sign_ins.by_id(device.id) == device
        assert await bench.sign_ins.device("0" * 64) is None

    async def test_a_code_dies_of_age(self, bench: AccountBench) -> None:
        code = await bench.code()
        assert await bench.sign_ins.waiting(LATER) == []
        assert not await bench.sign_ins.redeem(code.id, bench.device(), LATER)
        assert await bench.sign_ins.sweep(LATER) == 1

    async def test_a_code_dies_of_wrong_tries(self, bench: AccountBench) -> None:
        code = await bench.code()
        for _ in range(CODE_TRIES):
            assert len(await bench.sign_ins.waiting(NOW)) == 1
            await bench.sign_ins.missed(NOW)
        assert await bench.sign_ins.waiting(NOW) == []
        assert not await bench.sign_ins.redeem(code.id, bench.device(), NOW)

    async def test_a_new_code_voids_the_one_before_but_nobody_elses(self, bench: AccountBench) -> None:
        first, other = await bench.code(), await bench.code(bench.stranger)
        second = await bench.code()
        assert {each.id for each in await bench.sign_ins.waiting(NOW)} == {second.id, other.id}
        assert not await bench.sign_ins.redeem(first.id, bench.device(), NOW)
        assert not await bench.sign_ins.redeem(other.id, bench.device(), NOW), "a code is for its own user"

    async def test_the_same_device_is_signed_in_once_and_there_are_not_too_many(self, bench: AccountBench) -> None:
        old = await bench.signed_in(1)
        again = replace(bench.device(1), id=new_id(), secret_hash="a" * 64)
        assert await bench.sign_ins.redeem((await bench.code()).id, again, NOW)
        assert [each.id for each in await bench.sign_ins.devices(bench.owner)] == [again.id]
        assert await bench.sign_ins.device(old.secret_hash) is None
        for number in range(2, MOST_DEVICES + 2):
            await bench.signed_in(number, NOW + timedelta(seconds=number))
        kept = await bench.sign_ins.devices(bench.owner)
        assert len(kept) == MOST_DEVICES and again.id not in {each.id for each in kept}

    async def test_devices_are_their_users_alone(self, bench: AccountBench) -> None:
        device = await bench.signed_in()
        assert await bench.sign_ins.devices(bench.stranger) == []
        with pytest.raises(NotFound):
            await bench.sign_ins.revoke(bench.stranger, device.id)
        await bench.sign_ins.revoke(bench.owner, device.id)
        with pytest.raises(NotFound):
            await bench.sign_ins.revoke(bench.owner, device.id)
        assert await bench.sign_ins.by_id(device.id) is None

    async def test_a_device_that_stays_away_is_forgotten(self, bench: AccountBench) -> None:
        device = replace(bench.device(), expires_at=NOW + timedelta(days=365))
        assert await bench.sign_ins.redeem((await bench.code()).id, device, NOW)
        moment = NOW + timedelta(days=IDLE_DAYS - 1)
        await bench.sign_ins.seen(device.id, "203.0.113.9", moment)
        (known,) = await bench.sign_ins.devices(bench.owner)
        assert (known.last_seen_at, known.address) == (moment, "203.0.113.9")
        await bench.sign_ins.sweep(moment + timedelta(days=IDLE_DAYS - 1))
        assert len(await bench.sign_ins.devices(bench.owner)) == 1
        await bench.sign_ins.sweep(moment + timedelta(days=IDLE_DAYS))
        assert await bench.sign_ins.devices(bench.owner) == []

    # --- keys --------------------------------------------------------------------------------------------------------

    async def test_a_key_is_kept_told_without_itself_and_revealed(self, bench: AccountBench) -> None:
        key = ProviderKey("openai", "sk-secret-1", "https://models.example/v1", "small")
        entry = await bench.keys.put(bench.owner, key)
        assert (entry.provider, entry.base_url, entry.model, entry.check) == ("openai", key.base_url, "small", None)
        assert await bench.keys.entries(bench.owner) == [entry] and "secret" not in repr(entry)
        assert await bench.keys.reveal(bench.owner, "openai") == key and "secret" not in repr(key)
        assert await bench.keys.reveal(bench.owner, "groq") is None

    async def test_another_key_takes_its_place_and_its_check_is_forgotten(self, bench: AccountBench) -> None:
        await bench.keys.put(bench.owner, ProviderKey("openai", "first"))
        found = KeyCheck("refused", "the server refuses the key", NOW)
        await bench.keys.checked(bench.owner, "openai", found)
        await bench.keys.checked(bench.owner, "groq", found)
        assert [each.check for each in await bench.keys.entries(bench.owner)] == [found]
        await bench.keys.put(bench.owner, ProviderKey("openai", "second"))
        (entry,) = await bench.keys.entries(bench.owner)
        revealed = await bench.keys.reveal(bench.owner, "openai")
        assert entry.check is None and revealed is not None and revealed.value == "second"

    async def test_keys_are_their_users_alone(self, bench: AccountBench) -> None:
        await bench.keys.put(bench.owner, ProviderKey("openai", "mine"))
        assert await bench.keys.entries(bench.stranger) == []
        assert await bench.keys.reveal(bench.stranger, "openai") is None
        with pytest.raises(NotFound):
            await bench.keys.remove(bench.stranger, "openai")
        await bench.keys.remove(bench.owner, "openai")
        assert await bench.keys.reveal(bench.owner, "openai") is None

    # --- settings ----------------------------------------------------------------------------------------------------

    async def test_settings_are_kept_by_user(self, bench: AccountBench) -> None:
        assert await bench.settings.get(bench.owner) == UserSettings()
        changed = await bench.settings.change(bench.owner, {"interruption_sensitivity": 0.9})
        await bench.settings.change(bench.owner, {"theme": "dark"})
        assert changed.interruption_sensitivity == 0.9
        assert await bench.settings.get(bench.owner) == UserSettings(interruption_sensitivity=0.9, theme="dark")
        assert await bench.settings.get(bench.stranger) == UserSettings()
        with pytest.raises(BadInput):
            await bench.settings.change(bench.owner, {"interruption_sensitivity": 1.1, "theme": "light"})
        assert (await bench.settings.get(bench.owner)).theme == "dark"
        with pytest.raises(NotFound):
            await bench.settings.get(new_id())

    # --- the audit log -----------------------------------------------------------------------------------------------

    async def test_the_log_is_read_by_its_user_newest_first(self, bench: AccountBench) -> None:
        for action in ("sign_in", "key_changed", "sign_in"):
            await bench.audit.write(Entry(bench.owner, action, "/x", "success", "::1", "Browser", {"n": 1}))
        await bench.audit.write(Entry(new_id(), "sign_in", "/x", "failure"))
        read = await bench.audit.read(bench.owner)
        assert sorted(each.entry.action for each in read) == ["key_changed", "sign_in", "sign_in"]
        assert [each.at for each in read] == sorted((each.at for each in read), reverse=True)
        assert read[0].entry.details == {"n": 1} and read[0].entry.ip_address == "::1"
        assert len(await bench.audit.read(bench.owner, action="sign_in")) == 2
        assert len(await bench.audit.read(bench.owner, limit=1)) == 1
        assert await bench.audit.read(bench.stranger) == []

    async def test_the_whole_log_is_read_in_pieces(self, bench: AccountBench) -> None:
        for user, action in ((bench.owner, "a"), (bench.stranger, "b"), (bench.owner, "c"), (bench.owner, "d")):
            await bench.audit.write(Entry(user, action, "/x", "success"))
        mine = await bench.audit.read(bench.owner)
        first = await bench.audit.page(bench.owner, 2)
        rest = await bench.audit.page(bench.owner, 2, Cursor(first[-1].at, first[-1].id))
        assert [*first, *rest] == list(mine) and len(mine) == 3
        assert await bench.audit.page(bench.owner, 2, Cursor(rest[-1].at, rest[-1].id)) == []
        assert {bench.owner, bench.stranger} <= set(await bench.audit.users())
        assert [line.entry.action for line in await bench.audit.page(bench.stranger, 9)] == ["b"]
