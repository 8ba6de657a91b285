"""The assembled product as the commands see it, and the one place that imports the wiring."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING, Any, Protocol
from uuid import UUID

from selfsame.conversation.port import Sessions
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.clones.clone import Clone
    from selfsame.library.answers import AnswerDesk
    from selfsame.library.search import HybridRetriever


class EngineChoice(Protocol):
    """Which engine serves a role (vad, asr, llm, tts, embedding), why, and what would be better."""

    @property
    def role(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def tier(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def hint(self) -> str | None: ...
    @property
    def languages(self) -> Sequence[str]: ...


class Library(Protocol):
    """Finding and answering (`wiring.answers.Library`)."""

    @property
    def retriever(self) -> HybridRetriever: ...
    @property
    def answers(self) -> AnswerDesk: ...
    @property
    def find_clone(self) -> Callable[[str | None, UUID], Awaitable[Clone]]: ...
    @property
    def set_answering(self) -> Callable[[UUID, UUID, str | None, Mapping[str, str] | None], Awaitable[Clone]]: ...


class Product(Protocol):
    """Everything, assembled and running. `owner_id` is the person at this machine."""

    @property
    def sessions(self) -> Sessions: ...
    @property
    def app(self) -> Any: ...
    @property
    def report(self) -> Sequence[EngineChoice]: ...
    @property
    def owner_id(self) -> UUID: ...
    @property
    def library(self) -> Library: ...


def open_product(settings: Settings) -> AbstractAsyncContextManager[Product]:
    """The product; leaving the context stops all it started. Raises ProviderError, for one when no database starts."""
    from selfsame.wiring import product

    return product.open_product(settings)


def choice_row(choice: EngineChoice) -> dict[str, Any]:
    """A choice as JSON."""
    return {
        "role": choice.role,
        "name": choice.name,
        "tier": choice.tier,
        "languages": sorted(choice.languages),
        "why": choice.why,
        "hint": choice.hint,
    }
