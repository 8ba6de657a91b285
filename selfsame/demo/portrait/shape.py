"""The form of the head as heights above the picture, in units: what the light falls on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from selfsame.demo.portrait.canvas import MIDDLE, Canvas, Floats, curve, graph, smooth

CHIN = 726.0
_WIDTHS = [
    (148.0, 2.0), (156.0, 52.0), (176.0, 96.0), (210.0, 132.0), (256.0, 157.0), (310.0, 170.0), (370.0, 176.0),
    (430.0, 177.0), (480.0, 174.0), (530.0, 165.0), (580.0, 149.0), (620.0, 129.5), (655.0, 105.0), (685.0, 78.0),
    (706.0, 55.0), (718.0, 35.0), (724.0, 19.0), (CHIN, 2.0),
]  # fmt: skip
_DEPTHS = [
    (148.0, 10.0), (170.0, 78.0), (210.0, 118.0), (270.0, 142.0), (340.0, 152.0), (430.0, 150.0), (520.0, 150.0),
    (600.0, 145.0), (650.0, 135.0), (684.0, 115.0), (708.0, 82.0), (720.0, 48.0), (CHIN, 12.0),
]  # fmt: skip
_BRIDGE = [
    (398.0, 0.0), (421.0, 4.0), (442.0, 7.0), (464.0, 11.5), (490.0, 18.0), (520.0, 26.5), (540.0, 32.0),
    (552.0, 29.5), (562.0, 18.0), (570.0, 9.0), (580.0, 3.0), (592.0, 0.0),
]  # fmt: skip
_BRIDGE_WIDTHS = [(392.0, 26.0), (430.0, 14.0), (470.0, 11.5), (510.0, 12.5), (545.0, 15.0), (575.0, 12.0)]


@dataclass(frozen=True, slots=True)
class Form:
    """The head's heights: `base` the plain head, `relief` the features upon it, `skin` where the face is, 0..1."""

    base: Floats
    relief: Floats
    skin: Floats

    @property
    def heights(self) -> Floats:
        return self.base + self.relief


def outline() -> Floats:
    """The contour of the face and skull, closed, in units."""
    knots = curve(_WIDTHS, 12)
    right = np.stack([MIDDLE + knots[:, 1], knots[:, 0]], axis=1)
    left = np.stack([MIDDLE - knots[:, 1], knots[:, 0]], axis=1)
    return np.concatenate([right, left[::-1]]).astype(np.float32)


def sculpt(canvas: Canvas) -> Form:
    """The head on this canvas."""
    width = np.maximum(graph(canvas.y, _WIDTHS), 1.0)
    across = np.clip(np.abs(canvas.x - MIDDLE) / width, 0, 1)
    base = graph(canvas.y, _DEPTHS) * np.sqrt(1 - across**2.5)
    relief = _sockets(canvas) + _cheeks(canvas) + _nose(canvas) + _mouth(canvas) + _chin(canvas)
    skin = canvas.area(outline(), 0.6) * smooth(190, 215, canvas.y)
    return Form(canvas.blur(base.astype(np.float32), 3.0), canvas.blur(relief, 0.9), skin)


def both(canvas: Canvas, place: tuple[float, float], radii: tuple[float, float], tilt: float = 0.0) -> Floats:
    """A Gaussian on either side of the middle; `place` is (distance from the middle, y), `tilt` as on the right."""
    right = canvas.spot((MIDDLE + place[0], place[1]), radii, tilt)
    return right + canvas.spot((MIDDLE - place[0], place[1]), radii, -tilt)


def _sockets(canvas: Canvas) -> Floats:
    """Eye sockets, the ridge of the brows, the ball of the eye behind its lids, the temples."""
    hollow = -9.5 * both(canvas, (72, 441), (36, 20), 0.06) - 6.0 * both(canvas, (36, 443), (13, 18))
    ball = 8.0 * both(canvas, (77, 453), (25, 15)) - 1.2 * both(canvas, (74, 487), (30, 7), -0.08)
    ridge = 3.4 * both(canvas, (80, 403), (36, 12), -0.05) + 1.5 * canvas.spot((MIDDLE, 399), (30, 18))
    return hollow + ball + ridge - 5.0 * both(canvas, (160, 378), (20, 44))


def _cheeks(canvas: Canvas) -> Floats:
    bones = 9.0 * both(canvas, (106, 506), (38, 24), 0.35)
    apples = 8.0 * both(canvas, (82, 534), (29, 22), 0.2)
    hollow = -3.5 * both(canvas, (112, 596), (26, 34), -0.5)
    fold = -2.0 * both(canvas, (57, 588), (5, 20), -0.5)
    return bones + apples + hollow + fold


def _nose(canvas: Canvas) -> Floats:
    across = np.abs(canvas.x - MIDDLE)
    bridge = graph(canvas.y, _BRIDGE) * np.exp(-((across / graph(canvas.y, _BRIDGE_WIDTHS)) ** 2) / 2)
    tip = 9.0 * canvas.spot((MIDDLE, 545), (12.5, 10.5))
    wings = 15.0 * both(canvas, (23.5, 555), (8.0, 8.5), 0.2)
    crease = -4.5 * both(canvas, (35, 556), (4.0, 9.0), 0.15) - 2.6 * both(canvas, (14, 549), (4.0, 8.0), -0.35)
    under = -7.0 * both(canvas, (12.5, 567), (7.5, 4.0), -0.2)
    return (bridge + tip + wings + crease + under).astype(np.float32)


def _mouth(canvas: Canvas) -> Floats:
    muzzle = 7.0 * canvas.spot((MIDDLE, 616), (46, 32))
    philtrum = 1.6 * both(canvas, (9.5, 592), (3.2, 10)) - 1.8 * canvas.spot((MIDDLE, 592), (4.5, 10))
    upper = 5.2 * both(canvas, (17, 615.5), (15, 6.0), 0.14) + 4.2 * canvas.spot((MIDDLE, 617), (9, 6.0))
    lower = 7.5 * both(canvas, (14, 638.5), (17, 7.5), -0.12)
    seam = -4.5 * np.exp(-(((canvas.y - 626.5 + 10.0 * np.abs((canvas.x - MIDDLE) / 62) ** 2) / 2.6) ** 2) / 2)
    seam = seam * np.exp(-(((canvas.x - MIDDLE) / 46) ** 4))
    corners = -4.0 * both(canvas, (66, 615), (7, 7))
    groove = -6.0 * canvas.spot((MIDDLE, 659), (27, 7.5))
    return (muzzle + philtrum + upper + lower + seam + corners + groove).astype(np.float32)


def _chin(canvas: Canvas) -> Floats:
    return 11.0 * canvas.spot((MIDDLE, 688), (31, 20)) + 2.5 * both(canvas, (78, 660), (26, 20), -0.6)
