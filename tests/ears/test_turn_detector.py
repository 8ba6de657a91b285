from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.ears.patience import end_silence
from selfsame.ears.turn_detector import TextTurnDetector

DETECTOR = TextTurnDetector()
OVER = [
    ("EN", "what is the capital of france"),
    ("EN", "who are you"),
    ("EN", "where are you from"),
    ("EN", "how do i make a clone of my voice"),
    ("EN", "what about you"),
    ("EN", "do you know what that is"),
    ("EN", "what do you do"),
    ("EN", "thank you"),
    ("EN", "thanks"),
    ("EN", "yes please"),
    ("EN", "no"),
    ("EN", "goodbye"),
    ("EN", "i would like to hear more about the garden"),
    ("EN", "Hello."),
    ("EN", "Is it?"),
    ("EN", "Tell me about the first book you wrote."),
    (None, "okay"),
    ("ES", "cómo te llamas"),
    ("ES", "cuánto cuesta esto"),
    ("ES", "sí"),
    (None, "muchas gracias"),
    ("ES", "¿De dónde eres?"),
    ("ES", "me gustaría escuchar otra historia"),
    ("ZH", "你叫什么名字"),
    ("ZH", "你好吗"),
    (None, "谢谢"),
    ("ZH", "好的"),
    ("ZH", "我昨天去了北京。"),
    ("ZH", "这个多少钱"),
]
GOES_ON = [
    ("EN", "i went there and"),
    ("EN", "tell me about"),
    ("EN", "tell me"),
    ("EN", "i want to"),
    ("EN", "i think that is"),
    ("EN", "it was in the"),
    ("EN", "well um"),
    ("EN", "um"),
    ("EN", "because"),
    ("EN", "my favourite colour is"),
    ("EN", "can you"),
    ("EN", "I was going to the..."),
    ("EN", "First of all,"),
    ("EN", "So I went to see Dr."),
    ("EN", "my number is five five five"),
    ("EN", "it costs twenty three point"),
    (None, "i'm looking for"),
    ("ES", "quiero saber de"),
    ("ES", "me gusta el"),
    ("ES", "y entonces"),
    ("ES", "porque"),
    ("ES", "mi teléfono es seis cinco cuatro"),
    (None, "¿puedes decirme cuál es la"),
    ("ZH", "我想"),
    ("ZH", "因为"),
    ("ZH", "我的电话是一三八"),
    (None, "我觉得这个东西就是"),
    ("ZH", "我们去了，"),
]


@pytest.mark.parametrize(("language", "text"), OVER)
def test_a_finished_turn_sounds_finished(language: str | None, text: str) -> None:
    assert DETECTOR.completeness(text, language) >= 0.7


@pytest.mark.parametrize(("language", "text"), GOES_ON)
def test_an_unfinished_turn_sounds_unfinished(language: str | None, text: str) -> None:
    assert DETECTOR.completeness(text, language) <= 0.3


@pytest.mark.parametrize(
    "text", ["", "   ", "two", "it is zero one two three four five six seven eight nine", "blue bicycles"]
)
def test_no_judgement_without_grounds(text: str) -> None:
    assert 0.3 <= DETECTOR.completeness(text, None) <= 0.7


@given(st.text(max_size=60), st.sampled_from(["EN", "ES", "ZH", "auto", "FR", None]))
def test_any_text_has_a_completeness(text: str, language: str | None) -> None:
    assert 0.0 <= DETECTOR.completeness(text, language) <= 1.0


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 30), st.floats(0, 5))
def test_the_more_finished_the_shorter_the_silence(one: float, two: float, voiced: float, gap: float) -> None:
    low, high = sorted((one, two))
    assert 0.3 <= end_silence(high, voiced, gap) <= end_silence(low, voiced, gap) <= 2.0


def test_the_silences_that_end_a_turn() -> None:
    assert end_silence(0.9, 2.0, 0.0) == pytest.approx(0.35)
    assert end_silence(0.5, 2.0, 0.0) == pytest.approx(0.6)
    assert end_silence(0.1, 2.0, 0.0) == pytest.approx(1.08)
    assert end_silence(None, 2.0, 0.0) == pytest.approx(0.6)
    assert end_silence(None, 0.2, 0.0) == pytest.approx(0.45)
    assert end_silence(0.1, 2.0, 1.4) == pytest.approx(1.944)
