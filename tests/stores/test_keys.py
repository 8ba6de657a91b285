"""Key files."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from selfsame.errors import BadInput
from selfsame.stores.keys import KeyFile


def test_a_key_is_made_once_and_is_ours_alone(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys" / "token.key")
    key = file.load()
    assert len(key) == 32
    assert file.load() == key
    assert file.path.stat().st_mode & 0o777 == 0o600
    assert os.listdir(file.path.parent) == ["token.key"]
    assert KeyFile(tmp_path / "other.key").load() != key


def test_many_programs_get_the_same_key(tmp_path: Path) -> None:
    keys: list[bytes] = []
    threads = [threading.Thread(target=lambda: keys.append(KeyFile(tmp_path / "k").load())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8 and len(set(keys)) == 1


def test_a_key_that_others_could_read_is_closed(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "k")
    key = file.load()
    file.path.chmod(0o644)
    assert file.load() == key
    assert file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", ["", "xyz", "ab" * 31, "ab" * 33])
def test_a_file_without_a_key_is_said_and_kept(tmp_path: Path, content: str) -> None:
    file = KeyFile(tmp_path / "k")
    file.path.write_text(content)
    with pytest.raises(BadInput, match="does not hold a key"):
        file.load()
    assert file.path.read_text() == content
