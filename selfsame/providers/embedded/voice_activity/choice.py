"""Which detector to use: Silero, else WebRTC, else energy; and what to do when one fails in the middle of a stream."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import structlog

from selfsame.ears.port import VoiceActivityDetector
from selfsame.errors import ProviderError
from selfsame.kit.pcm import Pcm
from selfsame.providers.embedded.voice_activity.energy import EnergyDetector

log = structlog.get_logger(__name__)

Preference = Literal["auto", "silero", "webrtc", "energy"]


class GuardedDetector:
    """A detector that energy takes over from, for the rest of the stream, when it fails."""

    def __init__(self, primary: VoiceActivityDetector) -> None:
        self.frame_samples = primary.frame_samples
        self._engine: VoiceActivityDetector = primary

    def probability(self, frame: Pcm) -> float:
        """As the engine at work says."""
        try:
            return self._engine.probability(frame)
        except ProviderError as fault:
            log.warning("voice activity detector failed; energy takes over", code=fault.code, provider=fault.provider)
            self._engine = EnergyDetector(self.frame_samples)
            return self._engine.probability(frame)

    def reset(self) -> None:
        """Forget the stream so far."""
        self._engine.reset()


@dataclass(frozen=True, slots=True)
class DetectorChoice:
    """The engine chosen, why, and how to open one per stream."""

    name: str
    why: str
    open: Callable[[], VoiceActivityDetector]


def detectors(preference: Preference = "auto", silero_path: Path | None = None) -> DetectorChoice:
    """The best detector that works here, no better than `preference`; never raises, since energy always works.

    `silero_path` is the file `silero_vad.onnx`. The network is loaded here, once, and shared by all streams.
    """
    missing: list[str] = []
    if preference in ("auto", "silero"):
        choice = _silero(silero_path, missing)
        if choice is not None:
            return choice
    if preference != "energy":
        choice = _webrtc(missing)
        if choice is not None:
            return choice
    why = "asked for" if preference == "energy" else "; ".join(missing)
    return DetectorChoice("energy", why, EnergyDetector)


def _silero(path: Path | None, missing: list[str]) -> DetectorChoice | None:
    if path is None or not path.is_file():
        missing.append("Silero's model file is not here")
        return None
    if importlib.util.find_spec("onnxruntime") is None:
        missing.append("onnxruntime is not installed")
        return None
    from selfsame.providers.embedded.voice_activity.silero import SileroDetector, SileroModel

    try:
        model = SileroModel(path)
    except ProviderError as fault:
        missing.append(fault.message)
        return None
    return DetectorChoice("silero", "most robust in noise", lambda: GuardedDetector(SileroDetector(model)))


def _webrtc(missing: list[str]) -> DetectorChoice | None:
    from selfsame.providers.embedded.voice_activity.webrtc import WebRtcDetector

    try:
        WebRtcDetector()
    except ProviderError as fault:
        missing.append(fault.message)
        return None
    return DetectorChoice("webrtc", "; ".join(missing) or "asked for", lambda: GuardedDetector(WebRtcDetector()))
