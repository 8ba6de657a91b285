"""Checkpoints of PyTorch's old kind, written opcode by opcode: a small network, and files that must be refused."""

from __future__ import annotations

import pickle
import struct
from pathlib import Path

import numpy as np

from selfsame.providers.embedded.speaker.checkpoint import MAGIC, VERSION

HIDDEN, WIDTH, BANDS = 12, 10, 40
_HEAD = b"".join(pickle.dumps(part, 2) for part in (MAGIC, VERSION, {"little_endian": True}))


def weights(seed: int = 3) -> dict[str, np.ndarray]:
    """A network of the real one's shape, but 12 wide."""
    random = np.random.default_rng(seed)
    found = {}
    for layer in range(3):
        for kind, shape in (
            ("weight_ih", (4 * HIDDEN, BANDS if layer == 0 else HIDDEN)),
            ("weight_hh", (4 * HIDDEN, HIDDEN)),
            ("bias_ih", (4 * HIDDEN,)),
            ("bias_hh", (4 * HIDDEN,)),
        ):
            found[f"lstm.{kind}_l{layer}"] = random.normal(0, 0.5, shape).astype(np.float32)
    found["linear.weight"] = random.normal(0, 1, (WIDTH, HIDDEN)).astype(np.float32)
    found["linear.bias"] = random.normal(0.2, 0.2, WIDTH).astype(np.float32)
    return found


def write(path: Path, tensors: dict[str, np.ndarray]) -> None:
    """All tensors in one storage, one behind the other, as the real file has them."""
    path.write_bytes(checkpoint(tensors))


def checkpoint(tensors: dict[str, np.ndarray], rebuild: str = "torch._utils\n_rebuild_tensor_v2") -> bytes:
    """The file's bytes. `rebuild` names what the pickle calls to make a tensor."""
    numbers = np.concatenate([value.reshape(-1) for value in tensors.values()]).astype("<f4")
    body, offset = b"\x80\x02}X\x0b\0\0\0model_state}(", 0
    for name, value in tensors.items():
        body += _text(name) + b"c" + rebuild.encode() + b"\n("
        body += b"(" + _text("storage") + b"ctorch\nFloatStorage\n" + _text("1") + _text("cpu")
        body += _number(len(numbers)) + b"NtQ"
        body += _number(offset) + _numbers(value.shape) + _numbers(_natural(value.shape)) + b"\x89}tR"
        offset += value.size
    body += b"us."
    return _HEAD + body + pickle.dumps(["1"], 2) + struct.pack("<q", len(numbers)) + numbers.tobytes()


def _natural(shape: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(int(np.prod(shape[axis + 1 :])) for axis in range(len(shape)))


def _text(text: str) -> bytes:
    return b"X" + struct.pack("<I", len(text)) + text.encode()


def _number(number: int) -> bytes:
    return b"J" + struct.pack("<i", number)


def _numbers(values: tuple[int, ...]) -> bytes:
    return b"(" + b"".join(map(_number, values)) + b"t"
