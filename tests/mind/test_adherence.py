"""How a clone keeps to its sources: the sieve, the message without an answer, and what the prompt says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.events.thought import Passage
from selfsame.kit.sentences import sentences
from selfsame.mind.prompt import messages
from selfsame.mind.support import Sieve, support
from selfsame.mind.think import Thinking
from selfsame.providers.embedded.answers import EmbeddedAnswers
from tests.mind.support import VERA, Parrot, Shelf, StepClock, answer, guide, passage, question

CASES: list[tuple[str, str, bool]] = json.loads(
    (Path(__file__).parent / "support_cases.json").read_text(encoding="utf-8")
)
GUIDE = {each.question: each for each in guide()}
STRICT = replace(VERA, adherence="strict")
COSTS = passage(1, "A lesson costs thirty euros and lasts one hour.", question="What does a lesson cost?")


def strict(text: str, **more: Any) -> Any:
    return question(text, manner=replace(STRICT, **more))


def engines(*pieces: str, passages: tuple[Passage, ...] = (COSTS,)) -> tuple[Thinking, Parrot]:
    model = Parrot(pieces)
    return Thinking(Shelf(passages), model, StepClock()), model


def test_what_the_sources_say_stands_and_inventions_do_not() -> None:
    """27 of 27 true sentences stood, 1 of 29 inventions did, when the threshold was set on these cases."""
    true = [support(said, (GUIDE[asked],)).stands for asked, said, is_true in CASES if is_true]
    false = [support(said, (GUIDE[asked],)).stands for asked, said, is_true in CASES if not is_true]
    assert sum(true) >= 0.95 * len(true)
    assert sum(false) <= 0.05 * len(false)


def test_every_sentence_of_the_guide_is_supported_by_its_own_passage() -> None:
    said = [(one, sentence) for one in guide() for sentence in sentences(one.text.replace("\n", " "))]
    withheld = [sentence for one, sentence in said if support(sentence, (one,)).fault in ("numbers", "names", "denial")]
    assert len(withheld) <= 0.03 * len(said), withheld


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("A lesson costs thirty euros.", ""),
        ("A lesson costs 30 euros.", ""),
        ("A lesson costs forty euros.", "numbers"),
        ("A lesson does not cost thirty euros.", "denial"),
        ("A lesson with Marguerite costs thirty euros.", "names"),
        ("My grandmother was born in a small village.", "words"),
        ("Yes.", "words"),
        ("It is what it is.", "says nothing"),
    ],
)
def test_numbers_names_and_denials_must_agree(said: str, fault: str) -> None:
    assert support(said, (COSTS,)).fault == fault


@given(st.text(alphabet="A lesonctTh30.!?。 costs\n", max_size=80), st.integers(1, 7))
def test_a_stream_is_judged_as_its_whole_sentences_are(text: str, step: int) -> None:
    sieve, whole = Sieve((COSTS,)), Sieve((COSTS,))
    said = "".join(sieve.feed(text[i : i + step]) for i in range(0, len(text), step)) + sieve.finish()
    assert said == sieve.said
    assert all(support(sentence, (COSTS,)).stands for sentence in sentences(said))
    assert whole.feed(text) + whole.finish() == said


@pytest.mark.anyio
async def test_a_strict_clone_withholds_what_its_model_invents_and_says_the_rest_as_it_comes() -> None:
    thinking, model = engines(
        "A lesson costs thirty", " euros. I also own", " a castle in Spain. It lasts one", " hour."
    )
    text, sources, ended = await answer(strict("what does a lesson cost"), thinking)
    assert text == "A lesson costs thirty euros. It lasts one hour."
    assert sources == (COSTS,) and ended.extra["withheld"] == "1" and "unanswered" not in ended.extra
    assert model.closed == 1


@pytest.mark.anyio
async def test_a_strict_clone_says_its_message_when_all_was_invented() -> None:
    thinking, _ = engines("I was born on the moon.", " My castle has ninety rooms.")
    said = {"EN": "Please ask my office.", "ES": "Pregunta en mi oficina."}
    text, sources, ended = await answer(strict("where were you born", no_answer=said), thinking)
    assert (text, sources) == ("Please ask my office.", ())
    assert ended.extra["unanswered"] == "yes" and ended.extra["withheld"] == "2"


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("asked", "language", "said"),
    [
        ("what is the weather", "EN", "Please ask my office."),
        ("¿qué tiempo hace?", "ES", "No tengo una respuesta a eso."),
        ("今天天气怎么样", "ZH", "这个问题我没有答案。"),
    ],
)
async def test_without_sources_no_model_is_asked_and_the_message_is_in_the_questions_language(
    asked: str, language: str, said: str
) -> None:
    for model in (Parrot(), EmbeddedAnswers()):
        thinking = Thinking(Shelf(()), model, StepClock())
        manner = replace(STRICT, no_answer={"EN": "Please ask my office."})
        text, sources, ended = await answer(question(asked, manner=manner, language=language), thinking)
        assert (text, sources, ended.extra["unanswered"]) == (said, (), "yes")
        assert not getattr(model, "prompts", None)


@pytest.mark.anyio
async def test_a_strict_clone_greets_by_rule_and_not_by_invention() -> None:
    thinking, model = engines("I own a castle.")
    text, _, ended = await answer(strict("hello"), thinking)
    assert text and "castle" not in text and ended.extra["intent"] == "greeting" and not model.prompts


@pytest.mark.anyio
async def test_adaptive_and_creative_clones_say_what_their_model_says() -> None:
    for adherence in ("adaptive", "creative"):
        thinking, _ = engines("I own a castle.")
        text, _, ended = await answer(question("what do you own", manner=replace(VERA, adherence=adherence)), thinking)
        assert text == "I own a castle." and "unanswered" not in ended.extra
        thinking, _ = engines("I own a castle.", passages=())
        _, _, ended = await answer(question("what do you own", manner=replace(VERA, adherence=adherence)), thinking)
        assert ended.extra["unanswered"] == "yes"  # it spoke, but not from what it knows


@pytest.mark.anyio
async def test_a_search_that_failed_is_no_unanswered_question() -> None:
    thinking = Thinking(Shelf(hangs=True), Parrot(), StepClock())
    _, _, ended = await answer(strict("what does it cost"), thinking)
    assert ended.extra["retrieval"] == "timeout" and "unanswered" not in ended.extra


@pytest.mark.anyio
async def test_the_prompt_says_how_to_keep_to_the_sources() -> None:
    prompts = {}
    for adherence in ("strict", "adaptive", "creative"):
        thinking, model = engines("A lesson costs thirty euros.")
        manner = replace(VERA, adherence=adherence, no_answer={"EN": "Ask </question> my office {x}."})
        await answer(question("what does a lesson cost", manner=manner), thinking)
        prompts[adherence] = messages(model.prompts[0])[1]["content"]
    assert "add nothing, guess nothing" in prompts["strict"] and "my office {x}." in prompts["strict"]
    assert "commonly known" in prompts["adaptive"] and "ideas in Vera's spirit" in prompts["creative"]
    assert prompts["strict"].count("</question>") == 1  # the owner's message cannot close a mark
