"""The sound-to-mouth network: two hidden layers over a quarter of a second of features, in plain numpy.

It was trained here, by `selfsame models train sound-to-visemes`, on the embedded synthesiser's speech, whose phoneme
times are exact. Its outputs are the mouth channels that the phoneme track has at that moment; no language is known.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from selfsame.face.sound.features import Rows

OFFSETS = np.array([-15, -12, -9, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8])
"""The rows, before and after a moment, that are seen together."""

BEFORE, AFTER = int(-OFFSETS[0]), int(OFFSETS[-1])
FILE = "weights.npz"
_LEAK = 0.05

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Network:
    """Weights and biases by layer, and the expected spectrum of speech that the features begin with (dB by band)."""

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    shape: Floats

    def __call__(self, rows: Rows) -> Floats:
        """Rows with BEFORE rows in front and AFTER behind to the mouth at each row between, 0..1."""
        places = np.arange(len(rows) - BEFORE - AFTER)[:, None] + (OFFSETS + BEFORE)
        return sigmoid(self.logits(rows[places].reshape(len(places), -1)))

    def logits(self, inputs: Floats) -> Floats:
        """The last layer before the sigmoid, for inputs of shape (n, len(OFFSETS) * BANDS)."""
        value = inputs
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            value = leaky(value @ weight + bias)
        return value @ self.weights[-1] + self.biases[-1]


def leaky(value: Floats) -> Floats:
    """The leaky rectifier."""
    return np.maximum(value, _LEAK * value)


def slope(value: Floats) -> Floats:
    """The rectifier's slope at its output `value`."""
    return np.where(value > 0, np.float32(1.0), np.float32(_LEAK))


def sigmoid(value: Floats) -> Floats:
    """The logistic function."""
    return (1.0 / (1.0 + np.exp(-np.clip(value, -30, 30)))).astype(np.float32)


@lru_cache(maxsize=1)
def trained() -> Network:
    """The network that ships with the product (a few milliseconds to load)."""
    with resources.files("selfsame.face.sound").joinpath(FILE).open("rb") as file, np.load(file) as stored:
        layers = sum(name.startswith("weight") for name in stored.files)
        weights = tuple(stored[f"weight{n}"].astype(np.float32) for n in range(layers))
        biases = tuple(stored[f"bias{n}"].astype(np.float32) for n in range(layers))
        return Network(weights, biases, stored["shape"].astype(np.float32))


def save(network: Network, path: str) -> None:
    """Write the weights as 16-bit floats."""
    named: dict[str, Any] = {f"weight{n}": value.astype(np.float16) for n, value in enumerate(network.weights)}
    named |= {f"bias{n}": value.astype(np.float16) for n, value in enumerate(network.biases)}
    np.savez_compressed(path, shape=network.shape.astype(np.float16), **named)
