"""Files in a folder of this machine, sealed (SEC-02, DATA-14)."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from selfsame.errors import BadInput, BadOutput, NotFound, ProviderError, Unavailable
from selfsame.kit.tasks import offload
from selfsame.stores.files.keys import check_size, parts_of, prefix_of
from selfsame.stores.files.seal import Tampered, UnknownKey, key_id, seal, unseal
from selfsame.stores.keys import KEY_BYTES

SUFFIX = ".sealed"
"""Ends every file's name, so that `a` and `a/b` may both be keys."""


class LocalFiles:
    """`FileStore` in a folder. `key` seals; `older` keys only open what was sealed before the key was changed."""

    def __init__(self, root: Path, key: bytes, older: Sequence[bytes] = ()) -> None:
        if any(len(each) != KEY_BYTES for each in (key, *older)):
            raise BadInput(f"a file key has {KEY_BYTES} bytes")
        self._root = root
        self._key = key
        self._keys = {key_id(each): each for each in (*older, key)}

    async def put(self, key: str, data: bytes) -> None:
        """Store whole or not at all, durable when this returns. Raises BadInput, TooLarge (512 MB), Unavailable."""
        path = self._path(key)
        check_size(data)
        await offload(self._write, path, key, data)

    async def get(self, key: str) -> bytes:
        """The bytes. Raises NotFound, BadOutput when the file was changed or moved, Unavailable without its key."""
        return await offload(self._read, self._path(key), key)

    async def delete(self, prefix: str) -> int:
        """Remove every file whose key starts with `prefix`, and what unfinished writes left there; how many files."""
        if not prefix:
            raise BadInput("say which files are to be deleted")
        return await offload(self._delete, *prefix_of(prefix))

    async def keys(self, prefix: str) -> AsyncIterator[str]:
        """All keys that start with `prefix`, sorted."""
        for key in await offload(self._list, *prefix_of(prefix)):
            yield key

    async def measure(self, prefix: str) -> int:
        """Bytes on disk of all files whose key starts with `prefix`."""
        return await offload(self._measure, *prefix_of(prefix))

    def _measure(self, folders: list[str], beginning: str) -> int:
        size = 0
        for path in self._found(folders, beginning, leftovers=False):
            try:
                size += path.stat().st_size
            except OSError:
                continue  # it was deleted meanwhile
        return size

    def _path(self, key: str) -> Path:
        *folders, name = parts_of(key)
        if any(part.endswith(SUFFIX) for part in folders):
            raise BadInput(f"no part of a file's key may end with {SUFFIX}")
        return self._root.joinpath(*folders, name + SUFFIX)

    def _write(self, path: Path, key: str, data: bytes) -> None:
        half_made = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                line = os.open(half_made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
                with os.fdopen(line, "wb") as file:
                    file.writelines(seal(self._key, key, data))
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(half_made, path)
            finally:
                half_made.unlink(missing_ok=True)
            _settle(path.parent)
        except OSError as error:
            raise _failed(f"a file cannot be stored: {error.strerror}") from error

    def _read(self, path: Path, key: str) -> bytes:
        try:
            with path.open("rb") as file:
                return unseal(self._keys, key, file)
        except FileNotFoundError:
            raise NotFound("there is no such file") from None
        except OSError as error:
            raise _failed(f"a file cannot be read: {error.strerror}") from error
        except UnknownKey:
            raise _failed("a file was sealed with a key that is not here; restore the key file") from None
        except Tampered:
            raise BadOutput(
                "a stored file was changed or moved; make it anew", role="files", provider="local-files"
            ) from None

    def _delete(self, folders: list[str], beginning: str) -> int:
        removed = 0
        try:
            for path in self._found(folders, beginning, leftovers=True):
                path.unlink(missing_ok=True)
                removed += path.name.endswith(SUFFIX)
            self._prune(folders, beginning)
        except OSError as error:
            raise _failed(f"a file cannot be deleted: {error.strerror}") from error
        return removed

    def _list(self, folders: list[str], beginning: str) -> list[str]:
        try:
            found = list(self._found(folders, beginning, leftovers=False))
        except OSError as error:
            raise _failed(f"the files cannot be listed: {error.strerror}") from error
        return sorted(path.relative_to(self._root).as_posix().removesuffix(SUFFIX) for path in found)

    def _found(self, folders: list[str], beginning: str, *, leftovers: bool) -> Iterator[Path]:
        """Files below the folders whose first part starts with `beginning`; symbolic links are not followed."""
        base = self._root.joinpath(*folders)
        for place, inner, names in os.walk(base, onerror=_unless_missing):
            top = Path(place) == base
            if top:
                inner[:] = [name for name in inner if name.startswith(beginning)]
            for name in names:
                ours = name.endswith(SUFFIX) and not name.startswith(".")
                if ours and top and not name.removesuffix(SUFFIX).startswith(beginning):
                    continue
                # What a killed writer left behind has no key; it goes with the folder that it lies in.
                left = leftovers and name.startswith(".") and name.endswith(".part") and not (top and beginning)
                if ours or left:
                    yield Path(place, name)

    def _prune(self, folders: list[str], beginning: str) -> None:
        """Remove the folders that became empty."""
        base = self._root.joinpath(*folders)
        for place, _, _ in os.walk(base, topdown=False):
            path = Path(place)
            below = path.relative_to(base).parts
            if path != self._root and (not below or below[0].startswith(beginning)):
                try:
                    path.rmdir()
                except OSError:
                    continue  # not empty, or somebody is just filling it


def _settle(folder: Path) -> None:
    """Make a rename durable."""
    line = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(line)
    finally:
        os.close(line)


def _unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError | NotADirectoryError):
        raise error


def _failed(message: str) -> ProviderError:
    return Unavailable(message, role="files", provider="local-files")
