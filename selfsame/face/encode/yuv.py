"""Pictures as the encoders take them: 4:2:0, ITU-R BT.601, limited range, even edges."""

from __future__ import annotations

import av
import cv2
import numpy as np

from selfsame.events.shown import Image

BT601 = 6
"""Matrix, primaries and transfer of SMPTE 170M, as H.264 numbers them (Rec. ITU-T H.264, annex E)."""
LIMITED = 1


def to_yuv(image: Image) -> av.VideoFrame:
    """A BGR picture as a frame of the encoder; an odd edge is made even by repeating its last row or column.

    OpenCV's conversion takes half the time of libswscale's.
    """
    height, width = image.shape[:2]
    if height % 2 or width % 2:
        image = np.pad(image, ((0, height % 2), (0, width % 2), (0, 0)), "edge")
    yuv = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420), np.uint8)
    frame = av.VideoFrame.from_ndarray(yuv, "yuv420p")
    frame.colorspace = BT601
    frame.color_range = LIMITED
    return frame


def mark_colours(codec: av.VideoCodecContext) -> None:
    """Say in the stream which colours these are, so that no player has to guess."""
    codec.colorspace = codec.color_primaries = codec.color_trc = BT601
    codec.color_range = LIMITED
