"""A persona as the mind needs it."""

from __future__ import annotations

from selfsame.clones.persona import Persona
from selfsame.mind.port import Manner


def manner_of(persona: Persona) -> Manner:
    """The persona as the mind needs it."""
    return Manner(
        persona.name,
        persona.role,
        persona.traits,
        persona.tone,
        persona.patterns,
        persona.dos,
        persona.donts,
        persona.backstory,
        persona.greeting,
    )
