"""The speaker network: against the package it comes from, against plain arithmetic, and against its contract."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from selfsame.contracts.speaker_encoder import SpeakerEncoderContract
from selfsame.errors import BadInput, Unavailable
from selfsame.kit.pcm import Pcm, to_float
from selfsame.providers.embedded.speaker import Ge2eSpeakerEncoder
from selfsame.providers.embedded.speaker.build import build
from selfsame.providers.embedded.speaker.files import CHECKPOINT, GRAPH
from selfsame.providers.embedded.speaker.mel import mel_spectrogram
from selfsame.providers.embedded.speaker.sound import LEVEL_DB, levelled, voiced
from tests.speaker.synthetic import talker
from tests.speaker.tiny_checkpoint import HIDDEN, weights, write

MAN, WOMAN = talker(120.0, 1.0), talker(210.0, 1.15)


class TestReal(SpeakerEncoderContract):
    @pytest.fixture
    def encoder(self, real: Ge2eSpeakerEncoder) -> Ge2eSpeakerEncoder:
        return real

    @pytest.fixture
    def voices(self, flite_voices: list[Pcm]) -> list[Pcm]:
        return flite_voices


class TestTiny(SpeakerEncoderContract):
    tells_apart = False

    @pytest.fixture
    def encoder(self, tiny: Ge2eSpeakerEncoder) -> Ge2eSpeakerEncoder:
        return tiny

    @pytest.fixture
    def voices(self) -> list[Pcm]:
        return [MAN, WOMAN]


# What Resemblyzer 0.1.4 gives for the same sound at the same level (with librosa 0.11.0 and torch 2.13.0).
MEL_OF_MAN = {
    (0, 2): 2.01351e-05,
    (20, 3): 0.00109883,
    (20, 20): 0.0014196,
    (57, 9): 0.000695863,
    (57, 39): 2.31928e-10,
    (200, 30): 3.0787e-07,
}
PRINT_OF_MAN = {62: 0.26706, 73: 0.18951, 122: 0.20779, 127: 0.24523, 133: 0.23594, 151: 0.19289, 165: 0.2019}
PRINT_OF_WOMAN = {62: 0.18121, 66: 0.16497, 79: 0.16099, 116: 0.17187, 122: 0.24823, 127: 0.19902, 137: 0.16362}


def test_mel_bands_are_those_that_the_network_was_trained_on() -> None:
    mel = mel_spectrogram(to_float(MAN))
    assert mel.shape == (401, 40)
    for place, power in MEL_OF_MAN.items():
        assert mel[place] == pytest.approx(power, rel=2e-4)
    assert float(mel.sum()) == pytest.approx(616.3685, rel=1e-5)
    assert float(mel_spectrogram(to_float(WOMAN)).sum()) == pytest.approx(325.8536, rel=1e-5)


def test_silences_are_cut_as_in_training() -> None:
    assert len(voiced(levelled(to_float(MAN)))) == 56_640


@pytest.mark.parametrize(
    ("voice", "expected", "total"), [(MAN, PRINT_OF_MAN, 8.929686), (WOMAN, PRINT_OF_WOMAN, 9.291721)]
)
def test_prints_are_those_of_the_original(
    real: Ge2eSpeakerEncoder, voice: Pcm, expected: dict[int, float], total: float
) -> None:
    found = real.embed(voice)
    for place, value in expected.items():
        assert found[place] == pytest.approx(value, abs=1e-4)
    assert float(found.sum()) == pytest.approx(total, abs=1e-3)


def test_the_graph_computes_what_the_equations_say(tiny: Ge2eSpeakerEncoder) -> None:
    """The recurrences of Hochreiter and Schmidhuber with PyTorch's order of gates, one number at a time."""
    w = {name: value.astype(np.float64) for name, value in weights().items()}
    sequence = mel_spectrogram(levelled(to_float(MAN[:25_600])))[:160].astype(np.float64)
    for layer in range(3):
        hidden, cell, outputs = np.zeros(HIDDEN), np.zeros(HIDDEN), []
        for x in sequence:
            gates = w[f"lstm.weight_ih_l{layer}"] @ x + w[f"lstm.weight_hh_l{layer}"] @ hidden
            gates += w[f"lstm.bias_ih_l{layer}"] + w[f"lstm.bias_hh_l{layer}"]
            first, forget, new, out = np.split(gates, 4)
            cell = _sigmoid(forget) * cell + _sigmoid(first) * np.tanh(new)
            hidden = _sigmoid(out) * np.tanh(cell)
            outputs.append(hidden)
        sequence = np.array(outputs)
    raw = np.maximum(0, w["linear.weight"] @ sequence[-1] + w["linear.bias"])
    expected = raw / np.linalg.norm(raw)
    np.testing.assert_allclose(tiny.embed_pieces([MAN[:25_600]])[0], expected, atol=1e-4)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def test_a_recording_is_the_mean_of_its_pieces(tiny: Ge2eSpeakerEncoder) -> None:
    one, whole = MAN[:9_600], np.tile(MAN[:9_600], 8)
    assert tiny.embed(one).shape == tiny.embed(whole).shape
    with pytest.raises(BadInput):
        tiny.embed(one[:3_000])


@pytest.mark.parametrize("gain", [0.001, 0.1, 1.0, 2.5])
def test_sound_gets_one_level(gain: float) -> None:
    found = levelled(to_float(MAN) * np.float32(gain))
    assert 10 * np.log10(np.mean(found**2)) == pytest.approx(LEVEL_DB, abs=0.01)
    silence = np.zeros(100, np.float32)
    assert np.array_equal(levelled(silence), silence)


def test_the_graph_is_built_the_same_every_time(tmp_path: Path) -> None:
    write(tmp_path / CHECKPOINT, weights())
    digests = []
    for _ in range(2):
        build(tmp_path)
        digests.append(hashlib.sha256((tmp_path / GRAPH).read_bytes()).hexdigest())
    assert digests[0] == digests[1] and not (tmp_path / f"{GRAPH}.new").exists()


def test_missing_files_are_unavailable_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="selfsame models pull speaker") as caught:
        Ge2eSpeakerEncoder(tmp_path)
    assert caught.value.code == "SPEAKER_UNAVAILABLE"


@pytest.mark.parametrize("name", [CHECKPOINT, GRAPH])
def test_damaged_files_are_unavailable(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"not a network")
    with pytest.raises(Unavailable, match="cannot be loaded"):
        Ge2eSpeakerEncoder(tmp_path)


@pytest.mark.anyio
async def test_it_loads_beside_a_running_loop(tmp_path: Path) -> None:
    write(tmp_path / CHECKPOINT, weights())
    assert (await Ge2eSpeakerEncoder.load(tmp_path)).abilities.width == 10
