"""The square texture around the face, and the landmarks in it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from selfsame.events.shown import Image
from selfsame.face.port import Points
from selfsame.face.rigging.landmarks import CHIN, FOREHEAD

ROOM = 2.15
"""The texture's edge in face heights (forehead to chin), when the photo has so much."""
LEAST_ROOM = 1.62
"""Below this the hair or the chin's swing would be cut: the photo is continued beyond its border instead."""


@dataclass(frozen=True, slots=True)
class Crop:
    """`texture` is square; `points` (478, 3) are the landmarks in its pixels; `inside` is true where the photo is."""

    texture: Image
    points: npt.NDArray[np.float32]
    inside: npt.NDArray[np.bool_]


def crop(image: Image, points: Points, size: int) -> Crop:
    """Cut the square around the face, as far as the photo goes, and scale it to `size`."""
    top, chin = points[FOREHEAD, :2].astype(float), points[CHIN, :2].astype(float)
    face = float(np.linalg.norm(chin - top))
    height, width = image.shape[:2]
    edge = max(LEAST_ROOM * face, min(ROOM * face, height, width))
    centre = (top + chin) / 2
    for axis, room in ((0, width), (1, height)):
        # Shift the square into the photo, but keep the face well inside the square.
        lowest, highest = edge / 2 - 0.5, room - edge / 2 - 0.5
        wanted = float(np.clip(centre[axis], min(lowest, highest), max(lowest, highest)))
        slack = max(0.0, edge / 2 - 0.72 * face)
        centre[axis] = float(np.clip(wanted, centre[axis] - slack, centre[axis] + slack))
    scale = size / edge
    to = np.array([[scale, 0, size / 2 - 0.5 - scale * centre[0]], [0, scale, size / 2 - 0.5 - scale * centre[1]]])
    texture, inside = _cut(image, to, size)
    moved = points.astype(float).copy()
    moved[:, :2] = moved[:, :2] @ to[:, :2].T + to[:, 2]
    moved[:, 2] *= scale
    return Crop(texture, moved.astype(np.float32), inside)


def _cut(image: Image, to: npt.NDArray[np.float64], size: int) -> tuple[Image, npt.NDArray[np.bool_]]:
    scale = to[0, 0]
    if scale < 0.75:  # warpAffine does not filter when it shrinks: shrink by areas first
        height, width = image.shape[:2]
        small = (max(1, round(width * scale)), max(1, round(height * scale)))
        exact = np.array([small[0] / width, small[1] / height])
        image = np.asarray(cv2.resize(image, small, interpolation=cv2.INTER_AREA), np.uint8)
        shift = to[:, 2] + 0.5 * scale - 0.5 * scale / exact
        to = np.column_stack((np.diag(scale / exact), shift))
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_LINEAR
    texture = cv2.warpAffine(image, to, (size, size), flags=way, borderMode=cv2.BORDER_REFLECT_101)
    white = np.full(image.shape[:2], 255, np.uint8)
    inside = cv2.warpAffine(white, to, (size, size), flags=cv2.INTER_NEAREST) > 0
    if not inside.all():
        texture = _soften_outside(np.asarray(texture, np.uint8), inside, size)
    return np.ascontiguousarray(texture, np.uint8), inside


def _soften_outside(texture: Image, inside: npt.NDArray[np.bool_], size: int) -> Image:
    """Blur the mirrored border the more the farther it is from the photo: a mirror image must not be recognised."""
    away = cv2.distanceTransform((~inside).astype(np.uint8), cv2.DIST_L2, 3) / size
    soft = texture.astype(np.float32)
    for sigma, start in ((0.012, 0.0), (0.03, 0.02), (0.06, 0.06)):
        blurred = cv2.GaussianBlur(texture, (0, 0), sigma * size, borderType=cv2.BORDER_REFLECT_101)
        share = np.clip((away - start) / 0.04, 0, 1)[..., None].astype(np.float32)
        soft += share * (blurred - soft)
    return np.rint(soft).astype(np.uint8)
