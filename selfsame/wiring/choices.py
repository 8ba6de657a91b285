"""Which engine serves which role, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from selfsame.errors import ProviderError, Role
from selfsame.kit.clock import Clock

RoleName = Literal["vad", "asr", "llm", "tts", "embedding", "face", "animator", "landmarks", "encoder"]
EVERY = 60.0
Tier = Literal["embedded", "neural", "cloud", "fake"]


@dataclass(frozen=True, slots=True)
class Choice:
    """One role's engine. `hint` is the one command or setting that would make it better, if any."""

    role: RoleName
    name: str
    tier: Tier
    why: str
    languages: tuple[str, ...] = ()
    hint: str | None = None


class Announcer:
    """Passes on what concerns every user: which engine fell back to which. The same news at most once a minute;
    `watchers` hear it every time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._told: dict[str, float] = {}
        self.listeners: list[Callable[[str], None]] = []
        self.watchers: list[Callable[[Role, str, str, ProviderError], None]] = []

    def fell_back(self, role: Role, left: str, taken: str, error: ProviderError) -> None:
        """An engine failed and another took over; `error` says why."""
        part = {"asr": "My better ears", "llm": "My better mind", "tts": "My better voice"}.get(role, role)
        for watcher in self.watchers:
            watcher(role, left, taken, error)
        notice = f"{part} ({left}) cannot be reached just now; I go on with {taken}."
        now = self._clock.now()
        if now - self._told.get(notice, -EVERY) < EVERY:
            return
        self._told[notice] = now
        for listener in self.listeners:
            listener(notice)


def delay(delays: Mapping[str, float], role: str) -> float:
    """The fixed delay of a fake engine, in seconds."""
    return delays.get(role, 0.0)
