"""Does the mouth move with the words? A heuristic on frames, without a network (EVAL-06). Pure numpy.

How far the mouth is open in each frame of the video is correlated with how far it should be, at the right time and at
wrong times. Chance is what the best wrong time reaches, and the score is agreement beyond chance, as Cohen's kappa:
(r - chance) / (1 - chance), 0 when a wrong time does as well, 1 when the curves are the same. No weight is trained: a
mouth that is still, random, rhythmic, late or says something else finds no time that stands out, or the wrong one.

It says that the mouth keeps time with the sounds, not that it looks real.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from selfsame.errors import BadInput
from selfsame.evaluator.expected_opening import HZ, Expected, TimedPhoneme, Track, closures, from_phonemes, from_sound
from selfsame.kit.pcm import Pcm

NEAR = (-0.08, 0.06)
"""Offsets in seconds that count as in sync. Speakers' lips may lead their sound, and viewers notice sound that comes
late least (ITU-R BT.1359: detectable from 45 ms early, 125 ms late)."""
FAR = 0.16
FARTHEST = 0.5
"""Offsets between these many seconds, early or late, are the wrong times that make chance."""
LEAST_SPEECH = 0.8
"""Seconds of speech without which nothing can be said."""
LEAST_MOVEMENT = 0.015
"""A mouth whose opening varies less than this (5th to 95th percentile, of the eye distance) does not move."""
CLOSED_AT_MOST = 0.1
"""Lips farther apart than this share of the eye distance are never closed, however wide they open at other times."""
_CLOSED_SHARE = 0.25
_SLOW = 1.0  # seconds: slower changes are the head's and the landmarks', not the words'

Openings = npt.NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class LipSync:
    """How well mouth and words agree.

    `score` 0..1. `av_offset_ms` is where they agree best: positive when the sound is early, that is the mouth moves
    too late (the sign of ITU-R BT.1359); None when the mouth does not move. `closure_rate` is the share of m, b and p
    for which the lips close (None without phonemes or without such sounds). `n_frames` counts frames in which the mouth
    was seen. `agreement` is the correlation in sync and `chance` the largest one out of sync.
    """

    score: float
    av_offset_ms: float | None
    closure_rate: float | None
    n_frames: int
    basis: Literal["phonemes", "sound"]
    agreement: float = 0.0
    chance: float = 0.0


def against_phonemes(openings: Openings, fps: float, phonemes: Sequence[TimedPhoneme]) -> LipSync:
    """Score a video's mouth against phoneme times.

    `openings`: lip gap per frame relative to the distance of the eyes, NaN where no mouth was seen; frame k is shown
    from k / fps to (k + 1) / fps. `phonemes`: (IPA, start, end) in seconds of the video. Raises BadInput when the
    numbers are no such thing or the speech is too short.
    """
    seen = _checked(openings, fps)
    if any(not (np.isfinite(start) and np.isfinite(end)) for _, start, end in phonemes):
        raise BadInput("phoneme times must be finite numbers of seconds")
    expected = from_phonemes(phonemes, len(seen) / fps)
    return _scored(seen, fps, expected, closures(phonemes), "phonemes")


def against_sound(openings: Openings, fps: float, pcm: Pcm, rate: int) -> LipSync:
    """Score a video's mouth against its sound alone: weaker, for speech whose phonemes are not known.

    `openings` as for `against_phonemes`; `pcm` begins with the first frame. Raises BadInput likewise.
    """
    seen = _checked(openings, fps)
    if rate < 4_000:
        raise BadInput("sound for lip-sync needs at least 4000 samples a second")
    return _scored(seen, fps, from_sound(pcm, rate, len(seen) / fps), [], "sound")


def _checked(openings: Openings, fps: float) -> Track:
    seen = np.asarray(openings, np.float64)
    if seen.ndim != 1 or not 5.0 <= fps <= 240.0:
        raise BadInput("lip-sync needs one opening per frame at 5 to 240 frames a second")
    return np.where(np.isfinite(seen), seen, np.nan)


def _scored(
    seen: Track,
    fps: float,
    expected: Expected,
    held: list[tuple[float, float]],
    basis: Literal["phonemes", "sound"],
) -> LipSync:
    spoken = int(expected.speaking.sum())
    if spoken < LEAST_SPEECH * HZ:
        raise BadInput(f"lip-sync needs at least {LEAST_SPEECH} s of speech within the video, not {spoken / HZ:.1f} s")
    visible = np.isfinite(seen)
    frames = int(visible.sum())
    rate = _closure_rate(seen, fps, held) if held else None
    # A mouth that is hidden half of the time keeps no time that anybody could see.
    if 2 * frames < len(seen) or _movement(seen) < LEAST_MOVEMENT:
        return LipSync(0.0, None, rate, frames, basis)
    lags, agreement = _correlations(_resampled(seen, fps, len(expected.opening)), expected)
    near = (lags >= NEAR[0]) & (lags <= NEAR[1])
    r, chance = float(agreement[near].max()), max(0.0, float(agreement[np.abs(lags) >= FAR].max()))
    score = max(0.0, (r - chance) / (1.0 - chance)) if chance < 1.0 else 0.0
    return LipSync(min(1.0, score), _peak_ms(lags, agreement), rate, frames, basis, r, chance)


def _movement(seen: Track) -> float:
    low, high = np.nanpercentile(seen, [5, 95])
    return float(high - low)


def _resampled(seen: Track, fps: float, count: int) -> Track:
    """The openings at `HZ`, NaN in stretches where the mouth was not seen; single glitches are clipped."""
    visible = np.isfinite(seen)
    low, high = np.nanpercentile(seen, [1, 99])
    at = (np.arange(len(seen)) + 0.5) / fps
    t = (np.arange(count) + 0.5) / HZ
    track = np.interp(t, at[visible], np.clip(seen[visible], low, high))
    track[~visible[np.minimum((t * fps).astype(int), len(seen) - 1)]] = np.nan
    return track


def _correlations(track: Track, expected: Expected) -> tuple[Track, Track]:
    """Offsets in seconds (positive: the mouth is late) and the correlation at each, over what is spoken and seen."""
    hidden = np.isnan(track)
    mouth = _fast_part(np.where(hidden, np.nanmean(track), track))
    mouth[hidden] = np.nan
    wanted = _fast_part(expected.opening)
    farthest = int(HZ * min(FARTHEST, max(FAR + 0.1, len(track) / HZ / 3)))
    places = np.flatnonzero(expected.speaking)
    lags = np.arange(-farthest, farthest + 1)
    found = np.zeros(len(lags))
    for k, lag in enumerate(lags):
        there = places + lag
        there = there[(there >= 0) & (there < len(mouth))]
        there = there[~np.isnan(mouth[there])]
        if len(there) >= 0.6 * len(places):
            # What overlaps less proves less, by chance or not.
            found[k] = _correlation(mouth[there], wanted[there - lag]) * len(there) / len(places)
    return lags / HZ, found


def _correlation(a: Track, b: Track) -> float:
    a, b = a - a.mean(), b - b.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 1e-12 else 0.0


def _fast_part(track: Track) -> Track:
    """What is left without changes slower than a second."""
    width = min(int(_SLOW * HZ) | 1, len(track) // 2 * 2 - 1)
    if width < 3:
        return track - track.mean()
    padded = np.pad(track, width // 2, mode="reflect")
    return track - np.convolve(padded, np.ones(width) / width, "valid")


def _peak_ms(lags: Track, agreement: Track) -> float:
    """The offset of the largest correlation, refined by a parabola through its neighbours."""
    k = int(np.argmax(agreement))
    if 0 < k < len(lags) - 1:
        left, middle, right = agreement[k - 1 : k + 2]
        bend = left - 2 * middle + right
        return 1000 * float(lags[k] + (0.5 * (left - right) / bend / HZ if bend < -1e-12 else 0.0))
    return 1000 * float(lags[k])


def _closure_rate(seen: Track, fps: float, held: list[tuple[float, float]]) -> float | None:
    """The share of closures during which, to half a frame, the lips come down to the lowest quarter of their range."""
    if not np.isfinite(seen).any():
        return 0.0
    low, high = np.nanpercentile(seen, [5, 95])
    if high - low < LEAST_MOVEMENT:
        return 0.0
    closed = min(low + _CLOSED_SHARE * (high - low), CLOSED_AT_MOST)
    met = []
    for start, end in held:
        first, last = max(0, round(start * fps - 0.5)), min(len(seen), round(end * fps + 0.5) + 1)
        frames = seen[first:last]
        if np.isfinite(frames).any():
            met.append(bool(np.nanmin(frames) <= closed))
    return float(np.mean(met)) if met else None
