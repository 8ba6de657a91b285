"""A picture that is painted in layers. Places are units of the drawing, whatever its size in pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

UNITS = 1024
_VIEW, _LEFT, _TOP = 960.0, 32.0, 62.0
"""The square of the drawing that the picture shows: its edge and its upper left corner, in units."""
MIDDLE = 512.0
_SHIFT = 4
"""Binary digits of a pixel kept when a polygon or a line is drawn."""

Floats = npt.NDArray[Any]
"""Pictures, fields and lines: 32-bit floats."""
Colour = tuple[float, float, float]


@dataclass
class Canvas:
    """A part of the picture: `paint` (height, width, 3) is RGB, 0..1, as displayed (gamma kept).

    `scale` is pixels per unit; (`left`, `top`) is the upper left corner in units.
    """

    paint: Floats
    scale: float
    left: float = 0.0
    top: float = 0.0

    @classmethod
    def blank(cls, pixels: int) -> Canvas:
        """A black square picture."""
        return cls(np.zeros((pixels, pixels, 3), np.float32), pixels / _VIEW, _LEFT, _TOP)

    @cached_property
    def x(self) -> Floats:
        """The place of every pixel's middle from the left, in units, shape (1, width)."""
        places = np.arange(self.paint.shape[1], dtype=np.float32)[None] + 0.5
        return places / np.float32(self.scale) + np.float32(self.left)

    @cached_property
    def y(self) -> Floats:
        """The place of every pixel's middle from the top, in units, shape (height, 1)."""
        places = np.arange(self.paint.shape[0], dtype=np.float32)[:, None] + 0.5
        return places / np.float32(self.scale) + np.float32(self.top)

    def window(self, left: float, top: float, right: float, bottom: float) -> Canvas:
        """A part of this picture that shares its paint."""
        x0, x1 = (round((place - self.left) * self.scale) for place in (left, right))
        y0, y1 = (round((place - self.top) * self.scale) for place in (top, bottom))
        return Canvas(self.paint[y0:y1, x0:x1], self.scale, self.left + x0 / self.scale, self.top + y0 / self.scale)

    def pixels(self, points: Floats) -> npt.NDArray[np.int32]:
        """Places in units as the fixed-point pixels that OpenCV draws with."""
        moved = (np.asarray(points, np.float32) - (self.left, self.top)) * self.scale - 0.5
        return np.round(moved * (1 << _SHIFT)).astype(np.int32)

    def area(self, points: Floats, soft: float = 0.0) -> Floats:
        """The inside of a polygon as 0..1, its edge blurred by `soft` units."""
        mask = np.zeros(self.paint.shape[:2], np.uint8)
        cv2.fillPoly(mask, [self.pixels(points)], 255, cv2.LINE_AA, _SHIFT)
        return self.blur(mask.astype(np.float32) / 255, soft)

    def stroke(self, points: Floats, width: float, soft: float = 0.0) -> Floats:
        """A line of constant width as 0..1."""
        mask = np.zeros(self.paint.shape[:2], np.uint8)
        thick = max(1, round(width * self.scale))
        cv2.polylines(mask, [self.pixels(points)], False, 255, thick, cv2.LINE_AA, _SHIFT)
        return self.blur(mask.astype(np.float32) / 255, soft)

    def spot(self, centre: tuple[float, float], radii: tuple[float, float], tilt: float = 0.0) -> Floats:
        """A Gaussian of height 1; `radii` are its standard deviations, `tilt` turns it clockwise, in radians."""
        dx, dy = self.x - centre[0], self.y - centre[1]
        cos, sin = np.float32(np.cos(tilt)), np.float32(np.sin(tilt))
        along, across = (dx * cos + dy * sin) / radii[0], (dy * cos - dx * sin) / radii[1]
        return np.exp(-0.5 * (along * along + across * across)).astype(np.float32)

    def blur(self, field: Floats, sigma: float) -> Floats:
        """A Gaussian blur of `sigma` units; a wide one works on a smaller picture, which looks the same."""
        pixels = sigma * self.scale
        if pixels < 0.3:
            return field
        height, width = field.shape[:2]
        step = max(1, min(int(pixels / 3), min(height, width) // 8))
        if step > 1:
            field = cv2.resize(field, (-(-width // step), -(-height // step)), interpolation=cv2.INTER_AREA)
        field = cv2.GaussianBlur(field, (0, 0), pixels / step, borderType=cv2.BORDER_REPLICATE)
        if step > 1:
            field = cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC)
        return field.astype(np.float32)

    def glaze(self, colour: Colour | Floats, alpha: Floats | float) -> None:
        """Lay a colour over the paint."""
        cover = alpha[..., None] if isinstance(alpha, np.ndarray) else alpha
        self.paint += (np.asarray(colour, np.float32) - self.paint) * cover

    def shade(self, colour: Colour, alpha: Floats | float) -> None:
        """Multiply the paint by a colour, as far as alpha says."""
        cover = alpha[..., None] if isinstance(alpha, np.ndarray) else alpha
        self.paint *= 1 + (np.asarray(colour, np.float32) - 1) * cover

    def glow(self, colour: Colour, alpha: Floats | float) -> None:
        """Add light: screen the paint with a colour."""
        cover = alpha[..., None] if isinstance(alpha, np.ndarray) else alpha
        self.paint += (1 - self.paint) * np.asarray(colour, np.float32) * cover


def hexed(code: str) -> Colour:
    """The colour of a code like "e8c0a4"."""
    red, green, blue = (int(code[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return (red, green, blue)


def curve(points: Floats | Sequence[tuple[float, float]], steps: int = 16, closed: bool = False) -> Floats:
    """A smooth line through the points (centripetal Catmull-Rom), `steps` places per piece, shape (n, 2)."""
    knots = np.asarray(points, np.float64)
    ends = (knots[-1:], knots[:2]) if closed else (2 * knots[:1] - knots[1:2], 2 * knots[-1:] - knots[-2:-1])
    padded = np.concatenate([ends[0], knots, ends[1]])
    t = np.arange(steps)[:, None] / steps
    pieces = [_piece(padded[i : i + 4], t) for i in range(len(padded) - 3)]
    if not closed:
        pieces.append(knots[-1:])
    return np.concatenate(pieces).astype(np.float32)


def _piece(four: npt.NDArray[np.float64], t: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    gaps = np.maximum(np.sqrt(np.linalg.norm(np.diff(four, axis=0), axis=1)), 1e-6)
    k0, k1, k2, k3 = 0.0, gaps[0], gaps[0] + gaps[1], gaps.sum()
    at = k1 + t * gaps[1]
    a1 = four[0] + (four[1] - four[0]) * (at - k0) / (k1 - k0)
    a2 = four[1] + (four[2] - four[1]) * (at - k1) / (k2 - k1)
    a3 = four[2] + (four[3] - four[2]) * (at - k2) / (k3 - k2)
    b1 = a1 + (a2 - a1) * (at - k0) / (k2 - k0)
    b2 = a2 + (a3 - a2) * (at - k1) / (k3 - k1)
    return b1 + (b2 - b1) * (at - k1) / (k2 - k1)


def graph(at: Floats, knots: Sequence[tuple[float, float]]) -> Floats:
    """A smooth function through (place, value) knots, read at `at`; constant outside."""
    line = curve(knots, 24)
    return np.interp(at, line[:, 0], line[:, 1]).astype(np.float32)


def smooth(low: float, high: float, field: Floats) -> Floats:
    """0 below `low`, 1 above `high`, a soft step between."""
    t = np.clip((field - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def noise(canvas: Canvas, cell: float, seed: int) -> Floats:
    """Soft random bumps about `cell` units wide, mean 0, deviation about 1; the same at every size."""
    count = max(4, round(UNITS / cell))
    grid = np.random.default_rng(seed).standard_normal((count, count)).astype(np.float32)
    full = round(UNITS * canvas.scale)
    wide = cv2.resize(grid, (full, full), interpolation=cv2.INTER_CUBIC if full >= count else cv2.INTER_AREA)
    x0, y0 = round(canvas.left * canvas.scale), round(canvas.top * canvas.scale)
    return wide[y0 : y0 + canvas.paint.shape[0], x0 : x0 + canvas.paint.shape[1]]
