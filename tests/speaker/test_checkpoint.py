"""Reading a checkpoint without running it: right numbers, and nothing else gets through."""

from __future__ import annotations

import contextlib
import pickle
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfsame.providers.embedded.speaker.build import build
from selfsame.providers.embedded.speaker.checkpoint import MAGIC, VERSION, read_checkpoint
from selfsame.providers.embedded.speaker.files import CHECKPOINT
from tests.speaker.tiny_checkpoint import checkpoint, weights


def test_every_tensor_comes_back(tmp_path: Path) -> None:
    path = tmp_path / CHECKPOINT
    path.write_bytes(checkpoint(weights()))
    found = read_checkpoint(path)["model_state"]
    assert found.keys() == weights().keys()
    for name, value in weights().items():
        assert np.array_equal(found[name], value)


class _Touch:
    """Pickled, it writes a file when it is loaded."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return Path.touch, (self.path,)


def test_what_a_pickle_wants_to_call_is_not_called(tmp_path: Path) -> None:
    evidence = tmp_path / "evidence"
    head = b"".join(pickle.dumps(part, 2) for part in (MAGIC, VERSION, {"little_endian": True}))
    for data in (pickle.dumps(_Touch(evidence)), head + pickle.dumps(_Touch(evidence))):
        path = tmp_path / CHECKPOINT
        path.write_bytes(data)
        with pytest.raises(ValueError, match="not allowed here"):
            read_checkpoint(path)
    assert not evidence.exists()


@pytest.mark.parametrize("name", ["os\nsystem", "builtins\neval", "torch._utils\n_rebuild_tensor", "numpy\narray"])
def test_only_the_names_of_tensors_are_known(tmp_path: Path, name: str) -> None:
    path = tmp_path / CHECKPOINT
    path.write_bytes(checkpoint(weights(), name))
    with pytest.raises(ValueError, match="not allowed here"):
        read_checkpoint(path)


def test_a_checkpoint_that_is_cut_off_is_refused_wherever_it_ends(tmp_path: Path) -> None:
    whole = checkpoint(weights())
    path = tmp_path / CHECKPOINT
    for length in [0, 1, 10, 40, 100, 1000, *range(len(whole) - 30_000, len(whole), 997), len(whole) - 1]:
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError):
            read_checkpoint(path)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(place=st.integers(0, 3_000), value=st.integers(0, 255))
def test_a_spoilt_byte_is_refused_or_changes_numbers_only(tmp_path: Path, place: int, value: int) -> None:
    data = bytearray(checkpoint(weights()))
    data[place] = value
    path = tmp_path / CHECKPOINT
    path.write_bytes(bytes(data))
    with contextlib.suppress(ValueError):
        read_checkpoint(path)


def test_a_checkpoint_of_another_network_is_said_to_be_one(tmp_path: Path) -> None:
    few = dict(list(weights().items())[:4])
    (tmp_path / CHECKPOINT).write_bytes(checkpoint(few))
    with pytest.raises(ValueError, match="does not hold the speaker network"):
        build(tmp_path)
