"""The face against its sound, found again in what a page played: real speech, a tap, clocks that differ and drift."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import soxr

from selfsame.cli.bench.face_sync import page_row, readable, wire_row
from selfsame.evaluator.client import Pictured
from selfsame.evaluator.face_sync import Recording, Reply, find, loudness, measure
from tests.evaluator.mouths import SENTENCES, speak

RATE = 44_100
FRAME = 1000 / 60


def reply(number: int) -> Reply:
    language, text = SENTENCES[number]
    speech = speak(text, language)
    return Reply(number + 1, speech.pcm, speech.rate)


REPLIES = [reply(number) for number in range(3)]
STARTS = (1.0, 9.0, 17.0)
AHEAD = -2.5
"""The context's seconds less those of the page's clock."""


def recorded(late: float = 0.0, *, drift: float = 0.0, idle: float = 0.0, seed: int = 1) -> Recording:
    """A session: pictures `late` ms behind the sound, `drift` ms more each minute, `idle` ms of each reply at rest."""
    random = np.random.default_rng(seed)
    sound = np.zeros(int(27 * RATE))
    for start, one in zip(STARTS, REPLIES, strict=True):
        played = soxr.resample(one.pcm.astype(np.float32) / 32768, one.rate, RATE)
        sound[int(start * RATE) : int(start * RATE) + len(played)] += 0.7 * played
    sound += random.normal(0, 1e-4, len(sound))
    times = np.arange(3000.0, 29_000.0, FRAME)
    frames = np.full((len(times), 3), np.nan)
    frames[:, 0], frames[:, 2] = times, 0.4
    for start, one in zip(STARTS, REPLIES, strict=True):
        place = times + 1000 * (AHEAD - start)
        there = (place >= idle) & (place < 1000 * len(one.pcm) / one.rate)
        frames[there, 1] = place[there] - late - drift * times[there] / 60_000
    stamps = np.arange(2600.0, 29_000.0, 100.0)
    heard = stamps / 1000 + AHEAD + random.normal(0, 0.002, len(stamps))
    return Recording(frames, np.stack([stamps, heard], 1), loudness(sound), RATE)


def test_a_reply_is_found_to_a_millisecond() -> None:
    found = find(REPLIES[1], recorded())
    assert found is not None
    assert found.begins() == pytest.approx(STARTS[1], abs=1e-3)
    assert np.abs(found.lag - STARTS[1]).max() < 1e-3
    assert find(REPLIES[1], recorded(), after=STARTS[1] + 1) is None, "it is not looked for in what came before"


def test_an_answer_that_is_given_twice_is_found_twice() -> None:
    again = [REPLIES[0], replace(REPLIES[0], turn=2)]
    one = recorded()
    bins = RATE / 64
    length, later = round(7 * bins), round(15 * bins)
    loud = one.loudness.copy()
    loud[later : later + length] = 1.02 * loud[:length]  # even where the later one fits a little better
    found = find(again[0], replace(one, loudness=loud))
    assert found is not None and found.begins() == pytest.approx(STARTS[0], abs=2e-3)
    second = find(again[1], replace(one, loudness=loud), after=found.ends())
    assert second is not None and second.begins() == pytest.approx(STARTS[0] + later / bins, abs=2e-3)


def test_another_text_is_not_found() -> None:
    assert find(reply(4), recorded()) is None


@pytest.mark.parametrize("late", [0.0, 25.0, -30.0, 70.0])
def test_the_offset_is_what_it_is(late: float) -> None:
    found = measure(recorded(late), REPLIES)
    assert found.replies == (3 if abs(late) <= 40 else 0) and found.lost == 0
    assert found.p50 == pytest.approx(late, abs=2) and abs(found.worst - late) < 4
    assert found.near == (1.0 if abs(late) <= 35 else 0.0)
    assert found.fps == pytest.approx(60, abs=1) and found.cost_p50 == pytest.approx(0.4)


def test_drift_shows_as_a_slope() -> None:
    assert measure(recorded(drift=30.0), REPLIES).slope == pytest.approx(30, abs=5)
    assert measure(recorded(), REPLIES).slope == pytest.approx(0, abs=5)


def test_a_face_that_idles_while_it_is_heard_is_counted_and_its_first_picture_is_late() -> None:
    found = measure(recorded(idle=400.0), REPLIES)
    assert found.idle > 0.05
    assert min(found.first) > 250, "speech begins some time after the reply's first sample"
    assert max(measure(recorded(), REPLIES).first) < 40


def test_a_reply_that_was_never_played_is_lost() -> None:
    assert measure(recorded(), [*REPLIES, reply(5)]).lost == 1
    silent = replace(recorded(), loudness=np.zeros(2000))
    with pytest.raises(ValueError, match="no reply"):
        measure(silent, REPLIES)


def test_the_figures_read_well() -> None:
    page = page_row(measure(recorded(12.0), REPLIES), 512)
    pictures = [Pictured(float(k), 50.0 * k - 150 + 200 * (k == 9), 1, 50 * k, 360, 9_000) for k in range(10)]
    wire = wire_row(pictures, [5.0, 20.0]) | {"idleAfterMs": 300}
    assert wire["late"]["max"] == 50.0 and wire["near"] == 0.9 and wire["stepMs"]["p50"] == 50.0
    assert wire["arrives"]["p50"] == -150.0
    text = readable({"load": [0.1, 0.2], "page": page, "noPage": None, "wire": {"jpeg": wire}})
    assert "512 px" in text and "3 replies" in text and "360 px" in text
    none = readable({"load": [0.1, 0.2], "page": None, "noPage": "Chromium is not installed", "wire": {}})
    assert "Chromium is not installed" in none
    assert wire_row([], [])["near"] is None
