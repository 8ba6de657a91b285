"""The evaluator's pure parts: play-out, spans, percentiles, word error."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from selfsame.errors import BadInput
from selfsame.evaluator.figures import histogram_percentile, percentile, spread, table, word_errors
from selfsame.evaluator.playout import Playout
from selfsame.evaluator.questions import from_folder, hum, synthesised
from selfsame.evaluator.sound import audible_span, load, voiced_span

RATE = 16_000
LOUD = np.full(RATE, 5_000, np.int16)


def player() -> Playout:
    playout = Playout(0.06)
    playout.begin(1, RATE)
    return playout


def test_sound_plays_after_the_jitter_buffer() -> None:
    playout = player()
    playout.add(1, LOUD, 10.0)
    playout.advance(10.05)
    assert playout.position(1) == 0
    playout.advance(10.56)
    assert playout.position(1) == pytest.approx(500, abs=0.1)
    playout.advance(12.0)
    heard = playout.heard[1]
    assert playout.drained and playout.position(1) == 1000
    assert heard.first_audible == pytest.approx(10.06)
    assert heard.last_audible == pytest.approx(11.06)


def test_silence_at_the_start_is_not_audible() -> None:
    playout = player()
    playout.add(1, np.concatenate([np.zeros(RATE // 10, np.int16), LOUD]), 0.0)
    playout.advance(3.0)
    assert playout.heard[1].first_audible == pytest.approx(0.16)


def test_a_pause_is_silent_and_loses_nothing() -> None:
    playout = player()
    playout.add(1, LOUD, 0.0)
    playout.pause(0.56)
    playout.advance(5.0)
    assert playout.heard[1].last_audible == pytest.approx(0.56)
    playout.resume(5.0)
    playout.advance(5.5)
    assert playout.drained
    assert playout.heard[1].last_audible == pytest.approx(5.5)


def test_a_stop_ends_the_reply_and_later_sound_of_it() -> None:
    playout = player()
    playout.add(1, LOUD, 0.0)
    playout.stop(1, 0.36)
    playout.add(1, LOUD, 0.4)
    playout.advance(9.0)
    assert playout.heard[1].last_audible == pytest.approx(0.36)
    assert playout.position(1) == pytest.approx(300, abs=0.1)
    playout.begin(2, RATE)
    playout.add(2, LOUD, 9.0)
    playout.advance(9.5)
    assert playout.heard[2].first_audible == pytest.approx(9.06)


def test_running_dry_waits_for_the_jitter_buffer_again() -> None:
    playout = player()
    playout.add(1, LOUD[:1600], 0.0)
    playout.add(1, LOUD[:1600], 1.0)
    playout.advance(2.0)
    assert playout.heard[1].underruns == 1
    assert playout.heard[1].last_audible == pytest.approx(1.16)


@given(st.lists(st.tuples(st.floats(0, 0.3), st.sampled_from(["add", "pause", "resume", "look"])), max_size=60))
def test_play_out_never_outruns_time_nor_what_came(steps: list[tuple[float, str]]) -> None:
    playout, now, added = player(), 0.0, 0
    for gap, act in steps:
        now += gap
        if act == "add":
            playout.add(1, LOUD[:1600], now)
            added += 1600
        elif act == "look":
            playout.advance(now)
        else:
            getattr(playout, act)(now)
        heard = playout.heard[1]
        assert heard.samples <= min(added, now * RATE + 1)
        assert heard.last_audible is None or heard.last_audible <= now + 1e-6


def test_spans_find_the_voice() -> None:
    quiet = np.random.default_rng(1).integers(-3, 4, 1600, dtype=np.int16)
    first, last = voiced_span(np.concatenate([quiet, hum(0.5), quiet]))
    assert first == pytest.approx(1600, abs=200)
    assert last == pytest.approx(9600, abs=200)
    assert audible_span(quiet) is None
    assert audible_span(np.concatenate([quiet, LOUD[:100]])) == (1600, 1700)


def test_percentiles_and_tables() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert math.isnan(percentile([], 0.5))
    assert spread([1.0, 2.0, float("nan")]) == {"n": 2, "p50": 1.5, "p95": 1.9, "max": 2.0}
    assert "-" in table({"empty": spread([])}, "ms")


@pytest.mark.parametrize(
    ("reference", "heard", "errors", "many"),
    [
        ("How do I make a clone?", "how do i make a clone", 0, 6),
        ("How do I make a clone?", "how I make a cone please", 3, 6),
        ("", "noise", 1, 0),
        ("你好吗", "你好", 1, 3),
        ("don't", "don’t", 0, 1),
    ],
)
def test_word_errors(reference: str, heard: str, errors: int, many: int) -> None:
    assert word_errors(reference, heard) == (errors, many)


def test_percentile_of_a_histogram() -> None:
    text = 'x_bucket{le="0.01"} 90.0\nx_bucket{le="0.1"} 96.0\nx_bucket{le="+Inf"} 100.0\n'
    assert histogram_percentile(text, "x", 0.5) == 0.01
    assert histogram_percentile(text, "x", 0.95) == 0.1
    assert histogram_percentile(text, "x", 0.99) == math.inf
    assert histogram_percentile("", "x", 0.5) is None


def test_questions_from_a_folder(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", np.zeros((22_050, 2), np.float32), 22_050)
    soundfile.write(tmp_path / "b.flac", np.zeros(16_000, np.float32), 16_000)
    (tmp_path / "manifest.json").write_text(json.dumps([{"file": "a.wav", "transcript": "Hello"}]))
    (tmp_path / "b.txt").write_text("Bye\n")
    first, second = from_folder(tmp_path, 10)
    assert (first.text, second.text) == ("Hello", "Bye")
    assert len(first.pcm) == 16_000
    assert len(from_folder(tmp_path, 1)) == 1


def test_folders_and_files_without_sound_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        from_folder(tmp_path, 1)
    (tmp_path / "x.wav").write_text("no sound")
    with pytest.raises(BadInput):
        load(tmp_path / "x.wav")


def test_synthesised_questions_change_voices() -> None:
    said = synthesised(lambda text, n: np.full(len(text), n, np.int16), 3)
    assert [question.pcm[0] for question in said] == [0, 1, 2]
