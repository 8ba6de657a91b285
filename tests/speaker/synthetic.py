"""A talker of sines: syllables of harmonics under formants, the same on every machine."""

from __future__ import annotations

import numpy as np

from selfsame.kit.pcm import MICROPHONE_RATE, Pcm

VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))


def talker(pitch: float = 120.0, tract: float = 1.0, seconds: float = 4.0) -> Pcm:
    """Five syllables in two seconds, a pause in every third; `tract` stretches the formants, `pitch` in hertz."""
    time = np.arange(round(seconds * MICROPHONE_RATE)) / MICROPHONE_RATE
    tune = pitch * (1 + 0.08 * np.sin(2 * np.pi * 0.7 * time))
    phase = 2 * np.pi * np.cumsum(tune) / MICROPHONE_RATE
    slot = (time / 0.4).astype(int)
    formants = np.array(VOWELS)[slot % len(VOWELS)] * tract
    sound = np.zeros_like(time)
    for number in range(1, 30):
        hertz = number * tune
        gains = [1 / (1 + ((hertz - formants[:, k]) / (60 + 40 * k)) ** 2) / (1 + k) for k in range(3)]
        sound += sum(gains) * np.sin(number * phase) * (hertz < 7600)
    loudness = np.sin(np.pi * (time / 0.4 % 1)) ** 0.5 * (slot % 3 != 2)
    return np.round(sound * loudness / 3 * 12_000).astype(np.int16)
