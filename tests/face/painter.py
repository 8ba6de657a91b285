"""A painter that meets the port: a plain face whose mouth opens with jawOpen, whose eyes shut with eyeBlink."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np

from selfsame.errors import Unavailable
from selfsame.events.shown import CHANNELS, Frames, Image
from selfsame.kit.pcm import Pcm

_JAW, _CLOSE, _BLINK, _YAW = (CHANNELS.index(name) for name in ("jawOpen", "mouthClose", "eyeBlinkLeft", "headYaw"))


class DrawnFace:
    """Draws ellipses; `before` is called for every picture, to fail or to take time."""

    def __init__(self, size: int, before: Callable[[], None] = lambda: None) -> None:
        self.size, self.before = size, before
        self.painted = 0
        self.sounds: list[Pcm] = []

    def paint(self, frames: Frames, sound: Pcm, sample_rate: int) -> Iterator[Image]:
        del sample_rate
        self.sounds.append(sound)
        for row in frames:
            self.before()
            self.painted += 1
            yield draw(self.size, row)


def draw(size: int, row: np.ndarray) -> Image:
    image = np.full((size, size, 3), (90, 60, 40), np.uint8)
    middle = size // 2 + round(float(row[_YAW]) * size / 200)
    cv2.ellipse(image, (middle, size // 2), (size // 3, int(size / 2.4)), 0, 0, 360, (150, 180, 220), -1, cv2.LINE_AA)
    lid = max(1, round(size / 20 * (1.0 - float(row[_BLINK]))))
    for side in (-1, 1):
        eye = (middle + side * size // 8, int(size * 0.42))
        cv2.ellipse(image, eye, (size // 14, lid), 0, 0, 360, (40, 40, 40), -1, cv2.LINE_AA)
    gap = round(size / 7 * opening(row))
    cv2.ellipse(image, (middle, int(size * 0.68)), (size // 8, max(1, gap)), 0, 0, 360, (30, 20, 90), -1, cv2.LINE_AA)
    return image


def opening(row: np.ndarray) -> float:
    return float(row[_JAW] * (1.0 - row[_CLOSE]))


def mouth_height(image: Image) -> int:
    """How many rows of the middle column are the dark red of the mouth."""
    size = image.shape[0]
    column = image[int(size * 0.5) :, size // 2].astype(int)
    return int(((column[:, 2] > column[:, 0] + 30) & (column[:, 2] < 140)).sum())


def gone(*_: object) -> None:
    """A painter's engine that is out."""
    raise Unavailable("the renderer is gone", role="face", provider="test")
