"""Sentences out of streamed text."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.voice.sentences import MAX_CHARACTERS, SentenceBuffer


def sentences(text: str, **options: int) -> list[str]:
    buffer = SentenceBuffer(**options)
    return buffer.push(text) + buffer.flush()


def test_the_worked_example_gives_exactly_two_sentences() -> None:
    text = "Your temperature is 98.6 degrees today. Dr. Smith will call you."
    assert sentences(text) == ["Your temperature is 98.6 degrees today.", "Dr. Smith will call you."]


@pytest.mark.parametrize(
    "text",
    [
        "Ask Dr. Smith, Mr. Jones and Mrs. Wu about it.",
        "The U.S. Army has a base there.",
        "She works in the U.K. Parliament building.",
        "Pi is 3.14 and the test gave 99.9 percent.",
        "See https://www.example.com/a/b.html?x=1.5&y=2 for more.",
        "Write to ada.byron@example.org about it.",
        "Open /etc/app.d/main.conf or docs/guide.md first.",
        "Bring fruit, e.g. apples, i.e. the red ones.",
        "We meet at 5 p.m. on Monday.",
        "The book is by J. R. R. Tolkien himself.",
        "Well... maybe it was so… who knows.",
        "1. Open the page.",
        "This is No. 5 of the series, see Fig. 3.",
        '"Is it?" she asked him.',
        "El Sr. López y la Dra. Ruiz viven en EE.UU. desde ayer.",
        "版本3.5比3.4好。",
        "A hard-wrapped line\ngoes on here.",
    ],
)
def test_these_are_one_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello! How are you? Fine.", ["Hello!", "How are you?", "Fine."]),
        ('He said "Stop." Then he left.', ['He said "Stop."', "Then he left."]),
        ("(It was late.) We left.", ["(It was late.)", "We left."]),
        ("We met at 5 p.m. The bus was late.", ["We met at 5 p.m.", "The bus was late."]),
        ("I live in the U.S. It is big.", ["I live in the U.S.", "It is big."]),
        ("No. I do not.", ["No.", "I do not."]),
        ("It was 1999. Then it ended.", ["It was 1999.", "Then it ended."]),
        ("你好！今天天气很好。「真的？」是的。", ["你好！", "今天天气很好。", "「真的？」", "是的。"]),
        ("你好吗?我很好。", ["你好吗?", "我很好。"]),
        ("Hola. ¿Qué tal? ¡Muy bien!", ["Hola.", "¿Qué tal?", "¡Muy bien!"]),
        ("Hola.¿Qué tal?", ["Hola.", "¿Qué tal?"]),
        ("Two things:\n- one\n- two", ["Two things:", "- one", "- two"]),
        ("First line\n\nsecond block", ["First line", "second block"]),
        ("1. Do this. 2. Do that.", ["1. Do this.", "2. Do that."]),
        ("   ", []),
    ],
)
def test_these_break(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_sentence_comes_as_soon_as_the_next_word_is_known() -> None:
    buffer = SentenceBuffer()
    assert buffer.push("It is ready.") == []
    assert buffer.push(" Come ") == ["It is ready."]
    assert SentenceBuffer().push("Ready? You ") == ["Ready?"]
    assert SentenceBuffer().push("好的。") == [] and SentenceBuffer().push("好的。我") == ["好的。"]


def test_the_first_phrase_may_end_at_a_comma_but_only_the_first() -> None:
    text = "When I was a child, we lived by the sea, and I swam daily. After the war ended, we moved to town, alas."
    assert sentences(text, first_phrase=25) == [
        "When I was a child, we lived by the sea,",
        "and I swam daily.",
        "After the war ended, we moved to town, alas.",
    ]
    assert sentences("Sorry, no.", first_phrase=25) == ["Sorry, no."]
    assert sentences("It costs 1,000,000 dollars to build it.", first_phrase=10) == [
        "It costs 1,000,000 dollars to build it."
    ]


def test_text_without_an_end_breaks_at_a_space_below_the_limit() -> None:
    parts = sentences("word " * 1000)
    assert len(parts) > 2
    assert all(len(part) <= MAX_CHARACTERS for part in parts)
    assert all(set(part.split()) == {"word"} for part in parts), "a word was cut"
    assert [len(part) for part in sentences("x" * 4500)] == [2000, 2000, 500]


_PIECES = """Dr. U.S. e.g. No. etc. I The no a 3.14 99 1. https://x.io/a. . ! ? ... … , ; : — - 。 ！ ？ ， 你 好
" ” ( ) » ¿ ¡ * _ x"""
_SPACES = [" ", " ", " ", " ", "\n", "\n\n", "\t"]
_TEXT = st.lists(st.sampled_from(_PIECES.split() + _SPACES), max_size=60).map("".join)


@settings(max_examples=300, deadline=None)
@given(
    text=_TEXT,
    cuts=st.lists(st.integers(1, 7), max_size=40),
    limit=st.sampled_from([30, 2000]),
    first=st.sampled_from([0, 8]),
)
def test_slicing_never_changes_the_result(text: str, cuts: list[int], limit: int, first: int) -> None:
    whole = sentences(text, max_characters=limit, first_phrase=first)
    buffer = SentenceBuffer(max_characters=limit, first_phrase=first)
    sliced: list[str] = []
    position = 0
    for cut in cuts:
        sliced += buffer.push(text[position : position + cut])
        position += cut
    sliced += buffer.push(text[position:]) + buffer.flush()
    assert sliced == whole


@settings(max_examples=300, deadline=None)
@given(text=_TEXT | st.text(max_size=200))
def test_nothing_but_white_space_is_lost(text: str) -> None:
    assert re.sub(r"\s+", "", "".join(sentences(text))) == re.sub(r"\s+", "", text)
    assert all(sentence == sentence.strip() and sentence for sentence in sentences(text))
