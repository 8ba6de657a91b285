"""Which engine serves which role, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

RoleName = Literal["vad", "asr", "llm", "tts", "embedding"]
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


def delay(delays: Mapping[str, float], role: str) -> float:
    """The fixed delay of a fake engine, in seconds."""
    return delays.get(role, 0.0)
