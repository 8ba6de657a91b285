"""A "person" for tests: another voice of the embedded synthesiser, and a voice made of a few of its sentences."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from selfsame.studio.voice.enrol import Recording
from selfsame.studio.voice.fitting import Plan
from selfsame.studio.voice.train import train
from selfsame.studio.voice.utterance import Utterance, heard
from selfsame.voice.units.file import to_bytes
from selfsame.voice.units.line import Line, line_of
from selfsame.voice.units.model import VoiceModel
from tests.support.speech import spoken

PERSON = "+f2"
SENTENCES = (
    "Hello, my name is Vera. Maybe we could move the meeting to five.",
    "The quick brown fox jumps over the lazy dog.",
    "Boys enjoy noisy toys; coins and oil may spoil.",
    "Who knew the moon could look so huge and so blue?",
    "Ten men went west, then sent the rest by jet.",
    "Around the house, the loud crowd found a cow and a mouse.",
    "Please measure the pleasure of watching the children catch fish.",
    "Thank you both for everything; this evening was the best thing.",
)


def guide_line(text: str, language: str = "EN") -> Line:
    """The text as the guide says it."""
    return line_of(spoken(text, language))


def person_says(text: str, language: str = "EN") -> tuple[np.ndarray, int]:
    """The text as the person says it: sound and rate."""
    chunks = spoken(text, language, PERSON)
    return np.concatenate([chunk.pcm for chunk in chunks]), chunks[0].sample_rate


def recording(text: str, language: str = "EN") -> Recording:
    """A recording of the person."""
    pcm, rate = person_says(text, language)
    return Recording(np.concatenate([np.zeros(3000, np.int16), pcm, np.zeros(3000, np.int16)]), rate, text, language)


@lru_cache(maxsize=4)
def utterances(language: str = "EN") -> tuple[Utterance, ...]:
    """All sentences, measured."""
    found = []
    for text in SENTENCES:
        made, line = recording(text, language), guide_line(text, language)
        found.append(Utterance(heard(made.pcm, made.rate), line, heard(line.pcm, line.rate, synthetic=True), language))
    return tuple(found)


@lru_cache(maxsize=1)
def trained() -> VoiceModel:
    """The person's voice."""
    return train(utterances(), plan=Plan(hidden=48, epochs=8))


@pytest.fixture(scope="session")
def model() -> VoiceModel:
    return trained()


@pytest.fixture(scope="session")
def voice_file(model: VoiceModel) -> bytes:
    return to_bytes(model)
