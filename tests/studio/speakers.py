"""Voices and animators for the studio's tests: each word is a tone, and the mouth is open exactly while it sounds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np

from selfsame.events.shown import CHANNELS, MOTION_FPS, Frames, Motion, still
from selfsame.events.spoken import SpokenChunk
from selfsame.face.port import AnimatingAbilities
from selfsame.providers.fake.speaking import FakeTextToSpeech
from selfsame.voice.port import Phrase

JAW = CHANNELS.index("jawOpen")
LANGUAGES = frozenset({"EN", "ES", "ZH"})


def quiet(_first: int, count: int) -> Frames:
    return still(count)


class Loudly:
    """An animation that opens the mouth for every frame in which there is sound; two frames wait for what follows."""

    abilities = AnimatingAbilities("loudly", needs_phonemes=False, languages=LANGUAGES)

    def __init__(self) -> None:
        self.pcm = np.zeros(0, np.int16)
        self.rate, self.settled = 1, 0

    def open(self, seed: int) -> Loudly:
        del seed
        return Loudly()

    def add(self, chunk: SpokenChunk) -> Motion:
        self.pcm, self.rate = np.concatenate([self.pcm, chunk.pcm]), chunk.sample_rate
        motion = self._from(self.settled, int(len(self.pcm) / self.rate * MOTION_FPS))
        self.settled = max(0, motion.end - 2)
        return motion

    def finish(self) -> Motion:
        return self._from(self.settled, int(len(self.pcm) / self.rate * MOTION_FPS) + 15)

    def _from(self, first: int, end: int) -> Motion:
        rows = still(max(0, end - first))
        for k in range(first, end):
            middle, half = k / MOTION_FPS * self.rate, self.rate // 100
            around = self.pcm[max(0, int(middle) - half) : int(middle) + half]
            rows[k - first, JAW] = 0.9 if len(around) and np.abs(around.astype(int)).max() > 800 else 0.0
        return Motion(first, rows)


class Words(FakeTextToSpeech):
    """Says every word with half a second of silence behind it, and counts the phrases it was asked for."""

    def __init__(self, gap: float = 0.5, delay: float = 0.0) -> None:
        super().__init__(delay=delay)
        self.gap = gap
        self.phrases: list[str] = []

    async def synthesize(self, phrase: Phrase) -> AsyncIterator[SpokenChunk]:
        self.phrases.append(phrase.text)
        async for chunk in super().synthesize(phrase):
            silent = np.zeros(round(self.gap * chunk.sample_rate), np.int16)
            yield SpokenChunk(np.concatenate([chunk.pcm, silent]), chunk.sample_rate, chunk.text, chunk.words)
