"""Hairs: many thin lines that taper."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from selfsame.demo.portrait.canvas import Canvas, Colour, Floats

_SHIFT = 4


@dataclass(frozen=True, slots=True)
class Strand:
    """A hair: its places in units (n, 2), and its width at each of them, in units."""

    places: Floats
    widths: Floats


def draw_strands(canvas: Canvas, strands: list[Strand], colour: Colour, strength: float) -> None:
    """Draw hairs of one colour: lashes and brows. A hair thinner than a pixel is drawn that much fainter."""
    cover = np.zeros(canvas.paint.shape[:2], np.float32)
    mask = np.zeros(canvas.paint.shape[:2], np.uint8)
    for strand in strands:
        points = canvas.pixels(strand.places)
        low = np.clip((points.min(axis=0) >> _SHIFT) - 4, 0, None)
        high = (points.max(axis=0) >> _SHIFT) + 5
        wide = strand.widths * canvas.scale
        for i in range(len(points) - 1):
            width = float(wide[i])
            thick = max(1, round(width))
            tone = round(255 * min(1.0, width / thick))
            cv2.line(mask, points[i].tolist(), points[i + 1].tolist(), tone, thick, cv2.LINE_AA, _SHIFT)
        box = np.s_[low[1] : high[1], low[0] : high[0]]
        cover[box] += (1 - cover[box]) * (mask[box].astype(np.float32) / 255) * strength
        mask[box] = 0
    canvas.glaze(colour, cover)
