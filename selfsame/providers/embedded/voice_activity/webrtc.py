"""WebRTC's voice-activity detector (BSD) on 30 ms frames, with the noise floor against its false alarms (AUD-07)."""

from __future__ import annotations

from typing import Any

from selfsame.errors import BadOutput, Unavailable
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm, to_bytes
from selfsame.providers.embedded.voice_activity.noise_floor import SILENCE_DB, NoiseFloor, high_passed_level_db

FRAME_SAMPLES = 480
VOICE = 0.7
NOISE = 0.05
MARGIN_DB = 3.0
DEFAULT_MODE = 1


class WebRtcDetector:
    """One stream: 0.7 for voice, 0.05 for none. `mode` 0 (lenient) to 3 (strict).

    In mode 1 the engine alone takes a third of all quiet frames for voice; a frame that does not stand 3 dB above
    the floor is therefore no voice, whatever the engine says.
    """

    frame_samples = FRAME_SAMPLES

    def __init__(self, mode: int = DEFAULT_MODE) -> None:
        """Raises Unavailable when the engine is not installed."""
        try:
            import webrtcvad
        except ImportError as fault:
            raise Unavailable("webrtcvad is not installed", role="vad", provider="webrtc") from fault
        self._new: Any = webrtcvad.Vad
        self._mode = mode
        self._floor = NoiseFloor()
        self.reset()

    def reset(self) -> None:
        """Forget the stream so far."""
        self._engine = self._new(self._mode)
        self._floor.reset()

    def probability(self, frame: Pcm) -> float:
        """0.05 or 0.7 for exactly 480 samples. Raises BadOutput when the engine fails."""
        if len(frame) != FRAME_SAMPLES:
            raise ValueError(f"a frame has {FRAME_SAMPLES} samples, not {len(frame)}")
        db = high_passed_level_db(frame)
        if db < SILENCE_DB:
            self._floor.learn(db)
            return NOISE
        try:
            voiced = self._engine.is_speech(to_bytes(frame), MICROPHONE_RATE)
        except Exception as fault:  # the engine raises a class of its C module without a public name
            raise BadOutput("WebRTC's detector failed", role="vad", provider="webrtc") from fault
        stands_out = self._floor.above(db) > MARGIN_DB
        if not (voiced and stands_out):
            self._floor.learn(db)
            return NOISE
        return VOICE
