"""Speech to motion, streamed: which frames are due and may still change; the mouth from exact phoneme times. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil
from typing import Protocol

import numpy as np
import numpy.typing as npt

from selfsame.events.shown import MOTION_FPS, Motion, still
from selfsame.events.spoken import PhonemeTime, SpokenChunk
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
_UNMARKED = 8  # vowels in a row without a stress mark: the engine has no such marks


class MouthSource(Protocol):
    """Where the mouth of one reply comes from."""

    marks_stress: bool
    """Whether its phonemes tell the stressed syllables; else they are found by their loudness."""

    def listen(self, chunk: SpokenChunk, origin: float) -> None:
        """Take in a chunk that begins at `origin` seconds of the reply."""
        ...

    def mouths(self, times: npt.NDArray[np.float64], *, finished: bool) -> Mouths:
        """The mouth at `times`, ascending seconds of sound; what is known up to LOOK_AHEAD after them decides.

        `times` never go back behind the first of the call before.
        """
        ...


class Reply:
    """An `Animation`: a mouth, opened as the speech is loud, in a face that speaks (see `Expression`)."""

    def __init__(self, mouth: MouthSource, seed: int) -> None:
        self._mouth = mouth
        self._loudness = Loudness()
        self._expression = Expression(self._loudness, seed)
        self._vowels = 0  # in a row without a stress mark
        self._seconds = 0.0
        self._settled = 0  # the first frame that may still change
        self._finished = False

    def add(self, chunk: SpokenChunk) -> Motion:
        """The frames up to the end of `chunk`. Raises ValueError after `finish`."""
        if self._finished:
            raise ValueError("the reply is finished: open another animation")
        if len(chunk.pcm):
            self._loudness.add(chunk.pcm, chunk.sample_rate)
        self._mouth.listen(chunk, self._seconds)
        self._note_stress(chunk)
        self._seconds += chunk.seconds
        self._expression.hear(by_loudness=not self._mouth.marks_stress)
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

    def _note_stress(self, chunk: SpokenChunk) -> None:
        for phoneme in chunk.phonemes:
            if not any(part.viseme.vowel for part in gestures(phoneme.ipa)):
                continue
            self._vowels = 0 if is_stressed(phoneme.ipa) else self._vowels + 1
            if self._vowels == 0 or self._vowels > _UNMARKED:
                self._expression.stress(self._seconds + phoneme.start, phoneme.end - phoneme.start)

    def _frames(self, end: int, ended: float | None) -> Motion:
        first = self._settled
        frames = still(max(0, end - first))
        times = np.arange(first, first + len(frames)) / MOTION_FPS
        if len(times):
            mouths = self._mouth.mouths(times + LEAD, finished=self._finished)
            mouths = open_by(mouths, self._loudness.efforts(times + LEAD))
            begin(mouths, ease((times + 1 / MOTION_FPS) / _ONSET))
            write(mouths, frames)
            self._expression.write(frames, times, ended)
            if ended is not None:
                frames *= (times < ended + CLOSING - 1e-6)[:, None]
        return Motion(first, frames)


def segments_of(phonemes: Iterable[PhonemeTime], origin: float = 0.0) -> list[Segment]:
    """The mouth shapes of phonemes whose times count from `origin`; those without a shape (marks) are left out."""
    found = []
    for phoneme in phonemes:
        start, length = origin + phoneme.start, max(0.0, phoneme.end - phoneme.start)
        for part in gestures(phoneme.ipa):
            found.append(Segment(part.viseme, start + part.begins * length, start + part.ends * length))
    return found


class PhonemeMouth:
    """The mouth of a reply whose chunks carry their phonemes."""

    marks_stress = True

    def __init__(self) -> None:
        self._segments: list[Segment] = []

    def listen(self, chunk: SpokenChunk, origin: float) -> None:
        """Take in the chunk's phonemes."""
        self._segments += segments_of(chunk.phonemes, origin)

    def mouths(self, times: npt.NDArray[np.float64], *, finished: bool) -> Mouths:
        """The mouth at `times`, as if nothing followed what is known."""
        # What ended long before the first frame has no say; one segment of it stays, so that gaps are gaps.
        while len(self._segments) > 1 and self._segments[1].end < times[0] - REACH - 0.1:
            self._segments.pop(0)
        return articulate(times, with_rests(self._segments))


class PhonemeAnimator:
    """Animates any voice whose chunks carry phoneme times, in any language written in IPA."""

    abilities = AnimatingAbilities("phonemes", needs_phonemes=True, languages=frozenset({"EN", "ES", "ZH"}))

    def open(self, seed: int) -> Reply:
        """Begin a reply."""
        return Reply(PhonemeMouth(), seed)
