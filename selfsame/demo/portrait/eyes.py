"""The eyes: white, iris, pupil, lids, lashes, and the light in them."""

from __future__ import annotations

import numpy as np

from selfsame.demo.portrait.canvas import MIDDLE, Canvas, Floats, curve, hexed, smooth
from selfsame.demo.portrait.strands import Strand, draw_strands

_UPPER = [(38.5, 460.0), (43, 454.0), (52, 446.2), (64, 440.2), (77, 438.3), (91, 440.5), (102.5, 445.6), (112, 452.6)]
_LOWER = [(38.5, 460.0), (45, 462.2), (58, 466.0), (73, 468.4), (88, 467.2), (100, 462.0), (112, 452.6)]
_CREASE = [(37, 450), (47, 438.0), (60, 430.6), (77, 427.4), (95, 429.4), (110, 435.5), (121, 445.0)]
IRIS = (76.0, 452.6)
"""The middle of the iris: distance from the middle of the face, and y."""
RADIUS = 18.6
_MIDDLE, _LARGER = (76.0, 453.0), 1.08
"""The lids' lines below are drawn this much larger about this place: large eyes are what one likes to look at."""


def paint_eyes(canvas: Canvas) -> None:
    """Paint both eyes, looking at the viewer."""
    for side in (-1, 1):
        middle = MIDDLE + side * 76
        _paint_eye(canvas.window(middle - 74, 397, middle + 74, 505), side)


def _at(points: list[tuple[float, float]], side: int) -> Floats:
    """A line of one eye, from the inner corner outwards."""
    line = (curve(points) - _MIDDLE) * _LARGER + _MIDDLE
    line[:, 0] = MIDDLE + side * line[:, 0]
    return line


def lids(side: int) -> tuple[Floats, Floats]:
    """The edges of the upper and the lower lid, from the inner corner outwards; `side` -1 is seen left."""
    return _at(_UPPER, side), _at(_LOWER, side)


def _paint_eye(part: Canvas, side: int) -> None:
    upper, lower = lids(side)
    opening = np.concatenate([upper, lower[::-1]])
    _lids(part, side, upper, lower)
    eye = Canvas(part.paint.copy(), part.scale, part.left, part.top)
    _white(eye, side)
    _iris(eye, side)
    _lid_shadow(eye, upper)
    _catchlights(eye, side)
    part.glaze(eye.paint, part.area(opening, 0.35))
    _rims(part, side, upper, lower)
    _lashes(part, side)


def _lids(part: Canvas, side: int, upper: Floats, lower: Floats) -> None:
    """Shade the lids: the crease, the moving lid below it, the soft bag under the eye."""
    crease = _at(_CREASE, side)
    lid = part.area(np.concatenate([crease, upper[::-1]]), 1.6)
    part.shade((0.85, 0.73, 0.67), 0.5 * lid)
    part.glow((1.0, 0.86, 0.76), 0.17 * lid * part.spot((MIDDLE + side * 78, 429.5), (18, 2.8)))
    part.shade((0.55, 0.39, 0.33), 0.42 * part.stroke(crease[10:], 2.0, 1.3))
    part.shade((0.76, 0.63, 0.57), 0.35 * part.stroke(crease + (0, -2.5), 5.0, 4.0))
    outer = part.spot((MIDDLE + side * 113, 441), (13, 8), side * 0.7)
    part.shade((0.72, 0.56, 0.52), 0.30 * outer)
    part.shade((0.84, 0.70, 0.66), 0.32 * part.stroke(lower + (0, 3.5), 4.0, 3.0))
    part.glow((1.0, 0.90, 0.82), 0.10 * part.stroke(lower[20:-12] + (0, 8.0), 3.0, 2.6))


def _white(eye: Canvas, side: int) -> None:
    """The white of the eye as the ball it is: warm, greyer to the corners, rosy at the inner one."""
    eye.paint[:] = hexed("ede5dd")
    round_off = 1 - eye.spot((MIDDLE + side * 77, 453), (27, 23))
    eye.shade((0.66, 0.60, 0.60), 0.85 * round_off)
    inner = MIDDLE + side * 37
    eye.glaze(hexed("cf9a8e"), 0.85 * eye.spot((inner - side * 0.5, 459.5), (4.4, 3.2)))
    eye.glow((1.0, 0.9, 0.88), 0.50 * eye.spot((inner, 458.6), (1.3, 0.9)))
    eye.glaze(hexed("d6a498"), 0.35 * eye.spot((MIDDLE + side * 114, 453.5), (5, 4)))


def _iris(eye: Canvas, side: int) -> None:
    """Iris with fibres, a ring around the pupil, a darker rim; lighter below, where the key light gathers."""
    centre = (MIDDLE + side * IRIS[0], IRIS[1])
    dx, dy = eye.x - centre[0], eye.y - centre[1]
    radius = np.sqrt(dx * dx + dy * dy) / RADIUS
    angle = np.arctan2(dy, dx)
    disc = 1 - smooth(0.955, 1.035, radius)
    fibres = _fibres(angle, radius, 41 + side)
    tint = np.empty((*radius.shape, 3), np.float32)
    tint[:] = hexed("6b5a38")
    layer = Canvas(tint, eye.scale, eye.left, eye.top)
    layer.glaze(hexed("577064"), 0.85 * smooth(0.50, 0.82, radius))
    layer.glaze(hexed("a97a3f"), 0.75 * (1 - smooth(0.42, 0.66, radius + 0.10 * fibres)))
    layer.paint *= (1 + 0.30 * fibres)[..., None]
    gather = np.clip((dy * 0.8 + dx * 0.45) / RADIUS, -1, 1)
    layer.shade((0.55, 0.55, 0.58), 0.75 * np.clip(-gather + 0.05, 0, 1))
    layer.glow(hexed("c9b98a"), 0.42 * np.clip(gather - 0.1, 0, 1) * (1 - smooth(0.75, 0.95, radius)))
    layer.glaze(hexed("20241f"), 0.80 * smooth(0.80, 1.0, radius))
    layer.glaze(hexed("0c0a09"), 1 - smooth(0.40, 0.47, radius))
    eye.shade((0.55, 0.50, 0.48), 0.40 * (1 - smooth(0.95, 1.16, radius)))
    eye.glaze(tint, disc)


def _fibres(angle: Floats, radius: Floats, seed: int) -> Floats:
    """Rays of the iris, about -1..1, that waver as they run outwards."""
    chance = np.random.default_rng(seed)
    total = np.zeros_like(radius)
    for count in (23, 37, 58, 91):
        phase, sway = chance.uniform(0, 6.28), chance.uniform(-0.8, 0.8)
        bend = chance.integers(3, 7)
        total += np.sin(count * angle + phase + sway * 4 * radius + 1.2 * np.sin(bend * angle + phase))
    return (total / 2.6).astype(np.float32)


def _lid_shadow(eye: Canvas, upper: Floats) -> None:
    """The upper lid and its lashes shade the ball below them."""
    eye.shade((0.34, 0.27, 0.26), 0.80 * eye.stroke(upper + (0, -1.0), 6.0, 2.6))
    eye.shade((0.66, 0.60, 0.60), 0.45 * eye.stroke(upper + (0, 3.0), 8.0, 4.5))


def _catchlights(eye: Canvas, side: int) -> None:
    """The soft box that lights the face, mirrored in the cornea, and a weaker glance below."""
    x, y = MIDDLE + side * IRIS[0], IRIS[1]
    box = curve([(x - 9.6, y - 8.8), (x - 3.2, y - 9.8), (x - 2.6, y - 3.8), (x - 8.6, y - 3.2)], 8, closed=True)
    eye.glow((1.0, 0.99, 0.97), 0.95 * eye.area(box, 0.45))
    eye.glow((0.85, 0.92, 1.0), 0.34 * eye.spot((x + 7.8, y + 7.0), (2.6, 1.8), -0.7))


def _rims(part: Canvas, side: int, upper: Floats, lower: Floats) -> None:
    """The thickness of the lids: a wet pale edge below, a dark lash line above."""
    part.glaze(hexed("e2b3a2"), 0.78 * part.stroke(lower[12:-3] + (0, -0.3), 2.6, 0.6))
    part.glow((1.0, 0.97, 0.95), 0.38 * part.stroke(lower[24:70] + (0, -1.2), 0.6, 0.5))
    part.shade((0.60, 0.42, 0.38), 0.45 * part.stroke(lower[20:] + (0, 2.0), 1.2, 0.8))
    dark = hexed("23140f")
    part.glaze(dark, 0.84 * part.stroke(upper[22:-4], 2.1, 0.6))
    part.glaze(dark, 0.28 * part.stroke(upper[12:26], 1.4, 0.8))
    part.glaze(dark, 0.50 * part.stroke(upper[56:-10] + (0, -0.6), 2.6, 0.7))
    part.shade((0.62, 0.45, 0.42), 0.6 * part.stroke(upper[:10], 1.4, 0.6))


def _lashes(part: Canvas, side: int) -> None:
    """Upper lashes in small groups that curl outwards, lower ones short and fine."""
    chance = np.random.default_rng(51)
    upper, lower = lids(side)
    strands = []
    for place in np.sort(np.concatenate([np.linspace(0.16, 0.94, 56), chance.uniform(0.25, 0.93, 30)])):
        root = _along(upper, place)
        lean = (place - 0.42) * 1.75 + chance.normal(0, 0.10) + 0.16 * np.sin(place * 70)
        long = (2.6 + 6.8 * place - 12.0 * max(0.0, place - 0.72)) * chance.uniform(0.72, 1.08)
        strands.append(_lash(root, side, lean, long, 1.0))
    draw_strands(part, strands, hexed("1c100c"), 0.78)
    fine = []
    for place in np.linspace(0.30, 0.96, 34) + chance.normal(0, 0.008, 34):
        root = _along(lower, place) + (0, 1.4)
        lean = (place - 0.40) * 1.5 + chance.normal(0, 0.16)
        fine.append(_lash(root, side, lean, (2.0 + 2.0 * place) * chance.uniform(0.7, 1.1), -1.0))
    draw_strands(part, fine, hexed("4a3026"), 0.38)


def _along(line: Floats, place: float) -> Floats:
    at = place * (len(line) - 1)
    low = min(int(at), len(line) - 2)
    return line[low] + (line[low + 1] - line[low]) * (at - low)


def _lash(root: Floats, side: int, lean: float, long: float, up: float) -> Strand:
    """A lash from its root: first out along the lean, then curling up (or down, for the lower lid)."""
    t = np.linspace(0, 1, 9)
    x = root[0] + side * long * (np.sin(lean) * t + 0.10 * lean * t * t)
    y = root[1] - up * long * (np.cos(lean) * (0.55 * t + 0.45 * t * t))
    return Strand(np.stack([x, y], axis=1).astype(np.float32), np.linspace(0.95, 0.25, 9).astype(np.float32))
