"""From a motion frame to implicit keypoints. Pure.

The offsets of single keypoints at the end were found by others by hand (ComfyUI-AdvancedLivePortrait's expression
editor); a keypoint's coordinates are in units of half the picture, y down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from selfsame.events.shown import CHANNELS, Frames
from selfsame.face.rig import FaceRig, Floats
from selfsame.providers.liveportrait.networks import Array, Pose

_INDEX = {name: number for number, name in enumerate(CHANNELS)}
_LIP_CENTRES, _LIP_CORNERS = (13, 14), (61, 291)
_LIDS = {"left": (386, 374, 362, 263), "right": (159, 145, 33, 133)}
"""Upper lid, lower lid, the corners: vertices of the rig are MediaPipe's landmarks."""

OFFSETS: dict[str, tuple[tuple[int, int, float], ...]] = {
    "browUp": ((1, 1, 0.010), (2, 1, -0.010)),
    "browDown": ((1, 1, -0.003), (2, 1, 0.003), (1, 0, 0.010), (2, 0, -0.010)),
    "wide": ((20, 2, -0.010), (20, 1, -0.010), (14, 1, -0.010)),
    "round": ((14, 1, 0.010), (3, 1, -0.005), (7, 1, -0.005), (17, 2, -0.005)),
    "gazeYaw": ((11, 0, 0.0105), (15, 0, 0.0105)),
    "gazePitch": ((11, 1, -0.015), (15, 1, -0.015)),
}
"""Keypoint, axis (x, y, z), move at weight 1 (gaze: at 15 degrees)."""


@dataclass(frozen=True, slots=True)
class Turning:
    """How the network counts angles: its degrees for one of ours, for pitch, yaw and roll."""

    pitch: float = 1.0
    yaw: float = 1.0
    roll: float = 1.0


def rotation(pitch: float, yaw: float, roll: float) -> Array:
    """The matrix R (3, 3) for row vectors, angles in degrees: points @ R turns about x, then y, then z."""
    x, y, z = np.deg2rad([pitch, yaw, roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(x), -np.sin(x)], [0, np.sin(x), np.cos(x)]])
    about_y = np.array([[np.cos(y), 0, np.sin(y)], [0, 1, 0], [-np.sin(y), 0, np.cos(y)]])
    about_z = np.array([[np.cos(z), -np.sin(z), 0], [np.sin(z), np.cos(z), 0], [0, 0, 1]])
    return (about_z @ about_y @ about_x).T.astype(np.float32)


def source_keypoints(pose: Pose) -> Array:
    """The keypoints (21, 3) of the photo itself: scale (shape R + expression) + shift, depth unshifted."""
    return _placed(pose, rotation(pose.pitch, pose.yaw, pose.roll), pose.expression)


def driven_keypoints(pose: Pose, frame: Frames, turning: Turning) -> Array:
    """The keypoints (21, 3) with the frame's head pose, brows, gaze and mouth width; lips and lids not yet."""
    turned = rotation(
        pose.pitch + turning.pitch * _of(frame, "headPitch"),
        pose.yaw + turning.yaw * _of(frame, "headYaw"),
        pose.roll + turning.roll * _of(frame, "headRoll"),
    )
    expression = pose.expression.copy()
    for name, weight in _weights(frame).items():
        for keypoint, axis, move in OFFSETS[name]:
            expression[keypoint, axis] += weight * move
    return _placed(pose, turned, expression)


def _placed(pose: Pose, turned: Array, expression: Array) -> Array:
    points = pose.scale * (pose.shape @ turned + expression)
    points[:, :2] += pose.shift[:2]
    return points.astype(np.float32)


def _weights(frame: Frames) -> dict[str, float]:
    return {
        "browUp": max(_of(frame, "browInnerUp"), _mean(frame, "browOuterUp")),
        "browDown": _mean(frame, "browDown"),
        "wide": max(_mean(frame, "mouthStretch"), _mean(frame, "mouthSmile")),
        "round": max(_of(frame, "mouthPucker"), _of(frame, "mouthFunnel")),
        "gazeYaw": _of(frame, "gazeYaw") / 15.0,
        "gazePitch": _of(frame, "gazePitch") / 15.0,
    }


def lip_opening(rig: FaceRig, frame: Frames | None = None) -> float:
    """How far the lips are apart, over the mouth's width: of the photo, or of the rig in that frame."""
    points = rig.vertices if frame is None else _moved(rig, frame)
    top, bottom = points[list(_LIP_CENTRES)]
    width = float(np.linalg.norm(points[_LIP_CORNERS[1]] - points[_LIP_CORNERS[0]]))
    gap = float(np.linalg.norm(bottom - top)) if (bottom - top)[1] > 0 else 0.0
    closed = 0.0 if frame is None else min(1.0, _of(frame, "mouthClose"))
    return gap * (1.0 - closed) / max(width, 1e-6)


def lid_openings(rig: FaceRig) -> tuple[float, float]:
    """How far the photographed lids are apart, over the eye's width: the person's left and right eye."""

    def opening(side: str) -> float:
        up, low, inner, outer = (rig.vertices[i] for i in _LIDS[side])
        return float(np.linalg.norm(up - low) / max(np.linalg.norm(inner - outer), 1e-6))

    return opening("left"), opening("right")


def lid_wish(frame: Frames, openings: tuple[float, float]) -> float:
    """How far the frame wants the lids apart; the network takes one number for both eyes."""
    shut = max(_of(frame, "eyeBlinkLeft"), _of(frame, "eyeBlinkRight"))
    wide = 1.0 + 0.25 * max(_of(frame, "eyeWideLeft"), _of(frame, "eyeWideRight"))
    squint = 1.0 - 0.3 * max(_of(frame, "eyeSquintLeft"), _of(frame, "eyeSquintRight"))
    return sum(openings) / 2 * wide * squint * (1.0 - min(1.0, shut))


def _moved(rig: FaceRig, frame: Frames) -> Floats:
    points = rig.vertices + rig.neutral
    for shape, delta in zip(rig.shapes, rig.deltas, strict=True):
        weight = _of(frame, shape) if shape in _INDEX and not shape.startswith("gaze") else 0.0
        if weight:
            points = points + weight * delta
    return points


def _of(frame: Frames, name: str) -> float:
    return float(frame[_INDEX[name]])


def _mean(frame: Frames, name: str) -> float:
    return (_of(frame, name + "Left") + _of(frame, name + "Right")) / 2
