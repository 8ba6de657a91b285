"""The skin of face and neck: its colours, and how it takes the light."""

from __future__ import annotations

import numpy as np

from selfsame.demo.portrait.canvas import MIDDLE, Canvas, Floats, curve, graph, hexed, noise, smooth
from selfsame.demo.portrait.light import light
from selfsame.demo.portrait.mouth import lips
from selfsame.demo.portrait.shape import CHIN, Form, both

_TONE = hexed("eabf9f")
_ROSE = hexed("d98a78")
_LIP = hexed("bd625c")
_NECK_WIDTHS = [
    (600.0, 86.0), (700.0, 82.0), (750.0, 81.0), (790.0, 86.0), (815.0, 97.0), (838.0, 126.0), (864.0, 160.0),
    (900.0, 200.0),
]  # fmt: skip
_NOSTRIL = [(6, 566.8), (10, 563.4), (16, 562.8), (20, 565.4), (15, 567.6), (9, 568.4)]
_WING = [(30, 546), (33.5, 553), (32.5, 561), (27.5, 566.5), (22, 567)]


def linear(colour: Floats | tuple[float, float, float]) -> Floats:
    """Displayed values as amounts of light."""
    return np.power(np.clip(np.asarray(colour, np.float32), 0, 1), np.float32(2.2))


def displayed(amount: Floats) -> Floats:
    """Amounts of light as displayed values, bright ones rolled off softly."""
    rolled = np.where(amount < 0.6, amount, 0.6 + 0.4 * np.tanh((amount - 0.6) / 0.4))
    return np.power(np.clip(rolled, 0, 1), np.float32(1 / 2.2)).astype(np.float32)


def paint_face(canvas: Canvas, form: Form) -> None:
    """Paint the lit face upon the canvas."""
    grain = noise(canvas, 2.2, 11) * 0.05 + noise(canvas, 5, 12) * 0.022
    relief = form.relief + canvas.blur(grain, 0.7)
    lit = light(canvas, form.base + relief, relief)
    oily = 0.55 + 0.3 * canvas.spot((MIDDLE, 535), (14, 30)) + 0.5 * canvas.spot((MIDDLE - 20, 335), (70, 36))
    oily = oily + 0.55 * both(canvas, (98, 500), (34, 20), 0.3) + 0.4 * canvas.spot((MIDDLE, 690), (20, 14))
    mouth = canvas.area(lips(), 1.1)
    oily = oily + 1.0 * mouth
    glance = lit.shine * oily
    light_out = lit.diffuse * _albedo(canvas, mouth) + glance[..., None] * np.asarray((1.0, 0.95, 0.9), np.float32)
    light_out += (lit.rim * 0.12)[..., None] * np.asarray((1.0, 0.74, 0.55), np.float32)
    dim = np.clip(1 - lit.diffuse[..., :1] / 0.8, 0, 1)
    light_out *= 1 - dim * np.asarray((0.0, 0.16, 0.30), np.float32)
    canvas.glaze(displayed(light_out), form.skin)


def _albedo(canvas: Canvas, mouth: Floats) -> Floats:
    """The colours of the skin before any light, linear."""
    tone = np.empty((*canvas.paint.shape[:2], 3), np.float32)
    tone[:] = _TONE
    layer = Canvas(tone, canvas.scale, canvas.left, canvas.top)
    layer.glaze(_ROSE, 0.34 * np.clip(both(canvas, (102, 536), (42, 26), 0.3), 0, 1))
    layer.glaze(_ROSE, 0.26 * canvas.spot((MIDDLE, 550), (26, 16)))
    layer.glaze(_ROSE, 0.12 * canvas.spot((MIDDLE, 690), (34, 20)))
    layer.glaze(_ROSE, 0.16 * np.clip(both(canvas, (74, 482), (38, 10)), 0, 1))
    layer.glaze(hexed("c48d78"), 0.40 * np.clip(both(canvas, (78, 435), (42, 13), -0.05), 0, 1))
    layer.glaze(hexed("f2d3b2"), 0.35 * canvas.spot((MIDDLE, 325), (100, 50)))
    mottle = noise(canvas, 26, 21) * 0.5 + noise(canvas, 9, 22) * 0.5
    layer.glaze(_ROSE, np.clip(0.035 * mottle + 0.03, 0, 0.2))
    layer.shade(hexed("c99678"), 0.34 * _freckles(layer))
    upper = 1 - smooth(622, 628, canvas.y)
    layer.glaze(_LIP, mouth * (0.86 + 0.06 * upper))
    layer.shade((0.88, 0.82, 0.84), mouth * upper)
    return linear(tone)


def _freckles(canvas: Canvas) -> Floats:
    """A few faint freckles over nose and cheeks, 0..1."""
    chance = np.random.default_rng(25)
    cover = np.zeros(canvas.paint.shape[:2], np.float32)
    for _ in range(70):
        x, y = MIDDLE + chance.normal(0, 62), 508 + chance.normal(0, 19) + 0.05 * abs(chance.normal(0, 60))
        size, strong = float(chance.uniform(0.7, 1.5)), float(chance.uniform(0.2, 0.8))
        part = canvas.window(x - 8, y - 8, x + 8, y + 8)
        x0, y0 = (round((part.left - canvas.left) * canvas.scale), round((part.top - canvas.top) * canvas.scale))
        spot = part.spot((x, y), (size, size * 0.85))
        cover[y0 : y0 + spot.shape[0], x0 : x0 + spot.shape[1]] += spot * strong
    return np.clip(cover, 0, 1)


def paint_neck(canvas: Canvas) -> None:
    """Paint neck and upper chest, in the shade of the chin."""
    y = canvas.y
    width = graph(y, _NECK_WIDTHS)
    across = (canvas.x - MIDDLE) / width
    base = 0.75 * np.minimum(width, 90) * np.sqrt(np.clip(1 - np.abs(across) ** 2.2, 0, 1))
    cords = 3.6 * both(canvas, (44, 812), (9, 62), 0.42) - 7.0 * canvas.spot((MIDDLE, 868), (13, 14))
    bones = 5.0 * both(canvas, (92, 876), (56, 9), -0.13) - 3.0 * both(canvas, (98, 858), (40, 10), -0.1)
    relief = (cords + bones).astype(np.float32)
    lit = light(canvas, canvas.blur(base.astype(np.float32), 5) + relief, relief)
    tone = np.empty((*canvas.paint.shape[:2], 3), np.float32)
    tone[:] = linear(hexed("e6b998"))
    out = displayed(lit.diffuse * tone * 0.92 + 0.5 * lit.shine[..., None])
    knots = curve(_NECK_WIDTHS, 10)
    right = np.stack([MIDDLE + knots[:, 1], knots[:, 0]], axis=1)
    left = np.stack([MIDDLE - knots[:, 1], knots[:, 0]], axis=1)
    edge = np.concatenate([right, [[MIDDLE + 200, 1024], [MIDDLE - 200, 1024]], left[::-1]]).astype(np.float32)
    canvas.glaze(out, canvas.area(edge, 0.7))
    below = (y - CHIN) - 0.00135 * (canvas.x - MIDDLE - 10) ** 2 * -1
    dark = 1 - smooth(10, 92, below + 0 * canvas.x)
    canvas.shade((0.50, 0.36, 0.31), 0.85 * dark * canvas.area(edge, 0.7))


def paint_nose(canvas: Canvas) -> None:
    """Draw what the form leaves open on the nose: the nostrils, the edge of its wings, the shade below."""
    part = canvas.window(MIDDLE - 60, 520, MIDDLE + 60, 600)
    for side in (-1, 1):
        hole = curve([(MIDDLE + side * x, y) for x, y in _NOSTRIL], 8, closed=True)
        part.shade((0.42, 0.20, 0.17), 0.85 * part.area(hole, 1.3))
        wing = curve([(MIDDLE + side * x, y) for x, y in _WING])
        part.shade((0.66, 0.45, 0.38), 0.42 * part.stroke(wing, 2.0, 2.2))
    part.shade((0.72, 0.52, 0.45), 0.40 * part.spot((MIDDLE, 570), (19, 4.0)))
    part.glow((1.0, 0.93, 0.86), 0.22 * part.spot((MIDDLE - 3.5, 541), (5.0, 4.2)))
