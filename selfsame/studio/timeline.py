"""The timeline of a clip: speech and motion go in as they are made, stretches ready to be filmed come out. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from selfsame.events.shown import MOTION_FPS, Frames, Motion
from selfsame.events.spoken import SpokenChunk
from selfsame.face.show import TO_SPEECH, Idle, MotionTrack, idle_at, to_idle, to_speech
from selfsame.kit.pcm import Pcm

LEAD_IN, LEAD_OUT = 0.5, 0.7
"""Seconds of the face at rest before the first sound and after the last; at the end the mouth closes first."""
STRETCH = 12
"""Pictures in a stretch: what is filmed at once, and between which work can be stopped."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some pictures' motion, one row each, and exactly the sound that is heard while they are shown."""

    rows: Frames
    sound: Pcm


class Timeline:
    """Lays the pictures of a clip at `fps` over its sound. What was given out is forgotten, but for the motion."""

    def __init__(self, idle: Idle, fps: int, sample_rate: int) -> None:
        self.seconds = 0.0
        """Of speech, so far."""
        self._idle = idle
        self._fps = fps
        self._rate = sample_rate
        self._track = MotionTrack()
        self._shown: Frames | None = None
        self._pictures = 0
        self._sound: list[Pcm] = [np.zeros(round(LEAD_IN * sample_rate), np.int16)]
        self._given = 0

    def add(self, chunk: SpokenChunk, motion: Motion) -> Iterator[Stretch]:
        """Take the next piece of speech and its motion; give what cannot change any more."""
        self._sound.append(chunk.pcm)
        self.seconds += chunk.seconds
        self._track.add(motion)
        settled = motion.first / MOTION_FPS - 0.5 / self._fps - 1 / MOTION_FPS
        yield from self._until(LEAD_IN + settled, ended=False)

    def finish(self, motion: Motion) -> Iterator[Stretch]:
        """Take the last motion; give the rest, to the end of the lead-out."""
        self._track.add(motion)
        self._sound.append(np.zeros(round(LEAD_OUT * self._rate) + self._rate // self._fps, np.int16))
        yield from self._until(LEAD_IN + self.seconds + LEAD_OUT, ended=True)

    def _until(self, moment: float, *, ended: bool) -> Iterator[Stretch]:
        """Whole stretches of pictures before `moment`; at the end also what is left."""
        last = max(0, int(moment * self._fps))
        while last - self._pictures >= STRETCH or (ended and self._pictures < last):
            count = min(STRETCH, last - self._pictures)
            rows = np.concatenate([self._row(self._pictures + k, ended) for k in range(count)])
            self._pictures += count
            yield Stretch(rows, self._take(round(self._pictures / self._fps * self._rate)))

    def _row(self, picture: int, ended: bool) -> Frames:
        period = 1.0 / self._fps
        at = picture * period
        spoken = at - LEAD_IN
        rest = idle_at(self._idle, at, period)
        if spoken < 0 or not len(self._track):
            row = rest
        elif ended and spoken > self._track.end:
            row = rest if self._shown is None else to_idle(self._shown, rest, spoken - self._track.end)
        else:
            row = self._track.at(spoken, period)
            if self._shown is not None and spoken < TO_SPEECH:
                row = to_speech(self._shown, row, spoken + period)
        self._shown = row
        return row

    def _take(self, until: int) -> Pcm:
        """The sound up to sample `until` of the clip."""
        sound = np.concatenate(self._sound)
        count = until - self._given
        self._given = until
        self._sound = [sound[count:]]
        return sound[:count]
