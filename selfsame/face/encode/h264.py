"""H.264 for live pictures: one access unit out for every picture in."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import av
from av.error import FFmpegError
from av.video.frame import PictureType

from selfsame.errors import Unavailable
from selfsame.events.shown import Image
from selfsame.events.turns import VideoQuality
from selfsame.face.encode.yuv import mark_colours, to_yuv

CODEC = "avc1.42E01E"
"""The stream in a WebCodecs decoder's words: constrained baseline, at most level 3.0 (512 x 512 at 30 a second)."""

_CRF: dict[VideoQuality, int] = {"low": 30, "medium": 27, "high": 25, "auto": 27}


class H264Stream:
    """x264 without delay, as access units in Annex B; parameter sets stand before every keyframe.

    The first picture is a keyframe, and one comes every `gop` seconds, so that a reader who lost a picture recovers.
    Calls block for about a millisecond: offload them. Not for several threads at once.
    """

    def __init__(self, size: int, fps: int, quality: VideoQuality = "auto", gop: float = 2.0) -> None:
        """Pictures of `size` x `size` pixels. Raises Unavailable when this build of FFmpeg has no x264."""
        try:
            codec: Any = av.CodecContext.create("libx264", "w")
            codec.width = codec.height = size + size % 2
            codec.pix_fmt = "yuv420p"
            codec.framerate, codec.time_base = Fraction(fps), Fraction(1, fps)
            codec.gop_size = max(1, round(gop * fps))
            codec.max_b_frames = 0
            codec.thread_count = 1
            mark_colours(codec)
            codec.options = {
                "preset": "superfast",
                "tune": "zerolatency",
                "profile": "baseline",
                "crf": str(_CRF[quality]),
                "forced-idr": "1",
                "x264-params": "scenecut=0:repeat-headers=1:annexb=1",
            }
            codec.open()
        except FFmpegError as error:
            raise Unavailable(f"H.264 cannot be made here: {error}", role="face", provider="x264") from error
        self._codec = codec
        self._count = 0

    def encode(self, image: Image, *, keyframe: bool = False) -> tuple[bytes, bool]:
        """The access unit of this picture, and whether it is a keyframe; `keyframe` asks for one."""
        frame = to_yuv(image)
        frame.pts = self._count
        frame.pict_type = PictureType.I if keyframe or not self._count else PictureType.NONE
        self._count += 1
        packets = self._codec.encode(frame)
        return b"".join(bytes(packet) for packet in packets), any(packet.is_keyframe for packet in packets)
