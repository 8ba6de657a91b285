"""A persona as the mind needs it."""

from __future__ import annotations

from dataclasses import fields

from selfsame.clones.clone import Clone
from selfsame.clones.persona import Persona
from selfsame.mind.port import Manner


def manner_of(persona: Persona, clone: Clone) -> Manner:
    """The persona as the mind needs it, with how the clone keeps to its sources."""
    known = {each.name: getattr(persona, each.name) for each in fields(Manner) if hasattr(persona, each.name)}
    return Manner(**known, adherence=clone.adherence, no_answer=clone.no_answer)
