"""Words and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.kit.languages import detect
from selfsame.kit.sentences import ends, sentences
from selfsame.kit.words import alike, content_words, distance, likeness, stem, tokens


def test_tokens_are_folded_and_chinese_goes_by_pairs() -> None:
    assert tokens("Don't ¿Cuánto? 麦克风 好") == ("dont", "cuanto", "麦克", "克风", "好")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("documents", "document"), ("making", "make"), ("stored", "store"), ("memories", "memory"), ("running", "runs"),
        ("voices", "voice"), ("remembers", "remember"), ("recorded", "records"),
        ("clones", "cloning"), ("clonar", "clonar"),
    ],
)  # fmt: skip
def test_forms_of_a_word_share_their_stem(first: str, second: str) -> None:
    assert stem(first) == stem(second)


def test_content_words_leave_out_the_small_ones() -> None:
    assert content_words("How do I make a clone, please?") == (stem("make"), stem("clone"))
    assert content_words("¿Cómo puedo hacer un clon?") == ("clon",)
    assert content_words("什么") == ()


@pytest.mark.parametrize(
    ("first", "second"), [("clone", "clown"), ("licence", "license"), ("caught", "cost"), ("kost", "cost")]
)
def test_what_sounds_alike_is_alike(first: str, second: str) -> None:
    assert alike(stem(first), stem(second)) >= 0.5 > alike(stem(first), stem("banana"))


@pytest.mark.parametrize(
    ("first", "second"), [("cat", "dog"), ("clone", "table"), ("voice", "memory"), ("声音", "时间")]
)
def test_other_words_are_not_alike(first: str, second: str) -> None:
    assert alike(first, second) == 0.0


def test_likeness_is_blind_to_word_edges() -> None:
    assert likeness("self same", "selfsame") == 1.0
    assert likeness("abc", "xyz") == 0.0


@given(st.text(max_size=30), st.text(max_size=30))
def test_measures_are_symmetric_and_bounded(first: str, second: str) -> None:
    assert likeness(first, second) == likeness(second, first) and 0.0 <= likeness(first, second) <= 1.0
    assert distance(first, second) == distance(second, first) <= max(len(first), len(second))
    assert distance(first, first) == 0 and 0.0 <= alike(first, second) <= 1.0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("how are you", "EN"),
        ("¿qué tal?", "ES"),
        ("como hago un clon", "ES"),
        ("你好 hello", "ZH"),
        ("你好吗", "ZH"),
        ("", "EN"),
    ],
)
def test_language(text: str, language: str) -> None:
    assert detect(text) == language


def test_an_undecided_text_keeps_the_language_before() -> None:
    assert detect("Selfsame", "ES") == "ES"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("It is 3.5 m. Yes.", ["It is 3.5 m.", "Yes."]),
        ("Dr. Who came, e.g. today. So?", ["Dr. Who came, e.g. today.", "So?"]),
        ('He said "no." Then left', ['He said "no."', "Then left"]),
        ("好的。行！（对。）完", ["好的。", "行！", "（对。）", "完"]),
        ("A title\n\nA text.", ["A title", "A text."]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@given(st.text(alphabet="ab. !?\n。", max_size=60))
def test_sentences_lose_nothing(text: str) -> None:
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
    assert ends(text) == sorted(set(ends(text)))
