from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from selfsame.contracts.voice_activity import VoiceActivityContract, heard
from selfsame.ears.port import VoiceActivityDetector
from selfsame.errors import BadOutput, Unavailable
from selfsame.kit.pcm import Pcm
from selfsame.providers.embedded.voice_activity.choice import GuardedDetector, detectors
from selfsame.providers.embedded.voice_activity.energy import EnergyDetector
from selfsame.providers.embedded.voice_activity.silero import SileroDetector, SileroModel
from selfsame.providers.embedded.voice_activity.webrtc import WebRtcDetector
from tests.ears.sounds import Recording, noise, silence, vowels


class TestEnergy(VoiceActivityContract):
    @pytest.fixture
    def detector(self) -> VoiceActivityDetector:
        return EnergyDetector()

    @pytest.fixture
    def speech(self) -> Pcm:
        return vowels(2.0)


class TestWebRtc(TestEnergy):
    @pytest.fixture
    def detector(self) -> VoiceActivityDetector:
        return WebRtcDetector()


@pytest.fixture(scope="module")
def model(silero_path: Path) -> SileroModel:
    return SileroModel(silero_path)


class TestSilero(VoiceActivityContract):
    @pytest.fixture
    def detector(self, model: SileroModel) -> VoiceActivityDetector:
        return SileroDetector(model)

    @pytest.fixture
    def speech(self) -> Pcm:
        return vowels(2.0)


class TestSileroOnRealSpeech(TestSilero):
    @pytest.fixture
    def speech(self, speech: list[Recording]) -> Pcm:
        return speech[0].pcm


class TestGuarded(TestEnergy):
    @pytest.fixture
    def detector(self) -> VoiceActivityDetector:
        return GuardedDetector(WebRtcDetector())


def test_the_gate_spares_the_network_in_silence_and_in_a_quiet_room(model: SileroModel) -> None:
    detector = SileroDetector(model)
    heard(detector, silence(10))
    assert detector.runs == 0
    frames = len(heard(detector, noise(20, 0.001)))
    assert detector.runs < 0.15 * frames


def test_the_gate_changes_little_of_what_is_heard(model: SileroModel, speech: list[Recording]) -> None:
    gated, plain = SileroDetector(model), SileroDetector(model, gate=False)
    sound = np.concatenate([part for each in speech[:4] for part in (silence(1.0), each.pcm)])
    a, b = np.array(heard(gated, sound)), np.array(heard(plain, sound))
    assert np.mean((a >= 0.5) != (b >= 0.5)) < 0.04


def test_streams_that_share_a_network_do_not_disturb_each_other(model: SileroModel) -> None:
    alone = heard(SileroDetector(model), vowels(1.0))
    one, two = SileroDetector(model), SileroDetector(model)
    size, sound, other = one.frame_samples, vowels(1.0), noise(1.0, 0.1)
    together = []
    for i in range(0, len(sound) - size + 1, size):
        together.append(one.probability(sound[i : i + size]))
        two.probability(other[i : i + size])
    assert together == alone


def test_a_file_that_is_no_network_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "silero_vad.onnx"
    path.write_bytes(b"not a network")
    with pytest.raises(Unavailable, match="Silero") as caught:
        SileroModel(path)
    assert caught.value.code == "VAD_UNAVAILABLE"


def test_the_best_that_works_is_chosen(silero_path: Path) -> None:
    assert detectors("auto", silero_path).name == "silero"
    assert detectors("webrtc", silero_path).name == "webrtc"
    assert detectors("energy", silero_path).name == "energy"


def test_without_the_model_webrtc_takes_over_and_says_why(tmp_path: Path) -> None:
    for preference, path in (("auto", None), ("silero", tmp_path / "none.onnx")):
        choice = detectors(preference, path)  # type: ignore[arg-type]
        assert (choice.name, choice.open().frame_samples) == ("webrtc", 480)
        assert "model file" in choice.why


def test_a_broken_model_file_falls_back(tmp_path: Path) -> None:
    path = tmp_path / "silero_vad.onnx"
    path.write_bytes(b"\0" * 100)
    choice = detectors("auto", path)
    assert choice.name == "webrtc" and "could not be loaded" in choice.why


def test_without_webrtc_energy_takes_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "webrtcvad", None)
    choice = detectors("auto", None)
    assert choice.name == "energy" and "webrtcvad is not installed" in choice.why


class Failing:
    """Works for some frames, then fails for good."""

    frame_samples = 512

    def __init__(self, good_frames: int) -> None:
        self.left = good_frames

    def probability(self, frame: Pcm) -> float:
        self.left -= 1
        if self.left < 0:
            raise BadOutput("broke", role="vad", provider="failing")
        return 0.1

    def reset(self) -> None:
        pass


def test_energy_takes_over_in_the_middle_of_a_stream() -> None:
    detector = GuardedDetector(Failing(10))
    found = heard(detector, np.concatenate((silence(1.0), vowels(1.0))))
    assert found[:10] == [0.1] * 10
    assert max(found[20:31]) < 0.3 and np.mean(np.array(found[32:]) > 0.6) > 0.4
