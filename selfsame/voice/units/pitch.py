"""Pitch of a voice, and the marks of its periods. Pure.

The track is Boersma's ("Accurate short-term analysis of the fundamental frequency and the harmonics-to-noise ratio of a
sampled sound", IFA Proceedings 17, 1993): the autocorrelation of a windowed stretch divided by that of the window gives
candidates, and the cheapest path through them the track. It is made twice: the second time near the voice's own median,
which undoes most jumps of an octave.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from selfsame.voice.units.sound import HOP, RATE, Floats, frames_of

LOWEST, HIGHEST = 65.0, 480.0  # Hz
UNVOICED_STEP = HOP
"""Samples between marks where there is no pitch."""

_HALF = RATE / 2  # the track is made at half the rate, every second frame
_WINDOW, _TRANSFORM = 512, 1024
_BEST = 6
_VOICED_AT, _OCTAVE_COST, _JUMP_COST, _SWITCH_COST = 0.45, 0.02, 0.5, 0.2
_QUIET = 0.02  # of the loud level: nothing below it has a pitch

Marks = npt.NDArray[np.int64]


def track(sound: Floats, *, once: bool = False) -> Floats:
    """Hz at every frame, 0 where the sound has no pitch. `once` skips the second pass (synthetic voices need none)."""
    half = _halved(sound)
    count = -(-frames_of(len(sound)) // 2)
    strength, lags = _candidates(half, count)
    hertz = _path(strength, lags, LOWEST, HIGHEST)
    voiced = hertz[hertz > 0]
    if not once and len(voiced) > 20:
        middle = float(np.median(voiced))
        hertz = _path(strength, lags, max(LOWEST, 0.55 * middle), min(HIGHEST, 1.9 * middle))
    return _every_frame(hertz, frames_of(len(sound)))


def _halved(sound: Floats) -> Floats:
    padded = np.concatenate([[0.0], sound, [0.0, 0.0]]).astype(np.float32)
    return (0.25 * padded[:-2:2] + 0.5 * padded[1:-1:2] + 0.25 * padded[2::2])[: (len(sound) + 1) // 2]


def _candidates(half: Floats, count: int) -> tuple[Floats, Floats]:
    """Per frame the best peaks of the normalised autocorrelation: heights and lags, shapes (count, _BEST)."""
    padded = np.concatenate([np.zeros(_WINDOW // 2), half, np.zeros(_WINDOW + 2 * HOP)]).astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:count]
    shape, own = _window()
    first, last = int(_HALF / HIGHEST) - 1, int(_HALF / LOWEST) + 2
    heights, lags = np.zeros((count, _BEST), np.float32), np.ones((count, _BEST), np.float32)
    loud = max(1e-4, float(np.percentile(np.abs(half), 99))) if len(half) else 1.0
    for start in range(0, count, 2048):
        part = windows[start : start + 2048]
        part = (part - part.mean(1, keepdims=True)) * shape
        power = np.abs(np.fft.rfft(part, _TRANSFORM)) ** 2
        wave = np.fft.irfft(power, _TRANSFORM)[:, : last + 1]
        quiet = np.sqrt(wave[:, 0] / _WINDOW) < _QUIET * loud
        wave = wave / np.maximum(wave[:, :1], 1e-9) / own[: last + 1]
        wave[quiet] = 0.0
        found = _peaks(wave[:, first:], first)
        heights[start : start + 2048], lags[start : start + 2048] = found
    return heights, lags


def _peaks(wave: npt.NDArray[np.floating], first: int) -> tuple[Floats, Floats]:
    """The highest local maxima of each row, refined by parabolas."""
    before, here, after = wave[:, :-2], wave[:, 1:-1], wave[:, 2:]
    score = np.where((here > before) & (here >= after), here, -1.0)
    score = score - _OCTAVE_COST * np.log2(np.arange(score.shape[1]) + first + 1.0)
    best = np.argpartition(-score, _BEST, axis=1)[:, :_BEST]
    row = np.arange(len(wave))[:, None]
    a, b, c = before[row, best], here[row, best], after[row, best]
    shift = np.clip(0.5 * (a - c) / np.minimum(a - 2 * b + c, -1e-6), -0.5, 0.5)
    heights = np.where(score[row, best] < -0.5, 0.0, np.clip(b, 0.0, 1.0))
    return heights.astype(np.float32), (best + first + 1 + shift).astype(np.float32)


def _path(strength: Floats, lags: Floats, low: float, high: float) -> Floats:
    """The cheapest path through the candidates and "no pitch", by Viterbi's rule; Hz, one per row."""
    count = len(strength)
    hertz = _HALF / lags
    value = strength - _OCTAVE_COST * np.log2(lags)
    value = np.where((hertz >= low) & (hertz <= high) & (strength > 0), value, -1.0)
    value = np.concatenate([value, np.full((count, 1), _VOICED_AT - _OCTAVE_COST * 7, np.float32)], axis=1)
    logs = np.log2(np.concatenate([hertz, np.ones((count, 1))], axis=1))
    total, back = value[0].copy() if count else np.zeros(_BEST + 1), np.zeros((count, _BEST + 1), np.int8)
    columns = np.arange(_BEST + 1)
    for n in range(1, count):
        cost = _JUMP_COST * np.abs(logs[n][None, :] - logs[n - 1][:, None])
        cost[-1, :-1] = cost[:-1, -1] = _SWITCH_COST
        cost[-1, -1] = 0.0
        reach = total[:, None] - cost
        back[n] = reach.argmax(0)
        total = reach[back[n], columns] + value[n]
    out, at = np.zeros(count, np.float32), int(total.argmax())
    for n in range(count - 1, -1, -1):
        out[n] = hertz[n, at] if at < _BEST else 0.0
        at = int(back[n, at])
    return out


def _every_frame(hertz: Floats, count: int) -> Floats:
    """Every second frame to every frame."""
    out = np.zeros(count, np.float32)
    out[::2] = hertz[: len(out[::2])]
    between = out[1::2]
    left, right = out[0:-1:2][: len(between)], np.append(out[2::2], 0.0)[: len(between)]
    between[: len(left)] = np.where((left > 0) & (right > 0), np.sqrt(left * right), 0.0)
    return out


@lru_cache(maxsize=1)
def _window() -> tuple[Floats, npt.NDArray[np.float64]]:
    shape = np.hanning(_WINDOW + 2)[1:-1]
    own = np.fft.irfft(np.abs(np.fft.rfft(shape, _TRANSFORM)) ** 2, _TRANSFORM)
    return shape.astype(np.float32), np.maximum(own / own[0], 0.05)


def filled(hertz: Floats) -> Floats:
    """Natural logarithm of the pitch, drawn through where there is none."""
    places = np.flatnonzero(hertz > 0)
    if len(places) < 2:
        return np.full(len(hertz), np.log(140.0), np.float32)
    return np.interp(np.arange(len(hertz)), places, np.log(hertz[places])).astype(np.float32)


def marks_of(sound: Floats, hertz: Floats) -> tuple[Marks, npt.NDArray[np.bool_]]:
    """Where the periods of the voice are: samples, ascending, and whether each has a pitch.

    In voiced stretches the marks lie on the peaks of the low-passed wave, one period apart, by the cheapest path; their
    sign is that of the voice's own larger peaks. Elsewhere they are UNVOICED_STEP apart.
    """
    if not len(sound):
        return np.zeros(0, np.int64), np.zeros(0, np.bool_)
    smooth = _lowpassed(sound)
    smooth = smooth * (1.0 if (smooth**3).sum() >= 0 else -1.0)
    marks: list[int] = []
    voiced: list[bool] = []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], hertz > 0, [0]]).astype(np.int8)))
    position = 0
    for start, end in [*zip(edges[::2], edges[1::2], strict=True), (len(hertz), len(hertz))]:
        found = _periods(smooth, hertz, int(start), int(end))
        until = found[0] if found else min(len(sound), int(start) * HOP)
        plain = np.arange(position, until - UNVOICED_STEP // 2, UNVOICED_STEP)
        marks += [*plain.tolist(), *found]
        voiced += [False] * len(plain) + [True] * len(found)
        position = (marks[-1] if marks else 0) + UNVOICED_STEP
    return np.array(marks, np.int64), np.array(voiced, np.bool_)


def _lowpassed(sound: Floats) -> Floats:
    """A Gaussian low-pass at about 700 Hz: the marks follow the wave's period, not its formants."""
    reach = np.arange(-24, 25)
    kernel = np.exp(-0.5 * (reach / 6.0) ** 2)
    return np.convolve(sound, kernel / kernel.sum(), "same").astype(np.float32)


def _periods(smooth: Floats, hertz: Floats, start: int, end: int) -> list[int]:
    """Peaks one period apart within frames `start` to `end`, by the cheapest path over the local maxima."""
    a, b = start * HOP, min(len(smooth) - 1, end * HOP)
    if end - start < 3 or b - a < 100:
        return []
    wave = smooth[a:b]
    places = np.flatnonzero((wave[1:-1] > wave[:-2]) & (wave[1:-1] >= wave[2:])) + 1
    places = places[wave[places] > 0]
    if len(places) < 2:
        return []
    period = RATE / hertz[np.clip((places + a) // HOP, start, end - 1)]
    period = np.where(np.isfinite(period), period, RATE / 140.0)
    local = np.array([np.abs(wave[max(0, p - int(t)) : p + int(t)]).max() for p, t in zip(places, period, strict=True)])
    height = wave[places] / np.maximum(local, 1e-6)
    total, back = height.copy() - 1.0, np.full(len(places), -1)
    for n in range(1, len(places)):
        first = int(np.searchsorted(places, places[n] - 1.5 * period[n]))
        if first >= n:
            total[n] = height[n] + (total[n - 1] if n else 0.0) - 1.0
            back[n] = n - 1
            continue
        ratio = np.log((places[n] - places[first:n]) / period[n])
        reach = total[first:n] - 12.0 * ratio**2
        best = int(reach.argmax())
        if reach[best] > -1.0:
            total[n], back[n] = height[n] + reach[best], first + best
    tail = int(np.argmax(total[-4:])) + max(0, len(total) - 4)
    found = [tail]
    while back[found[-1]] >= 0:
        found.append(int(back[found[-1]]))
    return (places[found[::-1]] + a).tolist()
