"""What the mind says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

SourceKind = Literal["document", "faq", "conversation", "product", "correction"]
"""A `correction` is what the owner wrote as the answer to a question; it wins over all other sources."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of the clone's knowledge as retrieved. `score` is cosine similarity (0..1) where known.

    For `kind` "faq" and "correction", `question` holds the question and `text` the answer. `heading` is the path of
    headings above the passage ("Guide > Voice"), `locator` a page, row or anchor for the source list.
    """

    id: str
    document_id: str
    title: str
    text: str
    score: float
    kind: SourceKind = "document"
    question: str | None = None
    heading: str = ""
    locator: str = ""
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """The passages that the reply rests on, most important first."""

    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """The next piece of the reply's text, as it comes (any length, spaces included)."""

    text: str


@dataclass(frozen=True, slots=True)
class ThoughtEnded:
    """The reply's text is whole. `model` names who thought.

    Tokens are those that the engine counted; where it tells none, they are `tokens_estimated` from the texts that were
    really sent and received. Both are 0 where no model was asked.
    """

    model: str
    prompt_tokens: int = 0
    reply_tokens: int = 0
    retrieval_seconds: float = 0.0
    first_token_seconds: float = 0.0
    extra: dict[str, str] = field(default_factory=dict)
    tokens_estimated: bool = False


Thought = Sources | Token | ThoughtEnded
