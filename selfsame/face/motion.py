"""Speech to motion from exact phoneme times, streamed. Pure: chunks in, frames out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from math import ceil

import numpy as np
import numpy.typing as npt

from selfsame.events.shown import MOTION_FPS, Motion, still
from selfsame.events.spoken import SpokenChunk
from selfsame.face.articulation import LEAD, REACH, Mouths, Segment, articulate, begin, open_by, with_rests, write
from selfsame.face.chance import ease
from selfsame.face.expression import Expression
from selfsame.face.loudness import Loudness
from selfsame.face.port import AnimatingAbilities
from selfsame.face.visemes import gestures, is_stressed

LOOK_AHEAD = 0.28
"""Seconds of speech after a frame that shape it: frames nearer to the end of what is known are provisional."""

CLOSING = 0.5
"""Seconds that the face takes to come to rest after the speech."""

_ONSET = 0.1


class StreamedAnimation(ABC):
    """The streaming half of an animation: which frames are due, which may still change, and all but the mouth."""

    def __init__(self, seed: int) -> None:
        self._loudness = Loudness()
        self._expression = Expression(self._loudness, seed)
        self._seconds = 0.0
        self._settled = 0  # the first frame that may still change
        self._finished = False

    def add(self, chunk: SpokenChunk) -> Motion:
        """The frames up to the end of `chunk`. Raises ValueError after `finish`."""
        if self._finished:
            raise ValueError("the reply is finished: open another animation")
        if len(chunk.pcm):
            self._loudness.add(chunk.pcm, chunk.sample_rate)
        self._listen(chunk, self._seconds)
        self._seconds += chunk.seconds
        self._expression.hear()
        motion = self._frames(ceil(self._seconds * MOTION_FPS - 1e-6), None)
        certain = int((self._seconds - LOOK_AHEAD) * MOTION_FPS + 1e-6) + 1 if self._seconds >= LOOK_AHEAD else 0
        self._settled = max(self._settled, min(certain, motion.end))
        return motion

    def finish(self) -> Motion:
        """The frames that could still change, and half a second in which the face comes to rest."""
        self._finished = True
        if not self._seconds:
            return Motion(0, still(0))
        return self._frames(ceil((self._seconds + CLOSING) * MOTION_FPS - 1e-6) + 1, self._seconds)

    def _frames(self, end: int, ended: float | None) -> Motion:
        first = self._settled
        frames = still(max(0, end - first))
        times = np.arange(first, first + len(frames)) / MOTION_FPS
        if len(times):
            effort = (
                self._loudness.at(times + LEAD, self._loudness.effort) if self._loudness.effort else np.ones(len(times))
            )
            mouths = open_by(self._mouths(times + LEAD), effort)
            begin(mouths, ease((times + 1 / MOTION_FPS) / _ONSET))
            write(mouths, frames)
            self._expression.write(frames, times, ended)
            if ended is not None:
                frames *= (times < ended + CLOSING - 1e-6)[:, None]
        return Motion(first, frames)

    @abstractmethod
    def _listen(self, chunk: SpokenChunk, origin: float) -> None:
        """Take in a chunk that begins at `origin` seconds of the reply."""

    @abstractmethod
    def _mouths(self, times: npt.NDArray[np.float64]) -> Mouths:
        """The mouth at `times` seconds of sound, as if nothing followed what is known."""


class PhonemeAnimation(StreamedAnimation):
    """A reply whose chunks carry their phonemes."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._segments: list[Segment] = []
        self._before = -np.inf  # the end of what was dropped

    def _listen(self, chunk: SpokenChunk, origin: float) -> None:
        for phoneme in chunk.phonemes:
            start, end = origin + phoneme.start, origin + max(phoneme.start, phoneme.end)
            parts = gestures(phoneme.ipa)
            for part in parts:
                begins, ends = start + part.begins * (end - start), start + part.ends * (end - start)
                self._segments.append(Segment(part.viseme, begins, ends))
            if parts and is_stressed(phoneme.ipa):
                self._expression.stress(start, end - start)

    def _mouths(self, times: npt.NDArray[np.float64]) -> Mouths:
        # What ended long before the first frame has no say; one segment of it stays, so that gaps are gaps.
        while len(self._segments) > 1 and self._segments[1].end < times[0] - REACH - 0.1:
            self._segments.pop(0)
        return articulate(times, with_rests(self._segments))


class PhonemeAnimator:
    """Animates any voice whose chunks carry phoneme times, in any language written in IPA."""

    abilities = AnimatingAbilities("phonemes", needs_phonemes=True, languages=frozenset({"EN", "ES", "ZH"}))

    def open(self, seed: int) -> PhonemeAnimation:
        """Begin a reply."""
        return PhonemeAnimation(seed)
