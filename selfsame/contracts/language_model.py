"""What every thinker must keep. Subclass in your tests and give an `engine` fixture."""

from __future__ import annotations

from typing import ClassVar

import pytest

from selfsame.events.thought import Passage, Sources, Thought, ThoughtEnded, Token
from selfsame.kit.streams import close
from selfsame.kit.tasks import group
from selfsame.mind.port import LanguageModel, Manner, Prompt

PASSAGE = Passage("p1", "d1", "Harbour", "The harbour opens at six. It closes at nine.", 0.8)


def prompt(query: str = "When does the harbour open?", passages: tuple[Passage, ...] = (PASSAGE,)) -> Prompt:
    """A question that the passage answers."""
    return Prompt(Manner("Ada"), query, passages=passages)


async def all_of(engine: LanguageModel, asked: Prompt) -> list[Thought]:
    """Everything the engine thinks."""
    return [thought async for thought in engine.stream(asked)]


class LanguageModelContract:
    """Sources first if at all, then tokens, then exactly one end; closing, many at once."""

    pytestmark: ClassVar = [pytest.mark.anyio]

    @pytest.fixture
    def engine(self) -> LanguageModel:
        """The engine under test."""
        raise NotImplementedError

    async def test_tokens_come_and_then_exactly_one_end(self, engine: LanguageModel) -> None:
        thoughts = await all_of(engine, prompt())
        assert isinstance(thoughts[-1], ThoughtEnded)
        assert sum(isinstance(thought, ThoughtEnded) for thought in thoughts) == 1
        text = "".join(thought.text for thought in thoughts if isinstance(thought, Token))
        assert any(map(str.isalpha, text))

    async def test_sources_come_before_the_tokens_and_are_of_the_prompt(self, engine: LanguageModel) -> None:
        thoughts = await all_of(engine, prompt())
        kinds = [type(thought) for thought in thoughts]
        assert kinds.count(Sources) <= 1
        if Sources in kinds:
            assert kinds.index(Sources) < kinds.index(Token)
        for thought in thoughts:
            if isinstance(thought, Sources):
                assert {passage.id for passage in thought.passages} <= {PASSAGE.id}

    async def test_the_end_names_the_model(self, engine: LanguageModel) -> None:
        end = (await all_of(engine, prompt()))[-1]
        assert isinstance(end, ThoughtEnded)
        assert end.model
        assert end.first_token_seconds >= 0.0

    async def test_it_answers_without_knowledge_and_in_every_language(self, engine: LanguageModel) -> None:
        for language in sorted(engine.abilities.languages):
            asked = Prompt(Manner("Ada"), "Hola", language=language)
            assert any(isinstance(thought, Token) for thought in await all_of(engine, asked))

    async def test_closing_early_stops_and_leaves_the_engine_usable(self, engine: LanguageModel) -> None:
        for _ in range(3):
            stream = engine.stream(prompt())
            async for _thought in stream:
                break
            await close(stream)
            with pytest.raises(StopAsyncIteration):
                await anext(stream)
        assert await all_of(engine, prompt())

    async def test_many_may_think_at_once(self, engine: LanguageModel) -> None:
        ended: list[int] = []

        async def think(number: int) -> None:
            thoughts = await all_of(engine, prompt(f"Question {number}: when does the harbour open?"))
            assert isinstance(thoughts[-1], ThoughtEnded)
            ended.append(number)

        async with group() as tasks:
            for number in range(5):
                tasks.start_soon(think, number)
        assert sorted(ended) == [0, 1, 2, 3, 4]
