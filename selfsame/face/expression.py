"""What a speaking face does besides its mouth: brows, nods, blinks, gaze, sway, breath. Pure and causal.

Accents fall on stressed syllables that stand out: Graf et al., "Visual prosody: facial movements accompanying speech"
(Face and Gesture Recognition 2002), found brows and head moving with pitch accents, and blinks with phrase ends.
Everything depends on the seed and on the sound up to a little after the moment; how the sound is cut does not matter.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.events.shown import CHANNELS, Frames
from selfsame.face.chance import chance, ease, sway
from selfsame.face.eyes import BLINK_SECONDS, blink, look
from selfsame.face.loudness import HOP, Loudness

KNOWN_AFTER = 0.225
"""Seconds of sound after a moment that its expression depends on."""

_ACCENT_BEFORE, _ACCENT_RISE, _ACCENT_AFTER = 0.10, 0.13, 0.36
_HEARD = 0.125  # seconds of sound after the beginning of a syllable that its prominence depends on
_APART = 0.75  # seconds between accents
_PAUSE_HOPS = 8
_PEAK = 5  # hops either side of a peak of loudness
_QUIET = 22.0  # dB below the level of the reply
_FADE_IN = 0.7
_BLINK, _BLINK_GAP, _NOD, _SWAY = 1, 2, 3, 10
_C = {name: number for number, name in enumerate(CHANNELS)}
_HEAD = [_C[name] for name in ("headYaw", "headPitch", "headRoll")]
_DEGREES = np.array([2.6, 1.5, 1.5])
_OTHERS = [number for name, number in _C.items() if not name.startswith(("mouth", "jaw", "tongue"))]


@dataclass(frozen=True, slots=True)
class Accent:
    """A syllable that the face stresses: when, how much (0..1), and its share of brow and nod."""

    time: float
    strength: float
    brow: float
    nod: float


class Expression:
    """The expression of one reply. `hear` after new sound, then `write` frames whose future is known."""

    def __init__(self, loudness: Loudness, seed: int) -> None:
        self._loudness = loudness
        self._seed = seed
        self._candidates: deque[tuple[float, float]] = deque()  # (time, seconds): stressed syllables not yet judged
        self._accents: list[Accent] = []
        self._judged = 0
        self._usual = 0.0  # prominence of syllables so far, dB
        self._hops = 0
        self._quiet = _PAUSE_HOPS + 1  # hops of quiet in a row; there is no pause before the first sound
        self._blinks: list[float] = []
        self._next_blink = 0.9 + 1.6 * chance(seed, _BLINK, 0)
        self._last_blink = -1.0
        self._breath = [0.0]

    def stress(self, start: float, seconds: float) -> None:
        """A stressed syllable begins at `start`, in order."""
        self._candidates.append((start, seconds))

    def hear(self, *, by_loudness: bool) -> None:
        """Judge what has come since the last call; `by_loudness` finds the stressed syllables as peaks of the sound."""
        db, level = self._loudness.db, self._loudness.level
        for hop in range(self._hops, len(db)):
            self._listen_for_pauses(hop, db[hop] < level[hop] - _QUIET)
            if by_loudness:
                self._find_peak(hop - _PEAK)
            present = self._loudness.presence[hop]
            # In quickly while nothing is said, out slowly with the words.
            goal, pace = (0.0, 0.008) if present > 0.5 else (0.9, 0.06)
            self._breath.append(self._breath[-1] + (goal - self._breath[-1]) * pace)
        self._hops = len(db)
        while self._candidates and self._candidates[0][0] + _HEARD <= self._loudness.seconds:
            self._judge(*self._candidates.popleft())

    def _find_peak(self, hop: int) -> None:
        """A syllable where the smoothed level is higher than a tenth of a second around it."""
        if hop < _PEAK + 1:
            return
        db = self._loudness.effort[hop - _PEAK : hop + _PEAK - 2]
        if len(db) == 2 * _PEAK - 2 and max(db) == db[_PEAK] > max(0.9, db[_PEAK - 1]):
            self.stress(hop * HOP - 0.06, 0.1)

    def _listen_for_pauses(self, hop: int, quiet: bool) -> None:
        self._quiet = self._quiet + 1 if quiet else 0
        now = hop * HOP
        onset = now - (_PAUSE_HOPS - 1) * HOP + 0.05
        if self._quiet == _PAUSE_HOPS and onset - self._last_blink > 1.8:
            if chance(self._seed, _BLINK_GAP, hop) < 0.75:
                self._blink_at(onset)
        elif now >= self._next_blink + 0.1:
            self._blink_at(self._next_blink)

    def _blink_at(self, time: float) -> None:
        self._blinks.append(time)
        self._last_blink = time
        self._next_blink = time + 2.2 + 3.6 * chance(self._seed, _BLINK, len(self._blinks))

    def _judge(self, start: float, seconds: float) -> None:
        """An accent where the syllable stands out of those before it, not too soon after the last one."""
        times = start + np.linspace(0.0, _HEARD - HOP, 6)
        loud = float(
            (self._loudness.at(times, self._loudness.db) - self._loudness.at(times, self._loudness.level)).max()
        )
        prominence = loud + 40.0 * min(0.15, seconds - 0.08)
        self._judged += 1
        usual = self._usual if self._judged > 1 else prominence - 1.0
        self._usual = usual + (prominence - usual) * 0.2
        rested = start - self._accents[-1].time if self._accents else 2.0
        dice = chance(self._seed, _NOD, self._judged)
        if rested < _APART or prominence - usual + 1.2 * (rested - 1.4) + 5.0 * (dice - 0.5) < 0.8:
            return
        strength = min(1.0, 0.5 + 0.1 * max(0.0, prominence - usual))
        kind = chance(self._seed, _NOD + 1, self._judged)
        self._accents.append(Accent(start + 0.04, strength, min(1.0, 1.5 * kind), min(1.0, 1.5 * (1.0 - kind))))

    def write(self, frames: Frames, times: npt.NDArray[np.float64], ended: float | None = None) -> None:
        """Everything but the mouth, into frames at `times`; after `ended` the face comes to rest in half a second."""
        if not len(times):
            return
        look(frames, times, self._seed)
        self._move_head(frames, times)
        self._accent(frames, times)
        gain = ease(times / _FADE_IN)
        if ended is not None:
            gain *= 1.0 - ease((times - ended) / 0.45)
        frames[:, _OTHERS] *= gain[:, None]
        smile = 0.05 * gain * (1.0 - np.minimum(1.0, 1.4 * frames[:, _C["mouthPucker"]]))
        for name in ("mouthSmileLeft", "mouthSmileRight"):
            frames[:, _C[name]] = np.minimum(1.0, frames[:, _C[name]] + smile)
        self._blink(frames, times, ended)

    def _move_head(self, frames: Frames, times: npt.NDArray[np.float64]) -> None:
        presence = self._loudness.at(times, self._loudness.presence)
        life = 0.4 + 0.6 * presence
        frames[:, _HEAD] = _DEGREES * life[:, None] * sway(times, self._seed, _SWAY)
        frames[:, _C["breath"]] = self._loudness.at(times, self._breath)
        frames[:, _C["cheekSquintLeft"]] = frames[:, _C["cheekSquintRight"]] = 0.04 * presence

    def _accent(self, frames: Frames, times: npt.NDArray[np.float64]) -> None:
        for accent in reversed(self._accents):
            if accent.time + _ACCENT_AFTER < times[0] - 1.0:
                break
            age = times - accent.time
            bump = ease((age + _ACCENT_BEFORE) / _ACCENT_RISE)
            bump *= 1.0 - ease((age - _ACCENT_RISE + _ACCENT_BEFORE) / _ACCENT_AFTER)
            bump *= accent.strength
            frames[:, _C["headPitch"]] -= 2.0 * accent.nod * bump
            frames[:, _C["browInnerUp"]] += 0.3 * accent.brow * bump
            for name in ("browOuterUpLeft", "browOuterUpRight"):
                frames[:, _C[name]] += 0.26 * accent.brow * bump
        # The eyes stay with the viewer while the head moves.
        frames[:, _C["gazeYaw"]] -= 0.8 * frames[:, _C["headYaw"]]
        frames[:, _C["gazePitch"]] -= 0.8 * frames[:, _C["headPitch"]]

    def _blink(self, frames: Frames, times: npt.NDArray[np.float64], ended: float | None) -> None:
        for begin in reversed(self._blinks):
            if begin + BLINK_SECONDS < times[0]:
                break
            if ended is None or begin + BLINK_SECONDS < ended + 0.45:
                blink(frames, times, begin)
