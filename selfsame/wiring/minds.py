"""The mind: which thinker is in force, and choosing it anew when the owner enters or removes a key."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

import anyio
import structlog

from selfsame.clones.provider_keys import KeyCheck, KeyStore, ProviderKey
from selfsame.clones.user_settings import SettingsStore
from selfsame.errors import BadInput, ProviderError, Refused, SelfsameError, Unavailable
from selfsame.events.thought import Thought
from selfsame.kit.clock import Clock, wall
from selfsame.kit.tasks import offload
from selfsame.mind.port import LanguageModel, Prompt
from selfsame.settings import Secret, Settings
from selfsame.wiring.choices import Announcer, Choice, delay

log = structlog.get_logger(__name__)
T = TypeVar("T")

OPENAI = "https://api.openai.com/v1"
USUAL_MODEL = "gpt-4-turbo"
LOOK_AGAIN = 10.0
"""Seconds: a key that another process stored is seen by conversations that begin later than that."""


class Mind:
    """The thinker in force. Each reply asks the one that is in force when it begins."""

    def __init__(self, model: LanguageModel, choice: Choice) -> None:
        self._meter: Callable[[LanguageModel, Choice], LanguageModel] = lambda model, _choice: model
        self.take(model, choice)

    def take(self, model: LanguageModel, choice: Choice) -> None:
        """Think with `model` from the next reply on; replies that run go on as they began."""
        self._model = self._meter(model, choice)
        self.abilities = model.abilities
        self.choice = choice

    def metered_by(self, meter: Callable[[LanguageModel, Choice], LanguageModel]) -> None:
        """Count the thinker in force, and each that comes after it."""
        self._meter = meter
        self.take(self._model, self.choice)

    @property
    def ladder(self) -> object:
        """The fallbacks behind one another; None when the thinker in force stands alone."""
        return getattr(self._model, "ladder", None)

    def stream(self, prompt: Prompt) -> AsyncIterator[Thought]:
        """As `mind.port`."""
        return self._model.stream(prompt)


def choose_mind(settings: Settings, announcer: Announcer) -> tuple[LanguageModel, Choice]:
    """The thinker that the settings ask for. Raises BadInput for an unknown name, or one that lacks what it needs."""
    from selfsame.providers.embedded.answers import EmbeddedAnswers

    wanted = settings.llm
    if wanted == "fake":
        return _fake_mind(settings)
    floor = EmbeddedAnswers()
    if wanted in ("auto", "openai") and (settings.llm_base_url or settings.llm_api_key):
        return _open_mind(settings, floor, announcer)
    if wanted not in ("auto", "embedded"):
        if wanted == "openai":
            raise BadInput("SELFSAME_LLM=openai needs SELFSAME_LLM_BASE_URL and SELFSAME_LLM_MODEL, or a key")
        raise BadInput(f"there is no mind called {wanted}; `selfsame providers` lists them")
    why = "no language model is configured" if wanted == "auto" else "asked for"
    hint = "set SELFSAME_LLM_BASE_URL and SELFSAME_LLM_MODEL for a mind that converses freely"
    languages = tuple(sorted(floor.abilities.languages))
    return floor, Choice("llm", floor.abilities.name, "embedded", why, languages, hint)


def lacks_key(settings: Settings) -> bool:
    """Whether a language model is asked for by name and nothing says where it is."""
    return settings.llm == "openai" and not (settings.llm_base_url or settings.llm_api_key)


def first_mind(settings: Settings, announcer: Announcer) -> tuple[LanguageModel, Choice]:
    """The thinker to begin with, before it is known whether the owner keeps a key. Raises BadInput."""
    return choose_mind(replace(settings, llm="embedded") if lacks_key(settings) else settings, announcer)


def _open_mind(settings: Settings, floor: LanguageModel, announcer: Announcer) -> tuple[LanguageModel, Choice]:
    """An OpenAI-compatible endpoint, with our own answers behind it."""
    from selfsame.mind.prompt import messages
    from selfsame.providers.openai import ChatServer, OpenAIChat
    from selfsame.providers.wrap.fallback import THINKING, FallbackLanguageModel

    address, model, key = endpoint(settings)
    chat = OpenAIChat(ChatServer(address, model, key), render=messages)
    kept = settings.sources.get("llm_api_key")
    by = "by the kept key" if kept is not None and kept.kind == "kept" else "configured"
    why = f"{model} is {by}; our own answers stand behind it"
    tier = "neural" if any(f"://{host}" in address for host in ("localhost", "127.0.0.1", "[::1]")) else "cloud"
    mind = FallbackLanguageModel([chat, floor], replace(THINKING, on_fallback=announcer.fell_back))
    return mind, Choice("llm", model, tier, why, tuple(sorted(chat.abilities.languages)))


def _fake_mind(settings: Settings) -> tuple[LanguageModel, Choice]:
    from selfsame.providers.fake.thinking import Delays, FakeLanguageModel

    mind = FakeLanguageModel(delays=Delays(first=delay(settings.fake_delays, "llm")))
    return mind, Choice("llm", "fake", "fake", "asked for", tuple(sorted(mind.abilities.languages)))


def endpoint(settings: Settings) -> tuple[str, str, str]:
    """Address, model and key of the language model that the settings name."""
    key = settings.llm_api_key.reveal() if settings.llm_api_key else ""
    return settings.llm_base_url or OPENAI, settings.llm_model or USUAL_MODEL, key


def with_account(settings: Settings, key: ProviderKey | None, preferred: str = "auto") -> Settings:
    """The settings with the owner's kept key over those of the environment, and their preferred mind.

    A kept key without an address is used at the configured one. SELFSAME_LLM, when it names a mind, stays.
    """
    from selfsame.settings import Source

    if key is not None:
        settings = replace(
            settings,
            llm_api_key=Secret(key.value),
            llm_base_url=key.base_url or settings.llm_base_url,
            llm_model=key.model or settings.llm_model,
            sources={**settings.sources, "llm_api_key": Source("kept")},
        )
    if preferred == "embedded" and settings.llm == "auto":
        settings = replace(settings, llm="embedded")
    return settings


@dataclass(frozen=True, slots=True)
class KeyTrial:
    """Asks a provider whether a key works, by listing its models: that costs nothing."""

    settings: Settings

    async def __call__(self, key: ProviderKey) -> KeyCheck:
        """What came of it, with what to do."""
        from selfsame.mind.prompt import messages
        from selfsame.providers.openai import ChatServer, OpenAIChat

        address, model, value = endpoint(with_account(self.settings, key))
        chat = OpenAIChat(ChatServer(address, model, value), render=messages)
        try:
            await chat.warm()
        except Refused as error:
            advice = "look whether it was copied whole, and whether it was revoked"
            return KeyCheck("refused", f"{error.message} at {address}: {advice}", wall())
        except ProviderError as error:
            state = "unreachable" if error.retryable else "unusable"
            advice = "look at the address and at this machine's network; the key is kept"
            return KeyCheck(state, f"{error.message} at {address}: {advice}", wall())
        finally:
            await chat.aclose()
        return KeyCheck("works", f"{address} takes the key; {model} answers from the next reply on", wall())


@dataclass(frozen=True, slots=True)
class MindWishes:
    """Where the owner's kept key and preferred mind are found."""

    keys: KeyStore
    preferences: SettingsStore
    owner: UUID

    async def over(self, settings: Settings) -> Settings:
        """The settings with the owner's over them. A key that cannot be read is left out, and logged."""
        try:
            key = await self.keys.reveal(self.owner, "openai")
        except Unavailable as error:
            if error.provider != "keys":
                raise  # the database is out: that says nothing of the key
            log.warning("the kept key is not used", code=error.code, why=error.message)
            key = None
        return with_account(settings, key, (await self.preferences.get(self.owner)).preferred_llm_provider)


class MindChooser:
    """Keeps the mind in step with what the owner stored, whichever process stored it.

    `settings` are those in force: the process's own with the owner's key and preference over them.
    """

    def __init__(self, mind: Mind, wishes: MindWishes, settings: Settings, announcer: Announcer, clock: Clock) -> None:
        self._mind = mind
        self._wishes = wishes
        self._base = settings
        self._announcer = announcer
        self._clock = clock
        self._looked = float("-inf")
        self._lock = anyio.Lock()
        self._waits = lacks_key(settings)
        self.settings = settings

    @property
    def choice(self) -> Choice:
        """The mind in force and why."""
        return self._mind.choice

    async def refresh(self) -> None:
        """Choose anew if the kept key or the preference changed.

        Raises BadInput at the first time when SELFSAME_LLM=openai has no key from anywhere; later our own answers do.
        """
        async with self._lock:  # of two at once, the later one sees the later wish
            self._looked = self._clock.now()
            wanted = await self._wishes.over(self._base)
            if wanted == self.settings and not self._waits:
                return
            if lacks_key(wanted) and not self._waits:
                log.warning("SELFSAME_LLM=openai has no key any more; our own answers serve")
                wanted = replace(wanted, llm="embedded")
            model, choice = await offload(choose_mind, wanted, self._announcer)
            self.settings, self._waits = wanted, False
            self._mind.take(model, choice)
            log.info("the mind was chosen anew", engine=choice.name, tier=choice.tier)

    def before(self, act: Callable[..., Awaitable[T]]) -> Callable[..., Awaitable[T]]:
        """`act`, with a look at the kept key before it when the last look is some seconds old."""

        async def looked(*args: object) -> T:
            if self._clock.now() - self._looked > LOOK_AGAIN:
                try:
                    await self.refresh()
                except SelfsameError as error:
                    log.warning("the kept key could not be looked at", code=error.code)
            return await act(*args)

        return looked
