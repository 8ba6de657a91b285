"""Splitting: exact offsets, full cover, windows that fit, overlap, good places to cut."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.library.port import Chunk
from selfsame.library.split import Section, SplitOptions, count_tokens, split

WORDS = st.sampled_from(["a", "voice", "understanding", "声音克隆", "¿qué", "it's", "x" * 250, "3.14", "--", "end."])
GAPS = st.sampled_from([" ", "\n", "\n\n", "  ", ". ", ""])
TEXTS = st.lists(st.tuples(WORDS, GAPS), max_size=120).map(lambda parts: "".join(w + g for w, g in parts))
OPTIONS = st.integers(20, 80).flatmap(lambda n: st.integers(0, n // 2).map(lambda m: SplitOptions(n, m)))


def whole(text: str) -> list[Section]:
    return [Section(0, len(text))]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [("", 0), ("a", 1), ("voice", 1), ("voices", 2), ("understanding", 3), ("a, b.", 4), ("声音", 2), ("  \n", 0)],
)
def test_the_estimate(text: str, tokens: int) -> None:
    assert count_tokens(text) == tokens


def test_the_estimate_is_near_what_tokenisers_give_for_english() -> None:
    text = (
        "The recording should be made in a quiet room, without music, and it needs at least thirty seconds of speech."
    )
    words = len(text.split())
    assert 1.2 <= count_tokens(text) / words <= 1.7  # common tokenisers: 1.2 to 1.5, marks included


@given(TEXTS, OPTIONS)
def test_offsets_are_exact_and_indices_count(text: str, options: SplitOptions) -> None:
    chunks = split(text, whole(text), options)
    for index, chunk in enumerate(chunks):
        assert chunk.index == index
        assert chunk.content == text[chunk.start : chunk.end]
        assert chunk.content.strip() == chunk.content != ""


@given(TEXTS, OPTIONS)
def test_nothing_is_lost_and_order_is_kept(text: str, options: SplitOptions) -> None:
    chunks = split(text, whole(text), options)
    covered = 0
    for before, chunk in zip([None, *chunks], chunks, strict=False):
        assert re.fullmatch(r"[\s_]*", text[covered : chunk.start])
        assert chunk.end > covered
        assert before is None or chunk.start > before.start
        covered = chunk.end
    assert re.fullmatch(r"[\s_]*", text[covered:])


@given(TEXTS, OPTIONS)
def test_no_window_is_too_long_and_overlaps_are_bounded(text: str, options: SplitOptions) -> None:
    chunks = split(text, whole(text), options)
    for chunk in chunks:
        assert count_tokens(chunk.content) <= options.tokens + 1  # a split giant word rounds up twice
    for before, after in zip(chunks, chunks[1:], strict=False):
        shared = text[after.start : before.end] if after.start < before.end else ""
        assert count_tokens(shared) <= options.overlap + 1


def test_a_section_that_fits_is_one_chunk_and_sections_never_mix() -> None:
    text = "First section here.\n\nSecond section there."
    sections = [Section(0, 19, "A", "#a"), Section(21, len(text), "B", "#b", "Where?")]
    assert split(text, sections) == [
        Chunk(0, "First section here.", 0, 19, "A", "#a"),
        Chunk(1, "Second section there.", 21, 42, "B", "#b", "Where?"),
    ]


@pytest.mark.parametrize(
    ("gap", "expected"),
    [("\n\n", "one two three four five six seven"), ("\n", "one two three four five six seven")],
)
def test_a_cut_falls_on_a_paragraph_or_line(gap: str, expected: str) -> None:
    text = f"one two three four five six seven{gap}eight nine. ten eleven twelve"
    assert split(text, whole(text), SplitOptions(12, 0))[0].content == expected


def test_else_on_a_sentence_else_between_words() -> None:
    text = "one two three four five six. seven eight nine ten eleven"
    assert split(text, whole(text), SplitOptions(10, 0))[0].content == "one two three four five six."
    text = "one two three four five six seven, eight"
    assert split(text, whole(text), SplitOptions(7, 0))[0].content == "one two three four five six"


def test_windows_of_the_agreed_size_overlap() -> None:
    text = " ".join(f"word{number % 10}" for number in range(2000))
    chunks = split(text, whole(text))
    assert all(510 <= count_tokens(chunk.content) <= 512 for chunk in chunks[:-1])
    shared = [text[b.start : a.end] for a, b in zip(chunks, chunks[1:], strict=False)]
    assert all(49 <= count_tokens(each) <= 50 for each in shared)


def test_an_overlap_must_be_smaller_than_the_window() -> None:
    with pytest.raises(ValueError, match="overlap"):
        SplitOptions(50, 50)
