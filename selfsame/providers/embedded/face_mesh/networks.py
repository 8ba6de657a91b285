"""The network files on LiteRT. An interpreter serves one thread at a time, so sets of them are lent and given back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from selfsame.errors import BadOutput, Unavailable

FILES = {
    "detector": "face_detection_full_range_sparse.tflite",
    "mesh": "face_landmark.tflite",
    "iris": "iris_landmark.tflite",
}
PROVIDER = "face-mesh"
IDLE_MOST = 4
"""Sets kept for the next caller; about 12 MB each."""

Tensor = npt.NDArray[np.float32]


class Network:
    """One interpreter of one thread. Input (1, n, n, 3) float32; outputs by their number of values."""

    def __init__(self, path: Path) -> None:
        """Raises Unavailable when the file or the engine is missing or broken."""
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as fault:
            raise Unavailable("ai-edge-litert is not installed", role="face", provider=PROVIDER) from fault
        try:
            self._net: Any = Interpreter(str(path), num_threads=1)
            self._net.allocate_tensors()
        except (ValueError, RuntimeError, OSError) as fault:
            raise Unavailable(
                f"{path.name} cannot be read; run `selfsame models pull face-landmarks`", role="face", provider=PROVIDER
            ) from fault
        self._input = self._net.get_input_details()[0]["index"]
        self._outputs = [(int(np.prod(o["shape"])), o["index"]) for o in self._net.get_output_details()]

    def run(self, picture: Tensor) -> dict[int, Tensor]:
        """The outputs, flat, keyed by their length. `picture` is (n, n, 3). Raises BadOutput."""
        try:
            self._net.set_tensor(self._input, picture[None])
            self._net.invoke()
            found = {size: self._net.get_tensor(index).reshape(-1) for size, index in self._outputs}
        except (ValueError, RuntimeError) as fault:
            raise BadOutput("the face network failed", role="face", provider=PROVIDER) from fault
        if not all(np.isfinite(each).all() for each in found.values()):
            raise BadOutput("the face network answered with what is no number", role="face", provider=PROVIDER)
        return found


@dataclass(frozen=True, slots=True)
class Networks:
    """A set for one thread."""

    detector: Network
    mesh: Network
    iris: Network


class NetworkPool:
    """Sets of networks from a folder, made when needed; as many as there are callers at once."""

    def __init__(self, folder: Path) -> None:
        """Raises Unavailable when a file is missing."""
        missing = [name for name in FILES.values() if not (folder / name).is_file()]
        if missing:
            raise Unavailable(
                f"face model files are missing ({', '.join(missing)}); run `selfsame models pull face-landmarks`",
                role="face",
                provider=PROVIDER,
            )
        self._folder = folder
        self._lock = threading.Lock()
        self._idle: list[Networks] = []

    @contextmanager
    def lend(self) -> Iterator[Networks]:
        """A set that nobody else uses meanwhile. Raises Unavailable."""
        with self._lock:
            networks = self._idle.pop() if self._idle else None
        networks = networks or Networks(**{role: Network(self._folder / name) for role, name in FILES.items()})
        try:
            yield networks
        finally:
            with self._lock:
                if len(self._idle) < IDLE_MOST:
                    self._idle.append(networks)
