"""A face drawn by program, near enough to a face for the networks: tests need no photo of a person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np

from selfsame.events.shown import Image

WIDE, HIGH = 512, 640


@dataclass(frozen=True)
class Drawing:
    """What the drawn face does. `mouth` 0..1 opens it, `smile` lifts its corners, `lids` 1 shuts the eyes."""

    mouth: float = 0.0
    smile: float = 0.0
    lids: float = 0.0
    brows: float = 0.0
    skin: tuple[int, int, int] = (140, 175, 220)
    seed: int = 0


def face(drawing: Drawing | None = None) -> Image:
    """A portrait of 512 x 640 pixels, BGR, head about 300 pixels wide. The same drawing gives the same pixels."""
    return _drawn(drawing or Drawing()).copy()


@cache
def _drawn(d: Drawing) -> Image:
    skin = np.array(d.skin, np.float32)
    canvas = np.full((HIGH, WIDE, 3), (170, 160, 150), np.float32)
    _blob(canvas, (256, 640), (230, 130), (90, 60, 50), 6)
    _blob(canvas, (256, 265), (158, 205), skin * 0.25, 8)
    _blob(canvas, (256, 480), (75, 110), skin * 0.82, 6)
    _blob(canvas, (256, 310), (130, 175), skin, 5)
    _shade(canvas, skin)
    for side in (-1, 1):
        _eye(canvas, 256 + side * 55, 290, d, skin)
        _brow(canvas, side, d, skin)
    _nose(canvas, skin)
    _mouth(canvas, d, skin)
    canvas += np.random.default_rng(d.seed).normal(0, 2.5, canvas.shape)
    return np.clip(canvas, 0, 255).astype(np.uint8)


def _blob(canvas, centre, axes, colour, soft: float) -> None:
    mask = np.zeros(canvas.shape[:2], np.float32)
    cv2.ellipse(mask, centre, axes, 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    _lay(canvas, mask, colour, soft)


def _lay(canvas, mask, colour, soft: float) -> None:
    if soft:
        mask = cv2.GaussianBlur(mask, (0, 0), soft)
    canvas += mask[..., None] * (np.asarray(colour, np.float32) - canvas)


def _shape(canvas, points, colour, soft: float) -> None:
    mask = np.zeros(canvas.shape[:2], np.float32)
    cv2.fillPoly(mask, [np.rint(np.asarray(points) * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
    _lay(canvas, mask, colour, soft)


def _shade(canvas, skin) -> None:
    """Light from above: cheeks and forehead bright, sides and the sockets darker."""
    for centre, axes, light in (
        ((256, 205), (80, 45), 1.08),
        ((190, 370), (35, 30), 1.06),
        ((322, 370), (35, 30), 1.06),
        ((256, 462), (35, 18), 1.06),
        ((201, 285), (42, 24), 0.85),
        ((311, 285), (42, 24), 0.85),
        ((140, 340), (18, 110), 0.85),
        ((372, 340), (18, 110), 0.85),
        ((256, 440), (40, 8), 0.88),
    ):
        _blob(canvas, centre, axes, np.clip(skin * light, 0, 255), 14)


def _eye(canvas, x: int, y: int, d: Drawing, skin) -> None:
    open_ = 11 * (1 - d.lids)
    t = np.linspace(0, np.pi, 20)
    upper = np.stack([x - 28 * np.cos(t), y + 2 - open_ * np.sin(t)], 1)
    lower = np.stack([x + 28 * np.cos(t), y + 2 + (open_ * 0.7 + 1) * np.sin(t)], 1)
    white = np.concatenate([upper, lower])
    if open_ > 1:
        _shape(canvas, white, (225, 228, 232), 0.8)
        inside = np.zeros(canvas.shape[:2], np.float32)
        cv2.fillPoly(inside, [np.rint(white * 16).astype(np.int32)], 1.0, cv2.LINE_AA, 4)
        for radius, colour in ((12, (60, 80, 100)), (6, (15, 15, 15))):
            disc = np.zeros_like(inside)
            cv2.circle(disc, (x, y), radius, 1.0, -1, cv2.LINE_AA)
            _lay(canvas, disc * inside, colour, 0.6)
        _blob(canvas, (x + 3, y - 4), (2, 2), (250, 250, 250), 0.6)
    line = np.concatenate([upper, upper[::-1] - [0, 4]])
    _shape(canvas, line if open_ > 1 else np.concatenate([lower, lower[::-1] - [0, 4]]), skin * 0.22, 0.8)
    crease = np.concatenate([upper - [0, 9], upper[::-1] - [0, 11]])
    _shape(canvas, crease, skin * 0.7, 1.5)


def _brow(canvas, side: int, d: Drawing, skin) -> None:
    t = np.linspace(-1, 1, 12)
    top = np.stack([256 + side * (57 + 36 * t), 250 - 12 * d.brows - 10 * (1 - t**2)], 1)
    _shape(canvas, np.concatenate([top, top[::-1] + [0, 10]]), skin * 0.3, 2)


def _nose(canvas, skin) -> None:
    _shape(canvas, [(247, 290), (265, 290), (268, 360), (244, 360)], np.clip(skin * 1.08, 0, 255), 7)
    _blob(canvas, (256, 368), (27, 14), skin * 0.93, 5)
    _blob(canvas, (256, 362), (12, 9), np.clip(skin * 1.15, 0, 255), 5)
    for side in (-1, 1):
        _blob(canvas, (256 + side * 13, 379), (6, 3), skin * 0.4, 1.5)
        _shape(canvas, [(256 + side * 27, 362), (256 + side * 31, 374), (256 + side * 25, 382)], skin * 0.7, 2)


def _mouth(canvas, d: Drawing, skin) -> None:
    lip = skin * np.array([0.62, 0.58, 0.85], np.float32)
    half, gap = 42 + 8 * d.smile - 6 * d.mouth, 34 * d.mouth
    t = np.linspace(-1, 1, 25)
    lift = -10 * d.smile * t**2
    arc = 1 - t**2
    x = 256 + half * t
    seam = 415 + lift
    top = seam - 11 * arc - 4 * np.exp(-((np.abs(t) - 0.25) ** 2) / 0.02)
    bottom = seam + gap * arc + 15 * arc
    outer = np.concatenate([np.stack([x, top], 1), np.stack([x, bottom], 1)[::-1]])
    _shape(canvas, outer, lip, 1.5)
    if gap > 2:
        inner = np.concatenate([np.stack([x, seam], 1), np.stack([x, seam + gap * arc], 1)[::-1]])
        _shape(canvas, inner, (35, 25, 50), 1)
        _shape(
            canvas,
            [(232, 416), (280, 416), (276, 416 + min(gap * 0.35, 10)), (236, 416 + min(gap * 0.35, 10))],
            (205, 215, 220),
            1,
        )
    else:
        line = np.concatenate([np.stack([x, seam - 1.2], 1), np.stack([x, seam + 1.2], 1)[::-1]])
        _shape(canvas, line, lip * 0.45, 0.8)
