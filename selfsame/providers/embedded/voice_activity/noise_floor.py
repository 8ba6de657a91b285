"""The cheap gate in front of a detector: is this frame worth looking at?"""

from __future__ import annotations

import math

import numpy as np

from selfsame.kit.pcm import Pcm, Samples

SILENCE_DB = -75.0
"""Below this level (full scale = 0 dB) nothing is voice, whatever the floor."""


def level_db(samples: Samples) -> float:
    """Level in dB of samples scaled to [-1, 1); digital silence is -120."""
    return 10.0 * math.log10(float(np.dot(samples, samples)) / len(samples) + 1e-12)


def high_passed_level_db(pcm: Pcm) -> float:
    """Level in dB after a first difference, which takes hum and rumble (6 dB an octave) but leaves voice."""
    samples = pcm.astype(np.float32)
    return level_db((samples[1:] - samples[:-1]) / np.float32(32768.0))


class NoiseFloor:
    """Follows the level of what is not voice. Falls fast, rises slowly, so a breath in speech already lowers it.

    The first frame above digital silence sets it; a noise that begins later (a fan) is learnt in about two seconds.
    """

    def __init__(self, fall: float = 0.3, rise: float = 0.04) -> None:
        self._fall = fall
        self._rise = rise
        self.reset()

    def reset(self) -> None:
        """Forget the surroundings."""
        self.db = SILENCE_DB
        self._known = False

    def above(self, db: float) -> float:
        """How far a level stands above the floor, in dB; the stream's first sound is taken for the room's noise."""
        if not self._known and db > SILENCE_DB:
            self.db, self._known = db, True
        return db - self.db

    def learn(self, db: float) -> None:
        """Take the level of a frame that is not voice."""
        db = max(db, SILENCE_DB)
        self.db += (self._fall if db < self.db else self._rise) * (db - self.db)
