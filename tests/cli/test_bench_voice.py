"""The texts that `selfsame bench voice --texts others` has said, and how sure their figures are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from selfsame.cli.bench.voice_on_texts import by_chance, share, texts_of_others
from selfsame.errors import BadInput


def manifest(folder: Path, *rows: dict[str, Any]) -> Path:
    (folder / "manifest.json").write_text(json.dumps(rows), encoding="utf-8")
    return folder


def test_the_texts_are_what_other_people_read_in_english_each_once(tmp_path: Path) -> None:
    folder = manifest(
        tmp_path,
        {"speaker": "ada", "transcript": "My own words.", "language": "en"},
        {"speaker": "bob", "transcript": "A WET DAY", "language": "EN"},
        {"speaker": "cyd", "transcript": "A WET DAY"},
        {"speaker": "cyd", "transcript": "Un día de lluvia.", "language": "es"},
        {"speaker": "cyd", "file": "untold.wav"},
    )
    assert texts_of_others(folder, "ada") == ["A wet day."]
    with pytest.raises(BadInput):
        texts_of_others(manifest(tmp_path, {"speaker": "ada", "transcript": "My own words."}), "ada")


def test_word_error_counts_words_and_not_sentences() -> None:
    assert share(np.array([(1, 2), (0, 8)])) == pytest.approx(0.1)


@pytest.mark.parametrize(("worse", "sure"), [(0, False), (3, True)])
def test_a_difference_is_sure_when_every_sentence_shows_it(worse: int, sure: bool) -> None:
    numbers = np.random.default_rng(5)
    other = np.stack([numbers.integers(0, 4, 60), np.full(60, 10)], axis=1)
    one = other.copy()
    one[:, 0] += worse if sure else numbers.permutation(np.repeat((-1, 1), 30))
    low, high = by_chance(one, other)
    assert low <= round(share(one) - share(other), 4) <= high
    assert (low > 0) is sure
