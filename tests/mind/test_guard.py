"""The watch over a streaming reply."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.mind.guard import Guard


def run(*pieces: str, sentences: int = 3, tokens: int = 250) -> tuple[str, Guard]:
    guard = Guard("Ada", sentences, tokens)
    return "".join([*(guard.feed(piece) for piece in pieces), guard.finish()]), guard


TABLE = [
    ("plain", ["I am ", "here."], "I am here.", "", ""),
    ("three sentences", ["One. Two. ", "Three. Four."], "One. Two. Three.", "sentences", ""),
    ("a decimal is no end", ["It is 3.5 m. Or 4.", "25 m. So. Never."], "It is 3.5 m. Or 4.25 m. So.", "sentences", ""),
    ("a title is no end", ["I met Dr. Who. Yes. Well. No."], "I met Dr. Who. Yes. Well.", "sentences", ""),
    ("chinese", ["你好。很好。对。不。"], "你好。很好。对。", "sentences", ""),
    ("own name in front", ["Ada: I am here."], "I am here.", "", ""),
    ("assistant in front", ["Assis", "tant", ": Hello."], "Hello.", "", ""),
    ("speaks for the visitor", ["I am. \nUs", "er: and I"], "I am.", "role_tag", ""),
    ("only a role", ["User: hello"], "", "role_tag", "empty"),
    ("special tag", ["Hi.<|im", "_end|>junk"], "Hi.", "role_tag", ""),
    ("thinking", ["<thi", "nk>secret plan</th", "ink>\n\nHello."], "Hello.", "", ""),
    ("thinking without end", ["<think>secret plan"], "", "", "empty"),
    ("less than", ["It is 3 < 4, so", " fine."], "It is 3 < 4, so fine.", "", ""),
    ("markup", ["**Yes**, use `dev`."], "Yes, use dev.", "", ""),
    ("nothing", [], "", "", "empty"),
    ("only marks", ["...", " !"], "... !", "", "empty"),
    ("user as a word", ["Users: two. The user likes it."], "Users: two. The user likes it.", "", ""),
]


@pytest.mark.parametrize(("pieces", "said", "cut", "fault"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_table(pieces: list[str], said: str, cut: str, fault: str) -> None:
    text, guard = run(*pieces)
    assert (text.strip(), guard.cut, guard.fault) == (said, cut, fault)


@pytest.mark.parametrize(("pieces", "said", "cut", "fault"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_the_pieces_do_not_matter(pieces: list[str], said: str, cut: str, fault: str) -> None:
    text, guard = run(*"".join(pieces))
    assert (text.strip(), guard.cut, guard.fault) == (said, cut, fault)


@pytest.mark.parametrize("loop", ["no ", "I do not know what ", "over and over again we go and then "])
def test_runaway_repetition_is_a_fault(loop: str) -> None:
    _, guard = run(*([loop] * 40))
    assert guard.fault == "repetition" and guard.done


def test_token_limit_ends_at_a_word() -> None:
    text, guard = run(*(f"word{n} " for n in range(99)), tokens=10)
    assert guard.cut == "tokens" and len(text.split()) <= 11 and "word8" in text


def test_text_comes_at_once() -> None:
    guard = Guard("Ada", 3, 250)
    assert guard.feed("Cats") == "Cats" and guard.feed(" sleep") == " sleep"


@given(st.lists(st.text(alphabet="ab .!?\n<>|:userAda`*", max_size=12), max_size=20))
def test_what_is_said_is_what_was_let_through(pieces: list[str]) -> None:
    text, guard = run(*pieces)
    assert text == guard.said
