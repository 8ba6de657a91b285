"""What is around the face: the room behind, out of focus, and the clothes."""

from __future__ import annotations

import numpy as np

from selfsame.demo.portrait.canvas import MIDDLE, Canvas, Floats, curve, graph, hexed, noise, smooth
from selfsame.demo.portrait.light import light

_SHOULDER = [
    (0.0, 812.0), (84.0, 812.0), (112.0, 820.0), (136.0, 838.0), (184.0, 862.0), (270.0, 892.0), (350.0, 922.0),
    (420.0, 968.0), (470.0, 1040.0),
]  # fmt: skip
_NECKLINE = [(-112, 820), (-103, 846), (-78, 880), (-40, 902), (0, 908), (40, 902), (78, 880), (103, 846), (112, 820)]


def paint_backdrop(canvas: Canvas) -> None:
    """A calm room out of focus: a wall, a window's light at the left, a few soft lights."""
    wall = canvas.y / 1024 + 0 * canvas.x
    canvas.paint[:] = np.asarray(hexed("8fa3a0"), np.float32)
    canvas.glaze(hexed("5b706f"), smooth(0.2, 1.0, wall))
    canvas.glaze(hexed("e9dfcc"), 0.55 * canvas.spot((170, 250), (210, 300)))
    canvas.glaze(hexed("33474a"), 0.65 * smooth(560, 1060, canvas.x + 0 * canvas.y))
    chance = np.random.default_rng(81)
    for _ in range(16):
        place = (float(chance.uniform(0, 1024)), float(chance.uniform(60, 900)))
        size = float(chance.uniform(24, 62))
        turn = np.linspace(0, 2 * np.pi, 40)
        ring = np.stack([place[0] + size * np.cos(turn), place[1] + size * np.sin(turn)], axis=1).astype(np.float32)
        tone = hexed("f3dcb4") if chance.random() < 0.6 else hexed("b9d3cd")
        canvas.glow(tone, float(chance.uniform(0.04, 0.13)) * canvas.area(ring, 7))
    canvas.glaze(canvas.blur(canvas.paint.copy(), 12), 1.0)


def paint_clothes(canvas: Canvas) -> None:
    """A plain knitted top with a round neck."""
    edge = _body()
    across = np.abs(canvas.x - MIDDLE)
    top = graph(across, _SHOULDER)
    drop = np.clip(canvas.y - top, 0, None)
    base = 120 * np.sqrt(np.clip(1 - (across / 500) ** 2.4, 0, 1)) * (1 - np.exp(-drop / 30))
    folds = 5.0 * canvas.blur(noise(canvas, 70, 91), 14) + 7.0 * np.sin(across / 30 + canvas.y / 36) * smooth(
        60, 260, across
    )
    neck = curve([(MIDDLE + x, y) for x, y in _NECKLINE])
    hem = canvas.stroke(neck + (0, 7), 11, 2.0)
    rib = 1.0 * np.sin((canvas.x - MIDDLE) * 1.35) * hem + 0.34 * np.sin(canvas.x * 1.5) * np.sin(canvas.y * 1.5)
    relief = (folds + 6.0 * hem + rib).astype(np.float32)
    lit = light(canvas, canvas.blur(base.astype(np.float32), 6) + relief, relief)
    tone = np.power(np.asarray(hexed("47686b"), np.float32), 2.2)
    out = np.power(np.clip(lit.diffuse * tone * 0.95, 0, 1), 1 / 2.2)
    cover = canvas.area(edge, 0.6)
    canvas.shade((0.55, 0.40, 0.35), 0.9 * canvas.blur(canvas.stroke(neck, 7), 4.0) * (1 - cover))
    canvas.glaze(out.astype(np.float32), cover)


def _body() -> Floats:
    """The contour of the clothes, closed."""
    shoulder = curve([knot for knot in _SHOULDER if knot[0] > 120], 10)
    right = np.stack([MIDDLE + shoulder[:, 0], shoulder[:, 1]], axis=1)
    left = np.stack([MIDDLE - shoulder[:, 0], shoulder[:, 1]], axis=1)
    neck = curve([(MIDDLE + x, y) for x, y in _NECKLINE])
    return np.concatenate([neck, right, left[::-1]]).astype(np.float32)
