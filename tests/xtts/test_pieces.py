"""Texts are cut to what the network can say, at the best places, and nothing of them is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.providers.xtts.pieces import LONGEST, pieces


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("", "EN", []),
        ("...", "EN", []),
        ("Hello.", "EN", ["Hello."]),
        ("A" * 200 + ". " + "B" * 100 + ".", "EN", ["A" * 200 + ".", "B" * 100 + "."]),
        ("One, " * 49 + "two " * 40, "EN", [("One, " * 49).strip(), ("two " * 40).strip()]),
        ("a" * 300, "EN", ["a" * 250, "a" * 50]),
        ("早" * 50 + "。" + "好" * 50 + "。", "ZH", ["早" * 50 + "。", "好" * 50 + "。"]),
    ],
)
def test_where_it_is_cut(text: str, language: str, expected: list[str]) -> None:
    assert pieces(text, language) == expected


@given(st.text(max_size=900), st.sampled_from(["EN", "ES", "ZH", "XX"]))
def test_nothing_is_too_long_and_no_letter_is_lost(text: str, language: str) -> None:
    found = pieces(text, language)
    assert all(len(piece) <= LONGEST.get(language, 82) for piece in found)
    assert list(filter(str.isalnum, "".join(found))) == list(filter(str.isalnum, text))
