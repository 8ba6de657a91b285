"""Which motion a picture shows, how one motion gives way to another, and how good the pictures may be. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from selfsame.events.shown import CHANNELS, MOTION_FPS, Frames, Motion, still
from selfsame.events.turns import VideoQuality

Idle = Callable[[int, int], Frames]
"""`idle(first, count)`: frames `first`, `first` + 1 ... of the endless motion of a face at rest, 30 a second."""

SIZES: dict[VideoQuality, int] = {"low": 256, "medium": 360, "high": 512, "auto": 512}
"""The best picture that a quality allows, in pixels (LIP-15, LIP-16)."""

TO_SPEECH, TO_IDLE = 0.35, 0.45
"""Seconds in which the idle face gives way to a reply, and comes back."""

_C = {name: number for number, name in enumerate(CHANNELS)}
_MOUTH = [number for name, number in _C.items() if name.startswith(("mouth", "jaw", "tongue"))]
_LIDS = [number for name, number in _C.items() if name.startswith("eye")]
_BLINKS = [_C["eyeBlinkLeft"], _C["eyeBlinkRight"]]
_REST = [number for number in range(len(CHANNELS)) if number not in _MOUTH]
_NEARLY_SHUT = 0.1
_BLINK = 0.5
_LOST = 0.02


class MotionTrack:
    """The motion of one reply as it comes, to be looked at at any time and any rate."""

    def __init__(self) -> None:
        self._rows = still(MOTION_FPS)
        self._count = 0

    def add(self, motion: Motion) -> None:
        """Take a stretch; where it overlaps an earlier one it replaces it. A gap before it holds the last frame."""
        if motion.end > len(self._rows):
            grown = still(max(2 * len(self._rows), motion.end))
            grown[: self._count] = self._rows[: self._count]
            self._rows = grown
        if self._count and motion.first > self._count:
            self._rows[self._count : motion.first] = self._rows[self._count - 1]
        self._rows[motion.first : motion.end] = motion.frames
        self._count = max(self._count, motion.end)

    def __len__(self) -> int:
        return self._count

    @property
    def end(self) -> float:
        """The time of the last frame, in seconds; below zero when there is none."""
        return (self._count - 1) / MOTION_FPS

    def at(self, seconds: float, period: float) -> Frames:
        """What to show for `period` seconds around `seconds`, shape (1, channels); the ends are held.

        Between frames it is interpolated. But lips that shut (p, b, m) and lids that shut are seen although they may
        last one frame only: the frame in which they are most shut belongs to exactly one picture, which shows it.
        """
        if not self._count:
            return still()
        place = min(max(0.0, seconds * MOTION_FPS), self._count - 1.0)
        low = int(place)
        high, share = min(low + 1, self._count - 1), place - low
        row = self._rows[low] + np.float32(share) * (self._rows[high] - self._rows[low])
        # The edge of two pictures, computed for either, must fall on the same side of a frame: hence the small number.
        first = max(0, ceil((seconds - 0.5 * period) * MOTION_FPS - 1e-6))
        last = min(self._count, ceil((seconds + 0.5 * period) * MOTION_FPS - 1e-6)) - 1
        if first <= last:
            self._keep_shut(row, first, last)
        return row[None, :]

    def _keep_shut(self, row: np.ndarray, first: int, last: int) -> None:
        """Put lips and lids that shut between `first` and `last` into `row`, where interpolation would lose them."""
        start = max(0, first - 1)
        near = self._rows[start : min(self._count, last + 2)]
        inner = slice(first - start, last - start + 1)
        opening = near[:, _C["jawOpen"]] * (1.0 - near[:, _C["mouthClose"]])
        lowest = inner.start + int(np.argmin(opening[inner]))
        shown = row[_C["jawOpen"]] * (1.0 - row[_C["mouthClose"]])
        if opening[lowest] <= _NEARLY_SHUT and opening[lowest] <= opening.min() < shown - _LOST:
            row[_MOUTH] = near[lowest, _MOUTH]
        blink = near[:, _BLINKS].max(1)
        shut = inner.start + int(np.argmax(blink[inner]))
        if blink[shut] >= _BLINK and blink[shut] >= blink.max() > row[_BLINKS].max() + _LOST:
            row[_LIDS] = near[shut, _LIDS]


def idle_at(idle: Idle, seconds: float, period: float) -> Frames:
    """The idle face at `seconds` for `period` seconds, shape (1, channels)."""
    first = max(0, int((seconds - period) * MOTION_FPS))
    track = MotionTrack()
    track.add(Motion(0, idle(first, int(2 * period * MOTION_FPS) + 3)))
    return track.at(seconds - first / MOTION_FPS, period)


def to_speech(shown: Frames, speech: Frames, age: float) -> Frames:
    """The first moments of a reply: head, brows and lids come from what was shown, the lips obey the sound at once."""
    share = _ease(age / TO_SPEECH)
    mixed = speech.copy()
    mixed[:, _REST] = shown[:, _REST] + share * (speech[:, _REST] - shown[:, _REST])
    mixed[:, _BLINKS] = np.maximum(mixed[:, _BLINKS], speech[:, _BLINKS])
    return mixed


def to_idle(shown: Frames, idle: Frames, age: float) -> Frames:
    """The first moments after a reply, ended or cut: everything goes over to the idle face."""
    return (shown + _ease(age / TO_IDLE) * (idle - shown)).astype(np.float32)


def _ease(share: float) -> np.float32:
    """0 to 1 with a soft start and end."""
    x = min(1.0, max(0.0, share))
    return np.float32(x * x * (3.0 - 2.0 * x))


# --- how good the pictures may be (LIP-19) --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: moving pictures of `size` pixels, one still picture, or (`size` 0) sound alone."""

    size: int
    moving: bool = True


STILL, SOUND_ALONE = Rung(256, moving=False), Rung(0, moving=False)


@dataclass(frozen=True, slots=True)
class LadderOptions:
    """`budget` is the share of a picture's time that making it may take, `calm` the seconds before a climb is tried."""

    budget: float = 0.6
    frozen: float = 1.0
    """Seconds for one picture after which moving pictures are given up at once."""
    calm: float = 6.0
    longest: float = 120.0
    """A climb that failed makes the next one wait twice as long, at most this many seconds."""
    pictures: int = 6
    """Pictures measured on a rung before it is judged."""


@dataclass(frozen=True, slots=True)
class Ladder:
    """What the machine can keep up with: lower quality, then a still picture, then sound alone, and back (LIP-19).

    Every change gives a new one. Times are seconds of any monotonic clock.
    """

    rungs: tuple[Rung, ...]
    place: int
    period: float
    options: LadderOptions = LadderOptions()
    since: float = 0.0
    measured: int = 0
    mean: float = 0.0
    wait: float = 0.0

    @property
    def rung(self) -> Rung:
        """The present step."""
        return self.rungs[self.place]

    def took(self, now: float, seconds: float) -> Ladder:
        """A picture took `seconds` to make."""
        options = self.options
        if seconds >= options.frozen:
            return self._fall(now, self.rungs.index(STILL))
        count = self.measured + 1
        mean = self.mean + (seconds - self.mean) / min(count, 2 * options.pictures)
        here = replace(self, measured=count, mean=mean)
        if count < options.pictures:
            return here
        if mean > options.budget * self.period:
            return here._fall(now, self.place + 1)
        return here._climb(now)

    def failed(self, now: float) -> Ladder:
        """No picture could be made: moving ones are given up, then the still one."""
        still = self.rungs.index(STILL)
        return self._fall(now, still if self.place < still else still + 1)

    def rested(self, now: float) -> Ladder:
        """Time has passed without a moving picture; when that was long enough, one is tried again."""
        if self.rung.moving or now < self.since + self._calm:
            return self
        place = self.rungs.index(STILL) - 1
        return replace(self, place=place, since=now, measured=0, mean=0.0)

    @property
    def _calm(self) -> float:
        return max(self.wait, self.options.calm)

    def _fall(self, now: float, place: int) -> Ladder:
        """Down; one that comes soon after a climb makes the next climb wait longer."""
        soon = now - self.since < 2 * self._calm
        wait = min(self.options.longest, 2 * self._calm) if soon else self.options.calm
        place = min(max(place, self.place), len(self.rungs) - 1)
        return replace(self, place=place, since=now, measured=0, mean=0.0, wait=wait)

    def _climb(self, now: float) -> Ladder:
        """Up, when it has been calm for long enough and the larger picture fits well within the budget."""
        if self.place == 0 or now < self.since + self._calm:
            return self
        larger = self.rungs[self.place - 1].size / self.rung.size
        if self.mean * larger * larger > 0.7 * self.options.budget * self.period:
            return self
        return replace(self, place=self.place - 1, since=now, measured=0, mean=0.0)


def ladder(quality: VideoQuality, fps: float, options: LadderOptions | None = None) -> Ladder:
    """The ladder for a wish. "auto" begins in the middle: responsiveness goes before resolution (GEN-08)."""
    sizes = [size for size in (512, 360, 256) if size <= SIZES[quality]]
    rungs = (*(Rung(size) for size in sizes), STILL, SOUND_ALONE)
    return Ladder(rungs, 1 if quality == "auto" else 0, 1.0 / fps, options or LadderOptions())
