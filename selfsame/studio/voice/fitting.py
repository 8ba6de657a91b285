"""The acoustic model's training: a small perceptron by AdamW in plain numpy. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from selfsame.voice.units.network import Network, leaky, standardised
from selfsame.voice.units.sound import Floats

_SLOPE = np.float32(0.05)  # of the leaky rectifier below zero
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train: `hidden` units in each of two layers, `drop` of them left out, `epochs` through the data."""

    hidden: int = 256
    epochs: int = 30
    rate: float = 3e-3
    drop: float = 0.3
    decay: float = 0.02
    seed: int = 0


PLAN = Plan()


def fit(rows: Floats, targets: Floats, plan: Plan) -> Network:
    """The network that tells `targets` (n, OUTPUTS) from `rows` (n, columns) with the least squared error.

    Loshchilov and Hutter, "Decoupled weight decay regularization" (ICLR 2019); the rate rises and falls once.
    """
    chance = np.random.default_rng(plan.seed)
    inputs = rows.mean(0), np.maximum(rows.std(0), 0.05)
    outputs = targets.mean(0), targets.std(0) + 1e-4
    x, y = standardised(rows, inputs), ((targets - outputs[0]) / outputs[1]).astype(np.float32)
    sizes = [x.shape[1], plan.hidden, plan.hidden, y.shape[1]]
    weights = [
        (chance.standard_normal((a, b)) * np.sqrt((2.0 if n < 2 else 1.0) / a)).astype(np.float32)
        for n, (a, b) in enumerate(zip(sizes[:-1], sizes[1:], strict=True))
    ]
    biases = [np.zeros(b, np.float32) for b in sizes[1:]]
    optimiser = _AdamW([*weights, *biases], plan.decay)
    steps = plan.epochs * max(1, len(x) // _BATCH)
    done = 0
    while done < steps:
        order = chance.permutation(len(x))
        for start in range(0, max(1, len(x) - _BATCH + 1), _BATCH):
            batch = order[start : start + _BATCH]
            share = done / steps
            rate = plan.rate * min(1.0, share / 0.2 + 0.04) * (0.5 + 0.5 * np.cos(np.pi * max(0.0, share - 0.2) / 0.8))
            optimiser.step(_gradients(x[batch], y[batch], weights, biases, plan.drop, chance), rate)
            done += 1
    return Network(
        tuple(weights),
        tuple(biases),
        (inputs[0].astype(np.float32), inputs[1].astype(np.float32)),
        (outputs[0].astype(np.float32), outputs[1].astype(np.float32)),
    )


def _gradients(
    x: Floats, y: Floats, weights: list[Floats], biases: list[Floats], drop: float, chance: np.random.Generator
) -> list[Floats]:
    values, masks = [x], []
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        mask = (chance.random((len(x), weight.shape[1]), np.float32) >= drop) * np.float32(1 / (1 - drop))
        values.append(leaky(values[-1] @ weight + bias) * mask)
        masks.append(mask)
    back = (values[-1] @ weights[-1] + biases[-1] - y) * np.float32(2.0 / y.size)
    found_weights, found_biases = [], []
    for n in range(len(weights) - 1, -1, -1):
        found_weights.append(values[n].T @ back)
        found_biases.append(back.sum(0))
        if n:
            back = (back @ weights[n].T) * masks[n - 1] * np.where(values[n] > 0, np.float32(1.0), _SLOPE)
    return found_weights[::-1] + found_biases[::-1]


class _AdamW:
    """The optimiser's memory for arrays that it changes in place; biases do not decay."""

    def __init__(self, arrays: list[Floats], decay: float) -> None:
        self._arrays, self._decay, self._steps = arrays, decay, 0
        self._first = [np.zeros_like(a) for a in arrays]
        self._second = [np.zeros_like(a) for a in arrays]

    def step(self, gradients: list[Floats], rate: float) -> None:
        """One step down the gradients."""
        self._steps += 1
        scaled = rate * np.sqrt(1 - 0.999**self._steps) / (1 - 0.9**self._steps)
        for array, g, m, v in zip(self._arrays, gradients, self._first, self._second, strict=True):
            m += np.float32(0.1) * (g - m)
            v += np.float32(0.001) * (g * g - v)
            if array.ndim > 1:
                array *= np.float32(1 - rate * self._decay)
            array -= np.float32(scaled) * m / (np.sqrt(v) + np.float32(1e-8))
