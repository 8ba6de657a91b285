"""The stage: retrieval, prompt, stream, guard."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from types import MappingProxyType

import anyio
import pytest

from selfsame.errors import BadOutput, Unavailable
from selfsame.events.thought import Sources, Token
from selfsame.events.turns import Exchange
from selfsame.mind.modes import MODES
from selfsame.mind.prompt import estimate_tokens, messages
from selfsame.mind.think import Question, Thinking, reply_language, think
from selfsame.providers.embedded.answers import EmbeddedAnswers
from tests.mind.support import VERA, Parrot, Shelf, StepClock, answer, passage, question

COST = passage(1, "It costs nothing.", kind="faq", question="Is it free, or does it cost anything?")
DOWN = Unavailable("down", role="rag", provider="store")


def engines(model: object, shelf: Shelf) -> Thinking:
    return Thinking(shelf, model, StepClock())  # type: ignore[arg-type]


@pytest.mark.anyio
async def test_a_generative_reply_has_sources_tokens_and_measures() -> None:
    shelf, model = Shelf((COST, passage(2))), Parrot(("It costs", " nothing."))
    text, sources, ended = await answer(question("what is the price of it"), engines(model, shelf))
    assert text == "It costs nothing." and sources == shelf.passages
    assert (ended.model, ended.prompt_tokens, ended.reply_tokens) == ("parrot-1b", 7, 3)
    assert ended.retrieval_seconds == 1.0 and ended.first_token_seconds > ended.retrieval_seconds
    assert ended.extra["retrieval"] == "ok" and ended.extra["finish"] == "stop"
    assert model.closed == 1


@pytest.mark.anyio
async def test_the_prompt_has_all_it_needs() -> None:
    shelf, model = Shelf((COST,)), Parrot()
    history = (Exchange(1, "how do i make a clone", "Like this."),)
    asked = question("how long does that take", history=history, context="Be kind.", mode="detailed", language="ES")
    await answer(asked, engines(model, shelf))
    prompt = model.prompts[0]
    assert prompt.query == asked.text and prompt.manner == VERA and prompt.passages == (COST,)
    assert (prompt.history, prompt.context, prompt.mode, prompt.language) == (history, "Be kind.", "detailed", "ES")
    assert prompt.max_tokens == MODES["detailed"].max_tokens
    assert prompt.facts["standalone"] == shelf.asked[0].text == "how long does that take how do i make a clone"
    assert shelf.asked[0].clone_id == "vera" and shelf.asked[0].language == "ES"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("shelf", "outcome"), [(Shelf(error=DOWN), "RAG_UNAVAILABLE"), (Shelf(hangs=True), "timeout"), (Shelf(), "nothing")]
)
async def test_without_retrieval_the_reply_goes_on(shelf: Shelf, outcome: str) -> None:
    model = Parrot(("I will try.",))
    quick = MappingProxyType({**MODES, "planning": replace(MODES["planning"], retrieval_timeout=0.01)})
    with anyio.fail_after(2):
        text, sources, ended = await answer(
            question("what is the price of it"),
            Thinking(shelf, model, StepClock(), quick),  # type: ignore[arg-type]
        )
    assert text == "I will try." and sources == () and ended.extra["retrieval"] == outcome
    assert model.prompts[0].passages == ()


@pytest.mark.anyio
async def test_a_bug_in_the_retriever_is_not_swallowed() -> None:
    class Broken:
        async def retrieve(self, query: object) -> tuple[()]:
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await answer(question("what is the price"), engines(Parrot(), Broken()))  # type: ignore[arg-type]


@pytest.mark.anyio
@pytest.mark.parametrize("text", ["hello", "thank you", "repeat that", "who are you"])
async def test_the_embedded_thinker_is_not_asked_small_talk(text: str) -> None:
    shelf = Shelf((COST,))
    said, sources, ended = await answer(question(text), engines(EmbeddedAnswers(), shelf))
    assert said and not sources and not shelf.asked
    assert ended.extra["retrieval"] == "skipped" and ended.extra["intent"]


@pytest.mark.anyio
async def test_small_talk_goes_to_a_generative_model_without_retrieval() -> None:
    shelf, model = Shelf((COST,)), Parrot(("Hi!",))
    said, sources, ended = await answer(question("hello there"), engines(model, shelf))
    assert (said, sources, shelf.asked) == ("Hi!", (), [])
    assert ended.extra["retrieval"] == "skipped"
    await answer(question("who are you"), engines(model, shelf))
    assert len(shelf.asked) == 1  # the knowledge may say more


@pytest.mark.anyio
async def test_yes_accepts_the_offered_question() -> None:
    history = (
        Exchange(
            1, "how much is a flat", "I do not know that. You could ask me: Is it free, or does it cost anything?"
        ),
    )
    said, sources, _ = await answer(question("yes please", history=history), engines(EmbeddedAnswers(), Shelf((COST,))))
    assert said == "It costs nothing." and sources == (COST,)


@pytest.mark.anyio
@pytest.mark.parametrize(("mode", "sentences"), [("faster", 2), ("planning", 3)])
async def test_long_winded_models_are_cut_and_stopped(mode: str, sentences: int) -> None:
    model = Parrot(tuple(f"Sentence {n} is here. " for n in range(50)))
    text, _, ended = await answer(question("tell me everything about it", mode=mode), engines(model, Shelf()))
    assert text.count(".") == sentences and ended.extra["cut"] == "sentences"
    assert model.said < 6 and model.closed == 1
    # The vendor's count comes with the end that was not waited for: the messages that were sent are reckoned instead.
    sent = sum(estimate_tokens(message["content"]) for message in messages(model.prompts[0]))
    assert ended.tokens_estimated and ended.prompt_tokens == sent > 100
    assert 0 < ended.reply_tokens < 60


@pytest.mark.anyio
async def test_what_is_said_without_a_vendor_has_no_prompt() -> None:
    _, _, ended = await answer(question("is it free"), engines(EmbeddedAnswers(), Shelf((COST,))))
    assert ended.prompt_tokens == 0 and not ended.tokens_estimated


@pytest.mark.anyio
@pytest.mark.parametrize("pieces", [(), ("  ", "\n"), ("User: hi",), ("so " * 30,), ("<think>hm",)])
async def test_unusable_output_is_refused(pieces: tuple[str, ...]) -> None:
    with pytest.raises(BadOutput) as caught:
        await answer(question("what is the price of it"), engines(Parrot(pieces), Shelf()))
    assert caught.value.code == "LLM_BAD_OUTPUT" and caught.value.provider == "parrot"


@pytest.mark.anyio
async def test_a_failure_in_mid_stream_comes_through() -> None:
    error = Unavailable("gone", role="llm", provider="parrot")
    model = Parrot(("Half ", "a "), fails_after=1, error=error)
    heard = []
    with pytest.raises(Unavailable):
        async with aclosing(think(question("what is the price of it"), engines(model, Shelf()))) as thoughts:
            async for thought in thoughts:
                heard.append(thought)
    assert heard == [Token("Half ")] and model.closed == 1


@pytest.mark.anyio
async def test_closing_stops_the_model() -> None:
    model = Parrot(tuple("bcdefgh"))
    async with aclosing(think(question("what is the price of it"), engines(model, Shelf((COST,))))) as thoughts:
        assert isinstance(await anext(thoughts), Sources)
        assert await anext(thoughts) == Token("b")
    assert model.closed == 1 and model.said == 1


@pytest.mark.parametrize(
    ("text", "setting", "history", "expected"),
    [
        ("how much is it", "auto", (), "EN"),
        ("¿cuánto cuesta?", "auto", (), "ES"),
        ("cuanto cuesta el programa", "auto", (), "ES"),
        ("多少钱", "auto", (), "ZH"),
        ("多少钱", "ES", (), "ES"),
        ("Selfsame", "auto", (Exchange(1, "hola", "Hola", "ES"),), "ES"),
        ("please speak spanish", "EN", (), "ES"),
        ("请说中文", "auto", (), "ZH"),
    ],
)
def test_the_reply_language(text: str, setting: str, history: tuple[Exchange, ...], expected: str) -> None:
    assert reply_language(Question(text, "vera", VERA, language=setting, history=history)) == expected


@pytest.mark.anyio
async def test_small_talk_answers_in_the_language_it_was_said_in() -> None:
    for text, word in (("hola", "Hola"), ("谢谢你", "不"), ("speak chinese please", "中文")):
        said, _, _ = await answer(question(text, language="auto", turn=2), engines(EmbeddedAnswers(), Shelf()))
        assert word in said
