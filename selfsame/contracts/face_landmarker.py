"""What every `FaceLandmarker` must do. Subclass it, give `landmarker` and `portrait`, and let pytest collect it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from selfsame.events.shown import Image
from selfsame.face.port import FaceLandmarker, FoundFace

POINTS = 478
RIGHT_EYE, LEFT_EYE = (33, 133), (362, 263)
RIGHT_IRIS, LEFT_IRIS, NOSE, CHIN, FOREHEAD = 468, 473, 1, 152, 10


class FaceLandmarkerContract:
    """The contract. The portrait shows one upright face, frontal, eyes open, at least 120 pixels high."""

    @pytest.fixture
    def landmarker(self) -> FaceLandmarker:
        """The engine."""
        raise NotImplementedError

    @pytest.fixture
    def portrait(self) -> Image:
        """The picture of one face."""
        raise NotImplementedError

    def test_the_face_is_found_once_with_all_its_points(self, landmarker: FaceLandmarker, portrait: Image) -> None:
        face = only(landmarker.find(portrait))
        assert face.points.shape == (POINTS, 3)
        assert face.points.dtype == np.float32
        assert np.isfinite(face.points).all()
        assert 0.5 <= face.score <= 1

    def test_places_are_pixels_of_the_picture(self, landmarker: FaceLandmarker, portrait: Image) -> None:
        p = only(landmarker.find(portrait)).points
        height, width = portrait.shape[:2]
        assert (p[:, 0] >= 0).all() and (p[:, 0] < width).all()
        assert p[FOREHEAD, 1] < p[NOSE, 1] < p[CHIN, 1] < height
        assert p[RIGHT_EYE[0], 0] < p[NOSE, 0] < p[LEFT_EYE[1], 0], "the person's right is the picture's left"

    def test_the_box_is_about_the_face(self, landmarker: FaceLandmarker, portrait: Image) -> None:
        face = only(landmarker.find(portrait))
        x, y, width, height = face.box
        assert x < face.points[NOSE, 0] < x + width
        assert y < face.points[NOSE, 1] < y + height

    def test_each_iris_lies_in_its_eye(self, landmarker: FaceLandmarker, portrait: Image) -> None:
        p = only(landmarker.find(portrait)).points
        for iris, (first, last) in ((RIGHT_IRIS, RIGHT_EYE), (LEFT_IRIS, LEFT_EYE)):
            assert p[first, 0] < p[iris, 0] < p[last, 0]
            rim = np.hypot(*(p[iris + 1 : iris + 5, :2] - p[iris, :2]).T)
            assert (rim < 0.5 * np.hypot(*(p[last, :2] - p[first, :2]))).all()

    def test_the_nose_is_nearer_than_the_cheeks(self, landmarker: FaceLandmarker, portrait: Image) -> None:
        p = only(landmarker.find(portrait)).points
        nearer = p[[234, 454], 2].mean() - p[NOSE, 2]
        assert 0.2 * face_height(p) < nearer < 1.2 * face_height(p), "depth is in pixels as well"

    def test_points_move_and_grow_with_the_picture(self, landmarker: FaceLandmarker, portrait: Image) -> None:
        p = only(landmarker.find(portrait)).points
        wider = np.pad(portrait, ((30, 10), (50, 20), (0, 0)), mode="edge")
        moved = only(landmarker.find(np.ascontiguousarray(wider))).points
        assert deviation(moved - [50, 30, 0], p) < 0.05
        doubled = portrait.repeat(2, 0).repeat(2, 1)
        assert deviation(only(landmarker.find(doubled)).points / 2, p) < 0.05

    def test_of_two_faces_the_larger_comes_first(self, landmarker: FaceLandmarker, portrait: Image) -> None:
        height, width = portrait.shape[:2]
        rows, columns = (np.arange(0, length, 4 / 3).astype(int) for length in (height, width))
        small = portrait[rows][:, columns]
        both = np.full((height, width + small.shape[1], 3), 128, np.uint8)
        both[: small.shape[0], : small.shape[1]] = small
        both[:, -width:] = portrait
        faces = landmarker.find(both)
        assert len(faces) == 2
        assert faces[0].box[2] * faces[0].box[3] > faces[1].box[2] * faces[1].box[3]
        assert faces[0].points[NOSE, 0] > faces[1].points[NOSE, 0]

    @pytest.mark.parametrize(("height", "width"), [(1, 1), (3, 2000), (2000, 1), (300, 400)])
    def test_where_there_is_no_face_none_is_found(self, landmarker: FaceLandmarker, height: int, width: int) -> None:
        noise = np.random.default_rng(height).integers(0, 256, (height, width, 3), dtype=np.uint8)
        assert landmarker.find(noise) == []
        assert landmarker.find(np.zeros_like(noise)) == []

    def test_a_lower_threshold_finds_no_less(self, landmarker: FaceLandmarker, portrait: Image) -> None:
        sure = only(landmarker.find(portrait)).score
        assert len(landmarker.find(portrait, 0.2)) >= 1
        assert landmarker.find(portrait, min(1.0, sure + 0.5 * (1 - sure) + 1e-3)) == []

    @pytest.mark.parametrize("spoiled", [np.zeros((9, 9), np.uint8), np.zeros((9, 9, 4), np.uint8)])
    def test_what_is_no_picture_is_a_bug(self, landmarker: FaceLandmarker, spoiled: Image) -> None:
        with pytest.raises(ValueError, match="picture"):
            landmarker.find(spoiled)

    def test_a_read_only_picture_is_accepted_and_not_changed(self, landmarker: FaceLandmarker, portrait: Image) -> None:
        mine = portrait.copy()
        mine.setflags(write=False)
        only(landmarker.find(mine))
        assert np.array_equal(mine, portrait)

    def test_the_same_picture_gives_the_same_points_from_any_thread(
        self, landmarker: FaceLandmarker, portrait: Image
    ) -> None:
        first = only(landmarker.find(portrait)).points
        with ThreadPoolExecutor(4) as pool:
            others = list(pool.map(lambda _: only(landmarker.find(portrait)).points, range(12)))
        assert all(np.array_equal(first, other) for other in others)


def only(faces: list[FoundFace]) -> FoundFace:
    """The one face of a picture with one face."""
    assert len(faces) == 1, f"{len(faces)} faces found"
    return faces[0]


def face_height(points: np.ndarray) -> float:
    """Forehead to chin, in pixels."""
    return float(np.hypot(*(points[CHIN, :2] - points[FOREHEAD, :2])))


def deviation(one: np.ndarray, other: np.ndarray) -> float:
    """Mean distance of the points of two meshes, in distances between the irises."""
    eyes = np.hypot(*(other[LEFT_IRIS, :2] - other[RIGHT_IRIS, :2]))
    return float(np.hypot(*(one[:, :2] - other[:, :2]).T).mean() / eyes)
