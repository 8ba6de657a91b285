"""Looking a picture up at given places: one door to `cv2.remap`."""

from __future__ import annotations

from typing import Any

import cv2
import numpy.typing as npt

from selfsame.face.rig import Floats

_NO_SECOND_MAP: Any = None  # OpenCV takes it, its type stubs do not


def sample(picture: npt.NDArray[Any], places: Floats) -> npt.NDArray[Any]:
    """The picture (h, w) or (h, w, c), 8-bit or float32, at `places` (rows, columns, 2): x and y, pixel centres whole.

    Linear between pixels; beyond the border the border's own pixels go on.
    """
    return cv2.remap(picture, places, _NO_SECOND_MAP, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
