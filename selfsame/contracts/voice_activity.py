"""What every `VoiceActivityDetector` must do. Subclass it, give `detector` and `speech`, and let pytest collect it."""

from __future__ import annotations

import numpy as np
import pytest

from selfsame.ears.port import VoiceActivityDetector
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm


class VoiceActivityContract:
    """The contract. `low` and `high` are the probabilities that silence stays under and clear speech reaches."""

    low = 0.3
    high = 0.6

    @pytest.fixture
    def detector(self) -> VoiceActivityDetector:
        """A fresh detector."""
        raise NotImplementedError

    @pytest.fixture
    def speech(self) -> Pcm:
        """At least 2 s of clear speech at 16 kHz."""
        raise NotImplementedError

    def test_digital_silence_is_not_voice(self, detector: VoiceActivityDetector) -> None:
        assert max(heard(detector, _silence(1.0))) < self.low

    def test_the_noise_of_a_quiet_room_is_not_voice(self, detector: VoiceActivityDetector) -> None:
        room = (np.random.default_rng(3).standard_normal(MICROPHONE_RATE) * 30).astype(np.int16)
        assert np.median(heard(detector, room)) < self.low

    def test_speech_after_silence_is_voice(self, detector: VoiceActivityDetector, speech: Pcm) -> None:
        heard(detector, _silence(1.0))
        found = heard(detector, speech)
        assert np.mean(np.array(found) >= self.high) > 0.4

    def test_probabilities_are_probabilities(self, detector: VoiceActivityDetector, speech: Pcm) -> None:
        loud = (np.random.default_rng(4).standard_normal(MICROPHONE_RATE) * 20_000).clip(-32768, 32767).astype(np.int16)
        found = heard(detector, np.concatenate((speech, loud, _silence(0.2))))
        assert all(0.0 <= each <= 1.0 for each in found)

    def test_reset_forgets(self, detector: VoiceActivityDetector, speech: Pcm) -> None:
        stream = np.concatenate((_silence(0.5), speech))
        first = heard(detector, stream)
        detector.reset()
        assert heard(detector, stream) == pytest.approx(first, abs=1e-5)

    def test_a_frame_of_the_wrong_length_is_a_bug(self, detector: VoiceActivityDetector) -> None:
        for samples in (0, detector.frame_samples - 1, detector.frame_samples + 1):
            with pytest.raises(ValueError, match="samples"):
                detector.probability(np.zeros(samples, dtype=np.int16))

    def test_a_read_only_frame_is_accepted_and_not_changed(self, detector: VoiceActivityDetector, speech: Pcm) -> None:
        frame = speech[: detector.frame_samples].copy()
        kept = frame.copy()
        frame.setflags(write=False)
        detector.probability(frame)
        assert np.array_equal(frame, kept)


def heard(detector: VoiceActivityDetector, pcm: Pcm) -> list[float]:
    """The probabilities of all whole frames of `pcm`."""
    size = detector.frame_samples
    return [detector.probability(pcm[i : i + size]) for i in range(0, len(pcm) - size + 1, size)]


def _silence(seconds: float) -> Pcm:
    return np.zeros(round(seconds * MICROPHONE_RATE), dtype=np.int16)
