"""The assembled product as the commands see it, and the one place that imports the wiring."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol
from uuid import UUID

from selfsame.conversation.port import Sessions
from selfsame.settings import Settings


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
