"""Providers' keys that the owner enters (KEY-01): kept sealed, used by engines, never shown again."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal, Protocol
from uuid import UUID

from selfsame.errors import BadInput, NotFound

CheckState = Literal["", "works", "refused", "unreachable", "unusable", "unused"]
LONGEST_KEY = 1000
NO_ENGINE = "kept, no engine uses it yet"


@dataclass(frozen=True, slots=True)
class Provider:
    """A vendor whose key can be kept. `role` is what an engine of ours does with it; empty when none does yet."""

    name: str
    title: str
    role: str = ""


PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        provider.name: provider
        for provider in (
            Provider("openai", "OpenAI, or any server that speaks its protocol", "llm"),
            Provider("elevenlabs", "ElevenLabs"),
            Provider("cartesia", "Cartesia"),
            Provider("deepgram", "Deepgram"),
            Provider("groq", "Groq"),
            Provider("google", "Google"),
            Provider("tavily", "Tavily"),
            Provider("telegram", "Telegram"),
        )
    }
)


@dataclass(frozen=True, slots=True, repr=False)
class ProviderKey:
    """A key in the clear, for the moment in which it is used; its text never shows it.

    `base_url` and `model` say where and with which model it is used; empty means what the settings say.
    """

    provider: str
    value: str
    base_url: str = ""
    model: str = ""

    def __repr__(self) -> str:
        return f"<key of {self.provider}, {len(self.value)} characters>"


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """What came of trying a key. `message` says what to do."""

    state: CheckState
    message: str
    at: datetime


@dataclass(frozen=True, slots=True)
class KeyEntry:
    """What is told of a kept key: all but the key."""

    provider: str
    set_at: datetime
    base_url: str = ""
    model: str = ""
    check: KeyCheck | None = None


class KeyStore(Protocol):
    """Keys, sealed at rest. Each belongs to one user."""

    async def put(self, user_id: UUID, key: ProviderKey) -> KeyEntry:
        """Keep a key in place of the one there was; what a check found is forgotten."""
        ...

    async def entries(self, user_id: UUID) -> Sequence[KeyEntry]:
        """What is kept, by provider."""
        ...

    async def reveal(self, user_id: UUID, provider: str) -> ProviderKey | None:
        """The key itself, for an engine. Raises Unavailable when it cannot be opened."""
        ...

    async def checked(self, user_id: UUID, provider: str, check: KeyCheck) -> None:
        """Note what a check found; nothing when the key is gone."""
        ...

    async def remove(self, user_id: UUID, provider: str) -> None:
        """Forget a key. Raises NotFound."""
        ...


Try = Callable[[ProviderKey], Awaitable[KeyCheck]]
Changed = Callable[[], Awaitable[None]]


class KeyDesk:
    """Where the owner enters, checks and removes keys.

    `attempt(key)` asks the provider whether the key works; `changed()` lets the engines be chosen anew.
    """

    def __init__(self, store: KeyStore, attempt: Try, changed: Changed, now: Callable[[], datetime]) -> None:
        self._store = store
        self._attempt = attempt
        self._changed = changed
        self._now = now

    async def entries(self, user_id: UUID) -> dict[str, KeyEntry | None]:
        """Every provider that can be kept, and what is."""
        kept = {entry.provider: entry for entry in await self._store.entries(user_id)}
        return {name: kept.get(name) for name in PROVIDERS}

    async def put(self, user_id: UUID, key: ProviderKey) -> KeyEntry:
        """Keep a key, try it, and let the engines use it. Raises BadInput for what cannot be a key."""
        await self._store.put(user_id, checked_key(key))
        await self._changed()
        return await self.check(user_id, key.provider)

    async def check(self, user_id: UUID, provider: str) -> KeyEntry:
        """Ask the provider whether the kept key works. Raises NotFound without one."""
        known(provider)
        key = await self._store.reveal(user_id, provider)
        if key is None:
            raise NotFound("no key of this provider is kept; set one first")
        found = await self._attempt(key) if PROVIDERS[provider].role else KeyCheck("unused", NO_ENGINE, self._now())
        await self._store.checked(user_id, provider, found)
        for entry in await self._store.entries(user_id):
            if entry.provider == provider:
                return entry
        raise NotFound("the key was removed meanwhile")

    async def remove(self, user_id: UUID, provider: str) -> None:
        """Forget a key; engines stop using it. Raises NotFound."""
        await self._store.remove(user_id, known(provider))
        await self._changed()


def known(provider: str) -> str:
    """The provider's name. Raises NotFound for another."""
    if provider not in PROVIDERS:
        raise NotFound(f"keys are kept for {', '.join(PROVIDERS)}")
    return provider


def checked_key(key: ProviderKey) -> ProviderKey:
    """The key, trimmed. Raises BadInput for what cannot be one; the message never repeats it."""
    known(key.provider)
    value = key.value.strip()
    if not 4 <= len(value) <= LONGEST_KEY or not re.fullmatch(r"[\x21-\x7e]+", value):
        raise BadInput(f"a key has 4 to {LONGEST_KEY} letters, digits and signs, and no space inside")
    base_url = key.base_url.strip().rstrip("/")
    if base_url and not re.fullmatch(r"https?://[^\s/@?#]+(/[^\s@?#]*)?", base_url):
        raise BadInput("an address begins with https:// or http://, without a password, question mark or hash")
    if len(base_url) > 500:
        raise BadInput("an address has at most 500 letters")
    model = key.model.strip()
    if len(model) > 100 or not model.isprintable():
        raise BadInput("a model's name has at most 100 letters")
    if (base_url or model) and not PROVIDERS[key.provider].role:
        raise BadInput("only a key that an engine uses takes an address and a model")
    return ProviderKey(key.provider, value, base_url, model)
