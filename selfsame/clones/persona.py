"""The persona: what was extracted, what the owner wrote, and the merge of both (PERS-03 to PERS-06)."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class Persona:
    """The merged profile, the system context of every reply."""

    name: str
    role: str = ""
    traits: tuple[str, ...] = ()
    tone: str = ""
    patterns: tuple[str, ...] = ()
    dos: tuple[str, ...] = ()
    donts: tuple[str, ...] = ()
    backstory: str = ""
    greeting: str = ""


@dataclass(frozen=True, slots=True)
class PersonaProfile:
    """The two halves as stored; overrides win field by field."""

    auto_extracted: dict[str, Any] = field(default_factory=dict)
    manual_overrides: dict[str, Any] | None = None

    def merged(self, name: str) -> Persona:
        """The persona with the owner's words over the extracted ones; unknown fields are ignored."""
        values: dict[str, Any] = {"name": name}
        for half in (self.auto_extracted, self.manual_overrides or {}):
            for known in fields(Persona):
                if known.name in half and half[known.name] is not None:
                    value = half[known.name]
                    values[known.name] = tuple(value) if isinstance(value, list) else value
        return Persona(**values)
