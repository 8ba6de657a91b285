from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from selfsame.contracts.face_landmarker import FaceLandmarkerContract, deviation, only
from selfsame.errors import Unavailable
from selfsame.events.shown import Image
from selfsame.face.port import FaceLandmarker
from selfsame.providers.embedded.face_mesh import LiteFaceLandmarker
from selfsame.providers.embedded.face_mesh.networks import FILES
from tests.face.drawn import Drawing, face


class TestDrawnFace(FaceLandmarkerContract):
    @pytest.fixture
    def landmarker(self, networks: LiteFaceLandmarker) -> LiteFaceLandmarker:
        return networks

    @pytest.fixture
    def portrait(self) -> Image:
        return face()


class TestSharedFaces(FaceLandmarkerContract):
    @pytest.fixture
    def landmarker(self, networks: LiteFaceLandmarker) -> LiteFaceLandmarker:
        return networks

    @pytest.fixture(params=["astronaut.png", "grace_hopper.jpg", "man_a.jpg", "cgi_woman_c.jpg"])
    def portrait(self, faces: Path, request: pytest.FixtureRequest) -> Image:
        image = cv2.imread(str(faces / request.param))
        assert image is not None
        return image


def gap(points: np.ndarray) -> float:
    """Between the lips, in widths of the mouth."""
    return float(np.hypot(*(points[13] - points[14])[:2]) / np.hypot(*(points[61] - points[291])[:2]))


def test_an_open_mouth_is_seen_open(landmarker: LiteFaceLandmarker) -> None:
    gaps = [gap(only(landmarker.find(face(Drawing(mouth=mouth)))).points) for mouth in (0.0, 0.5, 1.0)]
    assert gaps[0] < 0.06 < 0.08 < gaps[1] < gaps[2]
    assert gaps[2] > 0.3


def lids(points: np.ndarray) -> float:
    """Between the lids of the person's right eye, in widths of the eye."""
    return float(np.hypot(*(points[159] - points[145])[:2]) / np.hypot(*(points[33] - points[133])[:2]))


def test_shut_eyes_are_seen_shut(landmarker: LiteFaceLandmarker) -> None:
    gaps = [lids(only(landmarker.find(face(Drawing(lids=shut)))).points) for shut in (0.0, 0.5, 1.0)]
    assert gaps[0] > gaps[1] > 1.4 * gaps[2]
    assert gaps[2] < 0.6 * gaps[0]


@pytest.mark.parametrize("turn", [-30, -15, 20, 30])
def test_a_tilted_head_is_cropped_along_its_eyes(landmarker: LiteFaceLandmarker, turn: float) -> None:
    straight = only(landmarker.find(face())).points
    matrix = cv2.getRotationMatrix2D((256, 320), turn, 1)
    turned = np.asarray(cv2.warpAffine(face(), matrix, (512, 640), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    expected = straight[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    assert deviation(only(landmarker.find(turned)).points, np.c_[expected, straight[:, 2]]) < 0.05


def test_a_small_face_in_a_large_photo_is_found(landmarker: LiteFaceLandmarker) -> None:
    photo = np.full((3000, 4000, 3), 120, np.uint8)
    photo[300:620, 3000:3256] = cv2.resize(face(), (256, 320), interpolation=cv2.INTER_AREA)
    points = only(landmarker.find(photo)).points
    assert deviation(points - [3000, 300, 0], only(landmarker.find(face())).points / 2) < 0.06


def test_a_picture_wider_than_a_sampler_takes_is_read(landmarker: LiteFaceLandmarker) -> None:
    strip = np.full((640, 33_000, 3), 120, np.uint8)
    strip[:, 16_000:16_512] = face()
    assert len(landmarker.find(strip, 0.5)) <= 1  # 4 pixels high for the detector: found or not, it must not fall


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    image=arrays(np.uint8, st.tuples(st.integers(1, 80), st.integers(1, 80), st.just(3))),
    threshold=st.sampled_from([0.0, 0.1, 0.5, 1.0]),
)
def test_any_picture_gives_faces_with_finite_points(
    landmarker: LiteFaceLandmarker, image: Image, threshold: float
) -> None:
    for found in landmarker.find(image, threshold):
        assert np.isfinite(found.points).all()
        assert threshold <= found.score <= 1


def test_missing_files_are_named_with_the_cure(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"face_landmark.tflite.*selfsame models pull face-landmarks") as caught:
        LiteFaceLandmarker(tmp_path)
    assert caught.value.code == "FACE_UNAVAILABLE"


def test_a_file_that_is_no_network_is_unavailable(tmp_path: Path) -> None:
    for name in FILES.values():
        (tmp_path / name).write_bytes(b"TFL3" * 100)
    with pytest.raises(Unavailable, match="selfsame models pull face-landmarks"):
        LiteFaceLandmarker(tmp_path)


def test_every_good_shared_face_is_found_once(landmarker: FaceLandmarker, faces: Path) -> None:
    entries = json.loads((faces / "manifest.json").read_text(encoding="utf-8"))["files"]
    good = [e["file"] for e in entries if e["expect"].startswith("ok") and not e["file"].endswith(".mpg")]
    counts = {}
    for name in good:
        image = cv2.imread(str(faces / name))
        assert image is not None
        counts[name] = len(landmarker.find(image))
    assert counts == dict.fromkeys(good, 1)
