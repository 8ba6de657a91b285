"""The face's own axes and unit, so that shapes are written once for every face, however it is turned or scaled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.face.rigging.landmarks import (
    CHIN,
    LEFT_INNER_EYE,
    LEFT_OUTER_EYE,
    RIGHT_INNER_EYE,
    RIGHT_OUTER_EYE,
)

Array = npt.NDArray[np.float64]


def smooth(start: float, end: float, x: Array | float) -> Array:
    """The smooth step: 0 up to `start`, 1 from `end`."""
    t = np.clip((np.asarray(x, float) - start) / (end - start), 0, 1)
    return t * t * (3 - 2 * t)


@dataclass(frozen=True, slots=True)
class FaceFrame:
    """Axes in texture pixels. `unit` is the width that the mouth would have at rest, judged by the eyes' distance.

    `centre` is the middle of the lips. `wide` is the photographed mouth's width in units; `eyes` the distance of the
    eyes' centres in pixels. `halves` are the widths of the mouth's right and left half in units (unlike when turned).
    """

    centre: Array
    right: Array
    down: Array
    mouth_right: Array
    unit: float
    eyes: float
    wide: float
    halves: tuple[float, float]
    chin: float

    def local(self, places: npt.NDArray[np.floating]) -> tuple[Array, Array]:
        """(u, v) of `places` (n, 2) in units from the middle of the lips: u to the right as seen, v down."""
        rel = np.asarray(places, float)[:, :2] - self.centre
        return rel @ self.right / self.unit, rel @ self.down / self.unit

    def pixels(self, moves: Array) -> Array:
        """Moves (..., 2) in units along the axes, as pixels."""
        return moves @ np.stack((self.right, self.down)) * self.unit


def face_frame(points: npt.NDArray[np.floating]) -> FaceFrame:
    """The frame of landmarks (478, 3) in texture pixels."""
    p = np.asarray(points, float)[:, :2]
    right_eye = p[[RIGHT_OUTER_EYE, RIGHT_INNER_EYE]].mean(0)
    left_eye = p[[LEFT_OUTER_EYE, LEFT_INNER_EYE]].mean(0)
    eyes = float(np.linalg.norm(left_eye - right_eye))
    axis = (left_eye - right_eye) / eyes
    # A face turned aside has its eyes drawn together, but not its height: take the larger of the two measures.
    tall = float(np.linalg.norm(p[CHIN] - (left_eye + right_eye) / 2))
    unit = 0.8 * max(eyes, 0.52 * tall)
    mouth = p[291] - p[61]
    mouth_right = _unit(axis + _unit(mouth))
    down = np.array([-axis[1], axis[0]])
    middle = p[[13, 14]].mean(0)
    corners = p[[61, 291]].mean(0)
    centre = corners + axis * float((middle - corners) @ axis)
    halves = (float((centre - p[61]) @ axis) / unit, float((p[291] - centre) @ axis) / unit)
    chin = float((p[CHIN] - centre) @ down) / unit
    wide = float(np.linalg.norm(mouth)) / unit
    return FaceFrame(centre, axis, down, mouth_right, unit, eyes, wide, halves, chin)


def _unit(vector: Array) -> Array:
    return vector / np.linalg.norm(vector)
