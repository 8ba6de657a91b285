"""Good portraits pass, spoilt copies of them are refused for the right reason."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from selfsame.events.shown import Image
from selfsame.face.port import FaceLandmarker, Points
from selfsame.studio.face.looks import look
from selfsame.studio.face.quality import ADVICE, REFUSED, check, judge
from tests.face.drawn import Drawing, face


def height(points: Points) -> float:
    return float(np.hypot(*(points[152] - points[10])[:2]))


def scaled(image: Image, share: float) -> Image:
    return np.asarray(cv2.resize(image, None, fx=share, fy=share, interpolation=cv2.INTER_AREA), np.uint8)


def lit(image: Image, by: float) -> Image:
    return np.clip(image * by, 0, 255).astype(np.uint8)


def turned(image: Image, degrees: float) -> Image:
    matrix = cv2.getRotationMatrix2D((image.shape[1] / 2, image.shape[0] / 2), degrees, 1)
    size = (image.shape[1], image.shape[0])
    return np.asarray(cv2.warpAffine(image, matrix, size, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def skin(image: Image, points: Points) -> np.ndarray:
    x, y = points[50, :2].astype(int)
    return image[y - 2 : y + 3, x - 2 : x + 3].reshape(-1, 3).mean(0)


def over(image: Image, mask: np.ndarray, colour: np.ndarray | float, soft: float = 1.0) -> Image:
    weight = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), soft)[..., None]
    return np.clip(image * (1 - weight) + weight * colour, 0, 255).astype(np.uint8)


def hand(image: Image, points: Points) -> Image:
    """A hand over the whole mouth."""
    middle, width = points[13, :2], float(np.hypot(*(points[61] - points[291])[:2]))
    mask = np.zeros(image.shape[:2], np.float32)
    cv2.ellipse(mask, middle.astype(int).tolist(), (int(width), int(0.6 * width)), 0, 0, 360, 1.0, -1)
    grain = np.random.default_rng(0).normal(0, 2, image.shape)
    return over(image, mask, skin(image, points) * 0.92 + grain)


def finger(image: Image, points: Points) -> Image:
    """A finger upright before the lips, with its shadow."""
    width = float(np.hypot(*(points[61] - points[291])[:2]))
    x, y = points[14, :2] + [0.15 * width, 0]
    shadow, mask = np.zeros(image.shape[:2], np.float32), np.zeros(image.shape[:2], np.float32)
    ends = [(int(x + a * width), int(y + b * width)) for a, b in ((-0.2, -0.4), (-0.1, 1.6), (0, -0.45), (0.1, 1.6))]
    cv2.line(shadow, ends[0], ends[1], 0.45, max(2, int(0.2 * width)), cv2.LINE_AA)
    cv2.line(mask, ends[2], ends[3], 1.0, max(2, int(0.28 * width)), cv2.LINE_AA)
    return over(over(image, shadow, 0.0, 0.05 * width), mask, skin(image, points) * 1.08)


def sunglasses(image: Image, points: Points) -> Image:
    for outer, inner in ((33, 133), (263, 362)):
        middle, width = (points[outer, :2] + points[inner, :2]) / 2, abs(points[outer, 0] - points[inner, 0])
        mask = np.zeros(image.shape[:2], np.float32)
        spot = (int(middle[0]), int(middle[1] + 0.12 * width))
        cv2.ellipse(mask, spot, (int(0.85 * width), int(0.65 * width)), 0, 0, 360, 1.0, -1)
        image = over(image, mask, 25.0)
    return image


def blurred(image: Image, points: Points) -> Image:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), height(points) * 0.04), np.uint8)


def cut(image: Image, points: Points) -> Image:
    return np.ascontiguousarray(image[:, : int(points[4, 0]) + 5])


def wall(image: Image) -> Image:
    return np.clip(np.random.default_rng(0).normal(128, 20, image.shape), 0, 255).astype(np.uint8)


MISSED = {("ai_woman_256.jpg", "finger")}
"""What is not caught: on a photo so soft, a finger of the skin's own colour makes too weak an edge."""

SPOILT: dict[str, tuple[str, Callable[[Image, Points], Image]]] = {
    "dark": ("TOO_DARK", lambda i, p: lit(i, 0.12)),
    "blurred": ("BLURRED", blurred),
    "tiny": ("TOO_SMALL", lambda i, p: scaled(i, 40 / height(p))),
    "two people": ("TWO_FACES", lambda i, p: np.concatenate([i, i[:, ::-1]], 1)),
    "hand": ("MOUTH_COVERED", hand),
    "finger": ("MOUTH_COVERED", finger),
    "sunglasses": ("EYES_COVERED", sunglasses),
    "cut": ("CUT_OFF", cut),
    "no face": ("NO_FACE", lambda i, p: wall(i)),
}
KEPT: dict[str, Callable[[Image, Points], Image]] = {
    "itself": lambda i, p: i,
    "mirrored": lambda i, p: np.ascontiguousarray(i[:, ::-1]),
    "smaller": lambda i, p: scaled(i, max(0.6, 65 / height(p))),
    "tilted": lambda i, p: turned(i, 15),
    "half the light": lambda i, p: lit(i, 0.5),
    "noisy": lambda i, p: np.clip(i + np.random.default_rng(0).normal(0, 12, i.shape), 0, 255).astype(np.uint8),
    "compressed": lambda i, p: np.asarray(
        cv2.imdecode(cv2.imencode(".jpg", i, [cv2.IMWRITE_JPEG_QUALITY, 40])[1], cv2.IMREAD_COLOR), np.uint8
    ),
}
GOOD = ("astronaut.png", "grace_hopper.jpg", "cgi_woman_a.jpg", "cgi_woman_c.jpg", "ai_woman_256.jpg", "man_a.jpg")


@pytest.fixture(params=["drawn", "drawn dark", *GOOD])
def portrait(request: pytest.FixtureRequest) -> Image:
    if request.param == "drawn":
        return face()
    if request.param == "drawn dark":
        return face(Drawing(skin=(55, 80, 120)))
    image = cv2.imread(str(request.getfixturevalue("faces") / request.param))
    assert image is not None
    return np.asarray(image, np.uint8)


@pytest.fixture
def points(portrait: Image, landmarker: FaceLandmarker) -> Points:
    return landmarker.find(portrait)[0].points


@pytest.mark.parametrize("what", sorted(KEPT))
def test_a_good_photo_is_kept(portrait: Image, points: Points, landmarker: FaceLandmarker, what: str) -> None:
    checked = check(KEPT[what](portrait, points), landmarker)
    assert checked.quality.is_valid, checked.quality.reasons
    assert checked.quality.angle == "frontal"
    assert checked.score > 0.2


@pytest.mark.parametrize("what", sorted(SPOILT))
def test_a_spoilt_photo_is_refused_for_its_reason(
    request: pytest.FixtureRequest, portrait: Image, points: Points, landmarker: FaceLandmarker, what: str
) -> None:
    if (request.node.callspec.params["portrait"], what) in MISSED:
        pytest.xfail("not caught, as MISSED says")
    reason, spoil = SPOILT[what]
    quality = check(spoil(portrait, points), landmarker).quality
    assert not quality.is_valid
    assert reason in quality.reasons
    assert ADVICE[reason] in quality.recommendations
    if reason != "CUT_OFF":  # half a face may also look turned
        assert quality.reasons[0] == reason


def test_the_json_has_the_fields_of_the_interface(landmarker: FaceLandmarker) -> None:
    good = check(face(), landmarker, size=(1024, 1280)).quality.to_json()
    assert json.loads(json.dumps(good)) == {
        "isValid": True,
        "faceDetected": True,
        "resolution": {"width": 1024, "height": 1280},
        "lighting": "good",
        "angle": "frontal",
        "clarity": 1.0,
        "recommendations": [],
        "reasons": [],
    }
    bad = check(np.full((300, 300, 3), 128, np.uint8), landmarker).quality.to_json()
    assert (bad["isValid"], bad["faceDetected"], bad["clarity"]) == (False, False, 0.0)
    assert bad["recommendations"]


@pytest.mark.parametrize(
    ("changes", "others", "reason"),
    [
        ({"yaw": 50.0}, 0.0, "PROFILE"),
        ({"yaw": -33.0}, 0.0, "TURNED"),
        ({"pitch": 40.0}, 0.0, "TURNED"),
        ({"yaw": 20.0}, 0.0, "ANGLED"),
        ({"roll": 30.0}, 0.0, "TILTED"),
        ({"over": 0.4}, 0.0, "OVEREXPOSED"),
        ({"over": 0.15}, 0.0, "BRIGHT"),
        ({"light": 60.0}, 0.0, "DIM"),
        ({"balance": 0.3}, 0.0, "UNEVEN_LIGHT"),
        ({"sharpness": 0.015}, 0.0, "SOFT"),
        ({"height": 100.0}, 0.0, "SMALL"),
        ({"eyes": 0.1}, 0.0, "EYES_SHUT"),
        ({"lips": 0.2}, 0.0, "MOUTH_OPEN"),
        ({}, 0.2, "BACKGROUND_FACE"),
        ({}, 0.8, "TWO_FACES"),
    ],
)
def test_each_reason_stands_alone(
    landmarker: FaceLandmarker, changes: dict[str, float], others: float, reason: str
) -> None:
    looks = look(face(), landmarker.find(face())[0].points)
    assert judge(looks) == ()
    assert judge(replace(looks, **changes), others) == (reason,)


def test_every_reason_has_advice() -> None:
    assert set(ADVICE) >= REFUSED
    assert all(advice.endswith(".") for advice in ADVICE.values())


EXPECTED = {
    "no_face.jpg": {"NO_FACE"},
    "two_faces.jpg": {"TWO_FACES"},
    "profile.jpg": {"PROFILE"},
    "three_quarter.jpg": {"TURNED"},
    "hand_on_mouth.jpg": {"MOUTH_COVERED"},
    "sunglasses.jpg": {"EYES_COVERED"},
    "dark.jpg": {"TOO_DARK"},
    "overexposed.jpg": {"OVEREXPOSED"},
    "blurred.jpg": {"BLURRED"},
    "tiny.png": {"TOO_SMALL"},
}


def test_the_shared_faces_are_judged_as_their_list_expects(landmarker: FaceLandmarker, faces: Path) -> None:
    entries = json.loads((faces / "manifest.json").read_text(encoding="utf-8"))["files"]
    for entry in entries:
        image = cv2.imread(str(faces / entry["file"])) if not entry["file"].endswith(".mpg") else None
        if image is None:
            continue
        quality = check(np.asarray(image, np.uint8), landmarker).quality
        name = Path(entry["file"]).name
        if entry["expect"].startswith("ok"):
            assert quality.is_valid, (name, quality.reasons)
        else:
            assert quality.reasons[0] in EXPECTED[name], (name, quality.reasons)
