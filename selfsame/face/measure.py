"""What a face does, measured from its landmarks: head pose, and blendshape weights against its own neutral.

Pure arithmetic on points in MediaPipe's numbering. Lengths are in distances between the outer corners of the eyes,
which neither gaze, blinking nor speech changes. "Left" and "right" are the person's own.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from selfsame.face.port import Points

Floats = npt.NDArray[np.float64]

STEADY = (10, 109, 338, 67, 297, 151, 9, 8, 168, 6, 197, 195, 33, 133, 362, 263, 127, 356, 234, 454, 98, 327)
"""Points that no expression moves much: forehead, bridge of the nose, corners of the eyes, temples, cheek bones."""
RIGHT_EYE_OUTER, LEFT_EYE_OUTER = 33, 263
PITCH_BIAS = -9.0
"""Degrees that the mesh of a face looking straight ahead shows, since the chin lies before the forehead."""
MEASURED = (
    "eyeBlinkLeft",
    "eyeBlinkRight",
    "eyeWideLeft",
    "eyeWideRight",
    "browInnerUp",
    "browDownLeft",
    "browDownRight",
    "browOuterUpLeft",
    "browOuterUpRight",
    "jawOpen",
    "mouthFunnel",
    "mouthPucker",
    "mouthSmileLeft",
    "mouthSmileRight",
    "mouthFrownLeft",
    "mouthFrownRight",
    "mouthStretchLeft",
    "mouthStretchRight",
    "mouthUpperUpLeft",
    "mouthUpperUpRight",
)
"""The blendshapes that landmarks show."""

# The change at which a weight is 1, in eye distances (an adult's outer corners are about 9 cm apart).
FULL_JAW = 0.40
FULL_SMILE = 0.11
FULL_FROWN = 0.10
FROWN_FROM = 0.02  # speech lowers the corners this much
FULL_STRETCH = 0.10
FULL_NARROW = 0.20
FULL_BROW = 0.10
FULL_UPPER = 0.08
SHUT = 0.35
"""The share of its neutral opening at which an eye counts as shut."""

_LIDS = {"Right": ((159, 145), (158, 153), (160, 144)), "Left": ((386, 374), (385, 380), (387, 373))}
_CORNER = {"Right": 61, "Left": 291}
_EYE = {"Right": (33, 133), "Left": (263, 362)}
_BROW_INNER = {"Right": (55, 107), "Left": (285, 336)}
_BROW_OUTER = {"Right": (70, 63), "Left": (300, 293)}
_UPPER = {"Right": (39, 37), "Left": (269, 267)}


def eye_distance(points: Points) -> float:
    """Between the outer corners of the eyes, in pixels, in space: a turned head keeps it."""
    return float(np.linalg.norm(points[LEFT_EYE_OUTER].astype(np.float64) - points[RIGHT_EYE_OUTER]))


def head_pose(points: Points) -> tuple[float, float, float]:
    """Yaw, pitch and roll in degrees; positive towards the person's left, upwards, and to their left shoulder.

    Yaw from the depth of the cheeks, pitch from that of forehead and chin, roll from the line of the eyes.
    """
    p = points.astype(np.float64)
    across, up = p[454] - p[234], p[10] - p[152]
    eyes = p[LEFT_EYE_OUTER] - p[RIGHT_EYE_OUTER]
    yaw = np.degrees(np.arctan2(across[2], np.hypot(across[0], across[1])))
    pitch = np.degrees(np.arctan2(up[2], np.hypot(up[0], up[1]))) - PITCH_BIAS
    return float(yaw), float(pitch), float(np.degrees(np.arctan2(eyes[1], eyes[0])))


def frontal(points: Points) -> Floats:
    """The face in its own frame, shape (478, 3): upright and facing the viewer, from between the eyes, x to the
    picture's right, y down, z away, in eye distances. This is the canonical pose that faces are compared in.
    """
    p = points.astype(np.float64)
    across = _unit(p[454] - p[234] + p[LEFT_EYE_OUTER] - p[RIGHT_EYE_OUTER])
    down = p[152] - p[10]
    down = _unit(down - across * (down @ across))
    away = np.cross(across, down)
    tilt = np.radians(PITCH_BIAS)
    down, away = np.cos(tilt) * down - np.sin(tilt) * away, np.sin(tilt) * down + np.cos(tilt) * away
    middle = (p[RIGHT_EYE_OUTER] + p[LEFT_EYE_OUTER]) / 2
    return (p - middle) @ np.stack([across, down, away], 1) / max(eye_distance(points), 1e-6)


def aligned(points: Points, neutral: Points) -> tuple[Floats, Floats]:
    """Both faces in the frame of `neutral`'s own face: what is left between them is expression.

    `points` are laid over `neutral` by the rotation, scale and shift that fit the steady points best (Umeyama,
    "Least-squares estimation of transformation parameters between two point patterns", 1991).
    """
    target = frontal(neutral)
    source = points.astype(np.float64)
    steady = list(STEADY)
    a, b = source[steady], target[steady]
    middle_a, middle_b = a.mean(0), b.mean(0)
    left, sizes, right = np.linalg.svd((b - middle_b).T @ (a - middle_a))
    flip = np.array([1.0, 1.0, np.sign(np.linalg.det(left @ right))])
    turn = (left * flip) @ right
    scale = float((sizes * flip).sum() / max(float(((a - middle_a) ** 2).sum()), 1e-9))
    return scale * (source - middle_a) @ turn.T + middle_b, target


def lip_opening(points: Points) -> float:
    """Between the inner lips at their middle, in eye distances. 0 when closed (a closed mouth reads up to 0.03)."""
    return _distance(points.astype(np.float64), 13, 14) / max(eye_distance(points), 1e-6)


def mouth_width(points: Points) -> float:
    """Between the corners of the mouth, in eye distances."""
    return _distance(points.astype(np.float64), 61, 291) / max(eye_distance(points), 1e-6)


def eye_openings(points: Points) -> tuple[float, float]:
    """Between the lids of the right and the left eye, in widths of that eye: about 0.35 open, under 0.15 shut."""
    p = points.astype(np.float64)
    return _eye_opening(p, "Right"), _eye_opening(p, "Left")


def measure_blendshapes(points: Points, neutral_points: Points) -> dict[str, float]:
    """ARKit-named weights 0..1 of `MEASURED`, for the face at `points` against the same face at rest.

    Both are (478, 3) and may differ in place, scale and pose of the head. A face measured against itself is all 0.
    """
    now, rest = aligned(points, neutral_points)
    opening = (_distance(now, 13, 14) - _distance(rest, 13, 14)) / FULL_JAW
    narrow = (_distance(rest, 61, 291) - _distance(now, 61, 291)) / FULL_NARROW
    round_ = max(0.0, narrow - 0.3 * max(0.0, opening))  # an open jaw narrows the mouth by itself
    apart = _weight(4 * opening)
    weights = {
        "jawOpen": opening,
        "mouthPucker": round_ * (1 - apart),
        "mouthFunnel": round_ * apart,
        "browInnerUp": float(np.mean([_rise(now, rest, _BROW_INNER[s]) for s in _CORNER])) / FULL_BROW,
    }
    for side in ("Left", "Right"):
        weights |= _of_side(side, now, rest, max(0.0, opening))
    return {name: _weight(weights[name]) for name in MEASURED}


def _of_side(side: str, now: Floats, rest: Floats, opening: float) -> dict[str, float]:
    """The weights of one side of the face, not yet limited to 0..1."""
    corner = _CORNER[side]
    outward = (now[corner, 0] - rest[corner, 0]) * (1 if side == "Left" else -1)
    up = rest[corner, 1] - now[corner, 1] + 0.35 * FULL_JAW * opening  # the jaw takes the corners down with it
    lids = _eye_opening(now, side) / max(_eye_opening(rest, side), 1e-6)
    outer = _rise(now, rest, _BROW_OUTER[side])
    inner = _rise(now, rest, _BROW_INNER[side])
    return {
        f"eyeBlink{side}": (1 - lids) / (1 - SHUT),
        f"eyeWide{side}": (lids - 1) / 0.4,
        f"browOuterUp{side}": outer / FULL_BROW,
        f"browDown{side}": -(outer + inner) / FULL_BROW,
        f"mouthSmile{side}": (up + 0.5 * max(0.0, outward)) / FULL_SMILE if up > 0 else 0.0,
        f"mouthFrown{side}": (-up - FROWN_FROM) / FULL_FROWN,
        f"mouthStretch{side}": (outward - max(0.0, up)) / FULL_STRETCH,
        f"mouthUpperUp{side}": (_rise(now, rest, _UPPER[side]) - 0.3 * max(0.0, up)) / FULL_UPPER,
    }


def _weight(value: float) -> float:
    return float(min(1.0, max(0.0, value)))


def _unit(vector: Floats) -> Floats:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)


def _distance(p: Floats, one: int, other: int) -> float:
    return float(np.linalg.norm(p[one] - p[other]))


def _eye_opening(p: Floats, side: str) -> float:
    width = _distance(p[:, :2], *_EYE[side])
    return float(np.mean([_distance(p[:, :2], *pair) for pair in _LIDS[side]])) / max(width, 1e-6)


def _rise(now: Floats, rest: Floats, points: tuple[int, ...]) -> float:
    """How far the points went up, in eye distances."""
    return float((rest[list(points), 1] - now[list(points), 1]).mean())
