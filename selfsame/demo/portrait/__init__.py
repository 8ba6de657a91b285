"""The portrait of Vera, a person who does not exist, drawn by program: no photo and no network takes part.

Form first (`shape`, heights of a head), then light on it (`light`), then paint: `skin`, `mouth`, `eyes`, `brows`,
`hair`, and `scene` around them. docs/decisions/0020-portrait.md says why.
"""

from __future__ import annotations

import cv2
import numpy as np

from selfsame.demo.portrait.brows import paint_brows
from selfsame.demo.portrait.canvas import Canvas
from selfsame.demo.portrait.eyes import paint_eyes
from selfsame.demo.portrait.hair import paint_back, paint_hair, shade_face
from selfsame.demo.portrait.mouth import paint_mouth
from selfsame.demo.portrait.scene import paint_backdrop, paint_clothes
from selfsame.demo.portrait.shape import sculpt
from selfsame.demo.portrait.skin import paint_face, paint_neck, paint_nose
from selfsame.events.shown import Image

_LEAST = 1024
"""Hairs are at least a pixel wide, so a small picture is painted at this many pixels and then made smaller."""


def draw(size: int = 1024) -> Image:
    """Draw the portrait, `size` x `size` pixels, BGR. The same size gives the same picture every time.

    Takes about 20 s of one processor core at 1024.
    """
    canvas = Canvas.blank(max(size * 2, _LEAST))
    paint_backdrop(canvas)
    paint_back(canvas)
    paint_neck(canvas)
    paint_clothes(canvas)
    paint_face(canvas, sculpt(canvas))
    paint_nose(canvas)
    paint_mouth(canvas)
    paint_eyes(canvas)
    paint_brows(canvas)
    shade_face(canvas)
    paint_hair(canvas)
    # Bright places bleed a little, as in a lens.
    bright = np.clip(canvas.paint - 0.55, 0, 1)
    canvas.paint += (1 - canvas.paint) * canvas.blur(bright, 14) * 0.22
    small = cv2.resize(canvas.paint, (size, size), interpolation=cv2.INTER_AREA)
    return np.round(np.clip(small[..., ::-1], 0, 1) * 255).astype(np.uint8)


def encoded(picture: Image, kind: str = ".jpg") -> bytes:
    """The picture as a file, ".jpg" (quality 93, full colour resolution) or ".png"."""
    quality = [cv2.IMWRITE_JPEG_QUALITY, 93, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    done, data = cv2.imencode(kind, picture, quality if kind != ".png" else [])
    assert done, kind
    return data.tobytes()
