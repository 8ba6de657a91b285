"""Light on a form: a soft key from the upper left, a cool fill, a rim behind the right side, shade in the hollows."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from selfsame.demo.portrait.canvas import Canvas, Floats

_KEY = (-0.50, -0.52, 0.70)
_FILL = (0.62, -0.02, 0.78)
_KEY_COLOUR = (1.02, 0.97, 0.90)
_FILL_COLOUR = (0.95, 0.88, 0.90)
_SCATTER = (5.0, 2.4, 1.4)
"""How far red, green and blue light wanders in skin, in units; what makes skin look alive (d'Eon and Luebke, 2007)."""
_WRAP = (0.42, 0.30, 0.24)


@dataclass(frozen=True, slots=True)
class Lit:
    """`diffuse` (h, w, 3) multiplies the albedo, `shine` (h, w) is light to add; both linear."""

    diffuse: Floats
    shine: Floats
    rim: Floats


def normals(canvas: Canvas, heights: Floats, blur: float = 1.0) -> Floats:
    """Unit vectors out of the surface, x to the right, y down, z to the viewer, shape (h, w, 3)."""
    field = canvas.blur(heights, blur)
    dx = cv2.Sobel(field, cv2.CV_32F, 1, 0, ksize=3, scale=canvas.scale / 8)
    dy = cv2.Sobel(field, cv2.CV_32F, 0, 1, ksize=3, scale=canvas.scale / 8)
    long = np.sqrt(dx * dx + dy * dy + 1)
    return np.stack([-dx / long, -dy / long, 1 / long], axis=-1)


def light(canvas: Canvas, heights: Floats, relief: Floats) -> Lit:
    """Light the form; `relief` is the part of the heights whose hollows catch less light."""
    facing = normals(canvas, heights)
    key, fill = _unit(_KEY), _unit(_FILL)
    toward = facing @ key
    open_sky = _hollows(canvas, relief)
    shadow = _shadow(canvas, heights)
    diffuse = np.empty((*heights.shape, 3), np.float32)
    up = 0.5 - 0.5 * facing[..., 1]
    wide = np.clip((facing @ fill + 0.4) / 1.4, 0, 1)
    for band in range(3):
        wrapped = np.clip((toward + _WRAP[band]) / (1 + _WRAP[band]), 0, 1) ** 1.25
        lit = canvas.blur(wrapped * shadow, _SCATTER[band])
        sky = (0.21, 0.185, 0.18)[band] * up + (0.20, 0.13, 0.10)[band] * (1 - up)
        dim = 1 - (1 - open_sky) * (0.75, 0.95, 1.0)[band]
        diffuse[..., band] = 0.90 * _KEY_COLOUR[band] * lit + (0.15 * _FILL_COLOUR[band] * wide + sky) * dim
        diffuse[..., band] *= 1 - (1 - open_sky) * (0.25, 0.36, 0.40)[band]
    half = _unit((key[0], key[1], key[2] + 1))
    glance = np.clip(facing @ half, 0, 1)
    shine = (0.10 * glance**14 + 0.10 * glance**46) * shadow
    rim = np.clip(1 - facing[..., 2], 0, 1) ** 2.2 * np.clip(facing[..., 0] + 0.1, 0, 1)
    return Lit(diffuse, shine.astype(np.float32), rim.astype(np.float32))


def _unit(vector: tuple[float, ...]) -> Floats:
    array = np.asarray(vector, np.float32)
    return array / np.linalg.norm(array)


def _hollows(canvas: Canvas, relief: Floats) -> Floats:
    """How open each place is to light from all sides, 0..1: low where the surroundings rise above it."""
    small = np.clip((canvas.blur(relief, 5) - relief) / 5, 0, 1)
    wide = np.clip((canvas.blur(relief, 16) - relief) / 14, 0, 1)
    return np.clip(1 - 0.55 * small - 0.50 * wide, 0.2, 1).astype(np.float32)


def _shadow(canvas: Canvas, heights: Floats) -> Floats:
    """The share of the key light that reaches each place past what stands in its way, 0..1, soft."""
    shrink = max(1.0, canvas.scale / 0.5)
    small = (round(heights.shape[1] / shrink), round(heights.shape[0] / shrink))
    field = cv2.resize(heights, small, interpolation=cv2.INTER_AREA)
    per_unit = canvas.scale / shrink
    flat = float(np.hypot(_KEY[0], _KEY[1]))
    horizon = np.full_like(field, -1e3)
    for step in np.geomspace(4, 60, 12):
        move = np.array([[1, 0, -_KEY[0] / flat * step * per_unit], [0, 1, -_KEY[1] / flat * step * per_unit]])
        there = cv2.warpAffine(field, move, small, borderMode=cv2.BORDER_REPLICATE)
        horizon = np.maximum(horizon, (there - field) / step)
    reach = 1 - np.clip((horizon - _KEY[2] / flat + 0.25) / 0.6, 0, 1)
    wide = cv2.resize(reach.astype(np.float32), heights.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return canvas.blur(wide, 3.5)
