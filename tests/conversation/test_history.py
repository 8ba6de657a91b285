"""History is a prefix of what sounded."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.conversation.history import ReplyLog, remember
from selfsame.conversation.speech_acts import is_backchannel, is_echo, same_question, words
from selfsame.events.spoken import SpokenChunk, WordTime
from selfsame.events.turns import Exchange

RATE = 1000


def chunk(text: str, *, times: bool = True) -> SpokenChunk:
    pieces = text.split()
    found = tuple(WordTime(piece.strip(".,"), i, i + 1) for i, piece in enumerate(pieces)) if times else ()
    return SpokenChunk(np.zeros(len(pieces) * RATE, np.int16), RATE, text, found)


@pytest.mark.parametrize("times", [True, False])
@pytest.mark.parametrize(("ms", "expected"), [
    (0, ""), (400, ""), (600, "Hello,"), (1600, "Hello, my"), (2600, "Hello, my friend."),
    (3700, "Hello, my friend. How"), (4999.9, "Hello, my friend. How are"), (None, "Hello, my friend. How are"),
])  # fmt: skip
def test_the_cut_is_after_the_last_word_that_sounded(ms: float | None, expected: str, times: bool) -> None:
    log = ReplyLog()
    log.add(chunk("Hello, my friend.", times=times))
    log.add(chunk("How are", times=times))
    if times or ms in (0, None, 4999.9):
        assert log.heard(ms) == expected
    else:
        assert log.text.startswith(log.heard(ms))


def test_chinese_is_joined_without_spaces() -> None:
    log = ReplyLog()
    log.add(SpokenChunk(np.zeros(2000, np.int16), RATE, "你好", (WordTime("你", 0, 1), WordTime("好", 1, 2))))
    log.add(SpokenChunk(np.zeros(1000, np.int16), RATE, "吗？", (WordTime("吗", 0, 1),)))
    assert log.heard(None) == "你好吗？"
    assert log.heard(1600) == "你好"


@given(
    st.lists(st.lists(st.text("abc", min_size=1, max_size=5), min_size=1, max_size=6), max_size=5), st.floats(0, 4e4)
)
def test_what_was_heard_is_a_prefix_and_grows_with_time(chunks: list[list[str]], ms: float) -> None:
    log = ReplyLog()
    for pieces in chunks:
        log.add(chunk(" ".join(pieces)))
    heard = log.heard(ms)
    assert log.text.startswith(heard)
    assert len(log.heard(ms + 500)) >= len(heard)
    assert abs(len(heard.split()) - min(ms / 1000, log.seconds)) <= 1


def test_text_without_sound_counts_as_heard() -> None:
    log = ReplyLog()
    log.add_silent("No voice today.")
    assert log.heard(0) == "No voice today."


def test_memory_is_bounded() -> None:
    history: tuple[Exchange, ...] = ()
    for turn in range(50):
        history = remember(history, Exchange(turn, "u", "c"))
    assert len(history) == 12 and history[-1].turn == 49


@pytest.mark.parametrize(("text", "expected"), [
    ("mm-hm", True), ("Okay.", True), ("uh huh", True), ("yes", True), ("嗯", True), ("no", False),
    ("okay stop", False), ("", False), ("stop", False), ("yeah but why", False),
])  # fmt: skip
def test_backchannels(text: str, expected: bool) -> None:
    assert is_backchannel(text) is expected


def test_echo_and_same_question() -> None:
    assert is_echo("make a clone", "First you make a clone of yourself.")
    assert is_echo("clone", "First you make a clone.")
    assert not is_echo("clone", "You make a clone " + "and then you talk with it for a while " * 2)
    assert not is_echo("make the clone", "First you make a clone.")
    assert same_question("What is it?", "what is it")
    assert words("你好 there") == ["你", "好", "there"]
