"""Sounds for the tests: made ones, and real recordings with the places of their voice."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from selfsame.kit.pcm import MICROPHONE_RATE, Pcm

LEVEL = 0.06


def silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * MICROPHONE_RATE), dtype=np.int16)


def noise(seconds: float, level: float = 0.002, seed: int = 0) -> Pcm:
    """White noise of an RMS level (full scale = 1)."""
    made = np.random.default_rng(seed).standard_normal(round(seconds * MICROPHONE_RATE)) * level
    return np.clip(made * 32768, -32768, 32767).astype(np.int16)


def pink(seconds: float, level: float = 0.002, seed: int = 0) -> Pcm:
    """Noise of an RMS level whose power falls by 3 dB an octave above 20 Hz."""
    made = np.fft.rfft(np.random.default_rng(seed).standard_normal(round(seconds * MICROPHONE_RATE)))
    hertz = np.arange(len(made)) / seconds
    shaped = np.fft.irfft(
        np.where(hertz < 20, 0, made / np.sqrt(np.maximum(hertz, 20))), round(seconds * MICROPHONE_RATE)
    )
    shaped *= level / np.sqrt(np.mean(shaped**2))
    return np.clip(shaped * 32768, -32768, 32767).astype(np.int16)


def vowels(seconds: float, pitch: float = 120.0, level: float = 0.1, seed: int = 1) -> Pcm:
    """Voiced sound: a pulse train with a wandering pitch through three moving formants, in syllables of 180 ms."""
    rng = np.random.default_rng(seed)
    n = round(seconds * MICROPHONE_RATE)
    t = np.arange(n) / MICROPHONE_RATE
    f0 = pitch * (1 + 0.12 * np.sin(2 * np.pi * 1.7 * t) + 0.02 * np.sin(2 * np.pi * 5.1 * t))
    phase = np.cumsum(f0) / MICROPHONE_RATE
    source = np.diff(np.floor(phase), prepend=0.0) + 0.01 * rng.standard_normal(n)
    out = np.zeros(n)
    syllable = round(0.18 * MICROPHONE_RATE)
    targets = [(700, 1220, 2600), (300, 2300, 3000), (450, 800, 2830), (500, 1750, 2500), (320, 870, 2250)]
    state = np.zeros((3, 2))
    for k, start in enumerate(range(0, n, syllable)):
        piece = source[start : start + syllable].copy()
        for stage, centre in enumerate(targets[k % len(targets)]):
            piece, state[stage] = _resonate(piece, centre, 60 + 40 * stage, state[stage])
        out[start : start + syllable] = piece * (0.55 - 0.45 * np.cos(2 * np.pi * np.arange(len(piece)) / syllable))
    out *= level / np.sqrt(np.mean(out**2))
    return np.clip(out * 32768, -32768, 32767).astype(np.int16)


def _resonate(x: np.ndarray, centre: float, width: float, state: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    r = np.exp(-np.pi * width / MICROPHONE_RATE)
    a1, a2 = 2 * r * np.cos(2 * np.pi * centre / MICROPHONE_RATE), -r * r
    y = np.empty_like(x)
    one, two = state
    for i, value in enumerate(x):
        now = (1 - r) * value + a1 * one + a2 * two
        y[i] = now
        one, two = now, one
    return y, np.array([one, two])


@dataclass(frozen=True, slots=True)
class Recording:
    """Real speech at 16 kHz and a common level. `onset` and `offset` (seconds) by energy, `text` as spoken."""

    name: str
    language: str
    text: str
    pcm: Pcm
    onset: float
    offset: float


def recordings(folder: Path, most: int = 24) -> list[Recording]:
    """One recording per speaker first, then a second one, at most 7 s of each."""
    manifest = json.loads((folder / "manifest.json").read_text())
    by_speaker: dict[str, list[dict]] = {}
    for entry in manifest:
        by_speaker.setdefault(entry["speaker"], []).append(entry)
    chosen = [group[round_] for round_ in range(2) for group in by_speaker.values() if len(group) > round_]
    return [_load(folder, entry) for entry in chosen[:most]]


def _load(folder: Path, entry: dict) -> Recording:
    samples, rate = soundfile.read(folder / entry["file"], dtype="float32", always_2d=True)
    sound = soxr.resample(samples[:, 0], rate, MICROPHONE_RATE)
    sound = sound[: 7 * MICROPHONE_RATE]
    sound = sound / np.sqrt(np.mean(sound**2)) * LEVEL
    onset, offset = voice_edges(sound)
    pcm = np.clip(sound * 32768, -32768, 32767).astype(np.int16)
    return Recording(entry["file"], entry["language"], entry["transcript"], pcm, onset, offset)


def voice_edges(sound: np.ndarray) -> tuple[float, float]:
    """First and last time of voice by energy: 60 ms that stand 12 dB over the recording's quiet and near its mean."""
    energy = np.sqrt(np.convolve(sound**2, np.ones(320) / 320, "same")) + 1e-9
    quiet = np.percentile(energy[::160], 5)
    least = max(LEVEL * 10 ** (-20 / 20), min(quiet * 10 ** (12 / 20), LEVEL * 10 ** (-8 / 20)))
    steady = np.flatnonzero(np.convolve(energy > least, np.ones(960), "full")[: len(sound)] >= 958)
    return float(max(0, steady[0] - 960)) / MICROPHONE_RATE, float(steady[-1]) / MICROPHONE_RATE
