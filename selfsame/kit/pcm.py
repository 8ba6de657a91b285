"""Sound as numpy arrays: 16-bit signed mono PCM, shape (samples,)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Pcm = npt.NDArray[np.int16]
Samples = npt.NDArray[np.float32]

MICROPHONE_RATE = 16_000
"""Samples a second of all sound that comes in."""


def from_bytes(data: bytes | memoryview) -> Pcm:
    """Little-endian 16-bit bytes to an array (a read-only view). Raises ValueError on an odd length."""
    if len(data) % 2:
        raise ValueError("16-bit PCM needs an even number of bytes")
    return np.frombuffer(data, dtype="<i2")


def to_bytes(pcm: Pcm) -> bytes:
    """An array to little-endian 16-bit bytes."""
    return pcm.astype("<i2", copy=False).tobytes()


def to_float(pcm: Pcm) -> Samples:
    """Scale to [-1, 1)."""
    return pcm.astype(np.float32) / 32768.0


def from_float(samples: npt.NDArray[np.floating]) -> Pcm:
    """Clip to [-1, 1] and scale to 16 bits."""
    return (np.clip(samples, -1.0, 1.0) * 32767.0).astype(np.int16)


def rms(pcm: Pcm) -> float:
    """Root mean square in [0, 1]; 0 for an empty array."""
    if len(pcm) == 0:
        return 0.0
    wide = pcm.astype(np.float32)
    return float(np.sqrt(np.dot(wide, wide) / len(wide))) / 32768.0


def seconds(pcm: Pcm, rate: int) -> float:
    """Duration in seconds."""
    return len(pcm) / rate
