"""The Wav2Lip road on a network of the same shape, and the spectrogram that such networks were trained on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.errors import Unavailable
from selfsame.events.shown import still
from selfsame.providers.wav2lip.mel import COLUMNS, mel_spectrogram, windows
from selfsame.providers.wav2lip.renderer import Wav2LipRenderer, face_box
from tests.neural_faces.figures import ShiftRenderer, number_rig
from tests.neural_faces.tiny_networks import save_liveportrait, save_wav2lip


def tone(seconds: float, rate: int, hertz: float = 440.0, level: float = 0.5) -> np.ndarray:
    t = np.arange(int(seconds * rate)) / rate
    return (level * 32767 * np.sin(2 * np.pi * hertz * t)).astype(np.int16)


@pytest.mark.parametrize(("edge", "name"), [(96, "wav2lip.onnx"), (256, "wav2lip_256.onnx")])
@pytest.mark.parametrize("rate", [16_000, 22_050])
def test_the_mouth_is_set_into_the_moving_face(tmp_path: Path, edge: int, name: str, rate: int) -> None:
    save_wav2lip(tmp_path / name, edge)
    rig = number_rig()
    painter = Wav2LipRenderer(tmp_path, ShiftRenderer()).open(rig, 256)
    hiss = np.random.default_rng(3).normal(0, 6000, rate).astype(np.int16)
    sound = np.concatenate([np.zeros(rate // 2, np.int16), hiss])
    pictures = list(painter.paint(still(37), sound, rate))
    assert len(pictures) == 37 and pictures[0].shape == (256, 256, 3)
    x0, y0, x1, y1 = face_box(rig, 256)
    mouth = [int(p[y0 + 3 * (y1 - y0) // 4, (x0 + x1) // 2, 0]) for p in pictures]
    assert mouth[30] > mouth[2] + 20, "a loud sound makes the tiny network's face brighter than silence"
    top = rig.texture[:y0]
    assert all(np.array_equal(p[:y0], top) for p in pictures), "nothing above the face is touched"


def test_silence_no_frames_and_short_sound(tmp_path: Path) -> None:
    save_wav2lip(tmp_path / "wav2lip.onnx")
    painter = Wav2LipRenderer(tmp_path, ShiftRenderer()).open(number_rig(), 256)
    assert list(painter.paint(still(0), np.zeros(0, np.int16), 16_000)) == []
    assert len(list(painter.paint(still(3), np.zeros(0, np.int16), 16_000))) == 3
    assert len(list(painter.paint(still(1), tone(0.01, 16_000), 16_000))) == 1


def test_a_missing_or_foreign_file_is_said(tmp_path: Path) -> None:
    renderer = Wav2LipRenderer(tmp_path, ShiftRenderer())
    with pytest.raises(Unavailable, match=r"wav2lip_gan\.onnx"):
        renderer.open(number_rig(), 256)
    save_liveportrait(tmp_path)
    (tmp_path / "stitching.onnx").rename(tmp_path / "wav2lip_gan.onnx")
    with pytest.raises(Unavailable, match="Wav2Lip kind"):
        renderer.open(number_rig(), 256)


@pytest.mark.parametrize("hertz", [120, 440, 1500, 6000])
def test_a_tone_is_loudest_in_its_own_band(hertz: float) -> None:
    mel = mel_spectrogram(tone(0.5, 16_000, hertz).astype(np.float32) / 32768)
    band = int(mel[:, 20].argmax())
    mels = 1127 * np.log(1 + np.array([55, hertz, 7600]) / 700)
    place = 80 * (mels[1] - mels[0]) / (mels[2] - mels[0])
    assert abs(band - place) < 6, "the two mel scales differ by a few bands at most"
    assert mel.shape[0] == 80 and mel.min() >= -4 and mel.max() <= 4


@given(st.integers(0, 5000), st.integers(1, 40), st.sampled_from([15.0, 25.0, 30.0]))
def test_every_picture_gets_its_sound(samples: int, count: int, rate: float) -> None:
    mel = mel_spectrogram(np.zeros(samples, np.float32))
    cut = windows(mel, count, rate)
    assert cut.shape == (count, 1, 80, COLUMNS)
    assert np.isfinite(cut).all()


def test_a_window_begins_with_its_picture() -> None:
    mel = np.broadcast_to(np.arange(200, dtype=np.float32), (80, 200))
    cut = windows(mel, 25, 25.0)
    assert [int(w[0, 0, 0]) for w in cut[:3]] == [0, 3, 6]
    assert int(cut[10, 0, 0, -1]) == 32 + 15
