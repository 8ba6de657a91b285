"""A persona as the mind needs it."""

from __future__ import annotations

from selfsame.clones.clone import Clone
from selfsame.clones.persona import Persona
from selfsame.mind.port import Manner


def manner_of(persona: Persona, clone: Clone) -> Manner:
    """The persona as the mind needs it, with how the clone keeps to its sources."""
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
        clone.adherence,
        clone.no_answer,
    )
