"""How loud a reply is, twenty milliseconds at a time, against how loud it has been so far. Pure and causal."""

from __future__ import annotations

from collections import deque
from math import exp, log

import numpy as np
import numpy.typing as npt

from selfsame.kit.pcm import Pcm

HOP = 0.02
"""Seconds of sound per value."""

_SILENCE = -70.0  # dB below full scale: nothing counts as quieter
_USUAL = -24.0  # dB of the voiced parts of speech, until the reply has shown its own level
_USUAL_WEIGHT = 30.0  # hops that the expectation counts for
_FORGET = 0.996  # a hop; half is forgotten in 3.5 s
_SPEAKING = 22.0  # dB below the reply's level still count as speech
_ATTACK, _RELEASE = 0.08, 0.04  # a hop: the presence of speech rises and falls


class Loudness:
    """Measures sound as it comes; how it is cut makes no difference."""

    def __init__(self) -> None:
        self._rest: Pcm = np.zeros(0, np.int16)
        self._rate = 0
        self._taken = 0  # samples of this rate in whole hops
        self._hops = 0  # of this rate
        self.db: list[float] = []
        """Level of each hop, dB below full scale."""
        self.level: list[float] = []
        """The reply's usual level as known at each hop, dB."""
        self.presence: list[float] = []
        """0 in pauses to 1 in speech, rising in a quarter of a second and falling in half of one."""
        self.effort: list[float] = []
        """How wide the mouth opens: 1 at the reply's usual loudness, 0.55 for a whisper, 1.2 for a shout.

        The mean level of 140 ms, of which the last lie after the hop; loud hops count more, so that the silence of a
        stop is not quiet speech. It lags three hops behind the other lists.
        """
        self._near: deque[float] = deque(maxlen=7)
        self._sum, self._weight = _USUAL * _USUAL_WEIGHT, _USUAL_WEIGHT
        self._present = 0.0

    @property
    def seconds(self) -> float:
        """How much was measured."""
        return len(self.db) * HOP

    def add(self, pcm: Pcm, rate: int) -> None:
        """Take the next samples. When the rate changes, what is left of a hop is dropped."""
        if rate != self._rate:
            self._rest, self._rate, self._taken, self._hops = pcm[:0], rate, 0, 0
        sound = np.concatenate([self._rest, pcm]) if len(self._rest) else pcm
        whole = int((self._taken + len(sound)) / (rate * HOP))
        edges = (np.arange(self._hops, whole + 1) * (rate * HOP)).astype(np.int64) - self._taken
        if len(edges) > 1:
            energies = np.add.reduceat(sound[: edges[-1]].astype(np.float64) ** 2, edges[:-1]) / np.diff(edges)
            for db in np.maximum(_SILENCE, 10.0 * np.log10(energies / 2**30 + 1e-12)).tolist():
                self._take(db)
            self._hops, self._taken = whole, self._taken + int(edges[-1])
            sound = sound[edges[-1] :]
        self._rest = sound

    def _take(self, db: float) -> None:
        if db > self._sum / self._weight - _SPEAKING:
            self._sum = self._sum * _FORGET + db
            self._weight = self._weight * _FORGET + 1.0
        level = self._sum / self._weight
        heard = min(1.0, max(0.0, (db - level + _SPEAKING) / 8.0))
        self._present += (heard - self._present) * (_ATTACK if heard > self._present else _RELEASE)
        self._near.append(exp(db / 4.0))
        if len(self.db) >= 3:
            power = 4.0 * log(sum(self._near) / len(self._near))
            self.effort.append(min(1.2, max(0.55, 1.0 + 0.03 * (power - level))))
        self.db.append(db)
        self.level.append(level)
        self.presence.append(self._present)

    def at(self, times: npt.NDArray[np.float64], values: list[float]) -> npt.NDArray[np.float64]:
        """One of the lists above at ascending `times`, between its hops; 0 when there is none yet."""
        if not values or not len(times):
            return np.zeros(len(times))
        first = min(max(0, int(times[0] / HOP) - 1), len(values) - 1)
        known = values[first : max(first + 1, int(times[-1] / HOP) + 2)]
        return np.interp(times, (np.arange(first, first + len(known)) + 0.5) * HOP, known)

    def efforts(self, times: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """`effort` at ascending `times`; 1 before anything is known."""
        return self.at(times, self.effort) if self.effort else np.ones(len(times))
