"""The front end of the recogniser's path: a high-pass and a soft noise gate (AUD-03, AUD-04).

Sound that is kept, cloned or measured for pitch never passes here: a 200 Hz high-pass removes most speakers' pitch
(G-22).
"""

from __future__ import annotations

from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt

from selfsame.kit.pcm import MICROPHONE_RATE, Pcm

Sound = TypeVar("Sound", npt.NDArray[np.int16], npt.NDArray[np.float32], npt.NDArray[np.float64])

CUTOFF_HZ = 200
GATE_THRESHOLD = 0.008
GATE_GAIN = 0.2
WINDOW = 256
HOP = WINDOW // 2


def apply_high_pass_filter(audio_data: Sound, cutoff: float = CUTOFF_HZ, fs: int = MICROPHONE_RATE) -> Sound:
    """Zero the real-FFT bins below `cutoff` Hz of a whole recording; same length and kind as `audio_data`.

    For a piece of a stream use `FrontEnd`: cutting a stream into separate transforms clicks at the seams.
    """
    if len(audio_data) == 0:
        return audio_data
    spectrum = np.fft.rfft(audio_data)
    spectrum[np.fft.rfftfreq(len(audio_data), 1 / fs) < cutoff] = 0
    return _as_kind(np.fft.irfft(spectrum, n=len(audio_data)), audio_data)


def apply_noise_gate(audio_data: Sound, threshold: float = GATE_THRESHOLD) -> Sound:
    """Scale samples whose magnitude (full scale = 1) is under `threshold` by 0.2, without zeroing them."""
    full_scale = 32768.0 if audio_data.dtype == np.int16 else 1.0
    quiet = np.abs(audio_data.astype(np.float32)) < threshold * full_scale
    return _as_kind(np.where(quiet, audio_data * np.float32(GATE_GAIN), audio_data), audio_data)


def _as_kind(values: npt.NDArray[np.floating], like: Sound) -> Sound:
    if like.dtype == np.int16:
        values = np.clip(np.rint(values), -32768, 32767)
    return cast(Sound, values.astype(like.dtype))


def _window() -> npt.NDArray[np.float32]:
    """Square root of a periodic Hann window: applied before and after, its overlapping squares add up to 1."""
    return np.sqrt(0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


class FrontEnd:
    """Both filters over a stream of 16 kHz chunks of any length, without clicks between chunks.

    The high-pass zeroes the bins of 16 ms windows that overlap by half and fade into one another (weighted
    overlap-add: Crochiere, "A weighted overlap-add method of short-time Fourier analysis/synthesis", 1980). What
    comes out lags what goes in by at most `WINDOW - 1` samples (16 ms), and does not depend on the slicing.
    """

    def __init__(self, cutoff: float = CUTOFF_HZ, threshold: float = GATE_THRESHOLD) -> None:
        self._window = _window()
        self._first_kept = int(np.searchsorted(np.fft.rfftfreq(WINDOW, 1 / MICROPHONE_RATE), cutoff))
        self._threshold = threshold
        self.reset()

    def reset(self) -> None:
        """Forget the stream so far."""
        self._waiting = np.zeros(HOP, dtype=np.float32)
        self._tail = np.zeros(HOP, dtype=np.float32)
        self._skip = HOP
        self._inside = 0

    def process(self, pcm: Pcm) -> Pcm:
        """The next filtered samples; their number may differ from `len(pcm)`, never by more than the lag."""
        self._inside += len(pcm)
        waiting = np.concatenate((self._waiting, pcm), dtype=np.float32)
        hops = len(waiting) // HOP - 1
        if hops < 1:
            self._waiting = waiting
            return np.zeros(0, dtype=np.int16)
        self._waiting = waiting[hops * HOP :]
        pieces = np.lib.stride_tricks.as_strided(
            waiting, (hops, WINDOW), (waiting.strides[0] * HOP, waiting.strides[0])
        )
        spectrum = np.fft.rfft(pieces * self._window, axis=1)
        spectrum[:, : self._first_kept] = 0
        return self._gate(self._overlap(np.fft.irfft(spectrum, n=WINDOW, axis=1) * self._window))

    def flush(self) -> Pcm:
        """The samples still inside; the next `process` begins a new stream."""
        inside = self._inside
        rest = self.process(np.zeros(2 * WINDOW, dtype=np.int16))
        self.reset()
        return rest[:inside]

    def _overlap(self, pieces: npt.NDArray[np.floating]) -> npt.NDArray[np.float32]:
        out = pieces[:, :HOP].astype(np.float32)
        out[0] += self._tail
        out[1:] += pieces[:-1, HOP:]
        self._tail = pieces[-1, HOP:].astype(np.float32)
        flat = out.reshape(-1)
        fresh, self._skip = flat[self._skip :], max(0, self._skip - len(flat))
        self._inside -= len(fresh)
        return fresh

    def _gate(self, samples: npt.NDArray[np.float32]) -> Pcm:
        samples[np.abs(samples) < self._threshold * 32768.0] *= GATE_GAIN
        return np.clip(np.rint(samples), -32768, 32767).astype(np.int16)
