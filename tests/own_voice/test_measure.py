"""Enrolment from recordings to a measured voice, and the figures of the report."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from selfsame.errors import BadInput
from selfsame.kit.pcm import Pcm
from selfsame.providers.embedded.espeak import EspeakTextToSpeech
from selfsame.studio.voice.enrol import enrol, make_voice, split_held_back
from selfsame.studio.voice.fitting import Plan, fit
from selfsame.studio.voice.measure import (
    Judges,
    at_16k,
    pitch_differences,
    plain_words,
    quality_score,
    warnings_for,
    word_error,
)
from selfsame.studio.voice.utterance import heard
from selfsame.voice.units.file import from_bytes, to_bytes
from selfsame.voice.units.model import VoiceModel
from tests.own_voice.conftest import SENTENCES, person_says, recording
from tests.support.speech import spoken

SMALL = Plan(hidden=32, epochs=5)


def colour(pcm: Pcm) -> np.ndarray:
    """A crude print of a voice: its long-term spectrum and pitch, of length 1."""
    measured = heard(pcm, 16_000)
    loud = measured.cepstra[measured.cepstra[:, 0] > np.percentile(measured.cepstra[:, 0], 50)]
    pitch = np.log(measured.hertz[measured.hertz > 0]).mean()
    found = np.append(loud.mean(0)[1:], 8 * (pitch - 5.0))
    return found / np.linalg.norm(found)


@pytest.fixture
def guide() -> EspeakTextToSpeech:
    return EspeakTextToSpeech()


async def deaf(pcm: Pcm, language: str) -> str:
    """Hears the same in everything."""
    return "hello my name is vera maybe we could move"


@pytest.mark.anyio
async def test_a_voice_is_made_and_measured_on_what_was_held_back(guide: EspeakTextToSpeech) -> None:
    recordings = [recording(text) for text in SENTENCES]
    others = [colour(heard_at_16k(text)) for text in SENTENCES[:2]]
    made = await enrol(recordings, guide, Judges(colour, deaf, others), SMALL)
    quality = made.quality
    assert quality.sentences == 1 and 15 < quality.seconds < 40
    assert quality.similarity is not None and quality.raw_similarity is not None and quality.ceiling is not None
    assert quality.raw_similarity + 0.1 < quality.similarity <= quality.ceiling + 0.1
    assert quality.word_error == quality.raw_word_error == quality.real_word_error
    assert quality.f0_rmse_hz is not None and 0 < quality.f0_rmse_hz < 80
    assert 0 < quality.score <= 1
    assert any("seconds of speech" in warning for warning in quality.warnings) and quality.clear_is_better
    assert made.model.facts.score == quality.score and made.model.facts.warnings == quality.warnings
    assert made.model.facts.seconds > quality.seconds, "the voice itself is made of all recordings"
    assert from_bytes(to_bytes(made.model)).facts == made.model.facts


def heard_at_16k(text: str) -> Pcm:
    chunks = spoken(text, "EN", "+m3")
    return at_16k(np.concatenate([chunk.pcm for chunk in chunks]), chunks[0].sample_rate)


@pytest.mark.anyio
async def test_without_judges_nothing_is_claimed(guide: EspeakTextToSpeech) -> None:
    made = await enrol([recording(text) for text in SENTENCES[:4]], guide, Judges(), SMALL)
    quality = made.quality
    assert (quality.similarity, quality.ceiling, quality.word_error) == (None, None, None)


@pytest.mark.anyio
async def test_what_cannot_be_used_is_said(guide: EspeakTextToSpeech) -> None:
    with pytest.raises(BadInput, match="Record more"):
        await make_voice([recording(SENTENCES[1])], guide, SMALL)
    with pytest.raises(BadInput, match="text"):
        long = [recording(text) for text in SENTENCES]
        await make_voice([*long, replace(long[0], text="...")], guide, SMALL)
    with pytest.raises(BadInput):
        split_held_back([recording(SENTENCES[0])])


def test_what_is_held_back_is_spread_and_never_the_longest() -> None:
    recordings = [recording(text) for text in SENTENCES] * 5
    kept, held = split_held_back(recordings)
    assert sorted(kept + held) == list(range(40)) and len(held) == 5
    longest = max(range(40), key=lambda n: recordings[n].seconds)
    assert longest in kept


@pytest.mark.anyio
async def test_word_error_counts_words() -> None:
    async def hears(pcm: Pcm, language: str) -> str:
        return "the quick brown box jumps over a the lazy"

    texts = [recording(SENTENCES[1])]
    assert await word_error(hears, texts, [np.zeros(10, np.int16)]) == pytest.approx(3 / 9, abs=1e-3)
    assert plain_words("Well-known: it’s 5, 你好!") == ["well", "known", "it's", "5", "你", "好"]


def test_pitch_differences_are_in_hertz() -> None:
    pcm, rate = person_says(SENTENCES[2])
    same = heard(pcm, rate)
    assert np.abs(pitch_differences(same, same)).max() == 0
    higher = replace(same, hertz=np.where(same.hertz > 0, same.hertz + 20, 0).astype(np.float32))
    assert pitch_differences(same, higher) == pytest.approx(-20)


def test_the_score_rises_with_each_figure() -> None:
    base = quality_score((0.8, 0.5, 0.92, 0.55), (0.3, 0.2, 0.2), 40.0)
    assert 0 < base < 1
    assert quality_score((0.9, 0.5, 0.92, 0.55), (0.3, 0.2, 0.2), 40.0) > base
    assert quality_score((0.8, 0.5, 0.92, 0.55), (0.2, 0.2, 0.2), 40.0) > base
    assert quality_score((0.8, 0.5, 0.92, 0.55), (0.3, 0.2, 0.2), 20.0) > base
    assert quality_score((0.92, 0.5, 0.92, 0.55), (0.1, 0.2, 0.2), 0.0) == pytest.approx(1.0)
    assert quality_score((0.95, 0.5, 0.92, 0.55), (1.0, 0.2, 0.2), 10.0) < 0.2, "alike but not understood is no voice"


def test_warnings_name_what_can_be_done(model: VoiceModel) -> None:
    short = warnings_for(model, (0.7, 0.5, 0.9, 0.5), (0.5, 0.2, 0.2))
    assert len(short) == 3 and all("Record" in warning for warning in short)
    enough = replace(model, facts=replace(model.facts, seconds=150.0))
    assert warnings_for(enough, (0.9, 0.5, 0.9, 0.5), (0.2, 0.2, 0.2)) == ()


def test_the_network_learns_what_can_be_learnt() -> None:
    chance = np.random.default_rng(1)
    rows = chance.normal(size=(3000, 12)).astype(np.float32)
    targets = np.stack([np.tanh(rows[:, 0] + rows[:, 1]), rows[:, 2] * 0.5], axis=1).astype(np.float32)
    network = fit(rows[:2500], targets[:2500], Plan(hidden=48, epochs=25, drop=0.1))
    error = ((network(rows[2500:]) - targets[2500:]) ** 2).mean(0) / targets[2500:].var(0)
    assert (error < 0.15).all()
