"""Takes stationary noise (a fan, hiss, traffic far away) out of what the recogniser hears. Pure.

The room's spectrum comes from the sound before the voice; it costs nothing while nobody speaks. Voice activity, cloning
and everything that is kept hear the sound as it came.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from selfsame.kit.pcm import Pcm

Spectrum = npt.NDArray[np.float32]

WINDOW = 512
HOP = WINDOW // 2
BINS = WINDOW // 2 + 1
QUANTILE = 0.4
LEAST_HOPS = 8
FLOOR = 10 ** (-18 / 20)
MEMORY = 0.9
LEAST_RATIO = 10 ** (-25 / 10)
MOST_RATIO = 1e4
SILENCE = np.float32(1e-3)
"""Noise power that stands for none: far below one quantisation step."""
SHAPE = np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)
"""Square root of a periodic Hann window: applied before and after, its overlapping squares add up to 1."""


def noise_power(pcm: Pcm) -> Spectrum | None:
    """Mean power of the noise in each of `BINS` bins; None when `pcm` (16 kHz) is shorter than about 0.15 s.

    A low quantile over time, scaled to the mean of an exponential distribution, so that a click or a word in less than
    half of the sound does not count (Stahl, Fischer and Bippus, "Quantile based noise estimation for spectral
    subtraction and Wiener filtering", ICASSP 2000); smoothed over three bins.
    """
    if len(pcm) < WINDOW + (LEAST_HOPS - 1) * HOP:
        return None
    power = np.square(np.abs(_spectra(pcm.astype(np.float32))))
    place = int(QUANTILE * len(power))
    level = np.partition(power, place, axis=0)[place] / -np.log1p(-(place + 0.5) / len(power))
    wide = np.concatenate((level[:1], level, level[-1:]))
    return (0.25 * wide[:-2] + 0.5 * level + 0.25 * wide[2:]).astype(np.float32)


def _spectra(samples: npt.NDArray[np.float32]) -> npt.NDArray[np.complexfloating]:
    """The windowed spectra of all whole windows, a hop apart; (hops, BINS)."""
    return np.fft.rfft(np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP] * SHAPE, axis=1)


class Denoiser:
    """Weakens what is noise in a stream of 16 kHz chunks of any length; the sound is never louder than it came.

    The gain of a bin is Wiener's, r / (1 + r), and at least -18 dB. The ratio r of voice to noise is found by the
    decision-directed rule (Ephraim and Malah, "Speech enhancement using a minimum mean-square error short-time spectral
    amplitude estimator", IEEE Trans. ASSP 32, 1984). Their logarithmic estimator (1985) and their memory of 0.98
    were no better for the recogniser: a long memory swallows the beginnings of words. What comes out lags
    what goes in by at most `WINDOW - 1` samples (32 ms), and does not depend on the slicing.
    """

    def __init__(self) -> None:
        self._noise = np.full(BINS, SILENCE)
        self.reset()

    def learn(self, room: Pcm) -> None:
        """Take `room`, sound without the speaker's voice, for the noise from now on, if it is enough."""
        power = noise_power(room)
        if power is not None:
            self._noise = np.maximum(power, SILENCE)

    def reset(self) -> None:
        """Forget the stream so far, but not the noise."""
        self._waiting = np.zeros(WINDOW - HOP, dtype=np.float32)
        self._tail = np.zeros(HOP, dtype=np.float32)
        self._voice = np.zeros(BINS, dtype=np.float32)
        self._skip = WINDOW - HOP
        self._inside = 0

    def process(self, pcm: Pcm) -> Pcm:
        """The next samples; their number may differ from `len(pcm)`, never by more than the lag."""
        self._inside += len(pcm)
        waiting = np.concatenate((self._waiting, pcm), dtype=np.float32)
        hops = len(waiting) // HOP - 1
        if hops < 1:
            self._waiting = waiting
            return np.zeros(0, dtype=np.int16)
        self._waiting = waiting[hops * HOP :]
        spectra = _spectra(waiting)
        spectra *= self._gains(np.square(np.abs(spectra)) / self._noise)
        return self._overlap(np.fft.irfft(spectra, n=WINDOW, axis=1) * SHAPE)

    def flush(self) -> Pcm:
        """The samples still inside; the next `process` begins a new stream."""
        inside = self._inside
        rest = self.process(np.zeros(2 * WINDOW, dtype=np.int16))
        self.reset()
        return rest[:inside]

    def _gains(self, ratios: npt.NDArray[np.floating]) -> Spectrum:
        """Gains (hops, BINS) for the power of each bin over its noise, hop after hop."""
        ratios = np.minimum(ratios, MOST_RATIO).astype(np.float32)
        fresh = (1 - MEMORY) * np.maximum(ratios - 1, 0)
        gains = np.empty_like(ratios)
        for ratio, new, gain in zip(ratios, fresh, gains, strict=True):
            voice = np.maximum(MEMORY * self._voice + new, LEAST_RATIO)
            np.divide(voice, 1 + voice, out=gain)
            self._voice = gain * gain * ratio
        return np.maximum(gains, FLOOR)

    def _overlap(self, pieces: npt.NDArray[np.floating]) -> Pcm:
        out = pieces[:, :HOP].astype(np.float32)
        out[0] += self._tail
        out[1:] += pieces[:-1, HOP:]
        self._tail = pieces[-1, HOP:].astype(np.float32)
        flat = out.reshape(-1)
        fresh, self._skip = flat[self._skip :], max(0, self._skip - len(flat))
        self._inside -= len(fresh)
        return np.clip(np.rint(fresh), -32768, 32767).astype(np.int16)
