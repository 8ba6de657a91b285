"""A mouth that was photographed open: its teeth go to the sprites, its opening is painted over."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from selfsame.events.shown import Image
from selfsame.face.rig import Picture
from selfsame.face.rigging.frame import Array, FaceFrame
from selfsame.face.rigging.landmarks import LOWER_LIP, UPPER_LIP
from selfsame.face.sampling import sample

OPEN = 0.07
"""A gap between the inner lips, in units, from which a mouth counts as open; closed ones read up to 0.06."""
LEAST_TEETH = 0.008
"""Square units of teeth that must be seen to use them."""


@dataclass(frozen=True, slots=True)
class PhotographedTeeth:
    """Teeth in the upper sprite's pixels: `pixels` (h, w, 3), `share` (h, w) where they are, and their colour (3,)."""

    pixels: Array
    share: Array
    colour: Array

    def over(self, sprite: Picture) -> Picture:
        """The painted row with the photographed teeth laid over it; below them nothing is painted."""
        columns = self.share.max(0)[None]
        out = sprite.astype(float)
        out[..., :3] += (self.pixels - out[..., :3]) * self.share[..., None]
        out[..., 3] += (self.share * 255 - out[..., 3]) * columns
        return np.clip(np.rint(out), 0, 255).astype(np.uint8)


def gap(points: Array, frame: FaceFrame) -> float:
    """The widest gap between the inner lips, in units."""
    upper, lower = points[list(UPPER_LIP[3]), :2], points[list(LOWER_LIP[3]), :2]
    return float(((lower - upper) @ frame.down).max() / frame.unit)


def _opening(points: Array) -> Array:
    """The outline (20, 2) of the inner lips."""
    return np.concatenate((points[list(UPPER_LIP[3]), :2], points[list(LOWER_LIP[3][-2:0:-1]), :2]))


def _fill(outline: Array, shape: tuple[int, int]) -> npt.NDArray[np.uint8]:
    mask = np.zeros(shape, np.uint8)
    cv2.fillPoly(mask, [np.rint(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return mask


def photographed_teeth(
    texture: Image, points: Array, frame: FaceFrame, top: Array, size: tuple[int, int]
) -> PhotographedTeeth | None:
    """The upper teeth of an open mouth, or None. `top` (2,) is the sprite's top centre, `size` its width and height."""
    if gap(points, frame) < OPEN:
        return None
    width, height = size
    right = frame.mouth_right
    down = np.array([-right[1], right[0]])
    x, y = np.meshgrid(np.arange(width) - width / 2 + 0.5, np.arange(height))
    places = (top + x[..., None] * right + y[..., None] * down).astype(np.float32)
    cut = sample(texture, places).astype(float)
    own = np.stack(((_opening(points) - top) @ right + width / 2 - 0.5, (_opening(points) - top) @ down), 1)
    inside = cv2.erode(_fill(own, (height, width)), np.ones((3, 3), np.uint8)) > 128
    high, low = cut.max(2), cut.min(2)
    tooth = inside & (high > 90) & (high - low < 0.33 * high)
    if tooth.sum() < LEAST_TEETH * frame.unit**2:
        return None
    bright = high[tooth] >= np.percentile(high[tooth], 55)
    colour = np.median(cut[tooth][bright], axis=0)
    return _rows(cut, tooth, colour)


def _rows(cut: Array, tooth: npt.NDArray[np.bool_], colour: Array) -> PhotographedTeeth | None:
    """Every column's teeth, carried on upwards behind the lip, and faded out to the sides."""
    height, width = tooth.shape
    has = tooth.sum(0) >= 2
    if has.sum() < 6:
        return None
    columns = np.flatnonzero(has)
    first, last = columns[0], columns[-1]
    rows = np.arange(height)[:, None]
    starts = np.where(has, tooth.argmax(0), 0)
    ends = np.where(has, height - tooth[::-1].argmax(0), 0)
    every = np.arange(width)
    start = _soft(np.interp(every, columns, starts[columns]))
    end = _soft(np.interp(every, columns, ends[columns]))
    # Above the lip's edge the first clean row of teeth is repeated.
    x, y = np.meshgrid(every.astype(np.float32), np.arange(height, dtype=np.float32))
    y = np.maximum(y, (start + 1)[None]).astype(np.float32)
    pixels = cv2.remap(cut.astype(np.float32), x, y, cv2.INTER_LINEAR).astype(float)
    side = np.clip(np.minimum(every - first, last - every) / (0.06 * width), 0, 1)
    share = np.clip(end - rows, 0, 1) * side
    return PhotographedTeeth(pixels, share, colour)


def _soft(line: Array) -> Array:
    return cv2.GaussianBlur(line[None], (0, 0), sigmaX=1.2, sigmaY=0.1, borderType=cv2.BORDER_REPLICATE)[0]


def without_opening(texture: Image, points: Array, frame: FaceFrame) -> Image:
    """The texture with an open mouth's inside painted over from the lips: no tooth may shine through closed lips."""
    if gap(points, frame) < OPEN:
        return texture
    mask = _fill(_opening(points), texture.shape[:2])
    reach = max(3, round(0.035 * frame.unit)) | 1
    mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    near = max(3.0, 0.06 * frame.unit)
    return np.asarray(cv2.inpaint(texture, (mask > 60).astype(np.uint8), near, cv2.INPAINT_TELEA), np.uint8)
