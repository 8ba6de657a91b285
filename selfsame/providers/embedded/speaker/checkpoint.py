"""Read the tensors of a PyTorch checkpoint of the old kind without PyTorch, and without running what it says.

The file is five pickles (a magic number, a version, a description, the objects, the names of the storages) and then
each storage as a count and raw numbers. A pickle can call anything it names, so only what a tensor needs has a name
here; everything else is refused before it is called.
"""

from __future__ import annotations

import pickle
from collections import OrderedDict
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

MAGIC = 0x1950A86A20F9469CFC6C
VERSION = 1001
MOST_NUMBERS = 50_000_000
"""Numbers in one storage; more are not of any network that we read."""
_TYPES = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "LongStorage": "<i8", "IntStorage": "<i4"}

Tensor = npt.NDArray[Any]


def read_checkpoint(path: Path) -> Any:
    """The saved object, with numpy arrays in place of its tensors. Raises ValueError on anything else."""
    with path.open("rb") as file:
        try:
            if _Plain(file).load() != MAGIC or _Plain(file).load() != VERSION:
                raise ValueError("not a checkpoint of the old kind")
            if not _Plain(file).load()["little_endian"]:
                raise ValueError("the checkpoint is of another byte order")
            objects = _Objects(file)
            found = objects.load()
            for key in _Plain(file).load():
                objects.storages[key].fill(file)
        except (pickle.UnpicklingError, EOFError, KeyError, TypeError, IndexError, AttributeError) as fault:
            raise ValueError(f"the checkpoint is damaged or holds more than tensors: {fault}") from fault
    return _arrays(found)


class _Plain(pickle.Unpickler):
    """Numbers, strings, lists and dictionaries alone."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed here")


class _Objects(pickle.Unpickler):
    """The objects, with placeholders for tensors, as their numbers come later in the file."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.storages: dict[str, _Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _Tensor
        if module == "torch" and name in _TYPES:
            return _TYPES[name]
        raise pickle.UnpicklingError(f"{module}.{name} is not allowed here")

    def persistent_load(self, pid: Any) -> _Storage:
        kind, dtype, key, _device, size, view = pid
        if kind != "storage" or view is not None or not isinstance(size, int) or not 0 <= size <= MOST_NUMBERS:
            raise pickle.UnpicklingError("this storage is not allowed here")
        return self.storages.setdefault(key, _Storage(dtype, size))


class _Storage:
    """A row of numbers that tensors look into."""

    def __init__(self, dtype: str, size: int) -> None:
        self._dtype, self._size = np.dtype(dtype), size
        self.numbers: Tensor = np.zeros(0, self._dtype)

    def fill(self, file: BinaryIO) -> None:
        count = int.from_bytes(file.read(8), "little")
        data = file.read(self._size * self._dtype.itemsize)
        if count != self._size or len(data) != self._size * self._dtype.itemsize:
            raise ValueError("the checkpoint is cut off")
        self.numbers = np.frombuffer(data, self._dtype)


class _Tensor:
    """A tensor that knows where its numbers will be."""

    def __init__(self, storage: _Storage, offset: int, size: tuple[int, ...], stride: tuple[int, ...], *_: Any) -> None:
        self._storage, self._offset, self._size, self._stride = storage, offset, size, stride

    def array(self) -> Tensor:
        """The numbers. Raises ValueError when they are not all there or not in their natural order."""
        count = int(np.prod(self._size, dtype=np.int64))
        natural = tuple(int(np.prod(self._size[axis + 1 :], dtype=np.int64)) for axis in range(len(self._size)))
        if tuple(self._stride) != natural or not 0 <= self._offset <= len(self._storage.numbers) - count:
            raise ValueError("a tensor of the checkpoint lies outside its storage")
        return self._storage.numbers[self._offset : self._offset + count].reshape(self._size)


def _arrays(found: Any) -> Any:
    """The same object with arrays in place of tensors."""
    if isinstance(found, _Tensor):
        return found.array()
    if isinstance(found, dict):
        return {key: _arrays(value) for key, value in found.items()}
    if isinstance(found, list | tuple):
        return [_arrays(value) for value in found]
    return found
