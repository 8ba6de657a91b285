"""How long each phone lasts and how high it is: shares of the person's own way and of the guide's. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.voice.units.line import Phone
from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.network import Spans, guide_measures, nearest, rows_of
from selfsame.voice.units.phones import PAUSE
from selfsame.voice.units.pitch import filled, track
from selfsame.voice.units.sound import CEPSTRA, FRAMES, Floats, cepstra_of, log_mels

EXTRA = 6
_LEAST = 4  # frames of a phone
_LONGEST_PAUSE = 1.2  # seconds


@dataclass(frozen=True, slots=True, eq=False)
class Target:
    """What is wanted: phones, their spans in frames of the time to be said, cepstra and log pitch by frame."""

    phones: tuple[Phone, ...]
    spans: Spans
    cepstra: Floats
    log_pitch: Floats


def duration_row(names: Sequence[str], phones: Sequence[Phone], n: int) -> Floats:
    """What the length of phone `n` depends on: (len(names) + EXTRA,). The second last is the guide's log length."""
    row = np.zeros(len(names) + EXTRA, np.float32)
    row[nearest(names, phones[n].name)] = 1.0
    behind = [phones[k].name if k < len(phones) else PAUSE for k in (n + 1, n + 2)]
    row[-6] = phones[n].stress * 0.5
    row[-5] = behind[1] == PAUSE
    row[-4] = n == 0 or phones[n - 1].name == PAUSE
    row[-3] = behind[0] == PAUSE
    row[-2] = np.log(max(0.01, phones[n].seconds)) + 2.5
    row[-1] = 1.0
    return row


def spans_for(model: VoiceModel, phones: Sequence[Phone], speed: float) -> Spans:
    """The person's spans of the phones; a pause keeps the guide's length. Phone lengths follow `speed`."""
    first, last, now = [], [], 0
    for n, phone in enumerate(phones):
        seconds = min(_LONGEST_PAUSE, phone.seconds)
        if phone.name != PAUSE:
            row = duration_row(model.phones, phones, n)
            row[-2] += np.log(speed)  # the guide speaks faster; the person's lengths were learnt at speed 1
            seconds = float(np.exp(np.clip(row @ model.durations, np.log(0.02), np.log(0.6)))) / speed
        length = max(1 if phone.name == PAUSE else _LEAST, round(seconds * FRAMES))
        first.append(now)
        now += length
        last.append(now)
    return Spans(np.array(first, np.int64), np.array(last, np.int64))


def target_of(
    model: VoiceModel,
    phones: tuple[Phone, ...],
    sound: Floats,
    speed: float,
    guided: float = 0.5,
    hertz: Floats | None = None,
) -> Target:
    """What the person would sound like. `sound` is the guide's, at sound.RATE, level as in training.

    `guided` is the guide's share of the wanted melody, the rest is what the acoustic model expects of the person;
    `hertz` the guide's pitch by frame where it is known already.
    """
    spans = spans_for(model, phones, speed)
    hertz = track(sound, once=True) if hertz is None else hertz
    measures = guide_measures(cepstra_of(log_mels(sound)), filled(hertz), hertz > 0, model.guide)
    at, rows, source = rows_of(model.phones, phones, spans, measures)
    total = int(spans.last[-1]) if len(phones) else 0
    if not len(at):
        return Target(phones, spans, np.zeros((total, CEPSTRA), np.float32), np.full(total, model.pitch[0], np.float32))
    told = model.network(rows)
    contour = _contour(model, measures[:, CEPSTRA], source)
    every = np.arange(total)
    cepstra = np.stack([np.interp(every, at, column) for column in told[:, :CEPSTRA].T], axis=1)
    log_pitch = np.interp(every, at, (1 - guided) * told[:, CEPSTRA] + guided * contour)
    return Target(phones, spans, cepstra.astype(np.float32), log_pitch.astype(np.float32))


def _contour(model: VoiceModel, measure: Floats, source: npt.NDArray[np.floating]) -> npt.NDArray[np.float64]:
    """The guide's melody at the person's height and range."""
    value = np.interp(source, np.arange(len(measure)), measure)
    kernel = np.hanning(9)[1:-1]
    value = np.convolve(np.pad(value, 3, "edge"), kernel / kernel.sum(), "valid") if len(value) > 7 else value
    return model.pitch[0] + np.clip(value, -2.2, 2.2) * model.pitch[1] * 0.75


def corrections(
    wanted: tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]],
    own: tuple[npt.NDArray[np.floating], npt.NDArray[np.floating]],
    joins: npt.NDArray[np.floating],
    firm: npt.NDArray[np.floating],
    tilt: float,
) -> tuple[Floats, Floats]:
    """What to add to a value at the start and end of each unit, so that neighbours meet and units keep their shape.

    The least squares of: reaching `wanted` (starts, ends) from `own` (starts, ends), weighed by `firm` (a unit); not
    tilting within a unit, weighed by `tilt`; and meeting at each boundary, weighed by `joins` (one less than units).
    """
    n = len(firm)
    matrix, right = np.zeros((2 * n, 2 * n)), np.zeros(2 * n)
    s, e = np.arange(n) * 2, np.arange(n) * 2 + 1
    for place, target, value in ((s, wanted[0], own[0]), (e, wanted[1], own[1])):
        matrix[place, place] += firm + 1e-6
        right[place] += firm * (target - value)
    matrix[s, s] += tilt
    matrix[e, e] += tilt
    matrix[s, e] -= tilt
    matrix[e, s] -= tilt
    a, b = e[:-1], s[1:]
    step = own[0][1:] - own[1][:-1]
    matrix[a, a] += joins
    matrix[b, b] += joins
    matrix[a, b] -= joins
    matrix[b, a] -= joins
    right[a] += joins * step
    right[b] -= joins * step
    found = np.linalg.solve(matrix, right)
    return found[s], found[e]
