"""The inside of the mouth, painted in the mouth's own upright frame and laid between the lips."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from selfsame.events.shown import Image
from selfsame.face.rig import Floats, Mouth, Sprite

LEAST_GAP = 0.5
"""Pixels: lips nearer than this are shut."""
MARGIN = 2
"""Pixels painted beyond the lips' box, for the soft edge."""


@dataclass(frozen=True, slots=True)
class MouthPose:
    """One frame: inner lips (2, 11, 2) in picture pixels, head turned by `angle` (radians, clockwise) at the mouth.

    `moved` (2,) is the head's move at the seam; `jaw` (2,) the lower teeth's move in texture pixels, before the head's;
    `tongue` is 0..1.
    """

    lips: Floats
    moved: Floats
    angle: float
    jaw: Floats
    tongue: float


class Inside:
    """Paints between the lips of one rig. The steps are those of rig_file's step 6."""

    def __init__(self, mouth: Mouth) -> None:
        self._m = mouth
        self._right = mouth.right.astype(float)
        self._tongue, self._lower, self._upper = (_premultiplied(s) for s in (mouth.tongue, mouth.lower, mouth.upper))
        self._cavity = mouth.cavity.pixels[..., :3].astype(np.float32)

    def paint(self, picture: Image, pose: MouthPose) -> None:
        """Draw into `picture` (in place); nothing when the lips are shut."""
        m = self._m
        cos, sin = np.cos(pose.angle), np.sin(pose.angle)
        right = np.array([self._right[0] * cos - self._right[1] * sin, self._right[0] * sin + self._right[1] * cos])
        down = np.array([-right[1], right[0]])
        origin = m.seam + pose.moved
        own = np.stack(((pose.lips - origin) @ right, (pose.lips - origin) @ down), -1)
        top_u, top_v, low_u, low_v = own[0, :, 0], own[0, :, 1], own[1, :, 0], own[1, :, 1]
        left, end = float(own[..., 0].min()), float(own[..., 0].max())
        if float((low_v - top_v).max()) < LEAST_GAP or end - left < 3:
            return
        x0, x1 = int(np.floor(left)) - MARGIN, int(np.ceil(end)) + MARGIN
        y0, y1 = int(np.floor(top_v.min())) - MARGIN, int(np.ceil(low_v.max())) + MARGIN
        columns = np.arange(x0, x1, dtype=np.float32)
        rows = np.arange(y0, y1, dtype=np.float32)[:, None]
        upper = np.interp(columns, np.maximum.accumulate(top_u), top_v).astype(np.float32)
        lower = np.interp(columns, np.maximum.accumulate(low_u), low_v).astype(np.float32)
        inside = self._layers(pose, (x0, y0, x1, y1), right, down)
        inside *= self._shade(rows - upper, lower - rows, columns, (left, end))[..., None]
        parted = np.clip(lower - upper - 0.3, 0, 1)  # columns in which the lips touch stay shut
        alpha = np.clip((rows - upper + 1) / 1.5, 0, 1) * np.clip((lower - rows + 1) / 1.5, 0, 1) * parted
        _lay(picture, inside, alpha.astype(np.float32), origin + right * x0 + down * y0, right)

    def _layers(self, pose: MouthPose, box: tuple[int, int, int, int], right: Floats, down: Floats) -> Floats:
        """Cavity, tongue and teeth as one opaque picture of the box (in the mouth's own pixels)."""
        m = self._m
        x0, y0, x1, y1 = box
        size = (x1 - x0, y1 - y0)
        down0 = np.array([-self._right[1], self._right[0]])
        jaw = np.array([pose.jaw @ self._right, pose.jaw @ down0], np.float32)
        top = -m.gum * m.width

        def at(sprite: Floats, move: Floats, border: int) -> Floats:
            shift = (float(move[0]) - sprite.shape[1] / 2 + 0.5 - x0, float(move[1]) + top - y0)
            to = np.array([[1, 0, shift[0]], [0, 1, shift[1]]])
            return np.asarray(cv2.warpAffine(sprite, to, size, flags=cv2.INTER_LINEAR, borderMode=border), np.float32)

        out = at(self._cavity, 0.5 * jaw, cv2.BORDER_REPLICATE)
        clear = cv2.BORDER_CONSTANT
        floor = np.array([0, 0.05 * m.width * (1 - pose.tongue)], np.float32)
        tongue = at(self._tongue, (0.85 - 0.6 * pose.tongue) * jaw + floor, clear)
        tongue[..., :3] *= 0.75 + 0.25 * pose.tongue
        _over(out, tongue)
        _over(out, at(self._lower, 0.95 * jaw, clear))
        again = min(max(3 * pose.tongue - 0.5, 0.0), 1.0)
        if again > 0:
            _over(out, tongue * np.float32(again))
        _over(out, at(self._upper, np.zeros(2, np.float32), clear))
        return out

    def _shade(self, below: Floats, above: Floats, columns: Floats, ends: tuple[float, float]) -> Floats:
        a = np.clip(below * np.float32(1 / (0.07 * self._m.width)), 0, 1)
        b = np.clip(above * np.float32(1 / (0.05 * self._m.width)), 0, 1)
        middle, half = (ends[0] + ends[1]) / 2, (ends[1] - ends[0]) / 2
        c = np.clip((columns - np.float32(middle)) * np.float32(1 / half), -1, 1)
        shade = (0.55 + 0.45 * (a * a * (3 - 2 * a))) * (0.7 + 0.3 * (b * b * (3 - 2 * b))) * (1 - 0.5 * c * c)
        return shade.astype(np.float32)


def _premultiplied(sprite: Sprite) -> Floats:
    out = sprite.pixels.astype(np.float32)
    out[..., 3] /= 255
    out[..., :3] *= out[..., 3:]
    return out


def _over(under: Floats, layer: Floats) -> None:
    under *= 1 - layer[..., 3:]
    under += layer[..., :3]


def _lay(picture: Image, inside: Floats, alpha: Floats, corner: Floats, right: Floats) -> None:
    """Turn the mouth's own picture onto `picture`: own pixel (0, 0) lies at `corner`, its x axis along `right`."""
    height, width = alpha.shape
    layer = np.dstack((inside * alpha[..., None], alpha)).astype(np.float32)
    to = np.array([[right[0], -right[1], corner[0]], [right[1], right[0], corner[1]]])
    ends = to[:, :2] @ np.array([[0, width, 0, width], [0, 0, height, height]]) + to[:, 2:]
    size = picture.shape[0]
    x0, y0 = np.clip(np.floor(ends.min(1)), 0, size).astype(int)
    x1, y1 = np.clip(np.ceil(ends.max(1)) + 1, 0, size).astype(int)
    if x1 <= x0 or y1 <= y0:
        return
    to[:, 2] -= (x0, y0)
    layer = cv2.warpAffine(layer, to, (int(x1 - x0), int(y1 - y0)), flags=cv2.INTER_LINEAR)
    part = picture[y0:y1, x0:x1]
    part[:] = np.rint(part * (1 - layer[..., 3:]) + layer[..., :3])
