"""The account over HTTP: signing in from other machines, devices, providers' keys, settings.

The person at this machine is the owner without signing in. Everybody may see and change settings of their own; all else
is the owner's alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from selfsame.channels.account_models import (
    CheckItem,
    CodeAnswer,
    CodeBody,
    DeviceItem,
    DevicesAnswer,
    KeyBody,
    KeyItem,
    KeysAnswer,
    SettingsAnswer,
    SettingsBody,
    SignInBody,
)
from selfsame.channels.account_port import Account
from selfsame.channels.api.sessions import Session
from selfsame.channels.audit import note
from selfsame.channels.device_cookie import caller_of, forget, remember, secret_of
from selfsame.channels.door import Caller, Owner, OwnPage
from selfsame.channels.identity import IssuedToken
from selfsame.channels.peers import Peer
from selfsame.channels.routing import Routes
from selfsame.clones import audit
from selfsame.clones.provider_keys import PROVIDERS, KeyEntry, ProviderKey
from selfsame.clones.sign_in import SignedIn
from selfsame.clones.user_settings import UserSettings
from selfsame.errors import CallerError, Forbidden, NotFound, Unauthenticated

Describe = Callable[[IssuedToken, Peer, str | None, bool], Awaitable[Session]]
"""The answer to who got a token: token, peer, the clone that was asked for, whether the browser is signed in."""


class AccountRoutes:
    """`/api/sign-in`, `/api/sign-out`, `/api/devices`, `/api/keys`, `/api/settings`."""

    def __init__(self, account: Account, describe: Describe, origins: tuple[str, ...] = ()) -> None:
        self._account = account
        self._describe = describe
        self._origins = origins
        self.router = Routes("account")
        add = partial(self.router.add, response_model_exclude_unset=False)
        self.router.add("POST", "/api/sign-in", self.sign_in, status_code=201)
        add("POST", "/api/sign-in/codes", self.make_sign_in_code, status_code=201)
        add("POST", "/api/sign-out", self.sign_out, status_code=204)
        add("GET", "/api/devices", self.list_devices)
        add("DELETE", "/api/devices/{device_id}", self.revoke_device, status_code=204)
        add("GET", "/api/keys", self.list_keys)
        add("PUT", "/api/keys/{provider}", self.put_key)
        add("DELETE", "/api/keys/{provider}", self.remove_key, status_code=204)
        add("POST", "/api/keys/{provider}/check", self.check_key)
        add("GET", "/api/settings", self.show_settings)
        add("PATCH", "/api/settings", self.change_settings)

    # --- signing in --------------------------------------------------------------------------------------------------

    async def sign_in(self, peer: OwnPage, request: Request, response: Response, body: SignInBody) -> Session:
        """Sign this browser in with a one-time code; it stays signed in by a cookie that scripts cannot read.

        A wrong, a used and an expired code are all SIGN_IN_REFUSED; too many tries are RATE_LIMITED.
        """
        try:
            device, secret = await self._account.sign_in.sign_in(body.code, caller_of(request, body.device_id))
        except CallerError as error:
            if isinstance(error, Unauthenticated):  # those that were not even tried would only fill the log
                await note(self._account, request, audit.SIGN_IN, "failure", why=error.code)
            raise
        issued = await self._account.issue_signed_in(device)
        await note(self._account, request, audit.SIGN_IN, device=str(device.id))
        remember(response, request, secret)
        return await self._describe(issued, peer, None, True)

    async def make_sign_in_code(self, owner: Owner, peer: OwnPage, request: Request, body: CodeBody) -> CodeAnswer:
        """A code for another machine. Only for the person at this machine: who is signed in from afar makes none."""
        if not peer.is_local:
            raise Forbidden("codes are made at the machine itself: `selfsame sign-in`")
        code, expires = await self._account.sign_in.make_code(owner, body.minutes)
        await note(self._account, request, audit.CODE_MADE, minutes=body.minutes)
        origin = next(iter(self._origins), None) or f"{peer.scheme}://{peer.host}"
        return CodeAnswer(code=code, link=f"{origin}/sign-in#{code}", expires_at=expires)

    async def sign_out(self, _page: OwnPage, request: Request, response: Response) -> None:
        """Sign this browser out: its cookie is void, and its tokens with it."""
        secret = secret_of(request)
        device = await self._account.sign_in.sign_out(secret) if secret else None
        if device is not None:
            await note(self._account, request, audit.SIGN_OUT, device=str(device.id))
        forget(response, request)

    async def list_devices(self, owner: Owner, request: Request) -> DevicesAnswer:
        """The devices that are signed in, the one seen last first."""
        secret = secret_of(request)
        mine = await self._account.sign_in.holder(secret) if secret else None
        found = await self._account.sign_in.devices(owner)
        return DevicesAnswer(devices=[_device(device, mine) for device in found])

    async def revoke_device(self, owner: Owner, request: Request, device_id: UUID) -> None:
        """Sign a device out. Its next request finds its token void."""
        await self._account.sign_in.revoke(owner, device_id)
        await note(self._account, request, audit.DEVICE_REVOKED, device=str(device_id))

    # --- keys --------------------------------------------------------------------------------------------------------

    async def list_keys(self, owner: Owner) -> KeysAnswer:
        """Which providers' keys are kept, since when, and what came of the last try; never a key or a part of one."""
        entries = await self._account.keys.entries(owner)
        return KeysAnswer(keys=[_key(provider, entry) for provider, entry in entries.items()])

    async def put_key(self, owner: Owner, request: Request, provider: str, body: KeyBody) -> KeyItem:
        """Keep a key and try it. It is sealed at rest and serves from the next reply on; it is never told again."""
        key = ProviderKey(provider, body.key, body.base_url, body.model)
        entry = await self._account.keys.put(owner, key)
        await note(self._account, request, audit.KEY_CHANGED, provider=provider, act="set")
        return _key(provider, entry)

    async def check_key(self, owner: Owner, provider: str) -> KeyItem:
        """Ask the provider whether the kept key works."""
        return _key(provider, await self._account.keys.check(owner, provider))

    async def remove_key(self, owner: Owner, request: Request, provider: str) -> None:
        """Forget a key. Engines stop using it with the next reply."""
        await self._account.keys.remove(owner, provider)
        await note(self._account, request, audit.KEY_CHANGED, provider=provider, act="removed")

    # --- settings ----------------------------------------------------------------------------------------------------

    async def show_settings(self, caller: Caller) -> SettingsAnswer:
        """The caller's settings; visitors have their own."""
        user = caller.user_id
        return await self._told(user, await self._settings_of(user))

    async def change_settings(self, caller: Caller, _page: OwnPage, body: SettingsBody) -> SettingsAnswer:
        """Change some of the caller's settings; conversations that begin from now on follow."""
        user = caller.user_id
        changes = body.model_dump(exclude_unset=True, exclude_none=True, by_alias=False)
        history = changes.pop("enable_conversation_history", None)
        settings = await self._account.settings.change(user, changes)
        if history is not None and history != await self._account.keeps_history(user):
            await self._account.set_history(user, history)
        if user == self._account.owner_id and "preferred_llm_provider" in changes:
            await self._account.settings_changed()
        return await self._told(user, settings)

    async def _settings_of(self, user: UUID) -> UserSettings:
        try:
            return await self._account.settings.get(user)
        except NotFound as error:
            raise Unauthenticated("the bearer of this token is gone") from error

    async def _told(self, user: UUID, settings: UserSettings) -> SettingsAnswer:
        history = await self._account.keeps_history(user)
        names = (name for name in SettingsAnswer.model_fields if name != "enable_conversation_history")
        told = {name: getattr(settings, name) for name in names}
        return SettingsAnswer(enable_conversation_history=history, **told)


async def resume(account: Account | None, request: Request, response: Response, device_id: str | None) -> Any:
    """The owner's token for a browser that is signed in, for `POST /api/sessions`; None for anybody else.

    A cookie that is void is taken back.
    """
    secret = secret_of(request)
    if account is None or secret is None or device_id is None:
        return None
    device = await account.sign_in.known(secret, caller_of(request, device_id))
    if device is None:
        forget(response, request)
        return None
    return await account.issue_signed_in(device)


def _device(device: SignedIn, mine: SignedIn | None) -> DeviceItem:
    return DeviceItem(
        id=device.id,
        name=device.name,
        address=device.address,
        signed_in_at=device.created_at,
        last_seen_at=device.last_seen_at,
        expires_at=device.expires_at,
        current=mine is not None and mine.id == device.id,
    )


def _key(provider: str, entry: KeyEntry | None) -> KeyItem:
    known = PROVIDERS[provider]
    item = KeyItem(provider=provider, title=known.title, is_set=entry is not None, used_for=known.role)
    if entry is None:
        return item
    check = None
    if entry.check is not None:
        check = CheckItem(state=entry.check.state, message=entry.check.message, at=entry.check.at)
    told = {"set_at": entry.set_at, "base_url": entry.base_url, "model": entry.model, "check": check}
    return item.model_copy(update=told)
