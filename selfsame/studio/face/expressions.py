"""The neutral picture of a person, and what their face looks like when it smiles or talks. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from selfsame.events.shown import Image
from selfsame.face.measure import measure_blendshapes, mouth_width
from selfsame.face.port import Points
from selfsame.studio.face.quality import Checked

LANDMARKS = {
    "left_eye": 473,
    "right_eye": 468,
    "left_eye_outer": 263,
    "left_eye_inner": 362,
    "right_eye_inner": 133,
    "right_eye_outer": 33,
    "left_brow": 334,
    "right_brow": 105,
    "nose_tip": 1,
    "nose_bridge": 6,
    "mouth_corner": 291,
    "mouth_corner_right": 61,
    "upper_lip": 13,
    "lower_lip": 14,
    "left_cheek": 454,
    "right_cheek": 234,
    "forehead": 10,
    "chin": 152,
}
"""The named key points: places among the 478 landmarks. Sides are the person's own; `mouth_corner` is the left one."""
SMILE_FROM, TALK_FROM = 0.25, 0.10
"""The weight from which a picture counts as a smile, or as talking."""


@dataclass(frozen=True, slots=True)
class FacialKeypoint:
    """A named place (FACE-12) in pixels of the picture that it was found in; `confidence` 0..1."""

    x: float
    y: float
    confidence: float
    landmark: str

    def to_json(self) -> dict[str, object]:
        """Under the names of the interface."""
        return {
            "x": round(self.x, 2),
            "y": round(self.y, 2),
            "confidence": round(self.confidence, 3),
            "landmark": self.landmark,
        }


@dataclass(frozen=True, slots=True)
class ExpressionTemplate:
    """An expression of this person (FACE-11): where it has the key points, and its ARKit weights 0..1."""

    name: str
    keypoints: tuple[FacialKeypoint, ...]
    blendshapes: dict[str, float]

    def to_json(self) -> dict[str, object]:
        """Under the names of the interface; weights of nothing are left out."""
        return {
            "name": self.name,
            "keypoints": [point.to_json() for point in self.keypoints],
            "blendshapes": {name: round(weight, 3) for name, weight in self.blendshapes.items() if weight >= 0.005},
        }


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture that passed the check, cut around the face; `points` are pixels of `image`."""

    image: Image
    points: Points
    checked: Checked
    number: int
    time: float | None = None


def keypoints(shot: Shot) -> tuple[FacialKeypoint, ...]:
    """The named key points of a picture."""
    sure = shot.checked.face.score if shot.checked.face is not None else 0.0
    return tuple(
        FacialKeypoint(float(shot.points[place, 0]), float(shot.points[place, 1]), sure, name)
        for name, place in LANDMARKS.items()
    )


def pick_neutral(shots: Sequence[Shot]) -> Shot:
    """The picture that shows the face at rest: lips closed, eyes open, frontal and sharp, the mouth of usual width."""
    looks = [shot.checked.looks for shot in shots]
    usual_eyes = float(np.median([each.eyes for each in looks if each is not None]))
    widths = [mouth_width(shot.points) for shot in shots]
    usual_width = float(np.median(widths))

    def unrest(place: int) -> float:
        seen, shot = looks[place], shots[place]
        if seen is None:
            return float("inf")
        shut = max(0.0, 1 - seen.eyes / max(usual_eyes, 1e-3))
        turned = max(0, abs(seen.yaw) - 5) / 30 + max(0, abs(seen.pitch) - 10) / 45 + max(0, abs(seen.roll) - 5) / 60
        odd = abs(widths[place] - usual_width)
        return 12 * seen.lips + 2 * shut + turned + 2 * odd + 0.6 * (1 - shot.checked.quality.clarity)

    return shots[min(range(len(shots)), key=unrest)]


def find_templates(neutral: Shot, shots: Sequence[Shot]) -> tuple[tuple[ExpressionTemplate, Shot], ...]:
    """The neutral template, then smile and talking where pictures show them, each with the picture that shows it best.

    Weights are measured against the neutral picture, so they are this person's own range.
    """
    at_rest = ExpressionTemplate("neutral", keypoints(neutral), measure_blendshapes(neutral.points, neutral.points))
    found = [(at_rest, neutral)]
    others = [(shot, measure_blendshapes(shot.points, neutral.points)) for shot in shots if shot is not neutral]
    for name, least, of in (("smile", SMILE_FROM, _smile), ("talking", TALK_FROM, _talk)):
        best = max(others, key=lambda each: of(each[1]), default=None)
        if best is not None and of(best[1]) >= least:
            found.append((ExpressionTemplate(name, keypoints(best[0]), best[1]), best[0]))
    return tuple(found)


def _smile(weights: dict[str, float]) -> float:
    return min(weights["mouthSmileLeft"], weights["mouthSmileRight"])


def _talk(weights: dict[str, float]) -> float:
    return weights["jawOpen"] - 0.5 * _smile(weights)
