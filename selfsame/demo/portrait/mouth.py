"""The lips: their contour, the line between them, their sheen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from selfsame.demo.portrait.canvas import MIDDLE, Canvas, Floats, curve, noise

_UPPER = [(-63.5, 615.6), (-49, 612.6), (-30, 608.0), (-13, 604.6), (-6, 606.0), (0, 608.0)]
_LOWER = [(-63.5, 615.6), (-50, 630.6), (-35, 642.6), (-17, 649.2), (0, 650.8)]
_SEAM = [(-63.5, 615.6), (-49, 620.8), (-31, 624.2), (-14, 625.0), (-6, 626.3), (0, 627.2)]


def _whole(left: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The line from corner to corner, from its left half."""
    return [(MIDDLE + x, y) for x, y in left] + [(MIDDLE - x, y) for x, y in left[-2::-1]]


def lips() -> Floats:
    """The outer contour of the lips, closed, in units."""
    return np.concatenate([curve(_whole(_UPPER)), curve(_whole(_LOWER))[::-1]])


def seam() -> Floats:
    """The line where the lips meet, from corner to corner."""
    return curve(_whole(_SEAM))


def paint_mouth(canvas: Canvas) -> None:
    """Draw what light alone does not give: the line between the lips, its shade, fine folds and a wet glance."""
    part = canvas.window(MIDDLE - 90, 585, MIDDLE + 90, 675)
    inside = part.area(lips(), 0.8)
    line = seam()
    part.shade((0.50, 0.30, 0.30), 0.50 * part.stroke(line, 5.0, 2.6) * inside)
    part.shade((0.40, 0.20, 0.20), 0.72 * part.stroke(line[4:-4], 1.4, 0.8))
    for side in (-1, 1):
        part.shade((0.45, 0.28, 0.25), 0.55 * part.spot((MIDDLE + side * 64.5, 615.0), (3.4, 2.2), side * -0.5))
    folds = np.sin((part.x - MIDDLE) * 0.95 + 1.6 * noise(part, 12, 31) + 0.01 * (part.y - 625) * (part.x - MIDDLE))
    part.shade((0.86, 0.80, 0.80), 0.16 * np.clip(folds, 0, 1) * inside)
    lower = part.spot((MIDDLE - 6, 637.0), (21, 3.6)) * (0.75 + 0.25 * folds)
    part.glow((1.0, 0.88, 0.86), 0.30 * lower * inside)
    bow = part.spot((MIDDLE - 11, 605.5), (9, 1.6), -0.25) + part.spot((MIDDLE + 11, 605.5), (8, 1.5), 0.25)
    part.glow((1.0, 0.9, 0.82), 0.20 * bow)
    part.shade((0.72, 0.56, 0.52), 0.45 * part.spot((MIDDLE, 655.5), (25, 3.4)))
