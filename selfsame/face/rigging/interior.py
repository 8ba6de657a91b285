"""What is seen between the lips: cavity, tongue and teeth, painted to the light of the photo."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from selfsame.events.shown import Image
from selfsame.face.rig import Mouth, Picture, Sprite
from selfsame.face.rigging.deltas import JAW
from selfsame.face.rigging.frame import Array, FaceFrame, smooth
from selfsame.face.rigging.open_mouth import photographed_teeth

FINE = 4
"""Sprites are painted so many times larger and then averaged down."""
TEETH = 0.165
"""Visible height of the upper teeth, in mouth widths."""
GUM = 0.095
"""The gum line lies so far above the seam of the closed lips, in mouth widths."""
UPPER_WIDTHS = (0.170, 0.135, 0.150, 0.130, 0.110)
LOWER_WIDTHS = (0.105, 0.115, 0.130, 0.125, 0.110)
"""Tooth widths from the middle outward, in units, as seen from the front and shortened by the arch."""


def paint_mouth(texture: Image, points: Array, frame: FaceFrame, seam: Array) -> Mouth:
    """The sprites. `points` are the landmarks in the texture, `seam` (2,) the middle of the lips once closed.

    Teeth that the photo shows are taken from it; the rest of the row is painted in their colour.
    """
    unit = frame.unit
    width, height = round(unit * 1.15) | 1, round(unit * 0.9)
    x, y = _grid(width, height, unit)
    skin, lip = _tones(texture, points)
    light = float(np.clip(skin.mean() / 150, 0.42, 1.15))
    ivory = (np.array([188.0, 211.0, 228.0]) * 0.86 + skin * 0.14) * light * _cast(skin)
    shown = photographed_teeth(texture, points, frame, seam - GUM * unit * _down(frame), (width, height))
    if shown is not None:
        ivory = 0.9 * shown.colour / 0.94
    upper = _upper_teeth(x, y, ivory, lip)
    if shown is not None:
        upper = shown.over(upper)
    return Mouth(
        seam=seam.astype(np.float32),
        width=unit,
        right=frame.mouth_right.astype(np.float32),
        jaw=(frame.down * JAW * unit * 0.92).astype(np.float32),
        gum=GUM,
        teeth=TEETH,
        cavity=Sprite(_cavity(x, y, lip)),
        tongue=Sprite(_tongue(x, y, lip, light)),
        lower=Sprite(_lower_teeth(x, y, ivory, lip)),
        upper=Sprite(upper),
    )


def _down(frame: FaceFrame) -> Array:
    return np.array([-frame.mouth_right[1], frame.mouth_right[0]])


def _grid(width: int, height: int, unit: float) -> tuple[Array, Array]:
    """Places of the fine pixels in units: x from the middle, y from the gum line."""
    xs = ((np.arange(width * FINE) + 0.5) / FINE - width / 2) / unit
    ys = (np.arange(height * FINE) + 0.5) / FINE / unit
    x, y = np.meshgrid(xs, ys)
    return x, y


def _tones(texture: Image, points: Array) -> tuple[Array, Array]:
    """Mean colours of the cheeks' skin and of the lower lip."""

    def mean(numbers: tuple[int, ...]) -> Array:
        edge = texture.shape[0] - 1
        places = np.clip(np.rint(points[list(numbers), :2]), 1, edge - 1).astype(int)
        around = [texture[py - 1 : py + 2, px - 1 : px + 2].reshape(-1, 3).mean(0) for px, py in places]
        return np.median(np.array(around), 0)

    return mean((205, 425, 50, 280, 101, 330)), mean((17, 84, 314, 181, 405, 85, 315))


def _cast(skin: Array) -> Array:
    """The light's colour as factors (3,), judged by the skin with caution: skins differ too."""
    usual = np.array([132.0, 155.0, 198.0])
    return np.clip((skin / skin.mean()) / (usual / usual.mean()), 0.5, 1.3) ** 0.5


def _sprite(colour: Array, alpha: Array) -> Picture:
    """Average down to the sprite's own pixels; colours weighted by their opacity."""
    weight = cv2.resize(alpha, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    mixed = cv2.resize(colour * alpha[..., None], None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    plain = cv2.resize(colour, None, fx=1 / FINE, fy=1 / FINE, interpolation=cv2.INTER_AREA)
    bgr = np.where(weight[..., None] > 0.01, mixed / np.maximum(weight, 0.01)[..., None], plain)
    return np.clip(np.rint(np.dstack((bgr, weight * 255))), 0, 255).astype(np.uint8)


def _cavity(x: Array, y: Array, lip: Array) -> Picture:
    """Dark red brown, darkest in the throat, a little lighter at the cheeks and the floor."""
    base = lip * 0.24 + np.array([6.0, 6.0, 18.0])
    far = np.hypot(x / 0.40, (y - 0.24) / 0.34)
    shade = 0.34 + 0.66 * np.clip(far, 0, 1.3)
    return _sprite(base * shade[..., None], np.ones_like(x))


def _tongue(x: Array, y: Array, lip: Array, light: float) -> Picture:
    far = np.hypot(x / 0.29, (y - 0.19) / 0.19)
    alpha = 1 - smooth(0.84, 1.04, far)
    colour = np.array([98.0, 92.0, 176.0]) * light * 0.55 + lip * 0.30
    groove = 1 - 0.10 * np.exp(-((x / 0.03) ** 2)) * smooth(0.03, 0.12, y)
    roundness = 1.05 - 0.35 * np.clip(far, 0, 1) ** 3
    sheen = 0.10 * np.exp(-(((np.abs(x) - 0.10) / 0.06) ** 2) - ((y - 0.09) / 0.04) ** 2)
    return _sprite(colour * (roundness * groove + sheen)[..., None], alpha)


def _row(x: Array, widths: tuple[float, ...]) -> tuple[npt.NDArray[np.intp], Array, Array]:
    """For every place: the tooth's number from the middle, the place across it (-1..1), its distance outward 0..1."""
    edges = np.concatenate(([0.0], np.cumsum(widths)))
    number = np.clip(np.searchsorted(edges, np.abs(x), side="right") - 1, 0, len(widths) - 1)
    start, end = edges[number], edges[number + 1]
    across = (np.abs(x) - (start + end) / 2) / ((end - start) / 2)
    return number, across, np.abs(x) / edges[-1]


def _upper_teeth(x: Array, y: Array, ivory: Array, lip: Array) -> Picture:
    number, across, out = _row(x, UPPER_WIDTHS)
    # The edges of the teeth: middle ones longest, the second a little shorter, the row rising to the sides.
    length = np.array([1.0, 0.91, 0.97, 0.86, 0.80])[number] * TEETH
    length = length - 0.030 * np.clip(out, 0, 1.2) ** 2 - 0.014 * np.abs(across) ** 5
    alpha = 1 - smooth(-0.010, 0.010, y - length)
    alpha = alpha * (1 - smooth(0.90, 1.04, out))
    return _sprite(_enamel(ivory, lip, across, out, y / TEETH, 0.0), alpha)


def _lower_teeth(x: Array, y: Array, ivory: Array, lip: Array) -> Picture:
    number, across, out = _row(x, LOWER_WIDTHS)
    start = 0.085 + np.array([0.0, 0.003, 0.0, 0.006, 0.012])[number] + 0.028 * np.clip(out, 0, 1.2) ** 2
    start = start + 0.006 * np.abs(across) ** 4
    end = start + 0.15
    alpha = smooth(-0.010, 0.010, y - start) * (1 - smooth(0.86, 1.04, out))
    gum = smooth(-0.012, 0.012, y - end + 0.02 * np.abs(across) ** 2)
    colour = _enamel(ivory * 0.80, lip, across, out, 1 - (y - start) / 0.15, 0.08)
    pink = (lip * 0.42 + np.array([10.0, 8.0, 24.0])) * (1 - 0.45 * np.clip(out, 0, 1))[..., None]
    colour = colour + (pink - colour) * gum[..., None]
    return _sprite(colour, alpha)


def _enamel(ivory: Array, lip: Array, across: Array, out: Array, down: Array, dull: float) -> Array:
    """Colour of teeth: darker to the sides and at the gums, soft lines between them, warm near the lip."""
    shade = (1.0 - dull) - 0.36 * smooth(0.25, 1.05, out)
    shade = shade * (1 - 0.12 * smooth(0.70, 1.0, np.abs(across)))
    shade = shade * (0.80 + 0.20 * smooth(0.0, 0.75, down))
    shade = shade * (1 - 0.06 * smooth(0.80, 1.05, down))
    bright = ivory * shade[..., None]
    warm = 0.10 + 0.12 * np.clip(out, 0, 1)
    return bright * (1 - warm[..., None]) + lip * shade[..., None] * warm[..., None]
