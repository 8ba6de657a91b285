"""When each phone of a text sounds in a recording of it. Pure.

First guess: dynamic time warping (Sakoe and Chiba 1978) onto the guide's speech, whose phone times are exact. Then a
hidden Markov model of the person is trained on the guess and the recording aligned anew by Viterbi's rule, several
times over: three states a phone with diagonal Gaussians, shrunk towards the phone's mean, and an optional pause between
words. What the person left out of the guide's pauses costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.events.spoken import WordTime
from selfsame.studio.voice.utterance import Heard, Utterance, speech_mask
from selfsame.voice.units.line import Phone
from selfsame.voice.units.phones import PAUSE
from selfsame.voice.units.sound import FRAMES, Floats

ROUNDS = 5
_STATES = 3
_STEP_COST = 0.3
_OUTSIDE = 25.0  # log likelihood lost by a frame outside its word's anchor
_MARGIN = 0.04  # seconds around an anchor
_IMPOSSIBLE = -1e18

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Segment:
    """A phone of the line in the recording: frames `first` to `last` (excluded); -1 when it is not there.

    `fit` is its mean log likelihood a frame against the usual for its phone, in standard deviations (low is bad).
    """

    phone: Phone
    first: int
    last: int
    fit: float = 0.0


Anchors = Sequence[WordTime]
"""Word times in the recording, one for each word of the line, as an aligner of words found them."""


def align(utterances: Sequence[Utterance], anchors: Sequence[Anchors | None] = ()) -> list[list[Segment]]:
    """The segments of every utterance, one for each phone of its line, in order."""
    anchors = [*anchors, *[None] * (len(utterances) - len(anchors))]
    scale = _scale([u.real for u in utterances])
    features = [_features(u.real, scale) for u in utterances]
    guides = [_features(u.guide, _scale([u.guide for u in utterances])) for u in utterances]
    labels = [_warped(u, g, f) for u, g, f in zip(utterances, guides, features, strict=True)]
    bounds = [_bounds(u, a) for u, a in zip(utterances, anchors, strict=True)]
    fits: list[npt.NDArray[np.float64]] = []
    for _ in range(ROUNDS):
        model = _Model(utterances, features, labels)
        found = [model.path(u, f, b) for u, f, b in zip(utterances, features, bounds, strict=True)]
        labels, fits = [path for path, _ in found], [fit for _, fit in found]
    return [_segments(u, path, fit) for u, path, fit in zip(utterances, labels, fits, strict=True)]


# --- features --------------------------------------------------------------------------------------------------------


def _raw(heard: Heard) -> Floats:
    cepstra = heard.cepstra[:, :14]
    padded = np.pad(cepstra, ((2, 2), (0, 0)), "edge")
    slope = (padded[4:] - padded[:-4]) * 1.0
    voiced = np.convolve(heard.hertz > 0, np.ones(3) / 3, "same")
    return np.hstack([cepstra, slope, 1.5 * voiced[:, None]]).astype(np.float32)


def _scale(heards: Sequence[Heard]) -> tuple[Floats, Floats]:
    rows = np.vstack([_raw(h) for h in heards])
    return rows.mean(0), rows.std(0) + 1e-6


def _features(heard: Heard, scale: tuple[Floats, Floats]) -> Floats:
    return (_raw(heard) - scale[0]) / scale[1]


# --- the first guess -------------------------------------------------------------------------------------------------


def _warped(utterance: Utterance, guide: Floats, real: Floats) -> Labels:
    """Labels by frame of the recording (phone number * 3 + state, -1 for none), by warping onto the guide."""
    own, place = np.full(len(guide), -1), np.zeros(len(guide))
    for number, phone in enumerate(utterance.line.phones):
        a, b = int(phone.start * FRAMES), min(len(guide), int(phone.end * FRAMES) + 1)
        if phone.name != PAUSE and b > a:
            own[a:b], place[a:b] = number, (np.arange(b - a) + 0.5) / (b - a)
    from_guide = np.flatnonzero((own >= 0) & speech_mask(utterance.guide))[::2]
    from_real = np.flatnonzero(speech_mask(utterance.real))[::2]
    labels = np.full(len(real), -1, np.int64)
    if not len(from_guide) or not len(from_real):
        return labels
    for i, j in warp(guide[from_guide], real[from_real]):
        state = min(_STATES - 1, int(place[from_guide[i]] * _STATES))
        labels[from_real[j] : from_real[j] + 2] = own[from_guide[i]] * _STATES + state
    return labels


def warp(a: Floats, b: Floats) -> list[tuple[int, int]]:
    """The cheapest monotonous path through the distances of the rows of `a` and `b`, by antidiagonals."""
    square = (a**2).sum(1)[:, None] + (b**2).sum(1)[None] - 2 * a @ b.T
    cost = np.sqrt(np.maximum(square, 0.0) / a.shape[1])
    n, m = cost.shape
    total = np.full((n + 1, m + 1), np.inf)
    total[0, 0] = 0.0
    for d in range(2, n + m + 1):
        i = np.arange(max(1, d - m), min(n, d - 1) + 1)
        j = d - i
        best = np.minimum(total[i - 1, j - 1], np.minimum(total[i - 1, j], total[i, j - 1]) + _STEP_COST)
        total[i, j] = best + cost[i - 1, j - 1]
    path, i, j = [], n, m
    while i > 0 and j > 0:
        path.append((i - 1, j - 1))
        options = (total[i - 1, j - 1], total[i - 1, j] + _STEP_COST, total[i, j - 1] + _STEP_COST)
        step = int(np.argmin(options))
        i, j = i - (step != 2), j - (step != 1)
    return path[::-1]


# --- the person's model ----------------------------------------------------------------------------------------------


class _Model:
    """Gaussians of the person's phones, by phone and state, and of pauses."""

    def __init__(self, utterances: Sequence[Utterance], features: Sequence[Floats], labels: Sequence[Labels]) -> None:
        width = features[0].shape[1]
        parts: dict[tuple[str, int], list[Floats]] = {}
        silent = []
        for utterance, rows, label in zip(utterances, features, labels, strict=True):
            silent.append(rows[label < 0])
            order = np.argsort(label, kind="stable")
            keys, starts = np.unique(label[order], return_index=True)
            for key, chosen in zip(keys, np.split(order, starts[1:]), strict=True):
                if key >= 0:
                    name = utterance.line.phones[key // _STATES].name
                    parts.setdefault((name, int(key % _STATES)), []).append(rows[chosen])
        pause = np.vstack(silent)
        pause = pause if len(pause) > 20 else np.vstack([f[:5] for f in features])
        self._gaussians = {(PAUSE, 0): (pause.mean(0), np.maximum(pause.var(0), 0.1))}
        for name in {p.name for u in utterances for p in u.line.phones} - {PAUSE}:
            states = [np.vstack([*parts.get((name, s), []), np.zeros((0, width))]) for s in range(_STATES)]
            every = np.vstack(states)
            mean = every.sum(0) / (len(every) + 3)
            spread = (((every - mean) ** 2).sum(0) + 10) / (len(every) + 10)
            for s, rows in enumerate(states):
                centre = (rows.sum(0) + 4 * mean) / (len(rows) + 4)
                width_ = (((rows - centre) ** 2).sum(0) + 15 * np.maximum(spread, 0.15)) / (len(rows) + 15)
                self._gaussians[name, s] = centre, np.maximum(width_, 0.1)

    def path(
        self, utterance: Utterance, rows: Floats, bounds: Sequence[tuple[int, int]] | None
    ) -> tuple[Labels, npt.NDArray[np.float64]]:
        """The best labels by frame, and the log likelihood of each frame under its label."""
        states = _states(utterance.line.phones)
        keys = list(dict.fromkeys((name, number % _STATES if number >= 0 else 0) for name, number, _, _ in states))
        column = {key: n for n, key in enumerate(keys)}
        likely = np.stack([_likelihood(rows, *self._gaussians[key]) for key in keys], axis=1)
        chosen = [column[name, number % _STATES if number >= 0 else 0] for name, number, _, _ in states]
        table = likely[:, chosen]
        if bounds is not None:
            for n, (_, number, _, _) in enumerate(states):
                if number >= 0:
                    first, last = bounds[number // _STATES]
                    table[: max(0, first), n] -= _OUTSIDE
                    table[max(0, last) :, n] -= _OUTSIDE
        path = viterbi(table, np.array([s[3] for s in states]), np.array([s[2] for s in states]))
        return np.array([s[1] for s in states])[path], table[np.arange(len(rows)), path]


def _likelihood(rows: Floats, mean: Floats, variance: Floats) -> npt.NDArray[np.float64]:
    return -0.5 * (((rows - mean) ** 2 / variance).sum(1) + np.log(variance).sum())


def _states(phones: Sequence[Phone]) -> list[tuple[str, int, bool, float]]:
    """The chain: name, label (-1 for pauses), whether it may be skipped, and the cost of entering it."""
    states: list[tuple[str, int, bool, float]] = [(PAUSE, -1, True, 0.0)]
    for number, phone in enumerate(phones):
        if phone.name == PAUSE:
            if states[-1][0] == PAUSE:
                states[-1] = (PAUSE, -1, True, 0.0)
            else:
                states.append((PAUSE, -1, True, 0.0))
            continue
        if phone.opens and states[-1][0] != PAUSE:
            states.append((PAUSE, -1, True, 40.0))
        states += [(phone.name, number * _STATES + s, False, 0.0) for s in range(_STATES)]
    if states[-1][0] != PAUSE:
        states.append((PAUSE, -1, True, 0.0))
    return states


def viterbi(table: npt.NDArray[np.floating], costs: npt.NDArray[np.floating], skips: npt.NDArray[np.bool_]) -> Labels:
    """The best state by row of `table` (rows, states): from left to right, one state at a time.

    States of `skips` may be left out, entering a state costs `costs`.
    """
    count, states = table.shape
    total = np.full(states, _IMPOSSIBLE)
    total[0] = table[0, 0]
    if states > 1 and skips[0]:
        total[1] = table[0, 1]
    back = np.zeros((count, states), np.int8)
    over = np.append([False, False], skips[1:-1])[:states]
    for t in range(1, count):
        stay = total
        step = np.append(_IMPOSSIBLE, total[:-1]) - costs
        jump = np.where(over, np.append([_IMPOSSIBLE, _IMPOSSIBLE], total[:-2])[:states], _IMPOSSIBLE)
        choice = np.where(step > stay, 1, 0)
        best = np.maximum(step, stay)
        choice = np.where(jump > best, 2, choice)
        total = np.maximum(best, jump) + table[t]
        back[t] = choice
    at = states - 1
    if skips[-1] and states > 1 and total[-2] > total[-1]:
        at = states - 2
    path = np.zeros(count, np.int64)
    for t in range(count - 1, -1, -1):
        path[t] = at
        at -= int(back[t, at])
    return path


def _bounds(utterance: Utterance, anchors: Anchors | None) -> list[tuple[int, int]] | None:
    """Per phone the frames within which its word lies."""
    words = utterance.line.words
    if anchors is None or len(anchors) != len(words):
        return None
    found = []
    for phone in utterance.line.phones:
        middle = 0.5 * (phone.start + phone.end)
        number = max((n for n, word in enumerate(words) if word.start <= middle), default=0)
        anchor = anchors[number]
        found.append((int((anchor.start - _MARGIN) * FRAMES), int((anchor.end + _MARGIN) * FRAMES)))
    return found


# --- the result ------------------------------------------------------------------------------------------------------


def _segments(utterance: Utterance, path: Labels, likely: npt.NDArray[np.float64]) -> list[Segment]:
    found = []
    number = np.where(path >= 0, path // _STATES, -1)
    for n, phone in enumerate(utterance.line.phones):
        inside = np.flatnonzero(number == n) if phone.name != PAUSE else []
        if len(inside):
            found.append(Segment(phone, int(inside[0]), int(inside[-1]) + 1, float(likely[inside].mean())))
        else:
            found.append(Segment(phone, -1, -1))
    return found


def standardised(utterances: Sequence[Sequence[Segment]]) -> list[list[Segment]]:
    """The same segments with `fit` measured against the others of their phone (against all for scarce phones)."""
    fits: dict[str, list[float]] = {}
    for segments in utterances:
        for s in segments:
            if s.first >= 0:
                fits.setdefault(s.phone.name, []).append(s.fit)
    every = np.array([fit for each in fits.values() for fit in each] or [0.0])
    usual = {name: (np.median(each), np.std(each) + 1.0) for name, each in fits.items() if len(each) >= 5}
    default = np.median(every), np.std(every) + 1.0

    def mend(s: Segment) -> Segment:
        centre, spread = usual.get(s.phone.name, default)
        return Segment(s.phone, s.first, s.last, float((s.fit - centre) / spread) if s.first >= 0 else 0.0)

    return [[mend(s) for s in segments] for segments in utterances]
