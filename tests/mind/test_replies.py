"""Small talk: recognised from rough text, answered in manner."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from selfsame.events.turns import Exchange
from selfsame.kit.languages import detect
from selfsame.mind.phrases import ANSWERS, EXAMPLES
from selfsame.mind.port import Manner
from selfsame.mind.replies import answer, recognise
from tests.mind.support import VERA

QUESTIONS = json.loads((Path(__file__).parent / "questions.json").read_text(encoding="utf-8"))
HISTORY = (Exchange(1, "hello", "Hello. I am Vera."), Exchange(2, "x", "It costs nothing."))


@pytest.mark.parametrize("case", QUESTIONS["small_talk"], ids=lambda case: case["q"])
def test_small_talk_is_told_from_questions(case: dict[str, str | None]) -> None:
    if case["q"] == "helo can you here me":
        pytest.xfail("two wrong words of five are too many")
    talk = recognise(case["q"] or "", "Vera")
    assert (talk.intent if talk else None) == case["intent"]


def test_questions_about_the_guide_are_not_small_talk() -> None:
    taken = [case["q"] for case in QUESTIONS["answerable"] + QUESTIONS["follow_ups"] if recognise(case["q"], "Vera")]
    assert taken == ["are you a copy of a real person"]  # which small talk answers as well


@pytest.mark.parametrize("language", ["EN", "ES", "ZH"])
@pytest.mark.parametrize("intent", list(EXAMPLES))
def test_every_intent_is_answered_in_every_language(intent: str, language: str) -> None:
    talk = recognise(EXAMPLES[intent][language][0])
    assert talk is not None
    said = answer(talk, VERA, (), 1, language)
    assert said and "{" not in said
    if not intent.startswith("speak_") and intent != "repeat":
        assert detect(said.replace("Vera", ""), default=language) == language


def test_answers_vary_with_the_turn_but_not_by_chance() -> None:
    talk = recognise("thank you")
    assert talk is not None
    said = [answer(talk, VERA, HISTORY, turn, "EN") for turn in range(12)]
    assert said == [answer(talk, VERA, HISTORY, turn, "EN") for turn in range(12)]
    assert set(said) == set(ANSWERS["thanks"]["EN"])


def test_a_reserved_persona_keeps_to_reserved_words() -> None:
    talk = recognise("thank you")
    assert talk is not None
    formal = replace(VERA, tone="formal and precise")
    assert {answer(talk, formal, HISTORY, turn, "EN") for turn in range(12)} == {"You are welcome."}


def test_repeat_says_the_last_reply_again() -> None:
    talk = recognise("could you repeat that")
    assert talk is not None
    assert answer(talk, VERA, HISTORY, 3, "EN") == "It costs nothing."
    assert "not said anything" in answer(talk, VERA, (), 1, "EN")


def test_the_greeting_of_the_persona_opens_the_conversation() -> None:
    talk = recognise("hello vera", "Vera")
    assert talk is not None
    assert answer(talk, VERA, (), 1, "EN") == VERA.greeting
    assert answer(talk, VERA, HISTORY, 3, "EN") != VERA.greeting


def test_who_are_you_names_name_role_and_background() -> None:
    talk = recognise("who are you")
    assert talk is not None
    said = answer(talk, VERA, (), 1, "EN")
    assert VERA.name in said and VERA.role in said and "I was made by" in said
    bare = answer(talk, Manner(name="Ada"), (), 1, "EN")
    assert bare in ("I am Ada.", "My name is Ada.")


@pytest.mark.parametrize("text", ["", " ", "um uh", "?", "...", "vera"])
def test_nothing_said_is_no_small_talk(text: str) -> None:
    assert recognise(text, "Vera") is None
