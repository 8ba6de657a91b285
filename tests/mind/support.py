"""Engines for the mind's tests, a lexical index of the guide, and helpers."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import anyio

from selfsame.demo import DEMO
from selfsame.errors import ProviderError
from selfsame.events.thought import Passage, Sources, Thought, ThoughtEnded, Token
from selfsame.kit.words import content_words
from selfsame.mind.port import Manner, Prompt, Query, ThinkingAbilities
from selfsame.mind.think import Question, Thinking, think

_FIELDS = ("name", "role", "traits", "tone", "patterns", "dos", "donts", "backstory", "greeting")
VERA = Manner(**{k: tuple(v) if isinstance(v, list) else v for k, v in DEMO.persona.items() if k in _FIELDS})


class StepClock:
    """Every look costs a second, so that spans can be told apart."""

    def __init__(self) -> None:
        self.time = 0.0

    def now(self) -> float:
        self.time += 1.0
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


@dataclass
class Shelf:
    """A retriever that gives what it was given."""

    passages: tuple[Passage, ...] = ()
    error: ProviderError | None = None
    hangs: bool = False
    asked: list[Query] = field(default_factory=list)

    async def retrieve(self, query: Query) -> tuple[Passage, ...]:
        self.asked.append(query)
        if self.hangs:
            await anyio.sleep_forever()
        if self.error is not None:
            raise self.error
        return self.passages[: query.top_k]


@dataclass
class Parrot:
    """A generative model that says what it was given, piece by piece, and remembers its prompts."""

    pieces: tuple[str, ...] = ("I am", " fine.")
    fails_after: int | None = None
    error: ProviderError | None = None
    prompts: list[Prompt] = field(default_factory=list)
    closed: int = 0
    said: int = 0
    abilities: ThinkingAbilities = ThinkingAbilities("parrot", "parrot-1", frozenset(["EN", "ES", "ZH"]))

    async def stream(self, prompt: Prompt) -> AsyncIterator[Thought]:
        self.prompts.append(prompt)
        try:
            for index, piece in enumerate(self.pieces):
                if index == self.fails_after and self.error is not None:
                    raise self.error
                self.said += 1
                yield Token(piece)
            yield ThoughtEnded(model="parrot-1b", prompt_tokens=7, reply_tokens=3, extra={"finish": "stop"})
        finally:
            self.closed += 1


def passage(number: int = 1, text: str = "It costs nothing.", **more: object) -> Passage:
    return replace(Passage(f"p{number}", "d1", "Guide", text, 0.8), **more)


def question(text: str, **more: object) -> Question:
    return replace(Question(text, "vera", VERA, language="EN"), **more)


async def answer(asked: Question, engines: Thinking) -> tuple[str, tuple[Passage, ...], ThoughtEnded]:
    """The reply's text, its sources and its end; checks the order of what came."""
    thoughts = [thought async for thought in think(asked, engines)]
    assert isinstance(thoughts[-1], ThoughtEnded)
    assert all(isinstance(thought, Token) for thought in thoughts[1:-1])
    first = thoughts[0]
    sources = first.passages if isinstance(first, Sources) else ()
    return "".join(t.text for t in thoughts if isinstance(t, Token)), sources, thoughts[-1]


def guide() -> list[Passage]:
    """The demonstration clone's knowledge, one passage for each question and answer."""
    found: list[Passage] = []
    for filename, text, _ in DEMO.documents:
        title = text.splitlines()[0].removeprefix("# ")
        for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
            asked, _, said = section.partition("\n")
            found.append(
                Passage(
                    f"p{len(found)}", filename, title, said.strip(), 0.0, "faq", asked.strip(), f"{title} > {asked}"
                )
            )
    return found


class LexicalIndex:
    """A retriever by shared words alone. Its scores imitate cosines: about 0.8 when all of the question is covered."""

    def __init__(self, passages: list[Passage]) -> None:
        self._passages = passages
        self._words = [set(content_words(f"{p.question} {p.text}")) for p in passages]
        self._asked = [set(content_words(p.question or "")) for p in passages]

    def _rarity(self, word: str) -> float:
        return math.log(1 + len(self._words) / (1 + sum(word in words for words in self._words)))

    async def retrieve(self, query: Query) -> tuple[Passage, ...]:
        words = content_words(query.text)
        total = sum(self._rarity(word) for word in words) or 1.0
        scored = []
        for index, passage_ in enumerate(self._passages):
            here, asked = self._words[index], self._asked[index]
            shared = sum(self._rarity(word) * (1.0 if word in asked else 0.6) for word in words if word in here)
            if shared:
                whole = len(asked.intersection(words)) / (len(asked) or 1)
                scored.append(replace(passage_, score=shared / total * (0.6 + 0.2 * whole)))
        return tuple(sorted(scored, key=lambda p: -p.score)[: query.top_k])
