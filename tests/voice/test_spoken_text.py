"""What is said for what is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.voice.markdown import plain
from selfsame.voice.spoken_text import saying


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# A title", "A title"),
        ("**Bold**, *slanted*, __both__ and ~~gone~~.", "Bold, slanted, both and gone."),
        ("- one\n- two", "one two"),
        ("Use `code` here.", "Use code here."),
        ("```python\nx = 1\n```", "x = 1"),
        ("See [the guide](https://x.io/a(b)) now.", "See the guide now."),
        ("![a picture](x.png)", "a picture"),
        ("It is so [1][2].", "It is so."),
        ("> quoted", "quoted"),
        ("2 * 3 = 6 and snake_case_name", "2 * 3 = 6 and snake_case_name"),
        ("Great 🎉 news", "Great news"),
        ("| a | b |\n|---|---|\n| c | d |", "a, b, c, d,"),
        ("line<br>break", "line break"),
        ("**half of a bold pair", "half of a bold pair"),
    ],
)
def test_markdown_becomes_plain(markdown: str, expected: str) -> None:
    assert plain(markdown) == expected


@pytest.mark.parametrize(
    ("language", "written", "said"),
    [
        ("EN", "Salt & pepper", "Salt and pepper"),
        ("EN", "It grew 5%.", "It grew 5 percent."),
        ("EN", "It costs $12.50, not $1.00.", "It costs 12 dollars 50, not 1 dollar."),
        ("EN", "It cost $3 million.", "It cost 3 million dollars."),
        ("EN", "About €1,000 today", "About 1,000 euros today"),
        ("EN", "20°C outside", "20 degrees Celsius outside"),
        ("EN", "Go to https://www.example.com/a/b?c=d.", "Go to example dot com."),
        ("EN", "Mail ada@example.org!", "Mail ada at example dot org!"),
        ("EN", "Issue #5 of C++", "Issue number 5 of C plus plus"),
        ("EN", "yes/no", "yes no"),
        ("EN", "Version 3.14 at 10:30 is fine.", "Version 3.14 at 10:30 is fine."),
        ("ES", "Cuesta 12,50 € y sube 5%.", "Cuesta 12,50 euros y sube 5 por ciento."),
        ("EN", "It is 5 km, or 3km/h, or 16 GB.", "It is 5 kilometres, or 3 kilometres per hour, or 16 gigabytes."),
        (
            "EN",
            "Take 10-20 (5–6) of 555-1234, 2024-05-01 or 5-3.",
            "Take 10 to 20 (5 to 6) of 555-1234, 2024-05-01 or 5-3.",
        ),
        ("EN", "The 1990s, not the 2000s; 1/2 of 5/1/2024.", "The 19 90s, not the 2000s; 1/2 of 5/1/2024."),
        ("EN", "cats vs. dogs", "cats versus dogs"),
        ("ES", "Son 5 km.", "Son 5 kilómetros."),
        ("ES", "Pan & vino", "Pan y vino"),
        ("ZH", "涨了5%，价格¥50。", "涨了百分之5，价格50 元。"),
    ],
)
def test_signs_become_words(language: str, written: str, said: str) -> None:
    assert saying(written, language).text == said
    assert saying(written, language).written == written


def test_only_signs_are_silent() -> None:
    assert saying("🎉 — …").silent
    assert not saying("&").silent


@given(st.text(alphabet=st.characters(whitelist_categories=["Lu", "Ll"], max_codepoint=0x24F), min_size=1).map(str))
def test_a_word_is_never_lost(word: str) -> None:
    for text in (f"**{word}** & 5%", f"- {word}, then", f"[{word}](https://x.io)", f"({word})", f"`{word}`"):
        assert word in saying(text).text


@given(
    st.lists(
        st.sampled_from(["tea", "5%", "&", "$3.50", "a/b", "你好", "，", "x@y.org", "#1", "C++", ".", "—"]), max_size=12
    )
)
def test_pairs_lead_from_what_is_said_to_what_is_written(parts: list[str]) -> None:
    what = saying(" ".join(parts))
    starts = [said for said, _ in what.pairs]
    places = [written for _, written in what.pairs]
    assert starts == sorted(set(starts)) and places == sorted(set(places))
    assert all(not what.text[start].isspace() for start in starts)
    assert re.sub(r"\s", "", what.written) == re.sub(r"\s", "", plain(" ".join(parts)))
