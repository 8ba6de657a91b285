"""Which language a phrase is in."""

import pytest

from selfsame.kit.languages import detect
from selfsame.voice.languages import language_for

ALL = frozenset({"EN", "ES", "ZH"})


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I would like to know how this works.", "EN"),
        ("¿Dónde está la biblioteca?", "ES"),
        ("Me gusta el pan con queso", "ES"),
        ("今天天气很好。", "ZH"),
        ("我用 Python 写程序。", "ZH"),
        ("The word 你好 means hello in the language that they speak there.", "EN"),
        ("El profesor dijo que is a word", "ES"),
    ],
)
def test_detect(text: str, language: str) -> None:
    assert detect(text) == language


def test_nothing_to_go_by_gives_the_default() -> None:
    assert detect("Tokio 2020", "ES") == "ES"
    assert detect("", "ZH") == "ZH"


def test_a_phrase_switches_only_on_clear_evidence_and_to_a_voice_there_is() -> None:
    assert language_for("Café con leche", "EN", ALL) == "EN"
    assert language_for("¿Y usted, cómo está hoy?", "EN", ALL) == "ES"
    assert language_for("我很好。", "EN", ALL) == "ZH"
    assert language_for("我很好。", "EN", frozenset({"EN"})) == "EN"
    assert language_for("Thank you very much for that", "ZH", ALL) == "EN"


def test_auto_leaves_it_to_the_text() -> None:
    assert language_for("¿Cómo está?", "auto", ALL) == "ES"
    assert language_for("Tokyo", "auto", ALL) == "EN"
    assert language_for("我很好。", "auto", frozenset({"ES"})) == "ES"
