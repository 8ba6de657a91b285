"""Questions that lean on the one before."""

from __future__ import annotations

import pytest

from selfsame.events.turns import Exchange
from selfsame.mind.topic import offered, standalone

HISTORY = (Exchange(1, "how do i make a clone", "Write documents."), Exchange(2, "and why", "Because."))


@pytest.mark.parametrize(
    "text", ["and how long does that take", "why", "what about it", "is it free", "y cuanto cuesta eso"]
)
def test_the_last_real_topic_is_added(text: str) -> None:
    assert standalone(text, HISTORY) == f"{text} how do i make a clone"


@pytest.mark.parametrize(
    "text",
    ["which languages can the demonstration clone speak", "how do i change the microphone settings in the browser"],
)
def test_a_question_that_stands_alone_is_left_alone(text: str) -> None:
    assert standalone(text, HISTORY) == text


def test_without_history_nothing_is_added() -> None:
    assert standalone("and that", ()) == "and that"
    assert standalone("and that", (Exchange(1, "and why", "So."),)) == "and that"


@pytest.mark.parametrize(
    ("said", "question"),
    [
        ("I do not know that. You could ask me: What is a clone?", "What is a clone?"),
        ("这个我不知道。你可以问我：什么是克隆？", "什么是克隆？"),
        ("I am well. And you?", None),
        ("Two things: this and that.", None),
    ],
)
def test_an_offered_question_is_found(said: str, question: str | None) -> None:
    assert offered((Exchange(1, "x", said),)) == question
    assert offered(()) is None
