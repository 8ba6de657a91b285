"""Sound against picture over a long session, from what a client logged: offset and drift. Pure.

A client notes now and then how much of a reply's sound it has played and which motion frame it shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from selfsame.errors import BadInput
from selfsame.events.shown import MOTION_FPS

MOST_POINTS = 600
"""More samples are first drawn together, so that the slope costs at most this many squared."""


@dataclass(frozen=True, slots=True)
class Shown:
    """At `at` seconds of the session, `played` seconds of the reply had been heard and motion frame `frame` was seen.

    Both count from the reply's beginning; `at` from the session's, on the client's clock.
    """

    at: float
    played: float
    frame: int


@dataclass(frozen=True, slots=True)
class Drift:
    """Offsets in milliseconds, positive when the sound is early (the picture is late; the sign of ITU-R BT.1359).

    `p50_ms` keeps its sign; `p95_abs_ms` and `max_abs_ms` are of the offsets' size. `drift_ms_per_minute` is how fast
    the picture falls behind, None for samples that span less than a second. A perfect player shows every frame for
    1 / fps around its middle, so its p50 and drift are 0 and its largest offset half a frame.
    """

    samples: int
    minutes: float
    p50_ms: float
    p95_abs_ms: float
    max_abs_ms: float
    drift_ms_per_minute: float | None


def drift(log: Sequence[Shown], fps: float = MOTION_FPS) -> Drift:
    """Offset and drift of a session. Raises BadInput for an empty log or numbers that are not finite.

    The slope is the median of the slopes of all pairs (Theil 1950, Sen 1968): up to 29 % of the samples may be wild.
    """
    if not log or not fps > 0:
        raise BadInput("the log of what was shown is empty")
    table = np.array([(one.at, one.played, one.frame) for one in log], np.float64)
    if not np.isfinite(table).all():
        raise BadInput("the log of what was shown holds numbers that are not finite")
    table = table[np.argsort(table[:, 0], kind="stable")]
    at, offsets = table[:, 0], 1000 * (table[:, 1] - (table[:, 2] + 0.5) / fps)
    size = np.abs(offsets)
    return Drift(
        samples=len(log),
        minutes=float(at[-1] - at[0]) / 60,
        p50_ms=float(np.median(offsets)),
        p95_abs_ms=float(np.percentile(size, 95)),
        max_abs_ms=float(size.max()),
        drift_ms_per_minute=slope(at / 60, offsets),
    )


def slope(minutes: np.ndarray, offsets: np.ndarray) -> float | None:
    """Offset gained a minute (see `drift`); `minutes` ascend. None when they span less than a second."""
    if minutes[-1] - minutes[0] < 1 / 60:
        return None
    if len(minutes) > MOST_POINTS:
        groups = np.array_split(np.arange(len(minutes)), MOST_POINTS)
        minutes, offsets = (np.array([np.median(values[g]) for g in groups]) for values in (minutes, offsets))
    left, right = np.triu_indices(len(minutes), 1)
    apart = minutes[right] - minutes[left]
    far = apart > 1e-6
    return float(np.median((offsets[right] - offsets[left])[far] / apart[far]))
