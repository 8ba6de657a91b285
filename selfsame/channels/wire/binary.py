"""Reply sound as a binary frame: a 20-byte little-endian header, then 16-bit mono PCM.

| bytes | field | meaning |
|---|---|---|
| 0 | kind | 1 = reply sound |
| 1 | reserved | 0 |
| 2-3 | reserved | 0 |
| 4-7 | turnId | the turn the sound belongs to |
| 8-11 | sequenceNumber | grows by one within the turn |
| 12-15 | eventNumber | as in the JSON messages |
| 16-19 | timestamp | ms of the reply's audio at the first sample |
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from selfsame.errors import BadInput

HEADER = struct.Struct("<BBHIIII")
SOUND = 1
_U32 = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class SoundFrame:
    """A piece of reply sound on the wire. `timestamp` in ms of the reply's audio; `pcm` little-endian 16-bit mono."""

    turn: int
    sequence: int
    event_number: int
    timestamp: int
    pcm: bytes


def encode(frame: SoundFrame) -> bytes:
    """The frame as bytes; numbers wrap at 2^32."""
    header = HEADER.pack(
        SOUND,
        0,
        0,
        frame.turn & _U32,
        frame.sequence & _U32,
        frame.event_number & _U32,
        frame.timestamp & _U32,
    )
    return header + frame.pcm


def decode(data: bytes) -> SoundFrame:
    """Read a frame. Raises BadInput when it is too short, of an unknown kind, or holds half a sample."""
    if len(data) < HEADER.size:
        raise BadInput("a sound frame has a header of 20 bytes", code="BAD_AUDIO")
    kind, _, _, turn, sequence, event_number, timestamp = HEADER.unpack_from(data)
    if kind != SOUND:
        raise BadInput("unknown kind of binary frame", code="BAD_AUDIO")
    pcm = data[HEADER.size :]
    if len(pcm) % 2:
        raise BadInput("16-bit PCM needs an even number of bytes", code="BAD_AUDIO")
    return SoundFrame(turn, sequence, event_number, timestamp, pcm)
