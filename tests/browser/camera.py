"""Files that stand for a camera: the drawn portrait, or a photo that the test brings. Nobody real is kept."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from selfsame.demo.portrait import draw
from selfsame.events.shown import Image

WIDTH, HEIGHT = 640, 480


def portrait(edge: int = 512) -> Image:
    """Vera, as she is drawn."""
    return np.asarray(draw(edge), np.uint8)


def before_camera(person: Image, height: float = 1.0, light: float = 1.0) -> Image:
    """What a camera sees of a portrait: `height` as a share of the picture's, in its middle; `light` of its own."""
    edge = round(HEIGHT * height)
    small = cv2.resize(person, (round(edge * person.shape[1] / person.shape[0]), edge), interpolation=cv2.INTER_AREA)
    seen = np.full((HEIGHT, WIDTH, 3), small[:8].mean((0, 1)), np.uint8)
    top, left = (HEIGHT - small.shape[0]) // 2, (WIDTH - small.shape[1]) // 2
    seen[top : top + small.shape[0], left : left + small.shape[1]] = small
    return np.clip(seen * light, 0, 255).astype(np.uint8)


def film(path: Path, picture: Image, pictures: int = 4) -> Path:
    """A Y4M file of one picture that stands still, as Chromium takes it for a camera."""
    planes = cv2.cvtColor(picture, cv2.COLOR_BGR2YUV_I420).tobytes()
    header = f"YUV4MPEG2 W{picture.shape[1]} H{picture.shape[0]} F10:1 Ip A1:1 C420jpeg\n".encode()
    path.write_bytes(header + b"".join(b"FRAME\n" + planes for _ in range(pictures)))
    return path
