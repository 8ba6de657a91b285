"""Extraction: what a person would read aloud, where it stands, and which questions it answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.errors import BadInput
from selfsame.library.extract.kinds import MARKDOWN, PLAIN
from selfsame.library.extract.markdown import extract
from selfsame.library.extract.writer import slug
from selfsame.library.split import split

GUIDE = """---
draft: true
---
# The Guide

Welcome to **Selfsame**, a [house](https://example.org) for
*clones* with `code`. <b>HTML</b> ![a face](face.png)

## Voice

Record thirty seconds.

- In a quiet room
- Without music

### How long does it take?

About a minute.

It depends on the machine.

## Prices

| Plan | Price |
|------|-------|
| Free | 0     |
| Pro  | 9     |

```sh
./dev up
```
"""


def pieces(source: str, kind: str = MARKDOWN) -> list[tuple[str, str | None, str, str]]:
    found = extract(source, kind)
    return [(c.heading, c.question, c.locator, c.content) for c in split(found.text, found.sections)]


def test_a_markdown_document_becomes_sections_under_their_headings() -> None:
    assert extract(GUIDE, MARKDOWN).title == "The Guide"
    assert pieces(GUIDE) == [
        ("The Guide", None, "#the-guide", "Welcome to Selfsame, a house for clones with code. HTML a face"),
        ("The Guide > Voice", None, "#voice", "Record thirty seconds.\nIn a quiet room\nWithout music"),
        (
            "The Guide > Voice > How long does it take?",
            "How long does it take?",
            "#how-long-does-it-take",
            "About a minute.\n\nIt depends on the machine.",
        ),
        ("The Guide > Prices", None, "#prices", "Plan: Free; Price: 0.\nPlan: Pro; Price: 9.\n\n./dev up"),
    ]


@pytest.mark.parametrize(
    "source",
    [
        "Q: How long?\nA: Thirty seconds.\n\nQ: How much?\nA: Nothing,\nit is free.",
        "**Q: How long?**\nA: Thirty seconds.\n\n**Q:** How much?\n\n**A:** Nothing,\nit is free.",
        "Q1: How long?\n\nA1: Thirty seconds.\n\nQuestion 2: How much?\n\nAnswer 2: Nothing, it is free.",
        "Pregunta: How long?\nRespuesta: Thirty seconds.\n\nP: How much?\nR: Nothing, it is free.",
        "问：How long?\n答：Thirty seconds.\n\n问：How much?\n答：Nothing, it is free.",
    ],
)
@pytest.mark.parametrize("kind", [MARKDOWN, PLAIN])
def test_pairs_of_questions_and_answers_are_recognised(source: str, kind: str) -> None:
    if kind == PLAIN:
        source = source.replace("*", "")
    assert [(question, content) for _, question, _, content in pieces(source, kind)] == [
        ("How long?", "Thirty seconds."),
        ("How much?", "Nothing, it is free."),
    ]


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("How long?", "How long?"),
        ("1. How long?", "How long?"),
        ("Q2: How long?", "How long?"),
        ("Q: How long?", "How long?"),
        ("¿Cuánto dura", "¿Cuánto dura"),
        ("多久？", "多久？"),
        ("Duration", None),
    ],
)
def test_headings_that_ask(heading: str, question: str | None) -> None:
    assert [q for _, q, _, _ in pieces(f"## {heading}\n\nA minute.")] == [question]


def test_a_letter_that_starts_a_sentence_is_not_a_mark_of_an_answer() -> None:
    source = "A: not an answer, since nothing was asked."
    assert pieces(source) == [("", None, "", "A: not an answer, since nothing was asked.")]


def test_a_heading_ends_the_answer_above_it() -> None:
    found = pieces("Q: Why?\nA: Because.\n\n## Next\n\nText.")
    assert [(question, content) for _, question, _, content in found] == [("Why?", "Because."), (None, "Text.")]


def test_plain_text_keeps_its_paragraphs() -> None:
    assert pieces("One\ntwo.\r\n\r\nThree *four*.", PLAIN) == [("", None, "", "One two.\n\nThree *four*.")]


@pytest.mark.parametrize("source", ["", "   \n\n", "# Only a heading", "---\na: b\n---\n"])
def test_a_document_without_text_is_refused(source: str) -> None:
    with pytest.raises(BadInput, match="no text"):
        extract(source, MARKDOWN)


def test_an_unknown_type_is_refused() -> None:
    with pytest.raises(BadInput, match="application/pdf"):
        extract("x", "application/pdf")


@given(st.text(alphabet="ab#*`|>-[]()!\n 1.?:QA<&", max_size=300))
def test_any_markdown_gives_exact_sections_or_is_refused(source: str) -> None:
    try:
        found = extract(source, MARKDOWN)
    except BadInput:
        return
    last = 0
    for section in found.sections:
        assert last <= section.start < section.end <= len(found.text)
        assert found.text[section.start : section.end].strip()
        last = section.end


def test_anchors() -> None:
    assert slug("How long, really?") == "how-long-really"
