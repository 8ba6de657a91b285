"""MP4 files: H.264 and AAC, the index in front so that play-out begins before the file is whole."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import numpy as np
from av.error import FFmpegError

from selfsame.errors import Unavailable
from selfsame.events.shown import Image
from selfsame.face.encode.yuv import mark_colours, to_yuv
from selfsame.kit.pcm import Pcm

AAC_FRAME = 1024
_AVIO_FLAG_WRITE = 2
_MOVFLAGS = "+faststart+negative_cts_offsets"
"""The index in front; and pictures that begin at 0 without an edit list, although x264 puts them out of order: a player
that ignores edit lists is then 21 ms off (the AAC encoder's delay) and not 59 ms the other way."""


@dataclass(frozen=True, slots=True)
class Mp4Options:
    """`fps` pictures a second; `crf` is x264's quality, 0 (best) to 51; a picture to seek to every `gop` seconds."""

    fps: int = 25
    crf: int = 23
    preset: str = "veryfast"
    gop: float = 2.0
    audio_rate: int = 48_000
    audio_bits: int = 96_000


class Mp4Writer:
    """Writes one file in memory, so that no plain copy of a face lies on a disk. Calls block: offload them.

    Pictures and sound may come in any turn; nothing but the finished file is held beyond a few frames when they come
    roughly together. The shorter of the two is filled up at the end: with silence, or with the last picture.
    """

    def __init__(self, width: int, height: int, sample_rate: int, options: Mp4Options | None = None) -> None:
        """Raises Unavailable when this build of FFmpeg has no encoder for it."""
        self._options = options = options or Mp4Options()
        self._rate = sample_rate
        self._file = _File()
        try:
            self._container: Any = av.open(
                self._file, "w", format="mp4", options={"movflags": _MOVFLAGS}, io_open=self._file.again
            )
            self._video = self._add_video(width + width % 2, height + height % 2, options)
            self._audio: Any = self._container.add_stream("aac", options.audio_rate, layout="mono")
        except FFmpegError as error:
            raise Unavailable(f"MP4 cannot be written here: {error}", role="face", provider="ffmpeg") from error
        self._audio.codec_context.bit_rate = options.audio_bits
        self._resampler = av.AudioResampler("fltp", "mono", options.audio_rate, frame_size=AAC_FRAME)
        self._last: Image | None = None
        self.pictures = 0
        self.samples = 0

    def _add_video(self, width: int, height: int, options: Mp4Options) -> Any:
        stream: Any = self._container.add_stream("libx264", options.fps)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        codec = stream.codec_context
        codec.time_base = Fraction(1, options.fps)
        codec.gop_size = max(1, round(options.gop * options.fps))
        codec.thread_count = 1
        codec.options = {"preset": options.preset, "crf": str(options.crf)}
        mark_colours(codec)
        return stream

    @property
    def seconds(self) -> float:
        """How long the pictures so far last."""
        return self.pictures / self._options.fps

    def picture(self, image: Image) -> None:
        """The next picture, BGR."""
        frame = to_yuv(image)
        frame.pts, frame.time_base = self.pictures, Fraction(1, self._options.fps)
        self._last = image
        self.pictures += 1
        self._container.mux(self._video.encode(frame))

    def sound(self, pcm: Pcm) -> None:
        """The next sound, at the sample rate given at the start."""
        if not len(pcm):
            return
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(pcm)[None, :], "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = self._rate, self.samples, Fraction(1, self._rate)
        self.samples += len(pcm)
        self._mux_sound(self._resampler.resample(frame))

    def _mux_sound(self, frames: list[Any]) -> None:
        for frame in frames:
            self._container.mux(self._audio.encode(frame))

    def finish(self) -> bytes:
        """Bring both to the same length and give the file. Raises ValueError when there was no picture."""
        if self._last is None:
            raise ValueError("a clip needs a picture")
        while self.seconds < self.samples / self._rate:
            self.picture(self._last)
        self.sound(np.zeros(max(0, round(self.seconds * self._rate) - self.samples), np.int16))
        self._mux_sound(self._resampler.resample(None))
        self._container.mux(self._video.encode(None))
        self._container.mux(self._audio.encode(None))
        self._container.close()
        return self._file.data

    def close(self) -> None:
        """Give up an unfinished file; harmless after `finish`."""
        self._container.close()
        self._file.forget()


class _File(io.BytesIO):
    """The file in memory. The muxer opens it a second time to move the index to the front."""

    @property
    def data(self) -> bytes:
        return self.getvalue()

    def again(self, _url: str, flags: int, _options: dict[str, Any]) -> io.BytesIO:
        if flags & _AVIO_FLAG_WRITE:
            raise PermissionError("the file is open for writing already")
        return io.BytesIO(self.getvalue())

    def forget(self) -> None:
        self.seek(0)
        self.truncate()

    def close(self) -> None:
        """Stays open: the muxer's last word is not ours."""


def sound_of(video: bytes) -> bytes:
    """The sound of a file that `Mp4Writer` made, as a file of its own (M4A), copied without loss. Blocks."""
    out = _File()
    source: Any = av.open(io.BytesIO(video))
    target: Any = av.open(out, "w", format="ipod", options={"movflags": "+faststart"}, io_open=out.again)
    with source, target:
        copied = target.add_stream_from_template(source.streams.audio[0])
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = copied
                target.mux(packet)
    return out.data
