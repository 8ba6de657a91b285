"""LivePortrait's pipeline on networks of the same shapes; the public weights themselves are the user's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.errors import Unavailable
from selfsame.events.shown import CHANNELS, still
from selfsame.providers.liveportrait import keypoints as k
from selfsame.providers.liveportrait.networks import FILES, Networks, Pose, degrees
from selfsame.providers.liveportrait.renderer import LivePortraitRenderer, _learn_turning
from tests.neural_faces.figures import ShiftRenderer, number_rig
from tests.neural_faces.tiny_networks import YAW_SIGN, save_liveportrait, save_wav2lip

SILENCE = np.zeros(0, np.int16)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("liveportrait")
    save_liveportrait(folder)
    return folder


def frame(**weights: float) -> np.ndarray:
    one = still(1)
    for name, weight in weights.items():
        one[0, CHANNELS.index(name)] = weight
    return one


@pytest.mark.parametrize("size", [256, 360, 512])
def test_one_picture_a_frame_and_lips_that_follow_the_track(folder: Path, size: int) -> None:
    painter = LivePortraitRenderer(folder, ShiftRenderer()).open(number_rig(), size)
    frames = np.concatenate([frame(), frame(jawOpen=0.5), frame(jawOpen=1.0), frame(jawOpen=1.0, mouthClose=1.0)])
    shut, half, wide, pressed = painter.paint(frames, SILENCE, 16_000)
    assert shut.shape == (size, size, 3) and shut.dtype == np.uint8
    assert shut.mean() < half.mean() < wide.mean()
    assert pressed.mean() < shut.mean() + 1


def test_the_sign_of_the_networks_angles_is_learnt(folder: Path) -> None:
    turning = _learn_turning(Networks(folder), ShiftRenderer().open(number_rig(), 256))
    assert np.sign(turning.yaw) == YAW_SIGN
    assert (turning.pitch, turning.roll) == (1.0, 1.0), "a network that does not answer is taken at its word"


def test_sixty_six_bins_are_three_degrees_each() -> None:
    logits = np.full((1, 66), -50, np.float32)
    logits[0, 40] = 50
    assert degrees(logits) == pytest.approx(40 * 3 - 97.5)
    assert degrees(np.zeros((1, 66), np.float32)) == pytest.approx(0)
    assert degrees(np.float32([[12.5]])) == 12.5


@given(st.tuples(*[st.floats(-90, 90)] * 3))
def test_rotations_keep_lengths_and_turn_back(angles: tuple[float, float, float]) -> None:
    turn = k.rotation(*angles)
    assert np.allclose(turn @ turn.T, np.eye(3), atol=1e-5)
    assert np.linalg.det(turn) == pytest.approx(1, abs=1e-5)


def test_the_neutral_frame_is_the_photo() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(0, 0.2, (21, 3)).astype(np.float32)
    pose = Pose(3.0, -8.0, 2.0, np.float32([0.1, 0.2, 0.0]), 1.3, 0.1 * points[::-1], points)
    assert np.allclose(k.driven_keypoints(pose, still(1)[0], k.Turning()), k.source_keypoints(pose), atol=1e-6)
    raised = k.driven_keypoints(pose, frame(browInnerUp=1.0)[0], k.Turning())
    assert set(np.flatnonzero(np.abs(raised - k.source_keypoints(pose)).max(axis=1) > 1e-4)) == {1, 2}


def test_openings_are_shares_of_the_width() -> None:
    rig = number_rig()
    assert k.lip_opening(rig) == pytest.approx(2 / 40)
    assert k.lip_opening(rig, frame(jawOpen=1.0)[0]) == pytest.approx(22 / 40)
    assert k.lip_opening(rig, frame(jawOpen=1.0, mouthClose=1.0)[0]) == 0
    assert k.lid_openings(rig) == pytest.approx((8 / 24, 8 / 24))
    assert k.lid_wish(frame(eyeBlinkLeft=1.0)[0], (0.3, 0.3)) == 0


@pytest.mark.parametrize("name", [name for name, _ in FILES.values()])
def test_a_file_that_is_missing_or_wrong_is_named(tmp_path: Path, name: str) -> None:
    save_liveportrait(tmp_path)
    (tmp_path / name).unlink()
    renderer = LivePortraitRenderer(tmp_path, ShiftRenderer())
    with pytest.raises(Unavailable, match=name):
        renderer.open(number_rig(), 256)
    (tmp_path / name).write_bytes(b"not a network")
    with pytest.raises(Unavailable, match=name):
        renderer.open(number_rig(), 256)
    save_wav2lip(tmp_path / name)
    with pytest.raises(Unavailable, match=name):
        renderer.open(number_rig(), 256)
