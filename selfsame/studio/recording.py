"""A recorded utterance, in whatever container a browser makes, becomes 16 kHz sound (WIRE-23, AUD-11).

Blocking, and meant for the worker process (`studio.media`). The file comes from outside: only audio formats that
recorders write are opened, no format that names other files, and no more is decoded than an utterance may last.
"""

from __future__ import annotations

import io
from typing import Any

import av
import numpy as np
from av.error import FFmpegError

from selfsame.errors import BadInput, TooLarge
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.studio.media.kinds import UTTERANCE_BYTES

MOST_BYTES = UTTERANCE_BYTES
MOST_SECONDS = 120.0
LEAST_SECONDS = 0.1
_FORMATS = "matroska,webm,ogg,wav,mov,mp4,m4a,3gp,mj2,mp3,flac,aac"
_CODECS = "opus,libopus,vorbis,aac,aac_latm,mp3,mp3float,flac,alac,pcm_s16le,pcm_s24le,pcm_s32le,pcm_f32le,pcm_u8"
_DAMAGED = "The recording cannot be read. Record it again, as WebM, Ogg, MP4, WAV, MP3 or FLAC."


def decode_recording(data: bytes, most_bytes: int | None = None, most_seconds: float = MOST_SECONDS) -> Pcm:
    """The sound as 16-bit mono PCM at 16 kHz.

    Raises TooLarge above `most_bytes` (25 MB) or `most_seconds` (120 s), BadInput when it is empty, damaged, too short,
    or holds no sound. A recording that breaks off is taken as far as it goes.
    """
    most_bytes = MOST_BYTES if most_bytes is None else most_bytes
    if len(data) > most_bytes:
        raise TooLarge(f"A recording holds at most {most_bytes // 2**20} MB.")
    if not data:
        raise BadInput("The recording is empty: record it again.")
    try:
        parts = _decode(data, most_seconds)
    except (FFmpegError, ValueError, ArithmeticError, MemoryError) as error:  # what the decoders raise on bad files
        raise BadInput(_DAMAGED) from error
    pcm = np.concatenate(parts) if parts else np.zeros(0, np.int16)
    if len(pcm) < LEAST_SECONDS * MICROPHONE_RATE:
        raise BadInput("The recording is too short to hold words: record it again.")
    return pcm


def _decode(data: bytes, most_seconds: float) -> list[Pcm]:
    options = {"format_whitelist": _FORMATS, "codec_whitelist": _CODECS, "protocol_whitelist": ""}
    parts: list[Pcm] = []
    with av.open(io.BytesIO(data), "r", container_options=options, io_open=_refuse) as container:
        stream = next(iter(container.streams.audio), None)
        if stream is None:
            raise BadInput("The recording holds no sound: check the microphone.")
        if stream.codec_context is None:  # its codec is unknown, or not named any more
            raise BadInput(_DAMAGED)
        stream.codec_context.thread_count = 1
        resampler = av.AudioResampler("s16", "mono", MICROPHONE_RATE)
        samples = 0
        for frame in _frames(container, stream):
            for piece in resampler.resample(frame):
                parts.append(np.array(piece.to_ndarray()[0], np.int16))
                samples += len(parts[-1])
            if samples > most_seconds * MICROPHONE_RATE:
                raise TooLarge(f"A recording lasts at most {most_seconds:.0f} seconds.")
        if samples:
            parts += [np.array(piece.to_ndarray()[0], np.int16) for piece in resampler.resample(None)]
    return parts


def _frames(container: Any, stream: Any) -> Any:
    """The frames that can be decoded; a file that breaks off ends there, and a bad packet is passed over."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except (StopIteration, FFmpegError):
            return
        try:
            yield from packet.decode()
        except FFmpegError:
            continue


def _refuse(url: str, _flags: int, _options: dict[str, Any]) -> io.IOBase:
    raise PermissionError(f"a recording may not name other files ({len(url)} characters)")
