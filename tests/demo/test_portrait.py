"""Vera's portrait: the file is what the program draws, and the face networks see in it the face that was drawn."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from selfsame.cli import demo as commands
from selfsame.demo.portrait import encoded
from selfsame.demo.portrait.brows import spine
from selfsame.demo.portrait.canvas import MIDDLE, Canvas
from selfsame.demo.portrait.eyes import IRIS, lids
from selfsame.demo.portrait.mouth import lips, seam
from selfsame.errors import BadInput
from selfsame.settings import load
from tests.demo.networks import FILES, Networks

SIZE = 1024
DATA = resources.files("selfsame.demo").joinpath("vera.jpg").read_bytes()


@pytest.fixture(scope="module")
def vera() -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(DATA, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> np.ndarray:
    """What the command draws now, 320 pixels wide."""
    path = tmp_path_factory.mktemp("portrait") / "small.png"
    ran = CliRunner().invoke(commands.command, ["portrait", "--out", str(path), "--size", "320"])
    assert ran.exit_code == 0, ran.output
    picture = cv2.imread(str(path))
    assert picture is not None
    assert picture.shape == (320, 320, 3)
    return picture


@pytest.fixture(scope="module")
def networks() -> Networks:
    folder: Path = load().models_dir / "face-landmarks"
    if not all((folder / f"{name}.tflite").is_file() for name in FILES):
        pytest.skip("the face networks are not here; get them with: selfsame models pull face-landmarks")
    return Networks(folder)


@pytest.fixture(scope="module")
def landmarks(networks: Networks, vera: np.ndarray) -> np.ndarray:
    (found,) = networks.faces(vera)
    sure, points = networks.mesh(vera, found[1])
    assert sure > 0.95
    return points


def test_the_file_is_small_enough_and_square(vera: np.ndarray) -> None:
    assert vera.shape == (SIZE, SIZE, 3)
    assert len(DATA) <= 250_000


def test_the_file_is_what_the_program_draws(vera: np.ndarray, small: np.ndarray) -> None:
    """Compared smaller: hairs are whole pixels wide, so sizes differ by a hair, and JPEG loses a little."""
    shrunk = [cv2.resize(p, (128, 128), interpolation=cv2.INTER_AREA).astype(float) for p in (vera, small)]
    apart = np.abs(shrunk[0] - shrunk[1])
    assert apart.mean() < 2.0
    assert np.percentile(apart, 99) < 16


def test_jpeg_keeps_the_picture(small: np.ndarray) -> None:
    back = cv2.imdecode(np.frombuffer(encoded(small), np.uint8), cv2.IMREAD_COLOR)
    assert back is not None
    assert np.abs(back.astype(float) - small).mean() < 1.5


def test_one_face_is_found_with_a_good_score(networks: Networks, vera: np.ndarray, small: np.ndarray) -> None:
    for picture in (vera, small):
        (found,) = networks.faces(picture)
        assert found[0] > 0.8


def test_face_is_upright_centred_and_large(landmarks: np.ndarray) -> None:
    eye_right, eye_left = landmarks[[33, 133]].mean(axis=0), landmarks[[263, 362]].mean(axis=0)
    apart = eye_left - eye_right
    assert abs(apart[1] / apart[0]) < 0.03
    mouth = landmarks[[61, 291]].mean(axis=0)
    middle = (eye_right + eye_left) / 2
    assert abs(mouth[0] - middle[0]) < 0.04 * apart[0]
    assert abs(landmarks[4, 0] - middle[0]) < 0.04 * apart[0]
    assert 0.38 < (landmarks[152, 1] - landmarks[10, 1]) / SIZE < 0.52


LIPS = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146)
SEAM = (78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308)
UPPER = {-1: (246, 161, 160, 159, 158, 157, 173), 1: (466, 388, 387, 386, 385, 384, 398)}
LOWER = {-1: (7, 163, 144, 145, 153, 154, 155), 1: (249, 390, 373, 374, 380, 381, 382)}
BROWS = {-1: (66, 105, 63, 65, 52, 53), 1: (296, 334, 293, 295, 282, 283)}


@pytest.mark.parametrize(
    ("numbers", "line", "within"),
    [
        pytest.param(LIPS, lips(), 4, id="lips"),
        pytest.param(SEAM, seam(), 6, id="seam"),
        *(pytest.param(UPPER[side], lids(side)[0], 4, id=f"upper lid {side}") for side in (-1, 1)),
        *(pytest.param(LOWER[side], lids(side)[1], 7, id=f"lower lid {side}") for side in (-1, 1)),
        *(pytest.param(BROWS[side], spine(side), 9, id=f"brow {side}") for side in (-1, 1)),
        *(
            pytest.param((133, 362)[side > 0 :][:1], lids(side)[0][:1], 9, id=f"inner corner {side}")
            for side in (-1, 1)
        ),
        pytest.param((61,), lips()[:1], 8, id="corner of the mouth"),
    ],
)
def test_landmarks_lie_on_what_was_drawn(
    landmarks: np.ndarray, numbers: tuple[int, ...], line: np.ndarray, within: float
) -> None:
    """The mean distance to the drawn line in pixels of the picture of 1024, where the eyes are 162 apart."""
    drawn = Canvas.blank(SIZE).pixels(line) / 16 + 0.5
    apart = np.linalg.norm(landmarks[list(numbers)][:, None] - drawn[None], axis=2).min(axis=1)
    assert apart.mean() < within


def test_gaze_meets_the_viewer(vera: np.ndarray) -> None:
    """The pupils are the darkest round places of the eyes, as high as one another and as far from the middle."""
    canvas = Canvas.blank(SIZE)
    dark = cv2.GaussianBlur(vera.astype(np.float32).mean(axis=2), (0, 0), 4)
    for side in (-1, 1):
        x, y = (int(v) for v in canvas.pixels(np.array([[MIDDLE + side * IRIS[0], IRIS[1]]]))[0] // 16)
        patch = dark[y - 12 : y + 13, x - 12 : x + 13]
        low = np.unravel_index(patch.argmin(), patch.shape)
        assert np.hypot(low[0] - 12, low[1] - 12) < 6


@pytest.mark.parametrize("name", ["v.gif", "v", "missing/v.png"])
def test_command_says_what_is_wrong_with_the_file(tmp_path: Path, name: str) -> None:
    ran = CliRunner().invoke(commands.command, ["portrait", "--out", str(tmp_path / name), "--size", "64"])
    assert isinstance(ran.exception, BadInput)
