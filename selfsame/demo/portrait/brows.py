"""The brows: a soft shade, and hairs that lean outwards along it."""

from __future__ import annotations

import numpy as np

from selfsame.demo.portrait.canvas import MIDDLE, Canvas, Floats, curve, hexed
from selfsame.demo.portrait.strands import Strand, draw_strands

_SPINE = [(35, 407.5), (48, 404.6), (66, 399.8), (86, 395.2), (102, 394.6), (117, 399.0), (132, 408.0)]
_THICK = [3.4, 5.7, 5.9, 5.3, 4.6, 3.0, 0.8]
"""Half the brow's height at each knot of its spine."""


def paint_brows(canvas: Canvas) -> None:
    """Paint both brows."""
    for side in (-1, 1):
        middle = MIDDLE + side * 80
        _paint_brow(canvas.window(middle - 68, 360, middle + 68, 443), side)


def spine(side: int) -> Floats:
    """The middle line of a brow from its inner end; `side` -1 is seen left."""
    line = curve(_SPINE, 24)
    line[:, 0] = MIDDLE + side * line[:, 0]
    return line


def _paint_brow(part: Canvas, side: int) -> None:
    chance = np.random.default_rng(61 + side)
    line = curve(_SPINE, 24)
    half = np.interp(np.linspace(0, 1, len(line)), np.linspace(0, 1, len(_THICK)), _THICK)
    edge = np.concatenate([line - half[:, None] * (0, 1) * 0.75, (line + half[:, None] * (0, 1) * 0.75)[::-1]])
    edge[:, 0] = MIDDLE + side * edge[:, 0]
    fade = np.clip((np.abs(part.x - MIDDLE) - 26) / 34, 0.1, 1)
    part.shade(hexed("8d6c5a"), 0.55 * part.area(edge.astype(np.float32), 2.4) * fade)
    groups = ([], [])
    for _ in range(360):
        groups[int(chance.random() < 0.4)].append(_hair(line, half, side, chance))
    draw_strands(part, groups[0], hexed("5a3b2a"), 0.42)
    draw_strands(part, groups[1], hexed("3b2418"), 0.42)


def _hair(line: Floats, half: Floats, side: int, chance: np.random.Generator) -> Strand:
    """A hair of the brow: upright at the inner end, lying down along the brow further out."""
    place = chance.uniform(0, 0.97) ** 0.85
    at = int(place * (len(line) - 2))
    off = chance.uniform(-0.95, 0.95)
    root = line[at] + (0, off * half[at])
    run = line[min(at + 6, len(line) - 1)] - line[at]
    slope = np.arctan2(run[1], run[0])
    rise = np.interp(place, [0, 0.12, 0.4, 0.75, 1], [1.25, 0.85, 0.5, 0.25, 0.0])
    angle = slope - rise * (0.55 + 0.55 * (off + 1) / 2) + chance.normal(0, 0.10)
    long = np.interp(place, [0, 0.15, 0.7, 1], [6.5, 10.0, 11.0, 7.0]) * chance.uniform(0.7, 1.1)
    t = np.linspace(0, 1, 7)
    bend = angle + (slope - angle) * 0.75 * t
    steps = np.stack([np.cos(bend), np.sin(bend)], axis=1) * long / 6
    places = root + np.concatenate([[[0, 0]], np.cumsum(steps[:-1], axis=0)])
    places[:, 0] = MIDDLE + side * places[:, 0]
    widths = np.array([0.6, 0.9, 1, 0.95, 0.8, 0.6, 0.35]) * 1.1 * np.interp(place, [0, 0.25], [0.55, 1.0])
    return Strand(places.astype(np.float32), widths.astype(np.float32))
