from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfsame.contracts.face_landmarker import only
from selfsame.events.shown import BLENDSHAPES
from selfsame.face.measure import (
    MEASURED,
    eye_openings,
    frontal,
    head_pose,
    lip_opening,
    measure_blendshapes,
    mouth_width,
)
from selfsame.face.port import FaceLandmarker, Points
from tests.face.drawn import Drawing, face


@pytest.fixture
def rest(landmarker: FaceLandmarker) -> Points:
    return only(landmarker.find(face())).points


def seen(landmarker: FaceLandmarker, drawing: Drawing, rest: Points) -> dict[str, float]:
    return measure_blendshapes(only(landmarker.find(face(drawing))).points, rest)


def turned(points: Points, yaw: float, pitch: float, roll: float, scale: float = 1.0) -> Points:
    """The same face after the head turned (degrees, our signs), in another place and size."""
    y, p, r = np.radians([yaw, pitch, roll])
    about_y = np.array([[np.cos(y), 0, -np.sin(y)], [0, 1, 0], [np.sin(y), 0, np.cos(y)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(p), np.sin(p)], [0, -np.sin(p), np.cos(p)]])
    about_z = np.array([[np.cos(r), -np.sin(r), 0], [np.sin(r), np.cos(r), 0], [0, 0, 1]])
    middle = points.mean(0)
    return (scale * (points - middle) @ (about_z @ about_x @ about_y).T + middle * 2 + [7, -3, 0]).astype(np.float32)


def test_all_measured_shapes_are_shapes() -> None:
    assert set(MEASURED) <= set(BLENDSHAPES)


def test_a_face_against_itself_is_at_rest(rest: Points) -> None:
    assert all(weight < 1e-3 for weight in measure_blendshapes(rest, rest).values())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    yaw=st.floats(-35, 35),
    pitch=st.floats(-25, 25),
    roll=st.floats(-40, 40),
    scale=st.floats(0.2, 5),
    noise=st.booleans(),
)
def test_the_pose_of_the_head_is_no_expression(
    rest: Points, yaw: float, pitch: float, roll: float, scale: float, noise: bool
) -> None:
    moved = turned(rest, yaw, pitch, roll, scale)
    if noise:
        moved += np.random.default_rng(0).normal(0, 0.002 * scale * np.ptp(rest[:, 0]), moved.shape).astype(np.float32)
    for weight in measure_blendshapes(moved, rest).values():
        assert 0 <= weight < (0.12 if noise else 0.01)
    assert np.abs(frontal(moved) - frontal(rest)).max() < 0.06


@pytest.mark.parametrize(("yaw", "pitch", "roll"), [(20, 0, 0), (-15, 0, 0), (0, 12, 0), (0, -12, 0), (0, 0, 25)])
def test_the_pose_is_measured_with_its_signs(rest: Points, yaw: float, pitch: float, roll: float) -> None:
    before, after = np.array(head_pose(rest)), np.array(head_pose(turned(rest, yaw, pitch, roll)))
    assert after - before == pytest.approx([yaw, pitch, roll], abs=4)


def test_what_is_drawn_is_measured(landmarker: FaceLandmarker, rest: Points) -> None:
    half, whole = (seen(landmarker, Drawing(mouth=m), rest)["jawOpen"] for m in (0.5, 1.0))
    assert 0.05 < half < whole
    assert whole > 0.5
    smile, blink, brows = (
        seen(landmarker, each, rest) for each in (Drawing(smile=1), Drawing(lids=1), Drawing(brows=1))
    )
    assert min(smile["mouthSmileLeft"], smile["mouthSmileRight"]) > 0.4
    assert min(blink["eyeBlinkLeft"], blink["eyeBlinkRight"]) > 0.7
    assert brows["browInnerUp"] > 0.2
    assert max(smile["eyeBlinkLeft"], blink["mouthSmileLeft"], brows["jawOpen"], brows["eyeBlinkLeft"]) < 0.15


def test_lips_eyes_and_mouth_have_sizes(landmarker: FaceLandmarker, rest: Points) -> None:
    wide = only(landmarker.find(face(Drawing(mouth=1)))).points
    assert lip_opening(rest) < 0.04 < 0.2 < lip_opening(wide)
    assert 0.4 < mouth_width(rest) < 0.7
    assert min(eye_openings(rest)) > 0.3


def test_left_and_right_are_the_persons_own(rest: Points) -> None:
    winking = rest.copy()
    for upper, lower in ((386, 374), (385, 380), (387, 373)):
        winking[upper, :2] = winking[lower, :2]
    weights = measure_blendshapes(winking, rest)
    assert weights["eyeBlinkLeft"] == 1
    assert weights["eyeBlinkRight"] < 0.01
