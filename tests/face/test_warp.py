"""The warp renderer keeps the contract of all renderers, and moves what a shape's name says."""

from __future__ import annotations

import numpy as np
import pytest

from selfsame.contracts.video_renderer import VideoRendererContract, drawn, eye_of, frame, mouth_of
from selfsame.events.shown import still
from selfsame.face.rig import FaceRig
from selfsame.face.rigging import build_rig
from selfsame.face.warp import WarpRenderer
from selfsame.face.warp.pose import Poser
from tests.face.canonical import canonical_points, drawing


def rig_of(roll: float = 0.0, opening: float = 0.0, size: int = 256) -> FaceRig:
    points = canonical_points(roll, opening)
    return build_rig(drawing(points, teeth=opening > 0), points, size)


@pytest.fixture(scope="module")
def drawn_rig() -> FaceRig:
    return rig_of()


class TestWarpRenderer(VideoRendererContract):
    exact = 1.5

    @pytest.fixture
    def renderer(self) -> WarpRenderer:
        return WarpRenderer()

    @pytest.fixture
    def rig(self, drawn_rig: FaceRig) -> FaceRig:
        return drawn_rig


def changed(rig: FaceRig, box: tuple[slice, slice], **weights: float) -> float:
    rest, moved = drawn(WarpRenderer().open(rig, rig.size), np.concatenate((still(), frame(**weights))))
    return float(np.abs(moved.astype(int) - rest)[box].mean())


@pytest.mark.parametrize(
    "name",
    [
        "mouthFunnel",
        "mouthPucker",
        "mouthSmile",
        "mouthFrown",
        "mouthStretch",
        "mouthRollLower",
        "mouthRollUpper",
        "mouthPress",
        "mouthLowerDown",
        "mouthUpperUp",
        "jawLeft",
        "jawRight",
    ],
)
def test_a_mouth_shape_moves_the_mouth_and_not_the_eyes(drawn_rig: FaceRig, name: str) -> None:
    assert changed(drawn_rig, mouth_of(drawn_rig), **{name: 1.0}) > 0.4
    assert changed(drawn_rig, eye_of(drawn_rig, "left"), **{name: 1.0}) < 0.5


@pytest.mark.parametrize(
    "name", ["eyeSquintLeft", "eyeWideLeft", "browDownLeft", "browOuterUpLeft", "eyeBlinkLeft", "cheekSquintLeft"]
)
def test_a_shape_of_the_left_eye_leaves_the_right_one(drawn_rig: FaceRig, name: str) -> None:
    left, right = eye_of(drawn_rig, "left"), eye_of(drawn_rig, "right")
    near = (slice(left[0].start - 12, left[0].stop + 12), left[1])
    assert changed(drawn_rig, near, **{name: 1.0}) > 0.25
    assert changed(drawn_rig, right, **{name: 1.0}) < 0.1


@pytest.mark.parametrize("name", ["gazeYaw", "gazePitch"])
def test_the_gaze_moves_the_eyes_alone_and_fades_under_the_lids(drawn_rig: FaceRig, name: str) -> None:
    eye = eye_of(drawn_rig, "left")
    assert changed(drawn_rig, eye, **{name: 10.0}) > 0.3
    assert changed(drawn_rig, mouth_of(drawn_rig), **{name: 10.0}) < 0.05
    renderer = WarpRenderer().open(drawn_rig, 256)
    shut, looking = drawn(renderer, np.concatenate((frame(eyeBlink=1), frame(eyeBlink=1, **{name: 10.0}))))
    assert np.array_equal(shut, looking)


def test_breath_lifts_the_shoulders_a_little(drawn_rig: FaceRig) -> None:
    move = drawn_rig.deltas[drawn_rig.shapes.index("breath")]
    assert -0.006 * 256 < move[:, 1].min() < -0.002 * 256 and not move[:, 0].any()


@pytest.mark.parametrize("roll", [-20.0, 0.0, 20.0])
def test_lips_meet_at_rest_and_when_told_and_never_cross(roll: float) -> None:
    rig = rig_of(roll, opening=0.1)
    poser = Poser(rig)
    weights = np.random.default_rng(4).uniform(0, 1, (40, frame().shape[1])).astype(np.float32)
    weights[20:, -6:] = 0
    for frames, shut in ((still(), True), (weights, False)):
        for each in poser.weights(frames):
            upper, lower = poser.lips(each)
            gap = (lower - upper) @ poser.down
            assert gap.min() > -0.1
            assert not shut or gap.max() < 0.05
    weights[:, list(_columns("mouthClose"))] = 1
    gaps = [(p[1] - p[0]) @ poser.down for p in map(poser.lips, poser.weights(weights))]
    assert np.abs(gaps).max() < 0.1, "the turning head parts them by no more than that"


def _columns(*names: str) -> list[int]:
    return [int(np.flatnonzero(frame(**{name: 1.0})[0])[0]) for name in names]


def test_a_frame_does_not_depend_on_the_frames_before(drawn_rig: FaceRig) -> None:
    frames = np.random.default_rng(6).uniform(0, 1, (11, frame().shape[1])).astype(np.float32)
    painter = WarpRenderer().open(drawn_rig, 256)
    together = drawn(painter, frames)
    alone = [drawn(painter, frames[i : i + 1])[0] for i in range(11)]
    off = [np.abs(a.astype(int) - b).mean() for a, b in zip(together, alone, strict=True)]
    assert max(off) < 0.01, "sums may round differently, no more"


def test_sizes_agree(drawn_rig: FaceRig) -> None:
    shown = frame(jawOpen=0.5, headYaw=4, eyeBlinkLeft=0.6)
    small = drawn(WarpRenderer().open(drawn_rig, 256), shown)[0]
    large = drawn(WarpRenderer().open(rig_of(size=512), 512), shown)[0]
    halved = large.reshape(256, 2, 256, 2, 3).mean((1, 3))
    assert np.abs(halved - small).mean() < 3.5
