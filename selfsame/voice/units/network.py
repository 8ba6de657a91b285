"""The acoustic model of a person: from phones and the guide's sound to the cepstra and pitch of the person.

Two hidden layers in plain numpy, a hundred rows a second. It says which of the person's own sounds fit; what it
predicts is never heard itself. Its rows also see the guide's sound, brought onto the person's time line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.voice.units.line import Phone
from selfsame.voice.units.phones import PAUSE, distance
from selfsame.voice.units.sound import CEPSTRA, FRAMES, Floats

STEP = 2
"""Frames from one row of the network to the next."""

OUTPUTS = CEPSTRA + 1
"""Cepstra, then the logarithm of the pitch."""

GUIDE = CEPSTRA + 2
"""Measures of the guide: standardised cepstra and log pitch, and its voicing as -1 or 1."""

_EXTRA = 9
_NEAR = 3
_LEAK = 0.05
_MOST = 5.0

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Layers, and means and deviations by which inputs and outputs are standardised."""

    weights: tuple[Floats, ...]
    biases: tuple[Floats, ...]
    inputs: tuple[Floats, Floats]
    outputs: tuple[Floats, Floats]

    def __call__(self, rows: Floats) -> Floats:
        """Rows of `rows_of` to (rows, OUTPUTS): cepstra and log pitch."""
        value = standardised(rows, self.inputs)
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            value = leaky(value @ weight + bias)
        return (value @ self.weights[-1] + self.biases[-1]) * self.outputs[1] + self.outputs[0]


def standardised(rows: Floats, scale: tuple[Floats, Floats]) -> Floats:
    """Less the mean, by the deviation, within +-5."""
    return np.clip((rows - scale[0]) / scale[1], -_MOST, _MOST).astype(np.float32)


def leaky(value: Floats) -> Floats:
    """The leaky rectifier."""
    return np.maximum(value, np.float32(_LEAK) * value)


def width_of(phones: int) -> int:
    """Columns of `rows_of` for so many phones."""
    return 3 * phones + _EXTRA + 4 * GUIDE


def guide_measures(cepstra: Floats, log_pitch: Floats, voiced: npt.NDArray[np.bool_], scale: Floats) -> Floats:
    """The guide's measures by frame, (frames, GUIDE). `scale` holds means and deviations, shape (2, CEPSTRA + 1)."""
    plain = np.hstack([cepstra, log_pitch[:, None]])
    measured = (plain - scale[0]) / scale[1]
    return np.hstack([measured, np.where(voiced, 1.0, -1.0)[:, None]]).astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Where phones lie in frames of the person's time: `first` and `last` (excluded) by phone, -1 where it is not."""

    first: Ints
    last: Ints


def rows_of(
    names: Sequence[str], phones: Sequence[Phone], spans: Spans, guide: Floats
) -> tuple[Ints, Floats, npt.NDArray[np.float64]]:
    """What the network sees: at which frames, the rows, shape (rows, width_of(len(names))), and places in the guide.

    `names` are the phones the network knows; others are taken for the most alike. `guide` is of `guide_measures`.
    """
    places, own = [], []
    for n, (phone, a, b) in enumerate(zip(phones, spans.first, spans.last, strict=True)):
        if phone.name != PAUSE and b > a >= 0:
            frames = np.arange(a + a % STEP, b, STEP)
            places.append(frames if len(frames) else np.array([a]))
            own.append(np.full(len(places[-1]), n))
    if not places:
        return np.zeros(0, np.int64), np.zeros((0, width_of(len(names))), np.float32), np.zeros(0)
    at, k = np.concatenate(places), np.concatenate(own)
    starts, ends = np.array([p.start for p in phones]), np.array([p.end for p in phones])
    length = (spans.last - spans.first)[k]
    r = np.clip((at - spans.first[k] + 0.5) / length, 0.0, 1.0)
    source = (starts[k] + r * (ends - starts)[k]) * FRAMES
    number = np.array([nearest(names, p.name) for p in phones])
    rows = np.zeros((len(at), width_of(len(names))), np.float32)
    each, count = np.arange(len(at)), len(names)
    rows[each, number[k]] = 1.0
    rows[each, count + number[np.maximum(k - 1, 0)]] = 1.0 - 0.7 * r
    rows[each, 2 * count + number[np.minimum(k + 1, len(phones) - 1)]] = 0.3 + 0.7 * r
    stress = np.array([p.stress for p in phones])[k] - 0.5
    begin, finish = np.exp(-6 * r), np.exp(-6 * (1 - r))
    swing = np.sin(np.pi * r)
    extra = [r, r * r, begin, finish, np.log(length) - 2.8, swing, stress, stress * swing, np.ones(len(at))]
    rows[:, 3 * count : 3 * count + _EXTRA] = np.stack(extra, axis=1)
    rows[:, 3 * count + _EXTRA :] = np.hstack(
        [_at(guide, source), _at(guide, source - _NEAR), _at(guide, source + _NEAR), _at(_smooth(guide), source)]
    )
    return at, rows, source


def nearest(names: Sequence[str], name: str) -> int:
    """The number of the known phone that is most like `name`."""
    if name in names:
        return names.index(name)
    return min(range(len(names)), key=lambda n: distance(names[n], name))


def _at(guide: Floats, places: npt.NDArray[np.floating]) -> Floats:
    """Rows of the guide between frames."""
    places = np.clip(places, 0, len(guide) - 1)
    low = places.astype(np.int64)
    share = (places - low)[:, None].astype(np.float32)
    return (1 - share) * guide[low] + share * guide[np.minimum(low + 1, len(guide) - 1)]


def _smooth(guide: Floats) -> Floats:
    """A running mean over about 80 ms."""
    reach = 8
    padded = np.pad(guide, ((reach + 1, reach), (0, 0)), "edge")
    sums = np.cumsum(padded, axis=0, dtype=np.float64)
    return ((sums[2 * reach + 1 :] - sums[: -2 * reach - 1]) / (2 * reach + 1)).astype(np.float32)
