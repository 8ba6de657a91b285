"""Packed documents (office files, books): opened without trusting what they say about themselves. Pure.

Guards against zip bombs: how many parts, how large each and all of them unpack, how far they are packed. Archives
inside archives are never opened.
"""

from __future__ import annotations

import io
import zipfile
import zlib

from selfsame.errors import BadInput, TooLarge
from selfsame.library.extract.kinds import LIMITS, MEGABYTE, Limits

_ENCRYPTED = 0x1
_SMALL = 10 * MEGABYTE
"""A part that unpacks to less may be packed as far as it likes: a page of spaces is no attack."""
DAMAGED = "The file is damaged. Open it in the program that made it, save it again, and upload that."
LOCKED = "The file is protected by a password. Save it without one, and upload that."


class Archive:
    """The parts of a packed document."""

    def __init__(self, data: bytes, limits: Limits = LIMITS) -> None:
        """Raises BadInput when it is damaged, locked or a bomb, TooLarge when it holds too much."""
        try:
            self._file = zipfile.ZipFile(io.BytesIO(data))
            parts = self._file.infolist()
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, IndexError, OverflowError) as error:
            raise BadInput(DAMAGED) from error
        if len(parts) > limits.parts:
            raise TooLarge(f"The file holds {len(parts)} parts; at most {limits.parts} are read. Split it.")
        if any(part.flag_bits & _ENCRYPTED for part in parts):
            raise BadInput(LOCKED)
        for part in parts:
            packed = max(1, part.compress_size)
            if part.file_size > _SMALL and part.file_size / packed > limits.ratio:
                raise BadInput("The file unpacks to far more than it is (a zip bomb). It is not read.")
        if sum(part.file_size for part in parts) > limits.unpacked:
            raise TooLarge(f"The file unpacks to more than {limits.unpacked // MEGABYTE} MB. Split it, or save less.")
        self._limits = limits
        self._parts = {part.filename: part for part in parts}
        self.names = tuple(self._parts)

    def __contains__(self, name: str) -> bool:
        return name in self._parts

    def read(self, name: str) -> bytes:
        """A part. Raises BadInput when it is not there or damaged, TooLarge."""
        part = self._parts.get(name)
        if part is None:
            raise BadInput(DAMAGED)
        if part.file_size > self._limits.part:
            raise TooLarge(f"One part of the file unpacks to more than {self._limits.part // MEGABYTE} MB. Split it.")
        try:
            with self._file.open(part) as stream:
                return stream.read(self._limits.part)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            EOFError,
            ValueError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise BadInput(DAMAGED) from error
