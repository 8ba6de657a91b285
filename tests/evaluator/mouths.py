"""Speech with exact phoneme times, and mouths that say it, say something else, or only move.

The mouth here is not the scorer's: its own table of openings, a moving mass instead of dominance functions, its own
speaker, head and landmark noise for every seed.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from selfsame.kit.pcm import Pcm
from selfsame.providers.embedded.espeak.library import shared
from selfsame.providers.embedded.espeak.timeline import Timeline
from selfsame.providers.embedded.espeak.voices import manner_of
from selfsame.voice.port import Phrase

Phonemes = tuple[tuple[str, float, float], ...]

SENTENCES = (
    ("EN", "Maybe we could move the meeting to five, so that both of us have time for the paper."),
    ("EN", "The happy people of this old village open their shops before seven in the morning."),
    ("EN", "I always thought about what happens when nobody is watching the water boil."),
    ("EN", "My brother bought a big blue boat, and now he wants to sail all the way to Portugal."),
    ("ES", "Mañana por la mañana vamos a comprar pan, vino y manzanas para toda la familia."),
    ("ES", "Mi abuela prepara una sopa muy buena cuando hace mucho frío en las montañas."),
    ("ZH", "今天我们一起去公园看花，然后在旁边的小店里吃面包和苹果。"),
    ("ZH", "妈妈买了很多苹果和面包，爸爸在门口等我们回家。"),
)
LONG = (
    "Good morning, and welcome back. Today I would like to show you how a clone is made from a few photos, "
    "what happens behind the stage, and why nobody but you may ever use it."
)


@dataclass(frozen=True)
class Speech:
    """Sound, its phonemes in seconds, and its length in seconds."""

    pcm: Pcm
    rate: int
    phonemes: Phonemes
    seconds: float


@lru_cache(maxsize=64)
def speak(text: str, language: str = "EN") -> Speech:
    """The embedded voice says it; exact times."""
    timeline = Timeline(text, shared().sample_rate)
    chunks = []

    def take(pcm, events) -> bool:
        timeline.feed(pcm, events)
        chunks.extend(timeline.take())
        return True

    shared().speak(text, manner_of(Phrase(text, language)), take)
    chunks += timeline.finish()
    phonemes, at = [], 0.0
    for chunk in chunks:
        phonemes += [(p.ipa, at + p.start, at + p.end) for p in chunk.phonemes]
        at += chunk.seconds
    return Speech(np.concatenate([c.pcm for c in chunks]), shared().sample_rate, tuple(phonemes), at)


def joined(parts: list[Speech]) -> Speech:
    """One after the other, with a third of a second between them."""
    gap = np.zeros(parts[0].rate // 3, np.int16)
    phonemes, sound = [], []
    for part in parts:
        at = sum(map(len, sound)) / part.rate
        phonemes += [(ipa, start + at, end + at) for ipa, start, end in part.phonemes]
        sound += [part.pcm, gap]
    whole = np.concatenate(sound[:-1])
    return Speech(whole, parts[0].rate, tuple(phonemes), len(whole) / parts[0].rate)


_WIDTHS = [  # lip gap in eye distances of an ordinary speaker
    ("mbp", 0.0), ("fvβ", 0.02), ("wuʊɥ", 0.045), ("szʃʒɕʂtɕdnlɾɹrθð", 0.06), ("kɡgŋxχɣhj", 0.09),
    ("iɪyɨ", 0.09), ("eoəɚɤɝ", 0.14), ("ɛɔʌɜœ", 0.19), ("aɑæɐɒ", 0.26),
]  # fmt: skip
_WIDTH = {letter: width for letters, width in _WIDTHS for letter in letters}


@dataclass(frozen=True)
class Mouth:
    """A speaker: loudness of movement, anticipation and sluggishness in seconds, landmark noise in eye distances."""

    gain: float = 1.0
    lead: float = 0.02
    sluggish: float = 0.035
    noise: float = 0.006
    drift: float = 0.015
    lost: float = 0.01

    @classmethod
    def of(cls, seed: int) -> Mouth:
        draw = np.random.default_rng(seed).uniform
        return cls(draw(0.6, 1.4), draw(0.0, 0.04), draw(0.025, 0.05), draw(0.003, 0.01), draw(0.0, 0.03))


def moving(phonemes: Phonemes, seconds: float, fps: float, seed: int) -> np.ndarray:
    """The openings that landmarks would find in a video of this mouth, per frame; some frames are lost (NaN)."""
    rng, mouth, fine = np.random.default_rng(seed), Mouth.of(seed), 400
    count = int(seconds * fine)
    t = (np.arange(count) + 0.5) / fine
    habit = {letter: width * rng.uniform(0.75, 1.25) for letter, width in _WIDTH.items()}
    target, lips, before = np.full(count, 0.01), np.full(count, np.inf), 0.0
    for ipa, start, end in phonemes:
        letters = [c for c in ipa if c in habit] or ["ə"]
        begin = before if start - before < 0.12 else start
        for k, letter in enumerate(letters):
            share = (end - begin) / len(letters)
            here = (t >= begin + k * share - mouth.lead) & (t < begin + (k + 1) * share - mouth.lead)
            target[here] = habit[letter] * rng.uniform(0.85, 1.15)
        if letters[0] in "mbp" and rng.random() < 0.95:
            middle, half = (begin + end) / 2 - mouth.lead, max(0.02, 0.4 * (end - begin))
            lips = np.minimum(lips, 0.012 + np.maximum(0.0, np.abs(t - middle) - half) * 3.0)
        before = end
    reach = np.arange(-int(4 * mouth.sluggish * fine), int(4 * mouth.sluggish * fine) + 1) / fine
    bell = np.exp(-0.5 * (reach / mouth.sluggish) ** 2)
    smooth = np.convolve(np.pad(target, len(bell) // 2, mode="edge"), bell / bell.sum(), "valid")
    smooth = mouth.gain * np.minimum(smooth, lips)
    frames = int(seconds * fps)
    at = (np.arange(frames) + 0.5) / fps
    return landmarks(np.interp(at, t, smooth), fps, seed)


def landmarks(gaps: np.ndarray, fps: float, seed: int) -> np.ndarray:
    """What is measured of true lip gaps: a slowly turning head, correlated jitter, frames without a face."""
    rng, mouth = np.random.default_rng(seed + 1), Mouth.of(seed)
    at = np.arange(len(gaps)) / fps
    drift = mouth.drift * np.sin(2 * np.pi * (rng.uniform(0.15, 0.5) * at + rng.random()))
    jitter = np.zeros(len(gaps))
    for k in range(1, len(gaps)):
        jitter[k] = 0.5 * jitter[k - 1] + rng.normal(0, mouth.noise)
    measured = np.maximum(0.0, gaps + np.abs(drift) + jitter + 0.01)
    measured[rng.random(len(gaps)) < mouth.lost] = np.nan
    return measured


def shuffled(phonemes: Phonemes, seed: int) -> Phonemes:
    """The same sounds with the same lengths and pauses in another order."""
    order = np.random.default_rng(seed).permutation(len(phonemes))
    pauses = [b[1] - a[2] for a, b in zip(phonemes, phonemes[1:], strict=False)]
    at, made = phonemes[0][1], []
    for place, k in enumerate(order):
        ipa, start, end = phonemes[k]
        made.append((ipa, at, at + end - start))
        at += end - start + (pauses[place] if place < len(pauses) else 0.0)
    return tuple(made)


def shifted(phonemes: Phonemes, seconds: float) -> Phonemes:
    """The same sounds, later by so many seconds."""
    return tuple((ipa, start + seconds, end + seconds) for ipa, start, end in phonemes)


def not_talking(kind: str, seconds: float, fps: float, seed: int) -> np.ndarray:
    """A mouth that is frozen open, or moves at random as fast as speech, or opens and shuts in constant rhythm."""
    rng, frames = np.random.default_rng(seed), int(seconds * fps)
    if kind == "frozen":
        return landmarks(np.full(frames, rng.uniform(0.02, 0.2)), fps, seed)
    if kind == "rhythm":
        at, beat = np.arange(frames) / fps, rng.uniform(2.5, 5.5)
        return landmarks(0.1 + 0.1 * np.sin(2 * np.pi * (beat * at + rng.random())), fps, seed)
    wander = np.convolve(rng.normal(0, 1, frames + 4), [0.1, 0.25, 0.3, 0.25, 0.1], "valid")
    return landmarks(np.maximum(0.0, 0.1 + 0.12 * wander), fps, seed)
