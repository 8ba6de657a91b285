"""The filter that evens out joined units: no delay, no change where nothing differs, nearer to what is expected."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.voice.units.lend import NOTHING
from selfsame.voice.units.line import Phone
from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.network import Spans
from selfsame.voice.units.phones import PAUSE, is_stop
from selfsame.voice.units.plan import Target, target_of
from selfsame.voice.units.render import Prosody, _lay_out, render
from selfsame.voice.units.select import Costs, select
from selfsame.voice.units.shape import Shaping, shaped
from selfsame.voice.units.sound import BANDS, CEPSTRA, HOP, RATE, cepstra_of, frames_of, log_mels
from selfsame.voice.units.speak import Manner, guide_sound, say
from tests.own_voice.conftest import guide_line

TEXT = "Ten children watched the big black dog jump quickly over the garden gate."


def noise(seconds: float, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).standard_normal(round(seconds * RATE)) * 0.05).astype(np.float32)


def wanting(sound: np.ndarray, more: np.ndarray, names: tuple[str, ...] = ("a",)) -> tuple[Target, np.ndarray]:
    """A target whose cepstra are the sound's and `more`, of phones of equal length; and their edges."""
    frames = frames_of(len(sound))
    cuts = np.linspace(0, frames, len(names) + 1).astype(np.int64)
    edges = cuts * HOP / RATE
    phones = tuple(Phone(name, a, b) for name, a, b in zip(names, edges[:-1], edges[1:], strict=True))
    cepstra = (cepstra_of(log_mels(sound)) + more).astype(np.float32)
    return Target(phones, Spans(cuts[:-1], cuts[1:]), cepstra, np.zeros(frames, np.float32)), edges


@settings(max_examples=25, deadline=None)
@given(st.integers(HOP, 3 * RATE // 2), st.integers(0, 5))
def test_what_is_as_expected_passes_unchanged(samples: int, seed: int) -> None:
    sound = noise(2.0, seed)[:samples]
    target, edges = wanting(sound, np.zeros(CEPSTRA))
    made = shaped(sound, edges, target, Shaping(1.0, 1.0))
    assert len(made) == len(sound) and np.abs(made - sound).max() < 1e-5


@settings(max_examples=20, deadline=None)
@given(st.floats(-1.5, 1.5))
def test_a_wanted_level_is_reached_exactly(nepers: float) -> None:
    sound = noise(0.7)
    more = np.zeros(CEPSTRA)
    more[0] = nepers * np.sqrt(BANDS)  # of energy; half as much of amplitude
    target, edges = wanting(sound, more)
    made = shaped(sound, edges, target, Shaping(0.0, 1.0))
    assert np.abs(made - sound * np.exp(nepers / 2)).max() < 1e-4
    bounded = shaped(sound, edges, target, Shaping(0.0, 1.0, most=0.1))
    assert np.abs(bounded).max() <= np.exp(0.1) * np.abs(sound).max() + 1e-5


def test_nothing_moves_in_time_and_pauses_stay() -> None:
    sound = np.zeros(RATE, np.float32)
    clicks = np.arange(2000, RATE - 2000, 1470)
    sound[clicks] = 1.0
    more = np.zeros(CEPSTRA)
    more[1:4] = (1.0, -0.7, 0.4)
    target, edges = wanting(sound, more)
    made = shaped(sound, edges, target, Shaping(1.0, 0.0))
    assert (np.abs(made).reshape(-1)[clicks] > 0.3).all()
    for click in clicks:
        around = made[click - 300 : click + 301]
        assert np.argmax(np.abs(around)) == 300
        assert np.abs(around - around[::-1]).max() < 0.05, "the filter has a delay"
    paused, edges = wanting(sound, more, ("a", PAUSE, "a"))
    inside = slice(int(edges[1] * RATE) + 1200, int(edges[2] * RATE) - 1200)
    assert np.abs(shaped(sound, edges, paused, Shaping(1.0, 1.0)) - sound)[inside].max() < 1e-5


def test_speech_comes_nearer_to_what_is_expected_and_stays_as_loud(model: VoiceModel) -> None:
    line = guide_line(TEXT)
    target = target_of(model, line.phones, guide_sound(line), 1.0)
    made = render(model, target, select(model, target, Costs()), Prosody())
    edges = made.edges

    def off(sound: np.ndarray) -> float:
        have = cepstra_of(log_mels(sound))
        at = np.interp(np.arange(len(have)) * HOP / RATE, edges, [*target.spans.first, target.spans.last[-1]])
        wanted = target.cepstra[np.clip(np.round(at).astype(int), 0, len(target.cepstra) - 1)]
        loud = have[:, 0] > np.median(have[:, 0])
        return float(np.sqrt(((have - wanted)[loud, 1:13] ** 2).mean()))

    after = shaped(made.sound, edges, target, Shaping())
    assert len(after) == len(made.sound)
    assert off(after) < 0.85 * off(made.sound)
    loudness = [float(np.sqrt((sound**2).mean())) for sound in (made.sound, after)]
    assert 0.6 < loudness[1] / loudness[0] < 1.7
    assert np.abs(np.diff(after)).max() < 2.0 * np.abs(np.diff(made.sound)).max(), "a click"


def test_little_speech_is_trusted_little(model: VoiceModel) -> None:
    strengths = [Shaping.learnt_from(seconds).colour for seconds in (5, 30, 45, 60, 200)]
    assert strengths == sorted(strengths) and strengths[0] == 0.25 * strengths[-1] == 0.25 * Shaping.colour
    line = guide_line(TEXT)
    rich = replace(model, facts=replace(model.facts, seconds=120.0))
    poor = replace(model, facts=replace(model.facts, seconds=20.0))
    sounds = [say(each, line, Manner(lending=NOTHING)).chunk.pcm.astype(float) for each in (poor, rich)]
    plain = say(model, line, Manner(shaping=Shaping(0.0, 0.0), lending=NOTHING)).chunk.pcm.astype(float)
    assert np.abs(sounds[0] - plain).mean() < np.abs(sounds[1] - plain).mean()


@pytest.mark.parametrize("text", [TEXT, "Stop!", "Peter cut a tiny pocket kit."])
def test_releases_of_stops_are_never_longer_than_recorded(model: VoiceModel, text: str) -> None:
    line = guide_line(text)
    target = target_of(model, line.phones, guide_sound(line), 0.7)
    chosen = select(model, target, Costs())
    pieces = _lay_out(model, target, chosen, Prosody())
    releases = [
        piece
        for each, piece in zip(chosen, pieces, strict=True)
        if each.half == 1 and is_stop(target.phones[each.phone].name)
    ]
    assert releases and all(0.79 * (p.b - p.a) <= p.length <= p.b - p.a for p in releases)
    for before, after in zip(pieces[:-1], pieces[1:], strict=True):
        assert before.start + before.length == pytest.approx(after.start, abs=1e-6)
    rendered = render(model, target, chosen, Prosody())
    assert (np.diff(rendered.edges) > 0).all()
    assert rendered.edges[-1] == pytest.approx(len(rendered.sound) / RATE, abs=1.5 / RATE)
    said = say(model, line, Manner(speed=0.7)).chunk
    assert said.phonemes[-1].end <= said.seconds + 1e-3
