"""From a video file to a few stills. Blocking, and meant for the worker process."""

from __future__ import annotations

import math
from collections.abc import Iterator
from types import TracebackType
from typing import Any, BinaryIO

import av
import av.error
import cv2
import numpy as np

from selfsame.errors import BadInput, TooLarge
from selfsame.events.shown import Image
from selfsame.studio.media.kinds import (
    VIDEO_EDGE,
    VIDEO_PIXELS,
    VideoFacts,
    VideoLimits,
    VideoStill,
)

FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpeg,mpegts,mpegvideo,flv,ogg,asf,h264,hevc,ivf"
"""Containers that FFmpeg may try. Playlists are not among them: they make it open other files."""
FASTEST = 240.0
SMOOTH = 31.0
"""Pictures a second above which those that no other needs are skipped undecoded."""
DAMAGED_MOST = 500
PACKETS_MOST = 400_000
PROBE = {"format_whitelist": FORMATS, "probesize": "10000000", "analyzeduration": "10000000"}


class VideoFile:
    """An opened video: `facts`, then `stills()` once. Close it, or use it as a context.

    Opening decodes nothing but what FFmpeg needs to know the streams. Audio is never touched.
    """

    def __init__(self, file: BinaryIO, limits: VideoLimits | None = None) -> None:
        """Raises BadInput when it is no video or too short, TooLarge when it is too long or its pictures are."""
        self._limits = limits or VideoLimits()
        try:
            self._container: Any = av.open(file, options=PROBE, metadata_errors="ignore")
        except (av.error.FFmpegError, ValueError, OSError, EOFError) as fault:
            raise BadInput("This is not a video that can be read. Upload an MP4, MOV or WebM file.") from fault
        try:
            self.facts = self._examined()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> VideoFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the decoder back."""
        self._container.close()

    def _examined(self) -> VideoFacts:
        streams = [s for s in self._container.streams.video if s.codec_context is not None]
        if not streams:
            raise BadInput("The file has no pictures, only sound. Upload a video that shows the face.")
        stream = self._stream = streams[0]
        context = stream.codec_context
        width, height = context.width, context.height
        if width < 16 or height < 16:
            raise BadInput("The video is damaged: it does not say how large its pictures are. Save it again as MP4.")
        if width * height > VIDEO_PIXELS:
            raise TooLarge("The video is larger than 4K. Save it in 1080p and upload it again.")
        context.options = {"max_pixels": str(VIDEO_PIXELS)}
        context.thread_count = 1
        duration = self._duration()
        limits = self._limits
        if duration > limits.longest:
            raise TooLarge(f"The video is longer than {limits.longest / 60:.0f} minutes. Upload 30 to 60 seconds.")
        if duration < limits.shortest:
            raise BadInput(f"The video is shorter than {limits.shortest:.0f} seconds. Record 30 to 60 seconds.")
        notes = ()
        if duration > limits.used + 0.5:
            notes = (f"The video has {duration:.0f} seconds; the first {limits.used:.0f} were used.",)
        return VideoFacts(duration, width, height, round(duration * self._rate()), notes)

    def _rate(self) -> float:
        rate = float(self._stream.average_rate or self._stream.guessed_rate or 25)
        return rate if 1 <= rate <= FASTEST else 25.0

    def _duration(self) -> float:
        """Seconds by the headers, or else by the packets (recordings of browsers say nothing in their headers)."""
        stream, container = self._stream, self._container
        if stream.duration and stream.time_base and stream.duration > 0:
            return float(stream.duration * stream.time_base)
        if container.duration and container.duration > 0:
            return container.duration / 1_000_000
        return self._measured()

    def _measured(self) -> float:
        first, last = math.inf, -math.inf
        try:
            for number, packet in enumerate(self._container.demux(self._stream)):
                if packet.pts is not None and packet.time_base:
                    time = float(packet.pts * packet.time_base)
                    first, last = min(first, time), max(last, time + float((packet.duration or 0) * packet.time_base))
                if number > PACKETS_MOST or last - first > self._limits.longest + 1:
                    break
            self._container.seek(0)
        except (av.error.FFmpegError, ValueError, OSError):
            pass  # what could be measured so far counts
        return max(0.0, last - first) if last > first else 0.0

    def stills(self) -> Iterator[VideoStill]:
        """Evenly spread pictures of the stretch that is used. Raises BadInput when none can be decoded."""
        used = min(self._limits.used, self.facts.duration)
        every = used / self._limits.stills
        if self._rate() > SMOOTH:
            self._stream.codec_context.skip_frame = "NONREF"
        start: float | None = None
        due, taken = 0.0, 0
        for frame in self._frames(most=round(self._limits.used * FASTEST)):
            time = frame.time if frame.time is not None else None
            if time is None:
                continue
            start = time if start is None else start
            time -= start
            if time > used or taken >= self._limits.stills:
                break
            if time + 1e-6 >= due:
                yield VideoStill(self._picture(frame), time)
                taken += 1
                due = max(due + every, time + every / 2)
        if not taken:
            raise BadInput("The video is damaged: no picture of it can be decoded. Save it again as MP4.")

    def _frames(self, most: int) -> Iterator[Any]:
        """Decoded frames. What is damaged is skipped, a bounded number of times."""
        damaged = count = 0
        try:
            for packet in self._container.demux(self._stream):
                try:
                    frames = packet.decode()
                except (av.error.FFmpegError, ValueError):
                    damaged += 1
                    if damaged > DAMAGED_MOST:
                        return
                    continue
                for frame in frames:
                    count += 1
                    if count > most:
                        return
                    yield frame
        except (av.error.FFmpegError, ValueError, OSError):
            return  # the file ends in the middle: what came until here serves

    def _picture(self, frame: Any) -> Image:
        """BGR with square pixels, at most 1280 on its longer edge, the right way up."""
        width, height = frame.width, frame.height
        if width * height > VIDEO_PIXELS:
            raise TooLarge("The video is larger than 4K. Save it in 1080p and upload it again.")
        shape = self._stream.sample_aspect_ratio
        wide = width * (float(shape) if shape and 0.25 <= float(shape) <= 4 else 1.0)
        scale = min(1.0, VIDEO_EDGE / max(wide, height))
        size = (max(2, round(wide * scale)), max(2, round(height * scale)))
        try:
            image = frame.to_ndarray(width=size[0], height=size[1], format="bgr24", interpolation="AREA")
        except (av.error.FFmpegError, ValueError) as fault:
            raise BadInput("The video's pictures cannot be read. Save it again as MP4.") from fault
        return _turned(np.ascontiguousarray(image, np.uint8), round(frame.rotation or 0))


def _turned(image: Image, degrees: int) -> Image:
    """The picture turned counter-clockwise by the nearest quarter, as the camera noted it."""
    quarter = round(degrees / 90) % 4
    if quarter == 0:
        return image
    code = {1: cv2.ROTATE_90_COUNTERCLOCKWISE, 2: cv2.ROTATE_180, 3: cv2.ROTATE_90_CLOCKWISE}[quarter]
    return np.asarray(cv2.rotate(image, code), np.uint8)
