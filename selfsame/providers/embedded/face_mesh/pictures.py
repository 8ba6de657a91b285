"""Square samples of a picture, turned and scaled, without aliasing."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from selfsame.events.shown import Image

LARGEST = 8192
"""OpenCV's samplers take edges up to 32767; what is larger than this is shrunk first."""

Affine = npt.NDArray[np.float64]


class Pyramid:
    """A picture and its halves. Sampling takes the level that is at most twice as fine as the sample."""

    def __init__(self, image: Image) -> None:
        """`image` is BGR, at least one pixel. Raises ValueError when it is not a picture."""
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8 or 0 in image.shape:
            raise ValueError(f"a picture is 8-bit BGR, not {image.dtype} {image.shape}")
        self.height, self.width = image.shape[:2]
        self._levels = [_shrunk(image)]

    def sample(self, centre: tuple[float, float], side: float, angle: float, size: int) -> tuple[Image, Affine]:
        """A `size` x `size` RGB sample of the square of `side` pixels about `centre`, its x axis turned by `angle`.

        Also the 2 x 3 matrix from places in the sample to places in the picture. Outside the picture it is black.
        """
        step = side / size
        cos, sin = np.cos(angle) * step, np.sin(angle) * step
        half = size / 2
        matrix = np.array(
            [
                [cos, -sin, centre[0] - half * cos + half * sin],
                [sin, cos, centre[1] - half * sin - half * cos],
            ]
        )
        level, (fx, fy) = self._level(step)
        scaled = matrix * np.array([[fx], [fy]])
        taken = cv2.warpAffine(level, scaled, (size, size), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        return np.ascontiguousarray(taken[..., ::-1], np.uint8), matrix

    def _level(self, step: float) -> tuple[Image, tuple[float, float]]:
        """The picture to sample from when a sample covers `step` pixels, and how its places are scaled."""
        number = 0
        while True:
            level = self._levels[number]
            height, width = level.shape[:2]
            scale = (width / self.width, height / self.height)
            if step * max(scale) < 2 or min(height, width) < 16:
                return level, scale
            number += 1
            if number == len(self._levels):
                self._levels.append(_resized(level, (width // 2, height // 2)))


def _shrunk(image: Image) -> Image:
    height, width = image.shape[:2]
    scale = LARGEST / max(height, width)
    return _resized(image, (round(width * scale), round(height * scale))) if scale < 1 else image


def _resized(image: Image, size: tuple[int, int]) -> Image:
    wide = (max(1, size[0]), max(1, size[1]))
    return np.asarray(cv2.resize(image, wide, interpolation=cv2.INTER_AREA), np.uint8)
