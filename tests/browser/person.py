"""A person for tests: a voice of the embedded synthesiser, in a quiet room, before a microphone or in files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

from selfsame.kit.pcm import to_float
from tests.support.speech import spoken

RATE = 48_000
LEVEL = 0.7
NOISE = 0.0004


@dataclass(frozen=True)
class Voice:
    """A voice of the synthesiser; `size` below 1 is that of a smaller person: all of its pitches are higher."""

    name: str = ""
    size: float = 1.0


GUIDE = Voice()


def sound_of(*pieces: float | str, voice: Voice = GUIDE) -> np.ndarray:
    """Silence (seconds) and sentences, at RATE."""
    sounds: list[np.ndarray] = []
    for number, piece in enumerate(pieces):
        if isinstance(piece, str):
            chunks = spoken(piece, voice_id=voice.name, speed=voice.size)
            said = to_float(np.concatenate([chunk.pcm for chunk in chunks]))
            sounds.append(LEVEL * soxr.resample(said, chunks[0].sample_rate / voice.size, RATE))
        else:
            sounds.append(np.zeros(round(piece * RATE)))
        sounds[-1] = sounds[-1] + np.random.default_rng(number).normal(0, NOISE, len(sounds[-1]))
    return np.concatenate(sounds)


def recorded(path: Path, *pieces: float | str, voice: Voice = GUIDE) -> Path:
    """The same as a WAV file, also fit for Chromium's microphone."""
    sf.write(path, sound_of(*pieces, voice=voice), RATE, subtype="PCM_16")
    return path
