"""Preparing a recording for the network: brought to one level, long silences cut out.

Resemblyzer makes quiet sound louder, up to -30 dB of full scale, and leaves loud sound alone. As the network sees
power, the same voice at a quarter of the level then gives another print (likeness 0.93, of a whole recording). Here
every recording gets the same level: what is at that level already gets the very numbers of Resemblyzer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from selfsame.errors import Unavailable
from selfsame.kit.pcm import MICROPHONE_RATE, Samples

LEVEL_DB = -26.0
"""Mean level of what the network sees, in dB of full scale: the usual level of recorded speech (ITU-T P.56)."""
FRAME = 480
SMOOTHED = 8
"""Frames of 30 ms over which the detector's answers are averaged."""
MARGIN = 3
"""Frames kept on either side of speech."""
STRICT = 3


def levelled(sound: Samples) -> Samples:
    """The same at LEVEL_DB, without limiting its peaks; digital silence stays."""
    power = float(np.mean(np.square(sound, dtype=np.float64))) if len(sound) else 0.0
    if power == 0:
        return sound
    return sound * np.float32(10 ** (LEVEL_DB / 20) / np.sqrt(power))


def voiced(sound: Samples) -> Samples:
    """The sound without its longer silences, by WebRTC's detector in its strict mode. Raises Unavailable."""
    try:
        import webrtcvad
    except ImportError as fault:
        raise Unavailable("webrtcvad is not installed", role="speaker", provider="ge2e") from fault
    detector: Any = webrtcvad.Vad(STRICT)
    frames = len(sound) // FRAME
    whole = sound[: frames * FRAME]
    pcm = np.round(np.clip(whole, -1, 1) * 32767).astype("<i2").reshape(frames, FRAME)
    flags = np.array([detector.is_speech(frame.tobytes(), MICROPHONE_RATE) for frame in pcm], bool)
    return whole.reshape(frames, FRAME)[_kept(flags)].reshape(-1)


def _kept(flags: np.ndarray) -> np.ndarray:
    """Frames to keep: more than half of the frames around them are speech, or they lie close to such a one."""
    if not len(flags):
        return flags
    around = np.pad(flags.astype(np.int64), ((SMOOTHED - 1) // 2, SMOOTHED // 2))
    sums = np.convolve(around, np.ones(SMOOTHED, np.int64), "valid")
    speech = (sums > SMOOTHED // 2).astype(np.int64)
    return np.convolve(speech, np.ones(2 * MARGIN + 1, np.int64), "same")[: len(flags)] > 0
