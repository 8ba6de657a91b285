"""How somebody speaks, by the sound: for how long, how their loudness swings, how often they pause. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from selfsame.kit.pcm import MICROPHONE_RATE, Pcm, to_float

FRAME = 400
"""Samples of a frame: 25 ms."""
ABOVE_FLOOR = 12.0
BELOW_PEAK = 32.0
"""Decibels above the quiet and below the loud frames, between which the threshold of speech lies."""
PAUSE = 0.3
"""Seconds of silence between speech from which it is a pause."""


@dataclass(frozen=True, slots=True)
class SoundMeasures:
    """`voiced_seconds` of speech in `seconds`; `swing` is the standard deviation of the loudness of speech in dB;
    `pauses` their number."""

    seconds: float
    voiced_seconds: float
    swing: float
    pauses: int


def measure_sound(pcm: Pcm) -> SoundMeasures:
    """The measures of 16 kHz sound."""
    voiced, levels = voiced_frames(pcm)
    step = FRAME / MICROPHONE_RATE
    swing = float(np.std(levels[voiced])) if voiced.any() else 0.0
    return SoundMeasures(
        len(pcm) / MICROPHONE_RATE, float(voiced.sum()) * step, swing, len(_silences(voiced, PAUSE / step))
    )


def voiced_frames(pcm: Pcm) -> tuple[np.ndarray, np.ndarray]:
    """Which frames of 25 ms hold speech, and the level of each in dB (full scale is 0). Shapes (frames,)."""
    count = len(pcm) // FRAME
    if not count:
        return np.zeros(0, bool), np.zeros(0)
    frames = to_float(pcm[: count * FRAME]).reshape(count, FRAME)
    levels = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-10)
    floor, peak = np.percentile(levels, 10), np.percentile(levels, 95)
    threshold = max(-60.0, min(floor + ABOVE_FLOOR, peak - 10), peak - BELOW_PEAK)
    return levels > threshold, levels


def stretches(pcm: Pcm, longest: float = 25.0, pause: float = 0.45) -> list[tuple[float, float]]:
    """Stretches of speech in seconds, cut at pauses of `pause` seconds, none longer than `longest`.

    A stretch that has no pause to cut at is cut at its quietest place in the last third.
    """
    voiced, levels = voiced_frames(pcm)
    step = FRAME / MICROPHONE_RATE
    edges = np.flatnonzero(np.diff(np.concatenate([[0], voiced.astype(np.int8), [0]])))
    runs = [(int(a), int(b)) for a, b in edges.reshape(-1, 2)]
    joined: list[list[int]] = []
    for begin, end in runs:
        if joined and (begin - joined[-1][1]) * step < pause:
            joined[-1][1] = end
        else:
            joined.append([begin, end])
    most = int(longest / step)
    found: list[tuple[float, float]] = []
    for begin, end in joined:
        while end - begin > most:
            cut = begin + 2 * most // 3 + int(np.argmin(levels[begin + 2 * most // 3 : begin + most]))
            found.append((begin * step, cut * step))
            begin = cut
        if (end - begin) * step >= 0.2:
            found.append((max(0.0, begin * step - 0.1), end * step + 0.15))
    return found


def _silences(voiced: np.ndarray, least: float) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(voiced.astype(np.int8)))
    gaps = [(int(a), int(b)) for a, b in zip(edges[:-1], edges[1:], strict=True) if not voiced[a + 1]]
    return [(a, b) for a, b in gaps if b - a >= least]
