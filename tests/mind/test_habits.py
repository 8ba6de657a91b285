"""Habits stand around an answer, never in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.events.turns import Exchange
from selfsame.mind.habits import Framed, Occasion, described, framed
from selfsame.mind.port import Manner, Prompt
from selfsame.mind.prompt import MAX_TOKENS, estimate_tokens, messages
from selfsame.mind.replies import answer, recognise

DANA = Manner(
    "Dana",
    fillers=("so", "you know", "um"),
    openers=("so",),
    catchphrases=("trust the dough", "at the end of the day"),
    greeting="Hey everyone, it's Dana!",
    closing="Take care of each other, bye!",
    formality="casual",
    language="EN",
)
MEI = Manner(
    "小美", fillers=("怎么说呢", "真的"), openers=("怎么说呢",), catchphrases=("喝茶就是喝心情",), language="ZH"
)
ANSWER = ("The oven needs an hour. Madrid is far.", "Bread rises twice.")


def occasion(turn: int = 0, **more: object) -> Occasion:
    return replace(Occasion(f"Question number {turn}?", turn=turn), **more)


def test_nothing_is_added_where_nothing_is_known() -> None:
    for turn in range(50):
        assert framed(ANSWER, Manner("Ada"), occasion(turn)) == Framed(ANSWER)


def test_habits_are_sparing_and_the_same_for_the_same_turn() -> None:
    turns = [framed(ANSWER, DANA, occasion(turn)) for turn in range(1000)]
    assert turns == [framed(ANSWER, DANA, occasion(turn)) for turn in range(1000)]
    opened, tagged = (sum(bool(f.before) for f in turns), sum(bool(f.after) for f in turns))
    assert 330 < opened < 470 and 140 < tagged < 260
    assert set(Counter(f.before for f in turns)) == {"", "So, ", "You know, ", "At the end of the day, "}
    assert {f.after for f in turns} == {(), ("Trust the dough.",)}


def test_a_formal_person_hesitates_less_and_never_aloud() -> None:
    formal = replace(DANA, formality="formal", fillers=("um", "frankly"), openers=("um",), catchphrases=())
    found = Counter(framed(ANSWER, formal, occasion(turn)).before for turn in range(1000))
    assert set(found) == {"", "Frankly, "} and 180 < found["Frankly, "] < 320


def test_nothing_is_said_twice() -> None:
    for turn in range(300):
        doubled = framed(("So, trust the dough, you know.", "At the end of the day it rises."), DANA, occasion(turn))
        assert not doubled.before and not doubled.after
        after = framed(ANSWER, DANA, occasion(turn, last="So, we open at nine. Trust the dough. You know."))
        assert after.before in ("", "At the end of the day, ") and not after.after


def test_there_must_be_room_for_a_catchphrase_and_an_answer_to_it() -> None:
    for turn in range(300):
        assert not framed((*ANSWER, "Third."), DANA, occasion(turn)).after
        assert not framed(ANSWER, DANA, occasion(turn, most=2)).after
        assert not framed(("I do not know that.",), DANA, occasion(turn, answered=False)).after


def test_habits_of_another_language_are_left_out() -> None:
    for turn in range(200):
        assert framed(("No lo sé.",), DANA, occasion(turn, language="ES")) == Framed(("No lo sé.",))
        assert framed(("It is far.",), MEI, occasion(turn)) == Framed(("It is far.",))
    said = {framed(("水温八十度。",), MEI, occasion(turn, language="ZH")).sentences for turn in range(200)}
    assert ("怎么说呢，水温八十度。",) in said and ("水温八十度。", "喝茶就是喝心情。") in said


def test_names_keep_their_capital() -> None:
    seen = {
        framed((text,), DANA, occasion(turn)).sentences[0]
        for text in ("Because it is.", "The oven is hot.", "Madrid is far.", "I bake.", "A loaf.", "NATO met.")
        for turn in range(60)
    }
    for wanted in (
        "So, because it is.",
        "So, the oven is hot.",
        "So, Madrid is far.",
        "So, I bake.",
        "So, a loaf.",
        "So, NATO met.",
    ):
        assert wanted in seen


def test_an_announcement_is_followed_by_a_colon() -> None:
    clear = Manner("Ada", catchphrases=("let me be perfectly clear",), language="EN")
    seen = {framed(("Bread is bread.",), clear, occasion(turn)).sentences for turn in range(60)}
    assert seen == {("Bread is bread.",), ("Let me be perfectly clear: Bread is bread.",)}


def test_short_answers_stay_short() -> None:
    brief = Manner("Ada", answer_length="short")
    assert framed(("One.", "Two.", "Three."), brief, occasion()).sentences == ("One.", "Two.")
    assert framed(("One.", "Two."), brief, occasion(most=2)).sentences == ("One.",)
    assert framed(("One.", "Two.", "Three."), Manner("Ada"), occasion()).sentences == ("One.", "Two.", "Three.")


WORDS = st.lists(
    st.text(min_size=1, max_size=25).filter(lambda text: text == text.strip() and bool(text)), max_size=4
).map(tuple)


@settings(max_examples=400, deadline=None)
@given(said=WORDS, fillers=WORDS, openers=WORDS, phrases=WORDS, turn=st.integers(0, 50), data=st.data())
def test_without_its_frame_the_answer_is_bare(
    said: tuple[str, ...],
    fillers: tuple[str, ...],
    openers: tuple[str, ...],
    phrases: tuple[str, ...],
    turn: int,
    data: st.DataObject,
) -> None:
    said = data.draw(st.sampled_from([said, ANSWER, ("“Yes,” he said.", "3.5 litres.")]))
    manner = Manner("Ada", fillers=fillers, openers=(*openers, "so"), catchphrases=(*phrases, "trust the dough"))
    language = data.draw(st.sampled_from(["EN", "ES", "ZH"]))
    result = framed(said, manner, occasion(turn, language=language, most=data.draw(st.integers(1, 4))))
    assert result.bare == tuple(said[: len(result.bare)])
    text = " ".join(result.sentences)
    for sentence in result.bare:
        assert sentence[1:] in text


@pytest.mark.parametrize(
    ("text", "manner", "language", "history", "wanted"),
    [
        ("hello", DANA, "EN", (), "Hey everyone, it's Dana!"),
        ("goodbye", DANA, "EN", (), "Take care of each other, bye!"),
        ("adiós", DANA, "ES", (), None),
        ("hola", replace(DANA, greeting="¡Hola a todos!", language="ES"), "ES", (), "¡Hola a todos!"),
        ("你好", replace(MEI, greeting="大家好，我是小美！"), "ZH", (), "大家好，我是小美！"),
        ("hello", DANA, "EN", (Exchange(1, "a", "b"),), None),
        ("bye", DANA, "EN", (Exchange(1, "bye", "Take care of each other, bye!"),), None),
    ],
)
def test_a_person_greets_and_parts_in_their_own_words(
    text: str, manner: Manner, language: str, history: tuple[Exchange, ...], wanted: str | None
) -> None:
    talk = recognise(text)
    assert talk is not None
    said = answer(talk, manner, history, 3, language)
    own = {manner.greeting, manner.closing}
    assert said == wanted if wanted else said not in own


def test_casual_people_do_not_choose_the_reserved_words() -> None:
    talk = recognise("thank you")
    assert talk is not None
    casual = {answer(talk, DANA, (), turn, "EN") for turn in range(20)}
    formal = {answer(talk, replace(DANA, formality="formal"), (), turn, "EN") for turn in range(20)}
    assert formal == {"You are welcome."} and casual and not casual & formal


def test_models_are_told_the_habits_and_prompts_stay_short() -> None:
    told = messages(Prompt(DANA, "Hello"))[0]["content"]
    for part in ("filler words, used sparingly: so, you know, um", "trust the dough", "formality: casual"):
        assert part in told
    assert described(Manner("Ada")) == ()
    long = ("word " * 200,) * 30
    full = replace(
        DANA, patterns=long, fillers=long, openers=long, catchphrases=long, common_expressions=long,
        vocabulary_style="x" * 900, selling_approach="y " * 500, closing="z" * 900, backstory="b " * 3000,
    )  # fmt: skip
    assert sum(estimate_tokens(m["content"]) for m in messages(Prompt(full, "q " * 900))) < MAX_TOKENS
