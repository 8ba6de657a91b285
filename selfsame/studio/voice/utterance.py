"""A recording and its text, measured: what alignment and training work on. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr

from selfsame.kit.pcm import Pcm, to_float
from selfsame.voice.units import pitch
from selfsame.voice.units.line import Line
from selfsame.voice.units.sound import HOP, RATE, Floats, cepstra_of, log_mels

LEVEL = 0.06
"""Root mean square that speech is brought to."""


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A sound at RATE with its measures by frame: log mel bands, cepstra, pitch in Hz (0: none)."""

    sound: Floats
    mels: Floats
    cepstra: Floats
    hertz: Floats

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.sound) / RATE


@dataclass(frozen=True, slots=True, eq=False)
class Utterance:
    """What the person said, `real`, and the same text as the guide says it, `line` with its sound `guide`."""

    real: Heard
    line: Line
    guide: Heard
    language: str = "EN"


def heard(pcm: Pcm, rate: int, *, synthetic: bool = False) -> Heard:
    """Measures 16-bit sound of any rate; the speech in it is brought to LEVEL, whole hops long."""
    sound = to_float(pcm)
    if rate != RATE:
        sound = soxr.resample(sound, rate, RATE, quality="HQ").astype(np.float32)
    sound = sound - sound.mean() if len(sound) else sound
    sound = np.concatenate([sound, np.zeros(-len(sound) % HOP, np.float32)])
    sound = (sound * (LEVEL / max(1e-4, speech_level(sound)))).astype(np.float32)
    mels = log_mels(sound)
    return Heard(sound, mels, cepstra_of(mels), pitch.track(sound, once=synthetic))


def speech_level(sound: Floats) -> float:
    """Root mean square of the louder half of the frames: pauses do not count."""
    frames = sound[: len(sound) // HOP * HOP].reshape(-1, HOP)
    if not len(frames):
        return 0.0
    power = np.sort((frames**2).mean(1))
    return float(np.sqrt(power[len(power) // 2 :].mean() * 0.7))


def speech_mask(heard: Heard) -> np.ndarray:
    """Which frames are speech: louder than half way, in decibels, from the room's noise to the voice."""
    level = np.convolve(np.pad(heard.mels.max(1), 2, "edge"), np.ones(5) / 5, "valid")
    low, high = np.percentile(level, 5), np.percentile(level, 95)
    return level > low + 0.4 * (high - low)
