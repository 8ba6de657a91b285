"""Whether a picture will do for a face, and what to do if not. `check` finds and measures; `judge` is pure.

Thresholds were set on a set of good portraits and spoilt copies of them; docs/decisions/0022-face-model.md has the
numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import cv2
import numpy as np

from selfsame.events.shown import Image
from selfsame.face.port import FaceLandmarker, FoundFace
from selfsame.studio.face.looks import Looks, look, picture_light, picture_sharpness

Lighting = Literal["good", "acceptable", "poor"]
Angle = Literal["frontal", "angled", "profile"]

TOO_SMALL, SMALL = 60, 140
TURNED, ANGLED, PROFILE = 28, 15, 40
NOD, FAR_NOD = 20, 32
TILT = 25
DARK, DIM = 40, 75
BURNT, BRIGHT = 0.25, 0.10
UNEVEN = 2.0
BLURRED, SOFT = 0.010, 0.020
COVERED_LIGHT, COVERED_COLOUR, COVERED_BLACK = 0.68, 0.62, 0.45
FINGER, NO_SEAM, NO_RED = 0.42, 0.05, 1.5
SHUT, OPEN = 0.17, 0.06
CUT = 0.93
ANOTHER = 0.4
"""A second face of at least this share of the first one's height is another person, not the background."""
HINT = 0.03
"""The threshold of the second look, when the first found nothing."""

ADVICE: dict[str, str] = {
    "NO_FACE": "No face was found. Use a photo that shows your face from the front, large and unobstructed.",
    "UNREADABLE": "The file cannot be read. Upload a JPEG, PNG or WebP photo.",
    "TWO_FACES": "There is more than one face. Use a photo that shows only you.",
    "BACKGROUND_FACE": "Someone else is in the background; the largest face was used.",
    "PROFILE": "The face is seen from the side. Look straight into the camera.",
    "TURNED": "The head is turned away. Look straight into the camera.",
    "ANGLED": "The head is turned a little. A photo that looks straight into the camera works better.",
    "TILTED": "The head is tilted. Hold it upright.",
    "TOO_DARK": "It is too dark. Face a window or a lamp.",
    "DIM": "It is rather dark. More light from the front helps.",
    "OVEREXPOSED": "The face is overexposed. Use softer light, without flash or direct sun.",
    "BRIGHT": "Parts of the face are overexposed. Softer light helps.",
    "UNEVEN_LIGHT": "One side of the face is much darker. Turn towards the light.",
    "BLURRED": "The photo is blurred. Hold the camera still, wipe its lens and focus on the face.",
    "SOFT": "The photo is a little soft. A sharper one works better.",
    "TOO_SMALL": "The face is too small. Move closer: it should be at least 200 pixels high.",
    "SMALL": "The face is small. A closer photo, with the face at least 200 pixels high, looks sharper.",
    "CUT_OFF": "Part of the face lies outside the photo. Show the whole head.",
    "MOUTH_COVERED": "Something is in front of the mouth. Take hands, cup or scarf away.",
    "EYES_COVERED": "Something covers the eyes. Take the sunglasses off.",
    "EYES_SHUT": "The eyes are shut. Keep them open.",
    "MOUTH_OPEN": "The mouth is open. A photo with closed lips animates best.",
}
REFUSED = frozenset(
    (
        "NO_FACE",
        "UNREADABLE",
        "TWO_FACES",
        "PROFILE",
        "TURNED",
        "TOO_DARK",
        "OVEREXPOSED",
        "BLURRED",
        "TOO_SMALL",
        "CUT_OFF",
        "MOUTH_COVERED",
        "EYES_COVERED",
    )
)
"""The reasons for which a picture is not used; the others lower its score."""


@dataclass(frozen=True, slots=True)
class FaceQualityResult:
    """The answer for one picture (FACE-08), and its machine-readable `reasons`, worst first."""

    is_valid: bool
    face_detected: bool
    width: int
    height: int
    lighting: Lighting
    angle: Angle
    clarity: float
    reasons: tuple[str, ...] = ()

    @property
    def recommendations(self) -> tuple[str, ...]:
        """What the person should do, one sentence or two for each reason."""
        return tuple(ADVICE[reason] for reason in self.reasons)

    def to_json(self) -> dict[str, object]:
        """Under the names of the interface."""
        return {
            "isValid": self.is_valid,
            "faceDetected": self.face_detected,
            "resolution": {"width": self.width, "height": self.height},
            "lighting": self.lighting,
            "angle": self.angle,
            "clarity": round(self.clarity, 3),
            "recommendations": list(self.recommendations),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class Checked:
    """A judged picture: with its face and looks where one was found. `score` 0..1 ranks pictures."""

    quality: FaceQualityResult
    face: FoundFace | None = None
    looks: Looks | None = None
    score: float = field(default=0.0)


def check(image: Image, landmarker: FaceLandmarker, size: tuple[int, int] | None = None) -> Checked:
    """Look for the face in `image` and judge it. Blocking. `size` is the width and height of the file, if larger.

    Raises ProviderError when the landmarker fails.
    """
    width, height = size or (image.shape[1], image.shape[0])
    faces = landmarker.find(image)
    if not faces:
        reason, face = _why_none(image, landmarker)
        looks = look(image, face.points) if face is not None else None
        quality = FaceQualityResult(
            is_valid=False,
            face_detected=face is not None,
            width=width,
            height=height,
            lighting="poor" if reason in ("TOO_DARK", "OVEREXPOSED") else "acceptable",
            angle="profile" if reason in ("PROFILE", "TURNED") else "frontal",
            clarity=_clarity(looks) if looks else 0.0,
            reasons=(reason,),
        )
        return Checked(quality, face, looks)
    looks = look(image, faces[0].points)
    others = max((_height(other) for other in faces[1:]), default=0.0) / max(looks.height, 1.0)
    reasons = judge(looks, others)
    quality = FaceQualityResult(
        is_valid=not REFUSED & set(reasons),
        face_detected=True,
        width=width,
        height=height,
        lighting=_lighting(reasons),
        angle=_angle(looks),
        clarity=_clarity(looks),
        reasons=reasons,
    )
    return Checked(quality, faces[0], looks, _score(looks, reasons) if quality.is_valid else 0.0)


def judge(looks: Looks, others: float = 0.0) -> tuple[str, ...]:
    """All reasons against a face, those of refusal first. `others`: the next face's height as a share of this one's."""
    dark = looks.light < DARK
    bare = looks.height >= SMALL / 2 and not dark  # what covers a face is only told from enough pixels
    yaw, nod = abs(looks.yaw), abs(looks.pitch)
    detail = looks.sharpness / min(1.0, looks.height / SMALL) ** 2  # a small face enlarged to be measured looks soft
    faults = {
        "TWO_FACES": others >= ANOTHER,
        "TOO_DARK": dark,
        "OVEREXPOSED": looks.over > BURNT,
        "PROFILE": yaw > PROFILE,
        "TURNED": TURNED < yaw <= PROFILE or nod > FAR_NOD,
        "TOO_SMALL": looks.height < TOO_SMALL,
        "BLURRED": detail < BLURRED and looks.height >= TOO_SMALL and not dark,
        "CUT_OFF": looks.inside < CUT,
        "EYES_COVERED": bare and _eyes_covered(looks),
        "MOUTH_COVERED": bare and _mouth_covered(looks),
        "EYES_SHUT": looks.eyes < SHUT,
        "MOUTH_OPEN": looks.lips > OPEN,
        "SMALL": TOO_SMALL <= looks.height < SMALL,
        "SOFT": BLURRED <= detail < SOFT and not dark,
        "ANGLED": ANGLED < yaw <= TURNED or NOD < nod <= FAR_NOD,
        "TILTED": abs(looks.roll) > TILT,
        "DIM": DARK <= looks.light < DIM,
        "BRIGHT": BRIGHT < looks.over <= BURNT,
        "UNEVEN_LIGHT": not 1 / UNEVEN < looks.balance < UNEVEN,
        "BACKGROUND_FACE": 0 < others < ANOTHER,
    }
    return tuple(reason for reason, true in faults.items() if true)


def _eyes_covered(looks: Looks) -> bool:
    dull = looks.under_light < COVERED_LIGHT and looks.under_colour < COVERED_COLOUR
    return abs(looks.yaw) <= TURNED and (dull or looks.under_light < COVERED_BLACK)


def _mouth_covered(looks: Looks) -> bool:
    hidden = looks.seam < NO_SEAM and looks.red < NO_RED and looks.height >= SMALL / 2
    return abs(looks.yaw) <= TURNED and (looks.edge > FINGER or hidden)


def _lighting(reasons: tuple[str, ...]) -> Lighting:
    if {"TOO_DARK", "OVEREXPOSED"} & set(reasons):
        return "poor"
    return "acceptable" if {"DIM", "BRIGHT", "UNEVEN_LIGHT"} & set(reasons) else "good"


def _angle(looks: Looks) -> Angle:
    if abs(looks.yaw) > TURNED:
        return "profile"
    return "angled" if abs(looks.yaw) > ANGLED or abs(looks.pitch) > NOD else "frontal"


def _clarity(looks: Looks) -> float:
    """0..1: sharpness on a logarithmic scale, less for a face of few pixels."""
    sharp = np.log(max(looks.sharpness, 1e-6) / 0.006) / np.log(10)
    return float(np.clip(sharp, 0, 1) * np.clip(looks.height / SMALL, 0, 1))


def _score(looks: Looks, reasons: tuple[str, ...]) -> float:
    frontal = 1 - min(1.0, abs(looks.yaw) / 40 + abs(looks.pitch) / 60 + abs(looks.roll) / 120)
    return float(max(0.05, 0.45 * _clarity(looks) + 0.55 * frontal - 0.06 * len(reasons)))


def _height(face: FoundFace) -> float:
    return float(np.hypot(*(face.points[152, :2] - face.points[10, :2])))


def _why_none(image: Image, landmarker: FaceLandmarker) -> tuple[str, FoundFace | None]:
    """Why no face was found: a second look, less strict, at the picture and at copies of it with mended light."""
    light, over = picture_light(image)
    hidden = landmarker.find(image, HINT)
    if not hidden:
        hidden = landmarker.find(_mended(image), HINT)
    face = hidden[0] if hidden else None
    if light < DARK:
        return "TOO_DARK", face
    if over > BURNT:
        return "OVEREXPOSED", face
    if face is None:
        return ("BLURRED" if picture_sharpness(image) < 0.05 else "NO_FACE"), None
    looks = look(image, face.points)
    reasons = judge(looks)
    return next((reason for reason in reasons if reason in REFUSED), "NO_FACE"), face


def _mended(image: Image) -> Image:
    """A copy whose light is spread evenly over all levels, place by place (CLAHE, Zuiderveld 1994)."""
    lab = cv2.cvtColor(image, cv2.COLOR_BGR2LAB)
    lab[..., 0] = cv2.createCLAHE(clipLimit=4.0, tileGridSize=(4, 4)).apply(lab[..., 0])
    return np.asarray(cv2.cvtColor(lab, cv2.COLOR_LAB2BGR), np.uint8)
