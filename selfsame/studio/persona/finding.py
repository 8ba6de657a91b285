"""What was found out about a person, and what shows it. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from selfsame.studio.persona.script import Clause, Script

QUOTES = 3
"""Quotes kept with a finding."""


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` was found `count` times, in words of the person; `score` says how sure or how strong it is."""

    what: str
    count: int
    quotes: tuple[str, ...] = ()
    score: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """The finding for its owner."""
        return {"what": self.what, "count": self.count, "score": round(self.score, 2), "quotes": list(self.quotes)}


def quotes(script: Script, clauses: list[Clause]) -> tuple[str, ...]:
    """Up to three different sentences in which something was found, spread over the text."""
    step = max(1, len(clauses) // QUOTES)
    found = dict.fromkeys(script.quote(clause) for clause in clauses[::step][:QUOTES])
    return tuple(quote for quote in found if quote)
