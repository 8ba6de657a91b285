"""Messages between the server and an engine in its own process: two lengths, a JSON head, raw bytes.

A frame is `<u32 head length><u32 payload length><head: UTF-8 JSON object><payload>`, lengths little-endian.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

LENGTHS = struct.Struct("<II")
MOST = 64 * 1024 * 1024
"""Largest frame part in bytes: anything above is a broken stream."""
Head = dict[str, Any]


class BrokenFrame(Exception):
    """The bytes are not frames: one side wrote something else into the pipe."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A JSON object and raw bytes."""

    head: Head
    payload: bytes = b""

    def encode(self) -> bytes:
        """The frame as bytes."""
        head = json.dumps(self.head, separators=(",", ":")).encode()
        return LENGTHS.pack(len(head), len(self.payload)) + head + self.payload


class FrameReader:
    """Cuts a stream of bytes, in pieces of any size, into frames."""

    def __init__(self) -> None:
        self._data = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Take bytes; yield every frame that is now whole. Raises BrokenFrame."""
        self._data += data
        while len(self._data) >= LENGTHS.size:
            head, payload = LENGTHS.unpack_from(self._data)
            if head > MOST or payload > MOST:
                raise BrokenFrame("frame too long")
            end = LENGTHS.size + head + payload
            if len(self._data) < end:
                return
            body = bytes(self._data[LENGTHS.size : end])
            del self._data[:end]
            yield Frame(_parse(body[:head]), body[head:])


def _parse(text: bytes) -> Head:
    try:
        head = json.loads(text)
    except ValueError as error:
        raise BrokenFrame("head is not JSON") from error
    if not isinstance(head, dict):
        raise BrokenFrame("head is not an object")
    return head
