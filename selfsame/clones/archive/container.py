"""An archive as bytes: a zip written as a stream, and read with suspicion.

Writing never seeks and holds one piece at a time. Reading seeks, holds the directory (8 MB at most) and one piece, and
gives nothing whose size and SHA-256 are not those of the list of contents. Blocking; call through `kit.tasks.offload`.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, BinaryIO

from selfsame.clones.archive.manifest import (
    CLONE_FORMAT,
    DAMAGED,
    MANIFEST,
    MOST_ENTRIES,
    MOST_MANIFEST,
    Entry,
    Manifest,
    is_entry_name,
    read_manifest,
)
from selfsame.errors import BadInput, TooLarge

PIECE = 256 * 1024
MOST_DIRECTORY = 8 * 1024 * 1024
"""The largest single read: zip's directory is read at once, and an honest one is smaller."""
LONGEST_LINE = 4 * 1024 * 1024
_PACKED = (".npz", ".jpg", ".png", ".mp4", ".zip", ".gz")
_FAULTS = (
    zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, LookupError, ArithmeticError, struct.error,
    NotImplementedError, RuntimeError,
)  # fmt: skip
"""What zipfile raises on files that somebody made to break it."""


class _Sink(io.RawIOBase):
    """Where the zip is written: it gathers until somebody takes."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.held += piece
        return len(piece)


class ArchiveWriter:
    """Makes an archive: `begin`, `write` and `end` for each entry, `close` at the end, and `taken` in between."""

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = zipfile.ZipFile(self._sink, "w", allowZip64=True)
        self._entries: dict[str, Entry] = {}
        self._open: IO[bytes] | None = None
        self._name, self._size, self._hash = "", 0, hashlib.sha256()

    def begin(self, name: str) -> None:
        """Open an entry. Raises BadInput on a name that no reader takes."""
        if not is_entry_name(name) or name in self._entries or name == MANIFEST:
            raise BadInput(f"no entry of an archive can be called {name[:80]!r}")
        if len(self._entries) >= MOST_ENTRIES:
            raise TooLarge(f"a clone of more than {MOST_ENTRIES} files cannot be exported")
        self._open = self._zip.open(_info(name), "w", force_zip64=True)
        self._name, self._size, self._hash = name, 0, hashlib.sha256()

    def write(self, data: bytes) -> None:
        """More of the open entry."""
        assert self._open is not None, "begin an entry first"
        self._open.write(data)
        self._size += len(data)
        self._hash.update(data)

    def end(self) -> None:
        """The entry is whole."""
        assert self._open is not None, "begin an entry first"
        self._open.close()
        self._open = None
        self._entries[self._name] = Entry(self._name, self._size, self._hash.hexdigest())

    def add(self, name: str, data: bytes) -> None:
        """A whole entry."""
        self.begin(name)
        self.write(data)
        self.end()

    def close(self, head: Manifest) -> None:
        """Write the list of contents (with the entries that were written) and zip's own directory."""
        told = replace(head, entries=tuple(self._entries.values()))
        with self._zip.open(_info(MANIFEST), "w", force_zip64=True) as file:
            file.write(told.to_json())
        self._zip.close()

    def abandon(self) -> None:
        """Nobody wants the rest; harmless after `close`."""
        if self._open is not None:
            self._open.close()
            self._open = None
        self._zip.close()

    def taken(self) -> bytes:
        """The bytes that are ready, once."""
        piece = bytes(self._sink.held)
        self._sink.held.clear()
        return piece


class ArchiveReader:
    """Reads the archive in a file that seeks. Raises BadInput, TooLarge from the first byte on."""

    def __init__(self, file: BinaryIO, wanted: str = CLONE_FORMAT) -> None:
        with _suspicious():
            size = file.seek(0, io.SEEK_END)
            file.seek(0)
            self._zip = zipfile.ZipFile(_Capped(file))  # type: ignore[arg-type]
            found = {info.filename: info for info in self._zip.infolist()}
        if MANIFEST not in found or len(found) != len(self._zip.infolist()):
            raise BadInput(DAMAGED)
        self._found = found
        for info in found.values():
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) or info.flag_bits & 0x41:
                raise BadInput(DAMAGED)
        if found[MANIFEST].file_size > MOST_MANIFEST:
            raise TooLarge("the archive's list of contents is too long")
        self.manifest = read_manifest(self._whole(MANIFEST, found[MANIFEST].file_size), size, wanted)
        self._entries = {entry.name: entry for entry in self.manifest.entries}
        if self._entries.keys() != found.keys() - {MANIFEST}:
            raise BadInput(DAMAGED)
        if any(found[entry.name].file_size != entry.size for entry in self.manifest.entries):
            raise BadInput(DAMAGED)

    def names(self, prefix: str = "") -> list[str]:
        """The entries whose names begin so, in the order in which they were written."""
        return [entry.name for entry in self.manifest.entries if entry.name.startswith(prefix)]

    def size(self, name: str) -> int:
        """Bytes of an entry, 0 when there is none."""
        return self._entries[name].size if name in self._entries else 0

    def verify(self) -> None:
        """Read everything once and compare it with the list."""
        for name in self._entries:
            for _ in self.pieces(name):
                pass

    def read(self, name: str, most: int) -> bytes:
        """A whole entry. Raises BadInput when it is missing, TooLarge beyond `most` bytes."""
        if name not in self._entries:
            raise BadInput(DAMAGED)
        if self._entries[name].size > most:
            raise TooLarge(f"{name} in the archive is too large")
        return b"".join(self.pieces(name))

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of an entry, without their ends; none when it is missing."""
        if name not in self._entries:
            return
        rest = b""
        for piece in self.pieces(name):
            *whole, rest = (rest + piece).split(b"\n")
            if len(rest) > LONGEST_LINE or any(len(line) > LONGEST_LINE for line in whole):
                raise TooLarge(f"a line of {name} in the archive is too long")
            yield from filter(None, whole)
        if rest:
            yield rest

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of an entry, checked; the last piece may be followed by BadInput."""
        entry, digest, had = self._entries[name], hashlib.sha256(), 0
        for piece in self._pieces(name):
            had += len(piece)
            if had > entry.size:
                raise BadInput(DAMAGED)
            digest.update(piece)
            yield piece
        if had != entry.size or digest.hexdigest() != entry.sha256:
            raise BadInput(f"{name} in the archive is not what was exported; export the clone again")

    def _whole(self, name: str, most: int) -> bytes:
        return b"".join(self._pieces(name, most))

    def _pieces(self, name: str, most: int | None = None) -> Iterator[bytes]:
        had = 0
        with _suspicious():
            file = self._zip.open(self._found[name])
        while True:
            with _suspicious():
                piece = file.read(PIECE)
            had += len(piece)
            if not piece:
                return
            if most is not None and had > most:
                raise BadInput(DAMAGED)
            yield piece


class _Capped(io.RawIOBase):
    """A file of which no read takes more than a directory may have."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def read(self, size: int | None = -1, /) -> bytes:
        wanted = MOST_DIRECTORY + 1 if size is None or size < 0 else size
        piece = b"" if wanted > MOST_DIRECTORY + 1 else self._file.read(wanted)
        if wanted > MOST_DIRECTORY + 1 or len(piece) > MOST_DIRECTORY:
            raise ValueError("too much at once")
        return piece


@contextmanager
def _suspicious() -> Iterator[None]:
    try:
        yield
    except _FAULTS as error:
        raise BadInput(DAMAGED) from error


def _info(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.compress_type = zipfile.ZIP_STORED if name.endswith(_PACKED) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info
