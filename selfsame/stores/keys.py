"""Key files: made once, readable by us alone."""

from __future__ import annotations

import os
import secrets
import stat
from dataclasses import dataclass
from pathlib import Path

import structlog

from selfsame.errors import BadInput

log = structlog.get_logger(__name__)

KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A random 256-bit key in a file of mode 0600. Blocking, tiny; read once at start."""

    path: Path

    def load(self) -> bytes:
        """The key, 32 bytes; made at first use, the same for any number of processes that ask at once.

        A file that others may read is closed to them, and said. Raises BadInput when it holds something else.
        """
        if not self.path.exists():
            self._make()
        mode = self.path.stat().st_mode
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            log.warning("the key file was open to others", path=str(self.path))
            self.path.chmod(0o600)
        try:
            key = bytes.fromhex(self.path.read_text(encoding="ascii").strip())
        except ValueError:
            key = b""
        if len(key) != KEY_BYTES:
            raise BadInput(f"{self.path} does not hold a key; restore it, or remove it to make a new one")
        return key

    def _make(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        half_made = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
        line = os.open(half_made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(line, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(half_made, self.path)  # fails when another process was faster; its key counts
        except FileExistsError:
            pass
        finally:
            half_made.unlink()
