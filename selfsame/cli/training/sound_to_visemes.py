"""Training of the sound-to-mouth network, and its score on voices that it never heard."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from selfsame.cli.training.fitting import Data, Floats, Plan, fit
from selfsame.cli.training.measures import correlation
from selfsame.cli.training.speech_corpus import HELD_OUT, VARIANTS, Example, corpus
from selfsame.face.sound.animator import decided
from selfsame.face.sound.features import Features, mel_db
from selfsame.face.sound.network import AFTER, BEFORE, Network
from selfsame.face.visemes import MOUTH
from selfsame.kit.pcm import Pcm

_EMPHASIS = {"jawOpen": 3.0, "mouthClose": 3.0, "mouthPucker": 2.0, "mouthFunnel": 2.0, "mouthRollLower": 1.5}


@dataclass(frozen=True, slots=True)
class Options:
    """How much speech to make, how long to train, and from which seed."""

    minutes: float = 60.0
    epochs: int = 24
    hidden: int = 96
    seed: int = 1


def train(options: Options, tell: Callable[[str], None]) -> Network:
    """Make the speech and fit the network: some five minutes of one core."""
    shape = typical_shape(corpus(120, VARIANTS, options.seed, clean=True))
    tell(f"making {options.minutes:.0f} minutes of speech")
    data = gather(corpus(60 * options.minutes, VARIANTS, options.seed + 1), shape)
    tell(f"{len(data.places)} moments; training")
    emphasis = np.array([_EMPHASIS.get(channel, 1.0) for channel in MOUTH], np.float32)
    return fit(data, Plan(options.hidden, options.epochs, emphasis), shape, options.seed, tell)


def typical_shape(examples: Iterable[Example]) -> Floats:
    """The mean spectrum of speech against its own level, by band, in dB."""
    rows = []
    for made in examples:
        size = int(0.025 * made.sample_rate)
        bands = mel_db(made.pcm[: len(made.pcm) // size * size].reshape(-1, size), made.sample_rate)
        loud = bands.max(1) + 3.0
        speech = loud > loud.max() - 30.0
        rows.append(bands[speech] - loud[speech].mean())
    return np.concatenate(rows).mean(0).astype(np.float32)


def gather(examples: Iterable[Example], shape: Floats) -> Data:
    """All examples in a row, each with its surroundings of silence."""
    rows: list[Floats] = []
    targets: list[Floats] = []
    places, at = [], 0
    for made in examples:
        features = Features(shape)
        features.add(made.pcm, made.sample_rate)
        count = min(len(features), len(made.mouths))
        rows.append(features.between(-BEFORE, count + AFTER, silent=True))
        padded = np.zeros((count + BEFORE + AFTER, len(MOUTH)), np.float32)
        padded[BEFORE : BEFORE + count] = made.mouths[:count]
        targets.append(padded)
        places.append(at + BEFORE + np.arange(count))
        at += count + BEFORE + AFTER
    return Data(np.concatenate(rows), np.concatenate(targets), np.concatenate(places))


def hear(network: Network, pcm: Pcm, rate: int) -> Floats:
    """The network's mouths for a whole sound, one per row of features, its closures decided."""
    features = Features(network.shape)
    features.add(pcm, rate)
    mouths = network(features.between(-BEFORE, len(features) + AFTER, silent=True))
    mouths[:, MOUTH.index("mouthClose")] = decided(mouths[:, MOUTH.index("mouthClose")].astype(np.float64))
    return mouths


def score(network: Network, seconds: float, seed: int, variants: Sequence[str] = HELD_OUT) -> dict[str, Any]:
    """Against the phoneme track, on undisturbed speech of the variants: correlations and closures."""
    heard, known = [], []
    for made in corpus(seconds, tuple(variants), seed, clean=True):
        mouths = hear(network, made.pcm, made.sample_rate)
        count = min(len(mouths), len(made.mouths))
        heard.append(mouths[:count])
        known.append(made.mouths[:count])
    heard, known = np.concatenate(heard), np.concatenate(known)
    told: dict[str, Any] = {"seconds": round(len(heard) / 100)}
    for channel in ("jawOpen", "mouthClose", "mouthPucker", "mouthStretch", "mouthRollLower"):
        told[channel] = round(correlation(heard[:, MOUTH.index(channel)], known[:, MOUTH.index(channel)]), 3)
    return told
