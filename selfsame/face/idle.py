"""The face while it says nothing: breath, blinks, small movements of head and eyes. Pure functions of the frame number.

Any stretch can be computed alone, so a picture that joins late, a second renderer or a test sees the same face.
"""

from __future__ import annotations

from math import floor

import numpy as np
import numpy.typing as npt

from selfsame.events.shown import BLENDSHAPES, CHANNELS, MOTION_FPS, Frames, still
from selfsame.face.chance import chance, ease, sway
from selfsame.face.eyes import BLINK_SECONDS, blink, look

TO_SPEECH = 0.4
"""Seconds in which the idle face gives way to a reply."""

TO_IDLE = 0.45
"""Seconds in which it comes back when the reply is over, or was cut."""

_BLINK_SLOT, _BLINK_JITTER = 4.0, 2.0  # one blink in each slot: 2 to 6 s lie between two
_BLINK, _BREATH, _SWAY = 60, 61, 62
_C = {name: number for number, name in enumerate(CHANNELS)}
_HEAD = [_C[name] for name in ("headYaw", "headPitch", "headRoll")]
_DEGREES = np.array([1.1, 0.7, 0.7])
_LIDS = [_C["eyeBlinkLeft"], _C["eyeBlinkRight"]]
_MOUTH = [number for name, number in _C.items() if name.startswith(("mouth", "jaw", "tongue"))]


def idle_frames(first: int, count: int, seed: int) -> Frames:
    """Frames `first`, `first` + 1 ... of the endless idle motion of a face with this seed."""
    frames = still(count)
    if not count:
        return frames
    times = np.arange(first, first + count) / MOTION_FPS
    look(frames, times, seed)
    hertz = (12.0 + 4.0 * chance(seed, _BREATH, 0)) / 60.0
    breath = 0.5 - 0.5 * np.cos(2 * np.pi * ((hertz * times) % 1.0) ** 1.2)  # in a little faster than out
    frames[:, _C["breath"]] = breath
    frames[:, _HEAD] = _DEGREES * sway(times, seed, _SWAY)
    frames[:, _C["headPitch"]] += 0.3 * breath
    frames[:, _C["gazeYaw"]] -= 0.8 * frames[:, _C["headYaw"]]
    frames[:, _C["gazePitch"]] -= 0.8 * frames[:, _C["headPitch"]]
    for name in ("mouthSmileLeft", "mouthSmileRight"):
        frames[:, _C[name]] = 0.03
    for slot in range(floor((times[0] - BLINK_SECONDS) / _BLINK_SLOT) - 1, floor(times[-1] / _BLINK_SLOT) + 1):
        blink(frames, times, slot * _BLINK_SLOT + _BLINK_JITTER * chance(seed, _BLINK, slot))
    return frames


def idle_share(first: int, count: int, ended: float | None = None) -> npt.NDArray[np.float64]:
    """How much of the idle face is seen, 0..1, in frames `first` ... of a reply that ends at `ended` seconds.

    1 in the first frame of the reply, and again from TO_IDLE after its end on; `ended` is None while it goes on.
    """
    times = np.arange(first, first + count) / MOTION_FPS
    share = 1.0 - ease(times / TO_SPEECH)
    return share if ended is None else np.maximum(share, ease((times - ended) / TO_IDLE))


def blend(speech: Frames, idle: Frames, share: npt.NDArray[np.float64]) -> Frames:
    """The frames to show while a reply begins or ends: `share` of idle (see `idle_share`), the rest of the speech.

    The mouth belongs to the speech whatever the share, since a reply begins and ends with the neutral mouth; a blink of
    either face is a blink.
    """
    of_idle = share[:, None].astype(np.float32)
    mixed = (speech + of_idle * (idle - speech)).astype(np.float32)
    mixed[:, _MOUTH] = speech[:, _MOUTH] + of_idle * idle[:, _MOUTH]
    mixed[:, _LIDS] = np.maximum(speech[:, _LIDS], idle[:, _LIDS] * of_idle)
    mixed[:, : len(BLENDSHAPES)] = np.clip(mixed[:, : len(BLENDSHAPES)], 0.0, 1.0)
    return mixed


def settle(shown: Frames, idle: Frames, since: int = 1) -> Frames:
    """From the frame that was shown last, shape (1, channels), to `idle`: when a reply was cut.

    `since` is how many frames after the cut the first of `idle` is.
    """
    ages = np.arange(since, since + len(idle)) / MOTION_FPS
    share = ease(ages / TO_IDLE)[:, None]
    return (shown + share * (idle - shown)).astype(np.float32)
