"""What is heavy travels as binary frames: a 20-byte little-endian header, then the data.

| bytes | field | sound (1) | motion (2) | picture (3) |
|---|---|---|---|---|
| 0 | kind | 1 | 2 | 3 |
| 1 | detail | 0 | channels of a frame | bit 0: H.264 (else JPEG), bit 1: keyframe |
| 2-3 | edge | 0 | 0 | width and height in pixels |
| 4-7 | turnId | the turn it belongs to | the same | the same; 0 for the idle face |
| 8-11 | sequenceNumber | grows by one within the turn | | |
| 12-15 | eventNumber | as in the JSON messages | | |
| 16-19 | place | ms of the reply's audio at the first sample | number of the first frame | ms of the reply's audio |
| 20- | data | 16-bit mono PCM | signed bytes, row by row | a JPEG file or an access unit (Annex B) |
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Literal

from selfsame.errors import BadInput

HEADER = struct.Struct("<BBHIIII")
SOUND, MOTION, PICTURE = 1, 2, 3
_H264, _KEYFRAME = 1, 2
_U32 = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class SoundFrame:
    """A piece of reply sound on the wire. `timestamp` in ms of the reply's audio; `pcm` little-endian 16-bit mono."""

    turn: int
    sequence: int
    event_number: int
    timestamp: int
    pcm: bytes


@dataclass(frozen=True, slots=True)
class MotionFrame:
    """A stretch of motion on the wire: rows of `channels` signed bytes from frame `first` on."""

    turn: int
    sequence: int
    event_number: int
    first: int
    channels: int
    rows: bytes


@dataclass(frozen=True, slots=True)
class PictureFrame:
    """A square picture of `edge` pixels on the wire. `timestamp` in ms of the reply's audio."""

    turn: int
    sequence: int
    event_number: int
    timestamp: int
    edge: int
    format: Literal["jpeg", "h264"]
    keyframe: bool
    data: bytes


BinaryFrame = SoundFrame | MotionFrame | PictureFrame


def encode(frame: BinaryFrame) -> bytes:
    """The frame as bytes; numbers wrap at 2^32."""
    match frame:
        case SoundFrame():
            kind, detail, edge, place, data = SOUND, 0, 0, frame.timestamp, frame.pcm
        case MotionFrame():
            kind, detail, edge, place, data = MOTION, frame.channels, 0, frame.first, frame.rows
        case PictureFrame():
            detail = (_H264 if frame.format == "h264" else 0) | (_KEYFRAME if frame.keyframe else 0)
            kind, edge, place, data = PICTURE, frame.edge, frame.timestamp, frame.data
    numbers = (frame.turn, frame.sequence, frame.event_number, place)
    return HEADER.pack(kind, detail, edge, *(number & _U32 for number in numbers)) + data


def decode(data: bytes) -> BinaryFrame:
    """Read a frame. Raises BadInput when it is too short, of an unknown kind, or holds half a sample or row."""
    if len(data) < HEADER.size:
        raise BadInput("a binary frame has a header of 20 bytes", code="BAD_AUDIO")
    kind, detail, edge, turn, sequence, event_number, place = HEADER.unpack_from(data)
    body = data[HEADER.size :]
    if kind == SOUND:
        if len(body) % 2:
            raise BadInput("16-bit PCM needs an even number of bytes", code="BAD_AUDIO")
        return SoundFrame(turn, sequence, event_number, place, body)
    if kind == MOTION:
        if not detail or len(body) % detail:
            raise BadInput("motion comes in whole rows", code="BAD_AUDIO")
        return MotionFrame(turn, sequence, event_number, place, detail, body)
    if kind == PICTURE:
        form: Literal["jpeg", "h264"] = "h264" if detail & _H264 else "jpeg"
        return PictureFrame(turn, sequence, event_number, place, edge, form, bool(detail & _KEYFRAME), body)
    raise BadInput("unknown kind of binary frame", code="BAD_AUDIO")
