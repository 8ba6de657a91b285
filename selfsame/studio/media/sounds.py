"""From a recording, or the sound of a video, to 16-bit mono sound. Blocking, and meant for the worker process.

Whatever the container claims, no more is decoded than `SoundLimits.used`, so a file that unpacks to days of silence
costs no more than a long recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import av
import av.error
import numpy as np

from selfsame.errors import BadInput, TooLarge
from selfsame.kit.pcm import Pcm
from selfsame.studio.media.kinds import SoundFacts, SoundLimits

FORMATS = "wav,w64,aiff,flac,ogg,mp3,aac,mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,caf,asf,amr,mpeg,mpegts,flv"
"""Containers that FFmpeg may try. Playlists are not among them: they make it open other files."""
CODECS = (
    "opus,libopus,vorbis,libvorbis,aac,aac_latm,mp3,mp3float,mp2,mp2float,mp1,mp1float,flac,alac,ac3,eac3,wmav1,wmav2,"
    "amrnb,amrwb,libopencore_amrnb,libopencore_amrwb,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,pcm_alaw,pcm_mulaw,pcm_u8,"
    "pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,pcm_f32be,pcm_f64le"
)
PROBE = {
    "format_whitelist": FORMATS,
    "codec_whitelist": CODECS,
    "protocol_whitelist": "",
    "probesize": "5000000",
    "analyzeduration": "5000000",
}
RATES = (4_000, 384_000)
CHANNELS_MOST = 8
DAMAGED_MOST = 500
_BROKEN = (av.error.FFmpegError, ValueError, OSError, EOFError, ArithmeticError)
UNREADABLE = "This is not a recording that can be read. Upload a WAV, FLAC, MP3, M4A, OGG or WebM file, or a video."


class SoundFile:
    """An opened recording: `facts`, then `pieces()` once. Close it. Pictures are never decoded."""

    def __init__(self, file: BinaryIO, limits: SoundLimits) -> None:
        """Raises BadInput when there is no sound in it or it is too short, TooLarge when it is too long."""
        self._limits = limits
        try:
            self._container: Any = av.open(file, options=PROBE, metadata_errors="ignore", io_open=_refuse)
        except _BROKEN as fault:
            raise BadInput(UNREADABLE) from fault
        try:
            self.facts = self._examined()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the decoder back."""
        self._container.close()

    def _examined(self) -> SoundFacts:
        streams = [stream for stream in self._container.streams.audio if stream.codec_context is not None]
        if not streams:
            if self._container.streams.audio:
                raise BadInput(UNREADABLE)
            raise BadInput("The file has no sound. Upload a recording of the voice, or a video with sound.")
        stream = self._stream = streams[0]
        context = stream.codec_context
        rate, channels = context.sample_rate or 0, context.channels or 0
        if not (RATES[0] <= rate <= RATES[1] and 1 <= channels <= CHANNELS_MOST):
            raise BadInput(
                "The recording is damaged: it does not say how it was recorded. Save it again as WAV or MP3."
            )
        context.thread_count = 1
        duration = self._duration()
        limits = self._limits
        if duration > limits.longest:
            hours = limits.longest / 3600
            raise TooLarge(f"The recording is longer than {hours:.0f} hours. Cut out a part in which you talk.")
        if 0 < duration < limits.shortest:
            raise BadInput(f"The recording has {duration:.1f} seconds, too few. Record at least {limits.shortest:.0f}.")
        notes = ()
        if duration > limits.used + 0.5:
            notes = (f"The recording has {duration / 60:.0f} minutes; the first {limits.used:.0f} seconds were used.",)
        return SoundFacts(duration, rate, channels, notes)

    def _duration(self) -> float:
        """Seconds by the headers; 0 when they say nothing, as in recordings of browsers."""
        stream, container = self._stream, self._container
        if stream.duration and stream.time_base and stream.duration > 0:
            return float(stream.duration * stream.time_base)
        return container.duration / 1_000_000 if container.duration and container.duration > 0 else 0.0

    def pieces(self) -> Iterator[Pcm]:
        """The sound, mono, at `limits.rate`, piece by piece; it may break off where the file is damaged.

        Raises BadInput when none of it can be decoded.
        """
        most = round(self._limits.used * self._limits.rate)
        resampler = av.AudioResampler("s16", "mono", self._limits.rate)
        given = 0
        try:
            for frame in self._frames():
                for piece in resampler.resample(frame):
                    sound = np.array(piece.to_ndarray()[0][: most - given], np.int16)
                    given += len(sound)
                    yield sound
                if given >= most:
                    break
            else:
                for piece in resampler.resample(None) if given else ():
                    sound = np.array(piece.to_ndarray()[0][: most - given], np.int16)
                    given += len(sound)
                    yield sound
        except _BROKEN:
            pass  # the format changes in the middle, or the file ends there: what came until here serves
        if given < self._limits.shortest * self._limits.rate:
            raise BadInput(
                "The recording is damaged or almost empty: hardly any sound of it can be read. Save it again as WAV."
            )

    def _frames(self) -> Iterator[Any]:
        """Decoded frames; damaged packets are left out, a bounded number of times."""
        damaged = 0
        for packet in self._container.demux(self._stream):
            try:
                yield from packet.decode()
            except (av.error.FFmpegError, ValueError):
                damaged += 1
                if damaged > DAMAGED_MOST:
                    return


def _refuse(*_: Any) -> Any:
    """No file may open another."""
    raise OSError("recordings open no other files")
