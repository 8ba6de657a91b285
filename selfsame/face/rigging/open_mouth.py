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
SEAM = 0.38
"""How much darker the lips are where they meet."""
UP_TO, STEPS = 0.7, 22
"""The upper lip's edge is looked for so far from the inner point to the outer one, in so many steps."""
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


def at_the_lips(texture: Image, points: Array, frame: FaceFrame) -> Array:
    """The landmarks with the upper lip's inner rings, when the mouth is open, drawn up to where that lip begins.

    The network often sees the upper lip's edge on the teeth: they would stay on the lip. From every inner point the
    column is followed upwards while its colour is nearer to the mouth's inside than to the lip.
    """
    if gap(points, frame) < OPEN:
        return points
    lab = cv2.cvtColor(texture.astype(np.float32) / 255, cv2.COLOR_BGR2LAB)
    within = lab[_fill(_opening(points), texture.shape[:2]) > 200]
    if len(within) < 12:
        return points
    light = within[:, 0] > np.median(within[:, 0])
    inside = np.stack((np.median(within[light], 0), np.median(within[~light], 0)))
    inner, outer = points[list(UPPER_LIP[3][1:-1]), :2], points[list(UPPER_LIP[0][1:-1]), :2]
    steps = np.linspace(0, UP_TO, STEPS)[:, None, None]
    seen = sample(lab, (inner + (outer - inner) * steps).astype(np.float32))
    own = np.median(sample(lab, (inner + (outer - inner) * 0.85)[None].astype(np.float32))[0], 0)
    to_inside = np.linalg.norm(seen[:, :, None] - inside, axis=3).min(2)
    foreign = to_inside < 0.8 * np.linalg.norm(seen - own, axis=2)
    run = np.where(foreign.all(0), STEPS - 1, foreign.argmin(0)) * (UP_TO / (STEPS - 1))
    run = np.median(np.stack((run, np.roll(run, 1), np.roll(run, -1))), 0)
    move = _soft(run)[:, None] * (outer - inner)
    out = points.copy()
    for ring, share in ((3, 1.0), (2, 0.6), (1, 0.25)):
        out[list(UPPER_LIP[ring][1:-1]), :2] += share * move
    return out


def without_opening(texture: Image, points: Array, frame: FaceFrame) -> Image:
    """The texture with an open mouth's inside painted over from the lips: no tooth may shine through closed lips.

    The lips' edges get the shadow that lies between closed lips.
    """
    if gap(points, frame) < OPEN:
        return texture
    opening = _fill(_opening(points), texture.shape[:2])
    reach = max(3, round(0.035 * frame.unit)) | 1
    mask = cv2.dilate(opening, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
    near = max(3.0, 0.06 * frame.unit)
    painted = cv2.inpaint(texture, (mask > 60).astype(np.uint8), near, cv2.INPAINT_TELEA)
    away = cv2.distanceTransform((opening < 128).astype(np.uint8), cv2.DIST_L2, 5)
    shade = 1 - SEAM * np.exp(-((away / (0.022 * frame.unit)) ** 2))
    return np.rint(painted * shade[..., None]).astype(np.uint8)
