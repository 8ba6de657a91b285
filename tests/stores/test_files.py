"""Files: the contract on every store, and that what lies on the disk is sealed."""

from __future__ import annotations

import io
import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.contracts.file_store import FileStoreContract, listed
from selfsame.errors import BadInput, BadOutput, NotFound, TooLarge, Unavailable
from selfsame.kit.tasks import offload
from selfsame.stores.files import keys, local, seal
from selfsame.stores.files.local import LocalFiles
from selfsame.stores.files.memory import MemoryFiles
from selfsame.stores.keys import KeyFile

pytestmark = pytest.mark.anyio
KEY, NEW_KEY = bytes(range(32)), bytes(range(1, 33))


@pytest.fixture
def files(tmp_path: Path) -> LocalFiles:
    return LocalFiles(tmp_path / "files", KEY)


class TestLocal(FileStoreContract):
    @pytest.fixture
    def store(self, files: LocalFiles) -> LocalFiles:
        return files


class TestMemory(FileStoreContract):
    @pytest.fixture
    def store(self) -> MemoryFiles:
        return MemoryFiles()


def on_disk(root: Path) -> list[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file())


async def test_nothing_of_a_file_can_be_read_on_the_disk(files: LocalFiles, tmp_path: Path) -> None:
    secret = b"the face of somebody " * 100_000
    await files.put("f/u/face.jpg", secret)
    (path,) = on_disk(tmp_path)
    raw = path.read_bytes()
    assert secret[:8] not in raw
    assert raw.startswith(seal.MAGIC + seal.key_id(KEY))
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    await files.put("f/u/face2.jpg", secret)
    assert on_disk(tmp_path)[1].read_bytes()[64:128] != raw[64:128]  # equal files do not look equal


@pytest.mark.parametrize(
    "change",
    [
        lambda raw: raw[:-1],
        lambda raw: raw + b"x",
        lambda raw: raw[: seal.HEADER_BYTES],
        lambda raw: raw[: seal.HEADER_BYTES + seal.SEGMENT + seal.TAG_BYTES],  # the last segment dropped
        lambda raw: raw[:100] + bytes([raw[100] ^ 1]) + raw[101:],
        lambda raw: raw[:10] + bytes([raw[10] ^ 1]) + raw[11:],  # the salt
        lambda raw: b"",
        lambda raw: b"JFIF" + raw,
    ],
)
async def test_a_changed_file_does_not_open(
    files: LocalFiles, tmp_path: Path, change: Callable[[bytes], bytes]
) -> None:
    await files.put("a/b", b"z" * (seal.SEGMENT + 1000))
    (path,) = on_disk(tmp_path)
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(BadOutput) as caught:
        await files.get("a/b")
    assert caught.value.code == "FILES_BAD_OUTPUT"


async def test_segments_cannot_be_swapped_or_doubled(files: LocalFiles, tmp_path: Path) -> None:
    await files.put("a/b", b"z" * (3 * seal.SEGMENT))
    (path,) = on_disk(tmp_path)
    raw, step = path.read_bytes(), seal.SEGMENT + seal.TAG_BYTES
    head, one, two, three = (
        raw[: seal.HEADER_BYTES],
        *(raw[seal.HEADER_BYTES + n * step : seal.HEADER_BYTES + (n + 1) * step] for n in range(3)),
    )
    for changed in (two + one + three, one + one + three, one + three, one + two, one + two + three + three):
        path.write_bytes(head + changed)
        with pytest.raises(BadOutput):
            await files.get("a/b")


async def test_a_file_that_was_moved_to_another_name_does_not_open(files: LocalFiles, tmp_path: Path) -> None:
    await files.put("f/alice/face", b"alice")
    await files.put("f/bob/face", b"bob")
    alice, bob = on_disk(tmp_path)
    os.replace(alice, bob)
    with pytest.raises(BadOutput, match="moved"):
        await files.get("f/bob/face")


async def test_after_a_change_of_keys_old_files_open_and_new_ones_use_the_new_key(tmp_path: Path) -> None:
    await LocalFiles(tmp_path, KEY).put("old", b"1")
    both = LocalFiles(tmp_path, NEW_KEY, older=[KEY])
    assert await both.get("old") == b"1"
    await both.put("old", b"2")
    only_new = LocalFiles(tmp_path, NEW_KEY)
    assert await only_new.get("old") == b"2"
    with pytest.raises(Unavailable, match="restore the key file") as caught:
        await LocalFiles(tmp_path, KEY).get("old")
    assert caught.value.code == "FILES_UNAVAILABLE"


def test_a_key_of_the_wrong_length_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        LocalFiles(tmp_path, b"short")


async def test_a_key_file_opens_what_it_sealed(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "files.key")
    await LocalFiles(tmp_path / "f", await offload(file.load)).put("a", b"x")
    assert await LocalFiles(tmp_path / "f", await offload(file.load)).get("a") == b"x"


async def test_a_write_that_fails_leaves_the_old_file_and_no_rest(
    files: LocalFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await files.put("a/b", b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(local.os, "replace", full)
        with pytest.raises(Unavailable, match="No space left"):
            await files.put("a/b", b"new")
    assert await files.get("a/b") == b"old"
    assert len(on_disk(tmp_path)) == 1


async def test_what_a_killed_writer_left_is_not_listed_and_goes_with_the_folder(
    files: LocalFiles, tmp_path: Path
) -> None:
    await files.put("f/u1/m/x", b"x")
    (path,) = on_disk(tmp_path)
    path.with_name(".0123.part").write_bytes(b"half of it")
    assert await listed(files) == ["f/u1/m/x"]
    assert await files.delete("f/u1/") == 1
    assert on_disk(tmp_path) == []
    assert list((tmp_path / "files" / "f").iterdir()) == []  # the empty folders went too


async def test_a_folder_that_cannot_be_made_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Unavailable):
        await LocalFiles(tmp_path / "file", KEY).put("a", b"x")
    with pytest.raises(BadInput):
        await LocalFiles(tmp_path, KEY).put("a.sealed/b", b"x")


async def test_too_large_is_said_before_anything_is_written(
    files: LocalFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "MOST_BYTES", 10)
    with pytest.raises(TooLarge):
        await files.put("a", b"x" * 11)
    assert on_disk(tmp_path) == []


async def test_a_large_file_is_not_held_twice(files: LocalFiles) -> None:
    data = bytes(48 * 1024 * 1024)
    tracemalloc.start()
    try:
        await files.put("big", data)
        put = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        got = await files.get("big")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert got == data
    assert put < 8 * 1024**2
    assert peak < 1.3 * len(data)


@given(st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_whatever_is_taken_for_a_key_stays_inside(tmp_path_factory: pytest.TempPathFactory, key: str) -> None:
    root = Path("/somewhere/files")
    try:
        path = LocalFiles(root, KEY)._path(key)
    except BadInput:
        return
    assert Path(os.path.normpath(path)).is_relative_to(root)
    assert str(path) == os.path.normpath(path)


@given(st.binary(max_size=200), st.booleans())
@settings(max_examples=200, deadline=None)
def test_whatever_lies_on_the_disk_reading_it_is_an_error_and_no_crash(raw: bytes, headed: bool) -> None:
    file = io.BytesIO(seal.MAGIC + seal.key_id(KEY) + raw if headed else raw)
    with pytest.raises((seal.Tampered, seal.UnknownKey)):
        seal.unseal({seal.key_id(KEY): KEY}, "a/b", file)


async def test_not_found_is_the_answer_in_an_empty_place(tmp_path: Path) -> None:
    store = LocalFiles(tmp_path / "nowhere", KEY)
    with pytest.raises(NotFound):
        await store.get("a")
    assert await store.delete("a/") == 0
    assert await listed(store) == []
