"""The rig: a sound mesh for every face, shapes that turn no triangle over, and refusal of what is no face."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.contracts.video_renderer import frame
from selfsame.errors import BadInput
from selfsame.events.shown import BLENDSHAPES
from selfsame.face.articulation import write
from selfsame.face.rig import RIG_SHAPES, FaceRig
from selfsame.face.rigging import build_rig
from selfsame.face.rigging.frame import face_frame
from selfsame.face.rigging.landmarks import LIPS, LOWER_LIP, UPPER_LIP
from selfsame.face.rigging.open_mouth import at_the_lips
from selfsame.face.rigging.topology import delaunay, doubled_areas
from selfsame.face.visemes import VISEMES
from selfsame.face.warp.pose import Poser
from tests.face.canonical import EDGE, canonical_points, drawing


def check(rig: FaceRig) -> None:
    """No triangle is turned over, at rest or at any one shape."""
    n = len(rig.vertices)
    assert rig.shapes == RIG_SHAPES and rig.deltas.shape == (len(RIG_SHAPES), n, 2)
    assert rig.triangles.max() < n and rig.neutral.shape == (n, 2) and rig.depth.shape == rig.follow.shape == (n,)
    for array in (rig.vertices, rig.deltas, rig.neutral, rig.depth, rig.follow):
        assert array.dtype == np.float32 and np.isfinite(array).all()
    assert (doubled_areas(rig.vertices, rig.triangles) > 0).all()
    rest = rig.vertices + rig.neutral
    assert (doubled_areas(rest, rig.triangles) > 0).all()
    for name, move in zip(rig.shapes, rig.deltas, strict=True):
        assert (doubled_areas(rest + move, rig.triangles) > 0).all(), name
        assert np.abs(move).max() < (0.75 if name == "jawOpen" else 0.45) * rig.mouth.width, name


@settings(max_examples=8, deadline=None)
@given(
    roll=st.floats(-20, 20),
    opening=st.floats(0, 0.25),
    eyes=st.floats(40, 110),
    noise=st.floats(0, 0.015),
    yaw=st.floats(-0.25, 0.25),
    seed=st.integers(0, 1000),
)
def test_no_triangle_turns_over(roll: float, opening: float, eyes: float, noise: float, yaw: float, seed: int) -> None:
    points = canonical_points(roll, opening, eyes)
    points[:, 0] += yaw * points[:, 2]
    points += np.random.default_rng(seed).normal(0, noise * eyes, points.shape).astype(np.float32)
    check(build_rig(drawing(points), points, 256))


def test_every_shape_of_the_track_moves_something_but_those_that_are_made_otherwise() -> None:
    points = canonical_points()
    rig = build_rig(drawing(points), points, 256)
    still = {name for name, move in zip(rig.shapes, rig.deltas, strict=True) if not move.any()}
    assert still == {"eyeBlinkLeft", "eyeBlinkRight", "mouthClose", "tongueOut"}
    assert set(BLENDSHAPES) <= set(rig.shapes)


def test_the_chin_goes_with_the_jaw_and_the_nose_does_not() -> None:
    points = canonical_points()
    rig = build_rig(drawing(points), points, 256)
    move = rig.deltas[rig.shapes.index("jawOpen")]
    assert move[152, 1] > 0.4 * rig.mouth.width
    assert np.abs(move[[1, 4, 33, 263, 10, 234, 454]]).max() < 0.02 * rig.mouth.width
    assert not move[-16:].any(), "the border stays"


@pytest.mark.parametrize("eyes", [60.0, 84.0, 150.0])
def test_a_head_that_turns_and_speaks_folds_no_triangle_over(eyes: float) -> None:
    points = canonical_points(eyes=eyes)
    rig = build_rig(drawing(points), points, 256)
    lips = np.isin(rig.triangles, LIPS).all(1)
    poser = Poser(rig)
    turns = ({"headYaw": 8}, {"headYaw": -8}, {"headPitch": 7}, {"headPitch": -7}, {"headRoll": 8}, {"headRoll": -8})
    for turn in turns:
        for viseme in VISEMES:
            spoken = frame(**turn)
            mouth = np.zeros_like(spoken)
            write(viseme.target[None], mouth)
            weights = poser.weights(spoken + mouth)[0]
            places = rig.vertices + np.einsum("f,fnc->nc", weights, poser.fields)
            areas = doubled_areas(places, rig.triangles)
            assert (areas[~lips] > 0).all(), (turn, viseme.name)
            assert np.clip(-areas[lips], 0, None).sum() < 1.0, "pressed lips may cross by less than half a pixel"
            border = np.isin(rig.vertices, (0, rig.size - 1)).any(1)
            assert np.abs(places - rig.vertices)[border].max() < 1e-6


def test_an_open_mouths_upper_lip_begins_above_its_teeth() -> None:
    points = canonical_points(opening=0.14)
    picture = drawing(points, teeth=True)
    late = points.astype(float)
    inner = list(UPPER_LIP[3][1:-1])
    late[inner, 1] += 4
    found = at_the_lips(picture, late, face_frame(late))
    assert np.abs(found[inner, 1] - points[inner, 1])[2:7].max() < 2.5, "the lip's edge is found again"
    still = [i for i in range(478) if i not in {n for ring in UPPER_LIP for n in ring}]
    assert np.array_equal(found[still], late[still])


def test_an_open_mouth_is_closed_at_rest_and_its_teeth_are_kept() -> None:
    points = canonical_points(opening=0.14)
    rig = build_rig(drawing(points, teeth=True), points, 512)
    rest = rig.vertices + rig.neutral
    gap = np.linalg.norm(rest[list(LOWER_LIP[3])] - rest[list(UPPER_LIP[3])], axis=1)
    assert gap.max() < 0.1
    teeth = rig.mouth.upper.pixels
    seen = teeth[..., 3] > 200
    assert np.abs(np.median(teeth[seen][:, :3], 0) - (205, 225, 235)).max() < 45
    seam = np.rint(rig.vertices[[13, 14]].mean(0)).astype(int)
    assert rig.texture[seam[1], seam[0]].max() < 205, "no tooth is left in the texture"


def test_a_face_that_fills_the_photo_gets_a_continued_border() -> None:
    points = canonical_points(eyes=170.0)
    rig = build_rig(drawing(points), points, 256)
    check(rig)
    assert np.std(rig.texture[:8].astype(float), axis=1).max() > 0


@pytest.mark.parametrize(
    "points",
    [
        np.zeros((478, 3), np.float32),
        np.full((478, 3), np.nan, np.float32),
        np.zeros((468, 3), np.float32),
        np.ones((478, 3), np.float32) * 100,
    ],
)
def test_what_is_no_face_is_refused(points: np.ndarray) -> None:
    with pytest.raises(BadInput, match=r"photo"):
        build_rig(np.zeros((EDGE, EDGE, 3), np.uint8), points, 256)


@given(st.integers(3, 60), st.integers(0, 1000))
def test_delaunay_covers_the_hull_once(count: int, seed: int) -> None:
    places = np.random.default_rng(seed).uniform(0, 100, (count, 2))
    corners = np.array([(-10.0, -10), (110, -10), (110, 110), (-10, 110)])
    triangles = delaunay(np.concatenate((places, corners)))
    areas = doubled_areas(np.concatenate((places, corners)), triangles)
    assert (areas > 0).all() and areas.sum() / 2 == pytest.approx(120 * 120, rel=1e-6)
    assert len(triangles) == 2 * (count + 4) - 2 - 4


def test_delaunay_bears_a_regular_grid() -> None:
    x, y = np.meshgrid(np.arange(6.0), np.arange(6.0))
    places = np.stack((x.ravel(), y.ravel()), 1)
    areas = doubled_areas(places, delaunay(places))
    assert areas.sum() / 2 == pytest.approx(25) and (areas > -1e-6).all()
