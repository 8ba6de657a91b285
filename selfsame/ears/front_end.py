"""Filters of a recording: a high-pass and a soft noise gate (AUD-03, AUD-04). The recogniser hears without them
(decision 18).

Sound that is kept, cloned or measured for pitch never passes here: a 200 Hz high-pass removes most speakers' pitch
(G-22).
"""

from __future__ import annotations

from typing import TypeVar, cast

import numpy as np
import numpy.typing as npt

from selfsame.kit.pcm import MICROPHONE_RATE

Sound = TypeVar("Sound", npt.NDArray[np.int16], npt.NDArray[np.float32], npt.NDArray[np.float64])

CUTOFF_HZ = 200
GATE_THRESHOLD = 0.008
GATE_GAIN = 0.2


def apply_high_pass_filter(audio_data: Sound, cutoff: float = CUTOFF_HZ, fs: int = MICROPHONE_RATE) -> Sound:
    """Zero the real-FFT bins below `cutoff` Hz of a whole recording; same length and kind as `audio_data`.

    For whole recordings: cutting a stream into separate transforms clicks at the seams.
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
