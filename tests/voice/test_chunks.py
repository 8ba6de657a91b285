"""Cutting chunks and giving them their written words back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.events.spoken import PhonemeTime, SpokenChunk, WordTime
from selfsame.kit.wordspans import split_words
from selfsame.voice.chunks import Relabel, split
from selfsame.voice.spoken_text import saying

RATE = 8000


def chunk_of(text: str, seconds: float) -> SpokenChunk:
    words = split_words(text)
    step = seconds / max(1, len(words))
    times = tuple(WordTime(word.text, i * step, (i + 1) * step) for i, word in enumerate(words))
    phonemes = tuple(PhonemeTime("a", time.start, time.end) for time in times)
    return SpokenChunk(np.arange(int(seconds * RATE)).astype(np.int16), RATE, text, times, phonemes, 3)


@given(st.text(alphabet="ab ,你", max_size=30), st.floats(0.0, 3.0), st.sampled_from([None, 0.1]))
def test_splitting_keeps_every_sample_word_and_time(text: str, seconds: float, first: float | None) -> None:
    chunk = chunk_of(text, seconds)
    pieces = split(chunk, 0.25, first)
    assert np.array_equal(np.concatenate([piece.pcm for piece in pieces]), chunk.pcm)
    assert all(piece.seconds <= 0.25 + 1 / RATE for piece in pieces)
    assert "".join(piece.text for piece in pieces) == text
    assert {piece.sentence for piece in pieces} == {3}
    origin, words, phonemes = 0.0, [], []
    for piece in pieces:
        words += [(word.text, origin + word.start, origin + word.end) for word in piece.words]
        phonemes += [(p.ipa, origin + p.start, origin + p.end) for p in piece.phonemes]
        assert all(word.start >= -1e-6 for word in piece.words)
        assert piece is pieces[-1] or all(word.start < piece.seconds for word in piece.words)
        origin += piece.seconds
    assert [word[0] for word in words] == [word.text for word in chunk.words]
    for (_, start, end), word in zip(words, chunk.words, strict=True):
        assert (start, end) == pytest.approx((word.start, word.end), abs=1e-6)
    assert len(phonemes) == len(chunk.phonemes)


def test_the_first_piece_is_short() -> None:
    pieces = split(chunk_of("one two three", 1.0), 0.25, 0.1)
    assert pieces[0].seconds == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("It cost $12.50 & more.", ["It", "cost", "$12.50", "&", "more."]),
        ("Up 5%!", ["Up", "5%!"]),
        ("See https://www.example.com/a now", ["See", "https://www.example.com/a", "now"]),
        ("你好，5%吗？", ["你", "好，", "5%", "吗？"]),
        ("No signs here.", ["No", "signs", "here."]),
    ],
)
@pytest.mark.parametrize("pieces", [1, 2, 99])
def test_words_are_told_as_written(written: str, words: list[str], pieces: int) -> None:
    what = saying(written, "ZH" if "你" in written else "EN")
    spoken = chunk_of(what.text, 2.0)
    relabel = Relabel(what)
    step = max(1, -(-len(spoken.words) // pieces))
    groups = [spoken.words[i : i + step] for i in range(0, len(spoken.words), step)]
    told = [relabel(SpokenChunk(spoken.pcm, RATE, "", tuple(group))) for group in groups]
    assert [word.text for chunk in told for word in chunk.words] == words
    assert "".join(chunk.text for chunk in told) == written
    starts = [word.start for chunk in told for word in chunk.words]
    assert starts == sorted(starts)
    if pieces == 1:
        assert told[0].words[-1].end == pytest.approx(spoken.words[-1].end)
