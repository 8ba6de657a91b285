"""Small secrets sealed for a row of the database: AES-256-GCM, the row's id as associated data.

A sealed value is `SK1` | key id (4 bytes) | nonce (12 random bytes) | ciphertext with its tag. The keys come by
HKDF-SHA256 from the master key of the files, so that there is one key file to keep. A value that is moved to another
row or changed does not open.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from selfsame.errors import Unavailable

MAGIC = b"SK1"
ID_BYTES, NONCE_BYTES = 4, 12
HEADER = len(MAGIC) + ID_BYTES + NONCE_BYTES


def derived(master: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose; from it nobody learns the master key or another purpose's."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"selfsame " + purpose.encode()).derive(master)


class RowSeal:
    """Seals and opens values of rows. `master` is the key of the files."""

    def __init__(self, master: bytes, purpose: str) -> None:
        key = derived(master, purpose)
        self._id = hashlib.sha256(b"selfsame row key id" + key).digest()[:ID_BYTES]
        self._cipher = AESGCM(key)

    def seal(self, row: str, value: str) -> bytes:
        """The value as it may be stored in the row."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return MAGIC + self._id + nonce + self._cipher.encrypt(nonce, value.encode(), self._bound(row))

    def open(self, row: str, sealed: bytes) -> str:
        """The value again. Raises Unavailable when it was sealed with another key, moved, or changed."""
        if not sealed.startswith(MAGIC + self._id) or len(sealed) < HEADER:
            raise _closed("it was sealed with a key that is not here; restore files.key, or enter it anew")
        nonce, body = sealed[HEADER - NONCE_BYTES : HEADER], sealed[HEADER:]
        try:
            return self._cipher.decrypt(nonce, body, self._bound(row)).decode()
        except (InvalidTag, ValueError):
            raise _closed("it was changed or moved; enter it anew") from None

    def _bound(self, row: str) -> bytes:
        return MAGIC + self._id + row.encode()


def _closed(why: str) -> Unavailable:
    return Unavailable(f"a kept key cannot be read: {why}", role="database", provider="keys")
