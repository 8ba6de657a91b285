"""Is the face on the page where the sound is? From what a browser showed and what left its audio graph. Pure.

The page's own idea of the play-out is not believed. A tap beside the loudspeaker notes how loud each 64 samples are,
and at which time of the audio context they leave. Each reply's sound, as it came over the wire, is found again in that
track by correlation, which says which moment of the reply leaves when; the browser's output timestamps say when that is
heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.evaluator.drift import slope
from selfsame.evaluator.figures import percentile
from selfsame.evaluator.sound import audible_span
from selfsame.kit.pcm import Pcm

BIN = 64
"""Samples whose loudness the tap notes as one number: 1.3 ms at 48 kHz."""
NEAR_MS = 40.0
_WINDOW, _HOP = 2.5, 1.0  # seconds of a piece that is found again, and between two of them
_SEEK, _STALLED, _WAIT = 0.5, 3.0, 15.0  # seconds before and after the place where the next piece, or reply, may be
_ALIKE = 0.8
_AS_WELL = 0.95  # of the best place's likeness
_PEAK = 200  # bins within which a peak ends
_AROUND = 4.0  # seconds of output timestamps whose median counts
Track = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply's sound as it came: `pcm` from its first sample on, at `rate`."""

    turn: int
    pcm: Pcm
    rate: int


@dataclass(frozen=True, slots=True)
class Recording:
    """What the browser did. Times in ms of `performance.now()` and seconds of the audio context.

    `frames` (n, 3): when a picture is on the screen, which ms of its reply it shows (NaN: the idle face), the ms that
    it cost the main thread. `stamps` (n, 2): a time in ms, and the context's second that is heard then. `loudness`:
    mean size of each `BIN` samples at `rate`, from the context's sample 0 on.
    """

    frames: Track
    stamps: Track
    loudness: Track
    rate: int


@dataclass(frozen=True, slots=True)
class Heard:
    """When a reply was heard: at `at` seconds of the context, the reply's second `at - lag` left the graph."""

    reply: Reply
    at: Track
    lag: Track

    def begins(self) -> float:
        """The context's second of its first sample."""
        return float(self.lag[0])

    def ends(self) -> float:
        """The context's second behind its last sample."""
        return float(self.lag[-1]) + len(self.reply.pcm) / self.reply.rate

    def place(self, context: Track) -> Track:
        """Seconds of the reply that leave the graph at these seconds of the context."""
        nearest = np.abs(context[:, None] - self.at[None, :]).argmin(1)
        return context - self.lag[nearest]


@dataclass(frozen=True, slots=True)
class FaceSync:
    """Offsets in ms, positive when the sound is early (the picture is late; the sign of ITU-R BT.1359).

    `near` is the share of pictures within `NEAR_MS`, `idle` the share that showed the idle face although the reply was
    heard. `slope` is ms a minute over the session. `first` is, reply by reply, how long after its first audible sample
    the first picture within `NEAR_MS` was on the screen (negative: before it).
    """

    replies: int
    lost: int
    minutes: float
    frames: int
    p5: float
    p50: float
    p95: float
    worst: float
    near: float
    idle: float
    slope: float | None
    first: tuple[float, ...]
    fps: float
    cost_p50: float
    cost_p95: float


def loudness(sound: npt.NDArray[np.floating]) -> Track:
    """Mean size of each `BIN` samples."""
    whole = len(sound) // BIN * BIN
    return np.abs(np.asarray(sound[:whole], np.float64)).reshape(-1, BIN).mean(1)


def find(reply: Reply, recording: Recording, after: float = 0.0, wait: float = _WAIT) -> Heard | None:
    """Where in the recording a reply is; None when it is not there.

    It must begin within `wait` seconds after `after`, a second of the context: the same answer may be given again
    later. Piece after piece is looked for from where the one before was found, as play-out may have stalled between.
    """
    import soxr

    sound = reply.pcm.astype(np.float32) / 32768.0
    if reply.rate != recording.rate:
        sound = soxr.resample(sound, reply.rate, recording.rate)
    known, bins = loudness(sound), recording.rate / BIN
    width, hop = round(_WINDOW * bins), round(_HOP * bins)
    at, lags = [], []
    for first in range(0, max(1, len(known) - width + 1), hop):
        piece = known[first : first + width]
        if lags:
            low, reach = round(lags[-1] * bins) + first - round(_SEEK * bins), _SEEK + _STALLED
        else:
            low, reach = round(after * bins) + first, wait
        low = max(0, low)
        place, alike = _best(recording.loudness[low : low + len(piece) + round(reach * bins)], piece)
        if alike >= _ALIKE:
            lags.append((low + place - first) / bins)
            at.append(lags[-1] + (first + 0.5 * len(piece)) / bins)
    return Heard(reply, np.array(at), np.array(lags)) if at else None


def _best(track: Track, piece: Track) -> tuple[float, float]:
    """Where a piece fits into a track, in bins with fractions, and how alike they are there (correlation).

    Of places where it fits as well the first: an answer that is given again sounds the same again.
    """
    piece = piece - piece.mean()
    count, size = len(piece), 1 << (len(track) + len(piece)).bit_length()
    if len(track) < count or not piece.any():
        return 0.0, 0.0
    product = np.fft.irfft(np.fft.rfft(track, size) * np.conj(np.fft.rfft(piece, size)), size)[: len(track) - count + 1]
    sums = np.concatenate([[0.0], np.cumsum(track)])
    squares = np.concatenate([[0.0], np.cumsum(track * track)])
    spread = squares[count:] - squares[:-count] - (sums[count:] - sums[:-count]) ** 2 / count
    # Where the track is silent there is nothing to be alike.
    alike = product / np.sqrt(np.maximum(spread, 1e-3 * spread.max() + 1e-12) * float(piece @ piece) + 1e-12)
    first = int(np.argmax(alike >= _AS_WELL * alike.max())) if alike.max() > 0 else 0
    k = first + int(np.argmax(alike[first : first + _PEAK]))
    place = float(k)
    if 0 < k < len(alike) - 1:
        left, middle, right = alike[k - 1 : k + 2]
        bend = left - 2 * middle + right
        place += 0.5 * (left - right) / bend if bend < -1e-12 else 0.0
    return place, float(alike[k])


def heard_at(recording: Recording, times: Track) -> Track:
    """The context's seconds that are heard at these ms: by the median of the output timestamps around each."""
    when, ahead = recording.stamps[:, 0] / 1000, recording.stamps[:, 1] - recording.stamps[:, 0] / 1000
    first = np.searchsorted(when, times / 1000 - _AROUND)
    last = np.searchsorted(when, times / 1000 + _AROUND)
    known: dict[tuple[int, int], float] = {}
    offsets = np.empty(len(times))
    for k, (a, b) in enumerate(zip(first, last, strict=True)):
        a, b = (a, b) if b > a else (max(0, min(a, len(when) - 1)), min(a, len(when) - 1) + 1)
        if (a, b) not in known:
            known[a, b] = float(np.median(ahead[a:b]))
        offsets[k] = known[a, b]
    return times / 1000 + offsets


def measure(recording: Recording, replies: Sequence[Reply]) -> FaceSync:
    """The face of a session against its sound. Raises ValueError when no reply is found in the recording."""
    context = heard_at(recording, recording.frames[:, 0])
    at, offsets, first, idle, lost = [], [], [], [], 0
    after, wait, spoken = float(context[0]), _WAIT, np.zeros(len(context), bool)
    for reply in replies:
        heard = find(reply, recording, max(0.0, after), wait)
        if heard is None:
            lost, wait = lost + 1, wait + len(reply.pcm) / reply.rate + 0.5 * _WAIT
            continue
        after, wait = heard.ends(), _WAIT
        rows = np.flatnonzero((context >= heard.begins()) & (context < heard.ends()))
        spoken[rows] = True
        place, shown = heard.place(context[rows]), recording.frames[rows, 1] / 1000
        off = 1000 * (place - shown)
        moving = np.isfinite(shown)
        at.append(recording.frames[rows, 0][moving] / 60_000)
        offsets.append(off[moving])
        idle.append(float((~moving).sum()))
        good = np.flatnonzero(moving & (np.abs(off) <= NEAR_MS))
        span = audible_span(reply.pcm)
        if len(good) and span is not None:
            first.append(1000 * (float(place[good[0]]) - span[0] / reply.rate))
    if not offsets or not sum(map(len, offsets)):
        raise ValueError("no reply was found in what the page played")
    return _summed(recording, spoken, np.concatenate(at), np.concatenate(offsets), (first, sum(idle), lost))


def _summed(
    recording: Recording, spoken: npt.NDArray[np.bool_], at: Track, offsets: Track, more: tuple[list[float], float, int]
) -> FaceSync:
    first, idle, lost = more
    values = offsets.tolist()
    cost = recording.frames[:, 2].tolist()
    gaps = np.diff(recording.frames[:, 0])[spoken[1:] & spoken[:-1]]
    return FaceSync(
        replies=len(first),
        lost=lost,
        minutes=float(np.ptp(recording.frames[:, 0])) / 60_000,
        frames=len(values),
        p5=percentile(values, 0.05),
        p50=percentile(values, 0.5),
        p95=percentile(values, 0.95),
        worst=float(offsets[np.abs(offsets).argmax()]),
        near=float((np.abs(offsets) <= NEAR_MS).mean()),
        idle=idle / (idle + len(values)),
        slope=slope(at, offsets),
        first=tuple(first),
        fps=1000 / float(gaps.mean()) if len(gaps) else 0.0,
        cost_p50=percentile(cost, 0.5),
        cost_p95=percentile(cost, 0.95),
    )
