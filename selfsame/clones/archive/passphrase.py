"""An archive behind a passphrase: scrypt makes the key, AES-256-GCM seals segments of 1 MiB.

The file is `SELFSAME-SEALED-1` and a line feed, a salt of 16 bytes, then segments each with its tag of 16 bytes. The
nonce is the segment's number with a mark on the last one, so that segments cannot be swapped, dropped or appended; the
header is associated data of every segment. It is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizar: "Online
Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015); the salt makes the key the file's own. scrypt
(RFC 7914) takes N = 2^17, r = 8, p = 1: 128 MiB and about half a second.
"""

from __future__ import annotations

import io
import secrets
import unicodedata
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from selfsame.errors import BadInput

MAGIC = b"SELFSAME-SEALED-1\n"
SALT_BYTES, TAG_BYTES = 16, 16
HEADER_BYTES = len(MAGIC) + SALT_BYTES
SEGMENT = 1024 * 1024
SHORTEST, LONGEST = 8, 500
WORK = 2**17
WRONG = "the passphrase is not the one of this archive, or the archive is damaged"


def check_passphrase(passphrase: str) -> None:
    """Raise BadInput on a passphrase that is too short to protect a voice and a face."""
    if not SHORTEST <= len(passphrase) <= LONGEST:
        raise BadInput(f"a passphrase has {SHORTEST} to {LONGEST} characters; a few words do well")


def is_sealed(file: BinaryIO) -> bool:
    """Whether the archive in the file wants a passphrase."""
    file.seek(0)
    head = file.read(len(MAGIC))
    file.seek(0)
    return head == MAGIC


def derive(passphrase: str, salt: bytes, work: int = WORK) -> bytes:
    """The key of a passphrase, 32 bytes; written differently (accents) it is the same passphrase."""
    try:
        plain = unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError as error:
        raise BadInput(WRONG) from error
    return Scrypt(salt=salt, length=32, n=work, r=8, p=1).derive(plain)


class Sealer:
    """Seals a stream: `push` gives what is ready, `finish` the rest. The header comes with the first bytes."""

    def __init__(self, passphrase: str, work: int = WORK) -> None:
        check_passphrase(passphrase)
        self._header = MAGIC + secrets.token_bytes(SALT_BYTES)
        self._cipher = AESGCM(derive(passphrase, self._header[-SALT_BYTES:], work))
        self._held = bytearray()
        self._number = 0
        self._out = bytearray(self._header)

    def push(self, data: bytes) -> bytes:
        """Take bytes; the sealed ones that are ready."""
        self._held += data
        while len(self._held) > SEGMENT:  # one segment stays: it may be the last
            self._seal(bytes(self._held[:SEGMENT]), last=False)
            del self._held[:SEGMENT]
        return self._taken()

    def finish(self) -> bytes:
        """The end of the sealed file."""
        self._seal(bytes(self._held), last=True)
        self._held.clear()
        return self._taken()

    def _seal(self, piece: bytes, *, last: bool) -> None:
        self._out += self._cipher.encrypt(_nonce(self._number, last=last), piece, self._header)
        self._number += 1

    def _taken(self) -> bytes:
        piece = bytes(self._out)
        self._out.clear()
        return piece


class SealedFile(io.RawIOBase):
    """The plain bytes of a sealed file, readable at any place; one segment is in memory.

    Raises BadInput at once for a wrong passphrase or a file that was cut or changed at its end, and when a segment is
    read that was changed.
    """

    def __init__(self, file: BinaryIO, passphrase: str, work: int = WORK) -> None:
        end = file.seek(0, io.SEEK_END)
        file.seek(0)
        self._file, self._header = file, file.read(HEADER_BYTES)
        body = end - HEADER_BYTES
        self._count = -(-body // (SEGMENT + TAG_BYTES))
        if body < TAG_BYTES or not self._header.startswith(MAGIC) or body - self._count * TAG_BYTES < 0:
            raise BadInput(WRONG)
        self._size = body - self._count * TAG_BYTES
        self._cipher = AESGCM(derive(passphrase, self._header[-SALT_BYTES:], work))
        self._place = 0
        self._segment, self._plain = -1, b""
        self._open(self._count - 1)

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """As files do; places below the beginning are a ValueError."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("negative seek position")
        self._place = start + offset
        return self._place

    def tell(self) -> int:
        """The place of the next byte."""
        return self._place

    def read(self, size: int | None = -1, /) -> bytes:
        """As files do."""
        left = max(0, self._size - self._place)
        wanted = left if size is None or size < 0 else min(size, left)
        out = bytearray()
        while len(out) < wanted:
            number, start = divmod(self._place, SEGMENT)
            self._open(number)
            piece = self._plain[start : start + wanted - len(out)]
            out += piece
            self._place += len(piece)
        return bytes(out)

    def _open(self, number: int) -> None:
        if number == self._segment:
            return
        self._file.seek(HEADER_BYTES + number * (SEGMENT + TAG_BYTES))
        sealed = self._file.read(SEGMENT + TAG_BYTES)
        nonce = _nonce(number, last=number == self._count - 1)
        try:
            self._plain = self._cipher.decrypt(nonce, sealed, self._header)
        except (InvalidTag, ValueError):
            raise BadInput(WRONG) from None
        self._segment = number


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
