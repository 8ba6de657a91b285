"""Sealed files: AES-256-GCM in segments. Pure but for the random salt.

A file is `SF1` | key id (4 bytes) | salt (16 bytes), then segments of 1 MiB, each with its tag of 16 bytes. The file's
own key comes from the master key and the salt by HKDF-SHA256, so that nonces may simply count; the nonce is the
segment's number with a mark on the last one, so that segments cannot be swapped, dropped or appended. It is the STREAM
construction (Hoang, Reyhanitabar, Rogaway, Vizar: "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", 2015), with a key per file as in Tink's AES-GCM-HKDF streaming. The header and the file's name are
associated data of every segment: a file that was moved to another name does not open.
"""

from __future__ import annotations

import hashlib
import io
import secrets
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"SF1"
ID_BYTES, SALT_BYTES, TAG_BYTES = 4, 16, 16
HEADER_BYTES = len(MAGIC) + ID_BYTES + SALT_BYTES
SEGMENT = 1024 * 1024


class Tampered(Exception):
    """The file is not what was sealed under this name."""


class UnknownKey(Exception):
    """The file was sealed with a key that is not at hand."""


def key_id(key: bytes) -> bytes:
    """Four bytes that tell keys apart and give nothing of them away."""
    return hashlib.sha256(b"selfsame file key id" + key).digest()[:ID_BYTES]


def seal(key: bytes, name: str, data: bytes) -> Iterator[bytes]:
    """The pieces of the sealed file, header first; one segment is in memory at a time."""
    header = MAGIC + key_id(key) + secrets.token_bytes(SALT_BYTES)
    yield header
    cipher, named = _cipher(key, header), header + name.encode()
    view = memoryview(data)
    count = max(1, -(-len(data) // SEGMENT))
    for number in range(count):
        piece = view[number * SEGMENT : (number + 1) * SEGMENT]
        yield cipher.encrypt(_nonce(number, number == count - 1), piece, named)


def unseal(keys: Mapping[bytes, bytes], name: str, file: BinaryIO) -> bytes:
    """The bytes that were sealed under `name`. `keys` are the master keys by `key_id`.

    Raises Tampered, UnknownKey, OSError.
    """
    header = file.read(HEADER_BYTES)
    if len(header) < HEADER_BYTES or not header.startswith(MAGIC):
        raise Tampered
    key = keys.get(header[len(MAGIC) : len(MAGIC) + ID_BYTES])
    if key is None:
        raise UnknownKey
    cipher, named = _cipher(key, header), header + name.encode()
    plain = io.BytesIO()
    piece, number = file.read(SEGMENT + TAG_BYTES), 0
    while True:
        following = file.read(SEGMENT + TAG_BYTES)
        try:
            plain.write(cipher.decrypt(_nonce(number, not following), piece, named))
        except (InvalidTag, ValueError):
            raise Tampered from None
        if not following:
            return plain.getvalue()  # shares the buffer: no second copy
        piece, number = following, number + 1


def _cipher(key: bytes, header: bytes) -> AESGCM:
    salt = header[-SALT_BYTES:]
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=salt, info=b"selfsame file").derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")
