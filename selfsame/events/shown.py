"""What the face shows: motion in the audio's own time, and pictures of it.

The motion track is the pivot between sound and picture. Every renderer (the browser's, the server's, a neural one)
takes the same frames, and every source of motion (exact phoneme times, the sound alone) makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

MOTION_FPS = 30
"""Motion frames a second. Frame k is shown when k / 30 s of the reply's sound have been played."""

BLENDSHAPES = (
    "eyeBlinkLeft",
    "eyeBlinkRight",
    "eyeSquintLeft",
    "eyeSquintRight",
    "eyeWideLeft",
    "eyeWideRight",
    "browInnerUp",
    "browDownLeft",
    "browDownRight",
    "browOuterUpLeft",
    "browOuterUpRight",
    "cheekSquintLeft",
    "cheekSquintRight",
    "jawOpen",
    "jawLeft",
    "jawRight",
    "mouthClose",
    "mouthFunnel",
    "mouthPucker",
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthFrownLeft",
    "mouthFrownRight",
    "mouthStretchLeft",
    "mouthStretchRight",
    "mouthRollLower",
    "mouthRollUpper",
    "mouthPressLeft",
    "mouthPressRight",
    "mouthLowerDownLeft",
    "mouthLowerDownRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
    "tongueOut",
)
"""The ARKit blendshapes that move, by their ARKit names; weights 0..1. Left and right are the person's own.

All zero is the neutral face with its lips closed. `mouthClose` 1 brings the lips together whatever the jaw does.
"""

POSE = ("headYaw", "headPitch", "headRoll", "gazeYaw", "gazePitch", "breath")
"""Degrees, but `breath`, which is 0 (out) to 1 (in). Positive: the person's head or eyes turn towards their own left,
upwards, and tilt towards their own left shoulder."""

CHANNELS = BLENDSHAPES + POSE
"""The columns of every motion frame, in this order."""

ANGLE_UNITS = 4.0
"""Steps of an angle per degree in a quantised frame: +-31.75 degrees fit."""

Frames = npt.NDArray[np.float32]
"""Motion frames, shape (frames, len(CHANNELS))."""

Image = npt.NDArray[np.uint8]
"""A picture: 8-bit BGR, shape (height, width, 3)."""


@dataclass(frozen=True, slots=True)
class Motion:
    """A stretch of a motion track: frames `first`, `first` + 1 ... of a reply.

    A later stretch may overlap an earlier one and then replaces it: what follows a sound shapes it (co-articulation).
    """

    first: int
    frames: Frames

    @property
    def end(self) -> int:
        """The number of the frame after the last."""
        return self.first + len(self.frames)


@dataclass(frozen=True, slots=True)
class VideoFrame:
    """A picture of a reply (LIP-02). `data` is a JPEG file, or an H.264 access unit in Annex B.

    `timestamp` and `audio_timestamp`, in seconds of the reply's audio, are when it is shown and the sound it shows.
    """

    data: bytes
    timestamp: float
    format: Literal["jpeg", "h264"]
    width: int
    height: int
    audio_timestamp: float
    keyframe: bool = True


_SCALE = np.array([127.0] * len(BLENDSHAPES) + [ANGLE_UNITS] * (len(POSE) - 1) + [127.0], np.float32)


def quantise(frames: Frames) -> npt.NDArray[np.int8]:
    """Frames as 8-bit numbers: weights and breath times 127, degrees times 4; clipped to what fits."""
    return np.clip(np.rint(frames * _SCALE), -127, 127).astype(np.int8)


def dequantise(numbers: npt.NDArray[np.int8]) -> Frames:
    """The frames that `quantise` was given, to half a step."""
    return numbers.astype(np.float32) / _SCALE


def still(count: int = 1) -> Frames:
    """So many frames of the neutral face."""
    return np.zeros((count, len(CHANNELS)), np.float32)
