"""Gradient descent in plain numpy: a small perceptron with logistic outputs, by Adam (Kingma and Ba 2015)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.face.sound.features import BANDS
from selfsame.face.sound.network import OFFSETS, Network, leaky, sigmoid, slope

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Plan:
    """How to train. `emphasis` weighs the outputs; the rate falls along a half cosine."""

    hidden: int
    epochs: int
    emphasis: Floats
    rate: float = 2e-3
    batch: int = 512
    decay: float = 1e-5


@dataclass(frozen=True, slots=True)
class Data:
    """All rows of all examples; `places` are those that have a target and their whole surroundings in `rows`."""

    rows: Floats
    targets: Floats
    places: npt.NDArray[np.int64]

    def inputs(self, places: npt.NDArray[np.int64]) -> Floats:
        """What the network sees at the places."""
        return self.rows[places[:, None] + OFFSETS].reshape(len(places), -1)


class Adam:
    """The optimiser's memory for one list of arrays, which it changes in place."""

    def __init__(self, arrays: list[Floats]) -> None:
        self._arrays = arrays
        self._first = [np.zeros_like(a) for a in arrays]
        self._second = [np.zeros_like(a) for a in arrays]
        self._steps = 0

    def step(self, gradients: list[Floats], rate: float) -> None:
        """One step down the gradients."""
        self._steps += 1
        rate *= np.sqrt(1 - 0.999**self._steps) / (1 - 0.9**self._steps)
        for array, g, m, v in zip(self._arrays, gradients, self._first, self._second, strict=True):
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            array -= (rate * m / (np.sqrt(v) + 1e-8)).astype(np.float32)


def fit(data: Data, plan: Plan, shape: Floats, seed: int, tell: Callable[[str], None]) -> Network:
    """Train. The loss is the cross-entropy between each output and its target, both probabilities."""
    chance = np.random.default_rng(seed)
    sizes = [len(OFFSETS) * BANDS, plan.hidden, plan.hidden, data.targets.shape[1]]
    weights = [
        (chance.standard_normal((a, b)) * np.sqrt(2 / a)).astype(np.float32)
        for a, b in zip(sizes[:-1], sizes[1:], strict=True)
    ]
    biases = [np.zeros(size, np.float32) for size in sizes[1:]]
    adam = Adam(weights + biases)
    steps, done = plan.epochs * (len(data.places) // plan.batch), 0
    for epoch in range(plan.epochs):
        order, losses = chance.permutation(data.places), []
        for start in range(0, len(order) - plan.batch + 1, plan.batch):
            places = order[start : start + plan.batch]
            rate = plan.rate * (0.02 + 0.98 * 0.5 * (1 + np.cos(np.pi * done / steps)))
            inputs = _hide_bands(data.inputs(places), chance)
            gradients, loss = _gradients(weights, biases, inputs, data.targets[places], plan)
            adam.step(gradients, float(rate))
            losses.append(loss)
            done += 1
        tell(f"epoch {epoch + 1} of {plan.epochs}: mean square error {np.mean(losses):.5f}")
    return Network(tuple(weights), tuple(biases), shape)


def _hide_bands(inputs: Floats, chance: np.random.Generator) -> Floats:
    """Whole bands are hidden now and then, so that no single one is relied upon."""
    hidden = chance.random((len(inputs), 1, BANDS), np.float32) < 0.06
    return np.where(hidden, np.float32(0), inputs.reshape(len(inputs), -1, BANDS)).reshape(len(inputs), -1)


def _gradients(
    weights: list[Floats], biases: list[Floats], inputs: Floats, targets: Floats, plan: Plan
) -> tuple[list[Floats], float]:
    """Back-propagation; the gradients of the weights, then of the biases, and the mean square error."""
    values = [inputs]
    for weight, bias in zip(weights[:-1], biases[:-1], strict=True):
        values.append(leaky(values[-1] @ weight + bias))
    guess = sigmoid(values[-1] @ weights[-1] + biases[-1])
    delta = ((guess - targets) * plan.emphasis / len(inputs)).astype(np.float32)
    of_weights: list[Floats] = []
    of_biases: list[Floats] = []
    for layer in range(len(weights) - 1, -1, -1):
        of_weights.insert(0, (values[layer].T @ delta + np.float32(plan.decay) * weights[layer]).astype(np.float32))
        of_biases.insert(0, delta.sum(0))
        if layer:
            delta = ((delta @ weights[layer].T) * slope(values[layer])).astype(np.float32)
    return of_weights + of_biases, float(((guess - targets) ** 2).mean())
