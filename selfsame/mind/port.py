"""What the mind needs from engines and from the library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from selfsame.events.thought import Passage, Thought
from selfsame.events.turns import Exchange, Mode

Adherence = Literal["strict", "adaptive", "creative"]


@dataclass(frozen=True, slots=True)
class Manner:
    """How the clone is to answer: the merged persona as the mind needs it (PERS-06); `clones.persona` explains it.

    `language` (EN, ES, ZH or empty) is that of the fillers, phrases, greeting and goodbye. `adherence` is how it keeps
    to its sources; `no_answer` what it says, by language, when they hold no answer.
    """

    name: str
    role: str = ""
    traits: tuple[str, ...] = ()
    tone: str = ""
    patterns: tuple[str, ...] = ()
    dos: tuple[str, ...] = ()
    donts: tuple[str, ...] = ()
    backstory: str = ""
    greeting: str = ""
    closing: str = ""
    fillers: tuple[str, ...] = ()
    openers: tuple[str, ...] = ()
    catchphrases: tuple[str, ...] = ()
    common_expressions: tuple[str, ...] = ()
    vocabulary_level: str = ""
    vocabulary_style: str = ""
    formality: str = ""
    energy: str = ""
    selling_approach: str = ""
    answer_length: str = ""
    language: str = ""
    adherence: Adherence = "adaptive"
    no_answer: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Query:
    """What to look up: `text` in `language`, in the knowledge of one clone, for one user."""

    text: str
    clone_id: str
    language: str = "EN"
    top_k: int = 5


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything a thinker may use for one reply. `context` is the sanitised text of `update_context`, if any.

    With `instructions` it is no conversation but a task: they are all that the model is told, and `query` is the data
    to work on.
    """

    manner: Manner
    query: str
    language: str = "EN"
    mode: Mode = "planning"
    passages: tuple[Passage, ...] = ()
    history: tuple[Exchange, ...] = ()
    context: str = ""
    max_tokens: int = 250
    temperature: float = 0.4
    facts: dict[str, str] = field(default_factory=dict)
    instructions: str = ""


@dataclass(frozen=True, slots=True)
class ThinkingAbilities:
    """What a thinker can do. `extractive` thinkers only repeat what their sources say."""

    name: str
    model: str
    languages: frozenset[str]
    streaming: bool = True
    extractive: bool = False


class Retriever(Protocol):
    """Finds the clone's knowledge for a question."""

    async def retrieve(self, query: Query) -> tuple[Passage, ...]:
        """At most `query.top_k` passages, best first; empty when nothing is relevant. Raises ProviderError."""
        ...


class LanguageModel(Protocol):
    """A thinker."""

    abilities: ThinkingAbilities

    def stream(self, prompt: Prompt) -> AsyncIterator[Thought]:
        """Tokens as they come, then `ThoughtEnded`. May say `Sources` first to name the passages it rests on.

        Raises ProviderError, also in mid-stream. Closing the iterator stops the work.
        """
        ...
