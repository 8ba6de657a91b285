"""From timed mouth shapes to the moving mouth: dominance, anticipation, and closures that are always reached. Pure.

Cohen and Massaro (1993): at time t channel c is sum(D target) / sum(D) over the segments near t, where the dominance D
of a segment falls off exponentially with the distance from it, more slowly ahead of it than after it where the face
anticipates (lips round about a tenth of a second early). Distances count from the segment's core, its middle half,
instead of its centre, so that long vowels hold their shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.events.shown import CHANNELS
from selfsame.face.chance import ease
from selfsame.face.visemes import GROUP_OF, GROUPS, MOUTH, REST, Viseme

REACH = 0.24
"""Seconds: a segment farther away than this has no say."""

LEAD = 0.03
"""Seconds by which the mouth runs ahead of the sound, as the articulators do."""

_BEFORE = np.array([0.050, 0.030, 0.085, 0.055, 0.045, 0.040])  # falling off ahead of a segment, seconds, over GROUPS
_AFTER = np.array([0.055, 0.030, 0.060, 0.055, 0.045, 0.040])
_ROUND_TIP = 0.010
_HOLD = 0.038  # a closure is held at least this long, so that some frame of 33 ms shows it
_SHUT_FASTEST = 0.055
_REST_FROM = 0.06  # a gap longer than this is silence; the rest begins so long after the sound before it

_GROUP = np.array([GROUPS.index(GROUP_OF[channel]) for channel in MOUTH])
_ALL = np.arange(len(MOUTH))
_CLOSE, _ROLL = MOUTH.index("mouthClose"), MOUTH.index("mouthRollLower")


def _limits(exactly: str, at_most: str, at_least: str = "") -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """How far each channel may be moved down and up to reach a target; channels that are not named stay."""
    down = [-np.inf if channel in (exactly + at_most).split() else 0.0 for channel in MOUTH]
    up = [np.inf if channel in (exactly + at_least).split() else 0.0 for channel in MOUTH]
    return np.array(down), np.array(up)


_SHUTS = _limits("mouthClose ", "jawOpen mouthUpperUp mouthLowerDown", "mouthPress")
_BITES = _limits("mouthClose mouthRollLower mouthUpperUp ", "jawOpen mouthLowerDown")
_OPENING = np.array([{"jaw": 1.0, "lips": 0.8, "spread": 0.45}.get(GROUP_OF[c], 0.0) for c in MOUTH])
_OPENING[_ROLL] = _OPENING[MOUTH.index("mouthRollUpper")] = 0.0

Mouths = npt.NDArray[np.float64]
"""Mouth shapes, shape (frames, len(MOUTH))."""


@dataclass(frozen=True, slots=True)
class Segment:
    """A mouth shape from `start` to `end`, in seconds of the reply."""

    viseme: Viseme
    start: float
    end: float


def with_rests(segments: Sequence[Segment]) -> list[Segment]:
    """The segments with silence before the first, after the last, and in every gap that is long enough to see."""
    filled, before = [], -np.inf
    for segment in segments:
        if segment.start - before > _REST_FROM:
            filled.append(Segment(REST, before + _REST_FROM, max(before + _REST_FROM, segment.start - _REST_FROM)))
        filled.append(segment)
        before = max(before, segment.end)
    filled.append(Segment(REST, before + _REST_FROM, np.inf))
    return filled


def articulate(times: npt.NDArray[np.float64], segments: Sequence[Segment]) -> Mouths:
    """The mouth at `times` (seconds of sound), given all segments within REACH of them, rests included, in order."""
    starts, ends = np.array([(s.start, s.end) for s in segments]).T
    quarter = np.array([0.0 if s.viseme is REST else 0.25 * (s.end - s.start) for s in segments])
    at = times[:, None]
    ahead, behind = _distance(starts + quarter - at), _distance(at - (ends - quarter))
    weights = np.exp(-(ahead[:, :, None] / _BEFORE + behind[:, :, None] / _AFTER))
    weights *= (1.0 - ease((ahead + behind) / REACH))[:, :, None]
    weights *= np.array([s.viseme.dominance for s in segments])
    weights = weights.transpose(0, 2, 1)
    targets = np.array([s.viseme.target for s in segments])
    mouths = (weights @ targets)[:, _GROUP, _ALL] / np.maximum(weights.sum(2), 1e-12)[:, _GROUP]
    for segment in segments:
        if segment.viseme.closes or segment.viseme.bites:
            _insist(mouths, times, segment)
    return mouths


def _distance(seconds: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Seconds from a segment's core, 0 inside, without a corner at its edge."""
    return np.sqrt(np.maximum(seconds, 0.0) ** 2 + _ROUND_TIP**2) - _ROUND_TIP


def _insist(mouths: Mouths, times: npt.NDArray[np.float64], segment: Segment) -> None:
    """Reach the closure or the bite in full about the segment's centre, whatever the neighbours want."""
    centre = 0.5 * (segment.start + segment.end)
    hold = max(_HOLD, 0.4 * (segment.end - segment.start)) / 2
    slope = max(_SHUT_FASTEST, 0.3 * (segment.end - segment.start))
    if not times[0] - hold - slope < centre < times[-1] + hold + slope:
        return
    share = 1.0 - ease((np.abs(times - centre) - hold) / slope)
    least, most = _SHUTS if segment.viseme.closes else _BITES
    # np.clip is several times slower on a few frames.
    mouths += share[:, None] * np.minimum(np.maximum(segment.viseme.target - mouths, least), most)


def begin(mouths: Mouths, share: npt.NDArray[np.float64]) -> None:
    """Let the mouths grow out of the neutral face: `share` 0..1. Shut lips look neutral and stay as they are."""
    growing = np.arange(len(MOUTH)) != _CLOSE
    mouths[:, growing] *= share[:, None]


def open_by(mouths: Mouths, loudness: npt.NDArray[np.float64]) -> Mouths:
    """The mouths opened more or less: `loudness` is 1 for the usual; closures and rounding keep their strength."""
    opened = mouths * (1.0 + (loudness[:, None] - 1.0) * _OPENING)
    return np.minimum(np.maximum(opened, 0.0), 1.0)


_COLUMNS = [
    (number, CHANNELS.index(name))
    for number, channel in enumerate(MOUTH)
    for name in (channel, channel + "Left", channel + "Right")
    if name in CHANNELS
]
_FROM, _TO = (np.array(side) for side in zip(*_COLUMNS, strict=True))


def write(mouths: Mouths, frames: npt.NDArray[np.float32]) -> None:
    """Put the mouths into motion frames; channels with two sides get both."""
    frames[:, _TO] = mouths[:, _FROM]
