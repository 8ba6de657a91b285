"""Pictures as JPEG files, for clients that show one after the other."""

from __future__ import annotations

import cv2

from selfsame.errors import Unavailable
from selfsame.events.shown import Image
from selfsame.events.turns import VideoQuality

_QUALITY: dict[VideoQuality, int] = {"low": 65, "medium": 72, "high": 80, "auto": 72}


class JpegEncoder:
    """Baseline JPEG; better the better the video is wanted. Calls block for less than a millisecond: offload them."""

    def __init__(self, quality: VideoQuality = "auto") -> None:
        self._options = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY[quality]]

    def encode(self, image: Image) -> bytes:
        """The file. Raises Unavailable when this build of OpenCV cannot write JPEG."""
        done, data = cv2.imencode(".jpg", image, self._options)
        if not done:
            raise Unavailable("JPEG cannot be written here", role="face", provider="opencv")
        return data.tobytes()
