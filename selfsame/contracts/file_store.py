"""What every `FileStore` must do. Inherit, and give the fixture `store`.

class TestMyStore(FileStoreContract):
    @pytest.fixture
    def store(self): ...
"""

from __future__ import annotations

import pytest

from selfsame.errors import BadInput, NotFound
from selfsame.kit.tasks import group
from selfsame.studio.port import FileStore

BAD_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "..",
    "a/../b",
    "a/./b",
    "a//b",
    "a/",
    ".hidden",
    "a/.part",
    "a\\b",
    "a\0b",
    "a\nb",
    "a b",
    "c:/x",
    "ümlaut",
    "a" * 513,
    "a/" + "b" * 151,
    "/".join(["long"] * 200),
]


async def listed(store: FileStore, prefix: str = "") -> list[str]:
    """The keys as a list."""
    return [key async for key in store.keys(prefix)]


@pytest.mark.anyio
class FileStoreContract:
    """Bytes by key: whole, exact, and gone when deleted."""

    @pytest.fixture
    def store(self) -> FileStore:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    @pytest.mark.parametrize("size", [0, 1, 1024 * 1024 - 1, 1024 * 1024, 1024 * 1024 + 1, 3 * 1024 * 1024])
    async def test_what_was_put_is_got(self, store: FileStore, size: int) -> None:
        data = (bytes(range(256)) * (size // 256 + 1))[:size]
        await store.put("folder/user/file.bin", data)
        assert await store.get("folder/user/file.bin") == data

    async def test_putting_again_replaces(self, store: FileStore) -> None:
        await store.put("a/b", b"first, which is longer")
        await store.put("a/b", b"second")
        assert await store.get("a/b") == b"second"
        assert await listed(store) == ["a/b"]

    async def test_what_is_not_there_is_not_found(self, store: FileStore) -> None:
        await store.put("a/b/c", b"x")
        for key in ("a", "a/b", "a/b/c/d", "a/b/d", "other"):
            with pytest.raises(NotFound):
                await store.get(key)

    @pytest.mark.parametrize("key", BAD_KEYS)
    async def test_a_key_that_could_leave_or_hide_is_refused(self, store: FileStore, key: str) -> None:
        with pytest.raises(BadInput):
            await store.put(key, b"x")
        with pytest.raises(BadInput):
            await store.get(key)
        assert await listed(store) == []

    @pytest.mark.parametrize("prefix", ["..", "../", "/", "a/../", "/etc", ".", "a//"])
    async def test_a_prefix_cannot_leave_either(self, store: FileStore, prefix: str) -> None:
        with pytest.raises(BadInput):
            await store.delete(prefix)
        with pytest.raises(BadInput):
            await listed(store, prefix)

    async def test_deleting_everything_must_be_said_otherwise(self, store: FileStore) -> None:
        await store.put("a", b"x")
        with pytest.raises(BadInput):
            await store.delete("")
        assert await listed(store) == ["a"]

    async def test_a_key_may_be_a_folder_of_another(self, store: FileStore) -> None:
        await store.put("a", b"1")
        await store.put("a/b", b"2")
        assert (await store.get("a"), await store.get("a/b")) == (b"1", b"2")
        assert await listed(store) == ["a", "a/b"]

    async def test_keys_are_listed_by_prefix_and_sorted(self, store: FileStore) -> None:
        keys = ["f/u1/m1/x", "f/u1/m1/y", "f/u1/m2/x", "f/u10/m1/x", "f/u2/x", "g/u1/x"]
        for key in reversed(keys):
            await store.put(key, key.encode())
        assert await listed(store) == keys
        assert await listed(store, "f/u1/") == keys[:3]
        assert await listed(store, "f/u1") == keys[:4]
        assert await listed(store, "f/u1/m1/x") == keys[:1]
        assert await listed(store, "nowhere/") == []

    async def test_deleting_takes_the_prefix_and_nothing_else(self, store: FileStore) -> None:
        keys = ["f/u1/m1/x", "f/u1/m1/y", "f/u1/m2/x", "f/u10/m1/x", "g/u1/x"]
        for key in keys:
            await store.put(key, b"x")
        assert await store.delete("f/u1/m1/x") == 1
        assert await store.delete("f/u1/") == 2
        assert await store.delete("f/u1/") == 0
        assert await store.delete("nowhere/at/all/") == 0
        assert await listed(store) == keys[3:]
        with pytest.raises(NotFound):
            await store.get("f/u1/m1/y")
        await store.put("f/u1/m1/y", b"again")
        assert await store.get("f/u1/m1/y") == b"again"

    async def test_many_writers_of_one_key_leave_one_of_their_files(self, store: FileStore) -> None:
        written = [bytes([n]) * 100_000 for n in range(8)]
        async with group() as tasks:
            for data in written:
                tasks.start_soon(store.put, "a/b", data)
        assert await store.get("a/b") in written
        assert await listed(store) == ["a/b"]
