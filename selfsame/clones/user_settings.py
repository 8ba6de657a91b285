"""What a user may set for themselves (DATA-07), with bounds. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Literal, Protocol, get_args
from uuid import UUID

from selfsame.errors import BadInput

VideoQuality = Literal["low", "medium", "high", "auto"]
Language = Literal["auto", "EN", "ES", "ZH"]
Theme = Literal["system", "light", "dark"]
PageLanguage = Literal["", "en", "es", "zh"]
LLM_PROVIDERS = ("auto", "embedded", "openai")
TTS_PROVIDERS = ("auto", "embedded")


@dataclass(frozen=True, slots=True)
class UserSettings:
    """A user's choices for conversations that begin from now on.

    `interruption_sensitivity` 0..1: how readily speech counts as such. Without `auto_language_detection` conversations
    begin in `language`. Whether transcripts are kept is no setting but a consent (`clones.consent`), shown beside them.
    """

    auto_language_detection: bool = True
    language: Language = "auto"
    video_quality: VideoQuality = "auto"
    interruption_sensitivity: float = 0.5
    preferred_llm_provider: str = "auto"
    preferred_tts_provider: str = "auto"
    theme: Theme = "system"
    page_language: PageLanguage = ""

    def opening_language(self) -> Language:
        """In which language a conversation begins when none was asked for."""
        return "auto" if self.auto_language_detection else self.language


class SettingsStore(Protocol):
    """Settings by user."""

    async def get(self, user_id: UUID) -> UserSettings:
        """The user's settings; the usual ones where nothing was set. Raises NotFound without such a user."""
        ...

    async def change(self, user_id: UUID, changes: Mapping[str, Any]) -> UserSettings:
        """Set some of them; two changes at once both count. Raises BadInput, NotFound."""
        ...


NAMES = tuple(field.name for field in fields(UserSettings))
_CHOICES: dict[str, tuple[str, ...]] = {
    "language": get_args(Language),
    "video_quality": get_args(VideoQuality),
    "preferred_llm_provider": LLM_PROVIDERS,
    "preferred_tts_provider": TTS_PROVIDERS,
    "theme": get_args(Theme),
    "page_language": get_args(PageLanguage),
}


def changed(settings: UserSettings, changes: Mapping[str, Any]) -> UserSettings:
    """The settings with some changed. Raises BadInput that says which values there are."""
    for name, value in changes.items():
        if name not in NAMES:
            raise BadInput(f"there is no setting called {name!r}; there are {', '.join(NAMES)}")
        choices = _CHOICES.get(name)
        if choices is not None and value not in choices:
            raise BadInput(f"{name} is one of {', '.join(filter(None, choices))}")
        if name == "auto_language_detection" and not isinstance(value, bool):
            raise BadInput(f"{name} is true or false")
        if name == "interruption_sensitivity" and not _is_share(value):
            raise BadInput(f"{name} is a number from 0 to 1")
    after = replace(settings, **changes)
    if not after.auto_language_detection and after.language == "auto":
        raise BadInput("without automatic detection, say in which language conversations begin: EN, ES or ZH")
    return after


def settings_from(stored: Mapping[str, Any]) -> UserSettings:
    """Settings as they were stored; what is unknown or out of bounds by now is as usual."""
    settings = UserSettings()
    kept = {name: value for name, value in stored.items() if name in NAMES}
    try:
        return changed(settings, kept)
    except BadInput:
        for name, value in kept.items():
            try:
                settings = changed(settings, {name: value})
            except BadInput:
                continue
        return settings


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0.0 <= value <= 1.0
