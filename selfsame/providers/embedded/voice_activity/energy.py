"""Voice activity by energy over an adaptive floor: the last resort, needs nothing (AUD-08)."""

from __future__ import annotations

import math

from selfsame.kit.pcm import Pcm
from selfsame.providers.embedded.voice_activity.noise_floor import SILENCE_DB, NoiseFloor, high_passed_level_db

FRAME_SAMPLES = 480
EVEN_DB = 9.0
SLOPE_DB = 2.0
SUREST = 0.8
RISING_FRAMES = 100
RISING_DB = 0.1


class EnergyDetector:
    """How far a frame stands above the floor: 9 dB is even odds, 12 dB as sure as it gets (0.8).

    Every frame under even odds teaches the floor. A noise that begins and stays is taken for voice for three seconds;
    then the floor creeps up by 3 dB a second until it has swallowed it, and a breath in real speech brings it back.
    """

    def __init__(self, frame_samples: int = FRAME_SAMPLES) -> None:
        self.frame_samples = frame_samples
        self._floor = NoiseFloor()
        self.reset()

    def reset(self) -> None:
        """Forget the stream so far."""
        self._floor.reset()
        self._above = 0

    def probability(self, frame: Pcm) -> float:
        """0..1 for exactly `frame_samples` samples."""
        if len(frame) != self.frame_samples:
            raise ValueError(f"a frame has {self.frame_samples} samples, not {len(frame)}")
        db = high_passed_level_db(frame)
        over = self._floor.above(db)
        if db < SILENCE_DB or over < EVEN_DB:
            self._floor.learn(db)
            self._above = 0
        else:
            self._above += 1
            if self._above > RISING_FRAMES:
                self._floor.db += RISING_DB
        if db < SILENCE_DB:
            return 0.0
        return min(SUREST, 1.0 / (1.0 + math.exp(-(over - EVEN_DB) / SLOPE_DB)))
