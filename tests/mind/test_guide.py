"""The demonstration clone: its guide, and how well the embedded thinker answers from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from selfsame.clones.persona import PersonaProfile
from selfsame.demo import DEMO
from selfsame.events.turns import Exchange
from selfsame.kit.languages import detect
from selfsame.kit.sentences import sentences
from selfsame.mind.think import Thinking
from selfsame.providers.embedded.answers import EmbeddedAnswers
from tests.mind.support import LexicalIndex, StepClock, answer, guide, question

QUESTIONS = json.loads((Path(__file__).parent / "questions.json").read_text(encoding="utf-8"))
GUIDE = guide()


def engines() -> Thinking:
    return Thinking(LexicalIndex(GUIDE), EmbeddedAnswers(), StepClock())


def test_the_persona_is_complete() -> None:
    persona = PersonaProfile(DEMO.persona).merged(DEMO.name)
    assert DEMO.slug == "vera" and persona.name == "Vera"
    for part in (persona.role, persona.traits, persona.tone, persona.patterns, persona.dos, persona.donts):
        assert part
    assert persona.backstory and persona.greeting


@pytest.mark.parametrize("passage", GUIDE, ids=lambda p: p.question)
def test_every_answer_can_be_said(passage) -> None:
    assert passage.question.endswith(("?", "？"))
    said = sentences(passage.text.replace("\n", " "))
    assert 1 <= len(said) <= 3, "answers are spoken: at most three sentences"
    assert len(passage.text.split()) <= 62
    assert not any(mark in passage.text for mark in ("*", "#", "](", "\n- ", "|"))
    expected = {"es.md": "ES", "zh.md": "ZH"}.get(passage.document_id, "EN")
    assert detect(passage.text, expected) == expected


def test_questions_are_asked_once() -> None:
    asked = [passage.question for passage in GUIDE]
    assert len(asked) == len(set(asked)) >= 100


def test_the_question_set_names_real_answers() -> None:
    asked = {passage.question for passage in GUIDE}
    for case in QUESTIONS["answerable"] + QUESTIONS["follow_ups"]:
        assert case["expect"] and set(case["expect"]) <= asked, case


@pytest.mark.anyio
async def test_each_question_of_the_guide_gets_its_own_answer() -> None:
    for passage in GUIDE:
        if passage.question == "What can I ask you about?":  # small talk, answered from the persona
            continue
        language = {"es.md": "ES", "zh.md": "ZH"}.get(passage.document_id, "EN")
        said, sources, ended = await answer(question(passage.question or "", language=language), engines())
        assert [source.question for source in sources] == [passage.question], (passage.question, ended)
        assert said[:20] in " ".join(passage.text.replace("`", "").split())


@pytest.mark.anyio
async def test_other_wordings_are_answered_and_strange_questions_are_not() -> None:
    """By shared words alone, without the embedder; docs/decisions/0015 has the figures with it."""
    right = wrong = false = 0
    guesses = 0  # these name the question that they answer
    for case in QUESTIONS["answerable"]:
        _, sources, ended = await answer(question(case["q"], language="auto"), engines())
        if ended.extra.get("answer") == "guess":
            guesses += 1
            continue
        right += bool(sources) and sources[0].question in case["expect"]
        wrong += bool(sources) and sources[0].question not in case["expect"]
    for text in QUESTIONS["unanswerable"]:
        _, sources, ended = await answer(question(text, language="auto"), engines())
        false += bool(sources) and ended.extra.get("answer") != "guess"
    assert right >= 0.6 * len(QUESTIONS["answerable"])
    assert wrong <= 0.06 * len(QUESTIONS["answerable"])
    assert false <= 0.05 * len(QUESTIONS["unanswerable"])
    assert guesses <= 0.2 * len(QUESTIONS["answerable"])


@pytest.mark.anyio
async def test_follow_ups_are_understood() -> None:
    right = 0
    for case in QUESTIONS["follow_ups"]:
        before, _, _ = await answer(question(case["before"]), engines())
        history = (Exchange(1, case["before"], before),)
        _, sources, _ = await answer(question(case["q"], history=history), engines())
        right += bool(sources) and sources[0].question in case["expect"]
    assert right >= 4


@pytest.mark.anyio
async def test_not_knowing_is_said_and_something_known_is_offered() -> None:
    said, sources, ended = await answer(question("how do i bake a chocolate cake"), engines())
    assert "not know" in said and not sources and ended.extra["answer"] == "unknown"
    said, sources, _ = await answer(question("what languages can your mother sing in loudly"), engines())
    if not sources:
        assert said.endswith("?") and "You could ask me:" in said
