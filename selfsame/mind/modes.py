"""The three response modes as figures that can be configured (MODE-01 to MODE-06)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from selfsame.events.turns import Mode

WebSearchPolicy = Literal["none", "parallel", "sequential"]


@dataclass(frozen=True, slots=True)
class ModeFigures:
    """What one mode may spend. Times in seconds.

    A spoken reply ends after `max_sentences` or `max_tokens`, whichever comes first. `web_search` is the policy for
    searching the web beyond the clone's own knowledge. `retrieval_timeout` bounds the look into that knowledge.
    """

    max_tokens: int
    web_search: WebSearchPolicy
    web_search_timeout: float = 0.8
    max_sentences: int = 3
    top_k: int = 5
    retrieval_timeout: float = 0.8
    temperature: float = 0.4


MODES: Mapping[Mode, ModeFigures] = MappingProxyType(
    {
        "faster": ModeFigures(max_tokens=150, web_search="none", max_sentences=2, top_k=3, retrieval_timeout=0.5),
        "planning": ModeFigures(max_tokens=250, web_search="parallel"),
        "detailed": ModeFigures(max_tokens=250, web_search="sequential", retrieval_timeout=1.5),
    }
)
