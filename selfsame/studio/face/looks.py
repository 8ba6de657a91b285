"""Numbers about a face in a picture, for judging whether it will do. Pure; calls take a few milliseconds.

The face is looked at upright and at one size, so that the numbers of photos of any size compare.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from selfsame.events.shown import Image
from selfsame.face.measure import eye_openings, head_pose, lip_opening
from selfsame.face.port import Points

SIZE, EYES, EYE_LINE = 256, 0.42, 0.35
"""Edge of the upright picture; the eyes' outer corners lie so far apart in it, at this height (shares of the edge)."""
SHARP_SIZE = 192
OVER, COLUMNS, BLANK = 250, 15, 8.0

_OUTER_TOP = (61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291)
_OUTER_BOTTOM = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291)
_INNER_BOTTOM = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308)
_BELOW = (57, 43, 106, 182, 83, 18, 313, 406, 335, 273, 287)
_CHEEKS = ((50, 205, 187, 147, 123, 117, 118, 101), (280, 425, 411, 376, 352, 346, 347, 330))
_UNDER_EYES = (
    (110, 24, 23, 22, 26, 112, 232, 231, 230, 229, 228, 31),
    (339, 254, 253, 252, 256, 341, 452, 451, 450, 449, 448, 261),
)

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Looks:
    """What is seen of one face.

    `height` forehead to chin in pixels of the picture; `yaw`, `pitch`, `roll` in degrees; `light` 0..255 and `over`
    the share burnt out; `balance` the light of its left half over its right; `sharpness` as below; `lips` and `eyes`
    openings; `under_light` and `under_colour` of the skin under the eyes, as shares of the cheeks'; `edge` the
    sharpest step of light along the chin below the lips, `seam` how dark the line between the lips is, both as shares
    of the skin's lightness; `red` how much redder the lips are than the skin below.
    """

    height: float
    yaw: float
    pitch: float
    roll: float
    light: float
    over: float
    balance: float
    sharpness: float
    lips: float
    eyes: float
    under_light: float
    under_colour: float
    edge: float
    seam: float
    red: float
    inside: float
    """The share of the face's outline that lies within the picture."""


def look(image: Image, points: Points) -> Looks:
    """Measure the face at `points` (478, 3) of `image`, 8-bit BGR."""
    yaw, pitch, roll = head_pose(points)
    upright, places = _upright(image, points)
    lab = cv2.cvtColor(upright.astype(np.float32) / np.float32(255), cv2.COLOR_BGR2LAB)
    colours = np.asarray(lab, np.float32)
    skin = np.median(np.concatenate([colours[_inside(places, each)] for each in _CHEEKS]), 0)
    under_light, under_colour = _under_eyes(colours, places, skin)
    edge, seam, red = _mouth(colours, places, skin)
    light, over, balance = _light(upright, places)
    outline = points[:468, :2]
    within = (outline >= 0).all(1) & (outline[:, 0] < image.shape[1]) & (outline[:, 1] < image.shape[0])
    return Looks(
        height=float(np.hypot(*(points[152, :2] - points[10, :2]))),
        yaw=yaw,
        pitch=pitch,
        roll=roll,
        light=light,
        over=over,
        balance=balance,
        sharpness=_sharpness(image, points),
        lips=lip_opening(points),
        eyes=float(np.mean(eye_openings(points))),
        under_light=under_light,
        under_colour=under_colour,
        edge=edge,
        seam=seam,
        red=red,
        inside=float(within.mean()),
    )


def picture_light(image: Image) -> tuple[float, float]:
    """Mean light 0..255 of a whole picture, and the share that is burnt out."""
    grey = _grey(_at_most(image, 256))
    return float(grey.mean()), float((grey >= OVER).mean())


def picture_sharpness(image: Image) -> float:
    """Sharpness of the sharpest sixteenth of a whole picture, for when no face is found in it; 1 when it is blank."""
    grey = _grey(_at_most(image, 512)).astype(np.float32)
    if grey.std() < BLANK:
        return 1.0
    detail = np.abs(np.asarray(cv2.Laplacian(grey, cv2.CV_32F), np.float32)) / (grey.std() + 1e-6)
    cells = cv2.resize(detail, (8, 8), interpolation=cv2.INTER_AREA)
    return float(np.sort(np.asarray(cells).ravel())[-4:].mean())


def _upright(image: Image, points: Points) -> tuple[Image, Floats]:
    """The face level and at one size, and its points' places there, (478, 2)."""
    first, last = points[33, :2].astype(float), points[263, :2].astype(float)
    along = last - first
    step = max(float(np.hypot(*along)), 1.0) / (EYES * SIZE)
    angle = np.arctan2(along[1], along[0])
    turn = step * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = (first + last) / 2 - turn @ np.array([SIZE / 2, SIZE * EYE_LINE])
    if step > 2:  # a large face is sampled from a smaller picture, or else between its pixels
        image = _at_most(image, round(max(image.shape[:2]) / step))
        scale = image.shape[1] / max(1.0, image.shape[1] * step)
        turn, shift, points = turn * scale, shift * scale, (points * scale).astype(np.float32)
    matrix = np.c_[turn, shift]
    flags = cv2.WARP_INVERSE_MAP | cv2.INTER_LINEAR
    upright = cv2.warpAffine(image, matrix, (SIZE, SIZE), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    places = (points[:, :2] - shift) @ np.linalg.inv(turn).T
    return np.asarray(upright, np.uint8), places.astype(np.float32)


def _at_most(image: Image, edge: int) -> Image:
    height, width = image.shape[:2]
    scale = edge / max(height, width)
    if scale >= 1:
        return image
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def _grey(image: Image) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def _inside(places: Floats, points: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    mask = np.zeros((SIZE, SIZE), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(places[list(points)].round().astype(np.int32)), 1)
    found = mask.astype(bool)
    if not found.any():  # a face so small or turned that the patch has no pixel
        x, y = np.clip(places[list(points)].mean(0).round().astype(int), 0, SIZE - 1)
        found[y, x] = True
    return found


def _light(upright: Image, places: Floats) -> tuple[float, float, float]:
    """Mean light of the face, the share burnt out, and its left half over its right."""
    grey = _grey(upright)
    face = _inside(places, tuple(range(468)))
    middle = float(places[[1, 168], 0].mean())
    left = np.arange(SIZE)[None] < middle
    halves = [float(grey[face & half].mean()) if (face & half).any() else 1.0 for half in (left, ~left)]
    return float(grey[face].mean()), float((grey[face] >= OVER).mean()), halves[0] / max(halves[1], 1.0)


def _sharpness(image: Image, points: Points) -> float:
    """Variance of the Laplacian of the face at 192 pixels and unit contrast: 0.02 and more is sharp.

    Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy: a comparative study", 2000.
    """
    low = np.maximum(points[:468, :2].min(0), 0).astype(int)
    high = points[:468, :2].max(0).astype(int) + 1
    crop = image[low[1] : high[1], low[0] : high[0]]
    if 0 in crop.shape:
        return 0.0
    scale = SHARP_SIZE / max(crop.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    grey = np.asarray(cv2.resize(_grey(crop), None, fx=scale, fy=scale, interpolation=how), np.float32)
    grey = (grey - grey.mean()) / (grey.std() + 1e-6)
    return float(np.asarray(cv2.Laplacian(grey, cv2.CV_32F)).var())


def _under_eyes(colours: Floats, places: Floats, skin: Floats) -> tuple[float, float]:
    """Lightness and colourfulness of the skin under the eyes over that of the cheeks: dark glasses lower both."""
    patches = [colours[_inside(places, each)].mean(0) for each in _UNDER_EYES]
    light = float(np.mean([patch[0] for patch in patches])) / max(float(skin[0]), 1.0)
    colour = float(np.mean([np.hypot(patch[1], patch[2]) for patch in patches]))
    return light, colour / max(float(np.hypot(skin[1], skin[2])), 1.0)


def _mouth(colours: Floats, places: Floats, skin: Floats) -> tuple[float, float, float]:
    """Edge, seam and red, as in `Looks`: a finger makes an edge below the lips; a hand hides their line and colour."""
    soft = np.asarray(cv2.GaussianBlur(colours, (0, 0), 1.0), np.float32)
    below = _columns(soft, places, (_OUTER_BOTTOM, _BELOW), (0.3, 0.7, 5)).mean(0)
    lip = _columns(soft, places, (_INNER_BOTTOM, _OUTER_BOTTOM), (0.3, 0.7, 5)).mean(0)
    across = _columns(soft, places, (_OUTER_TOP, _OUTER_BOTTOM), (0.0, 1.0, 24))[..., 0]
    lightness = max(float(skin[0]), 5.0)
    edge = float(np.abs(below[3:, 0] - below[:-3, 0]).max()) / lightness
    ends = (across[:4].mean(0) + across[-4:].mean(0)) / 2
    seam = float(np.median(ends - across[6:18].min(0))) / lightness
    return edge, seam, float(np.median(lip[:, 1] - below[:, 1]))


def _columns(
    colours: Floats, places: Floats, lines: tuple[tuple[int, ...], tuple[int, ...]], rows: tuple[float, float, int]
) -> Floats:
    """Colours between two lines of landmarks, (rows, columns, 3): columns evenly along the mouth, its ends left out."""
    along = np.linspace(1.5, 8.5, COLUMNS)
    first, last = (
        np.stack([np.interp(along, np.arange(11), places[list(line), axis]) for axis in (0, 1)], 1) for line in lines
    )
    share = np.linspace(*rows)[:, None, None]
    spots = (first + (last - first) * share).astype(np.float32)
    return np.asarray(cv2.remap(colours, spots[..., 0], spots[..., 1], cv2.INTER_LINEAR), np.float32)
