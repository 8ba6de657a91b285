"""The container: what was written is read, everything else is refused in words."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from selfsame.clones.archive.container import MOST_DIRECTORY, ArchiveReader, ArchiveWriter
from selfsame.clones.archive.manifest import CLONE_FORMAT, MANIFEST, Manifest, is_entry_name
from selfsame.clones.archive.passphrase import SEGMENT, SealedFile, Sealer, derive, is_sealed
from selfsame.errors import BadInput, CallerError, TooLarge

HEAD = Manifest(CLONE_FORMAT, "1.0", "2026-03-01T12:00:00+00:00", "ada", "Ada", ())
WORK = 2**4
THINGS = {"clone.json": b"{}", "rows/chunks.jsonl": b'{"a":1}\n{"a":2}\n', "files/face/1/rig.json": b"x" * 300_000}


def written(things: Mapping[str, bytes] = THINGS, head: Manifest = HEAD) -> bytes:
    writer, out = ArchiveWriter(), bytearray()
    for name, data in things.items():
        writer.add(name, data)
        out += writer.taken()
    writer.close(head)
    return bytes(out + writer.taken())


def crafted(things: Mapping[str, bytes], listed: Mapping[str, tuple[int, str]] | None = None, **more: object) -> bytes:
    """A zip whose list says what it likes."""
    if listed is None:
        listed = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in things.items()}
    entries = [{"name": name, "size": size, "sha256": digest} for name, (size, digest) in listed.items()]
    body = {"format": CLONE_FORMAT, "product": "1", "madeAt": "", "slug": "a", "name": "A", "entries": entries} | more
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in things.items():
            file.writestr(name, data)
        file.writestr(MANIFEST, orjson.dumps(body))
    return out.getvalue()


def everything(data: bytes) -> dict[str, bytes]:
    reader = ArchiveReader(io.BytesIO(data))
    reader.verify()
    return {name: reader.read(name, 10**9) for name in reader.names()}


@given(some.dictionaries(some.from_regex(r"[a-z]{1,8}(/[a-z]{1,5}){0,3}", fullmatch=True), some.binary(max_size=2000)))
def test_what_was_written_is_read(things: dict[str, bytes]) -> None:
    assert everything(written(things)) == things


def test_lines_are_read_whole_across_pieces() -> None:
    lines = [b"%d" % n + b"x" * 5000 for n in range(500)]
    reader = ArchiveReader(io.BytesIO(written({"rows/a.jsonl": b"\n".join(lines)})))
    assert list(reader.lines("rows/a.jsonl")) == lines
    assert list(reader.lines("rows/none.jsonl")) == []


def test_ordinary_tools_open_it() -> None:
    with zipfile.ZipFile(io.BytesIO(written())) as file:
        assert file.testzip() is None and set(file.namelist()) == {*THINGS, MANIFEST}


@pytest.mark.parametrize("name", ["../etc/passwd", "/etc/passwd", "a//b", "a/../b", ".hidden", "a\\b", "", "a/", "é"])
def test_names_that_lead_elsewhere_are_refused(name: str) -> None:
    assert not is_entry_name(name)
    with pytest.raises(BadInput):
        ArchiveWriter().begin(name)
    with pytest.raises(BadInput):
        ArchiveReader(io.BytesIO(crafted({name or "x": b"1"}, {name: (1, "0" * 64)})))


@pytest.mark.parametrize(
    ("archive", "error"),
    [
        (b"", BadInput),
        (b"PK", BadInput),
        (written()[:-1], BadInput),
        (written()[: len(written()) // 2], BadInput),
        (crafted({"a": b"1"}, {"a": (1, "0" * 64)}), BadInput),  # another hash
        (crafted({"a": b"1"}, {"a": (2, hashlib.sha256(b"1").hexdigest())}), BadInput),  # another size
        (crafted({"a": b"1", "b": b"2"}, {"a": (1, hashlib.sha256(b"1").hexdigest())}), BadInput),  # more than listed
        (crafted({"a": b"1"}, {"a": (1, hashlib.sha256(b"1").hexdigest()), "b": (0, "0" * 64)}), BadInput),
        (crafted({}, format="selfsame-clone/2"), BadInput),
        (crafted({}, format="something/1"), BadInput),
        (crafted({}, entries=[1]), BadInput),
        (crafted({}, entries={}), BadInput),
        *((crafted({}, lost=each), BadInput) for each in ([], {"uploads": -1}, {"uploads": True}, {"chairs": 1}, None)),
        (crafted({}, {"a": (600 * 1024 * 1024, "0" * 64)}), TooLarge),
        (crafted({}, {f"a{n}": (500 * 1024 * 1024, "0" * 64) for n in range(20)}), TooLarge),
        (crafted({}, {f"a{n}": (100 * 1024 * 1024, "0" * 64) for n in range(3)}), TooLarge),  # unpacks to far more
        (crafted({}, {f"a{n}": (0, "0" * 64) for n in range(50_001)}), TooLarge),
    ],
)
def test_what_is_no_honest_archive_is_refused(archive: bytes, error: type[CallerError]) -> None:
    with pytest.raises(error) as told:
        everything(archive)
    assert len(told.value.message) > 20


def test_an_entry_that_unpacks_to_more_than_it_says_is_stopped() -> None:
    """The directory's size is changed too, so that only reading can tell."""
    honest = crafted({"a": bytes(1000)})
    lying = honest.replace((1000).to_bytes(4, "little"), (999).to_bytes(4, "little"))
    assert lying != honest
    with pytest.raises(BadInput):
        everything(lying)


def test_a_directory_that_would_fill_the_memory_is_not_read() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for number in range(MOST_DIRECTORY // 240):
            file.writestr(f"{number:0200d}", b"")
    assert len(out.getvalue()) > 1.9 * MOST_DIRECTORY
    with pytest.raises(BadInput):
        ArchiveReader(io.BytesIO(out.getvalue()))


@settings(max_examples=300)
@given(some.data())
def test_damage_anywhere_is_an_error_of_the_caller_or_no_change(data: some.DataObject) -> None:
    whole = bytearray(written())
    for _ in range(data.draw(some.integers(1, 4))):
        whole[data.draw(some.integers(0, len(whole) - 1))] = data.draw(some.integers(0, 255))
    with suppress(CallerError):
        assert everything(bytes(whole)) == THINGS


@given(some.binary(max_size=400))
def test_rubbish_is_refused(rubbish: bytes) -> None:
    for data in (rubbish, crafted({"a": b"1"})[:40] + rubbish, rubbish + written()[-200:]):
        with pytest.raises(CallerError):
            everything(data)


@given(
    some.recursive(
        some.none() | some.booleans() | some.integers() | some.text(),
        lambda x: some.lists(x) | some.dictionaries(some.text(), x),
        max_leaves=8,
    )
)
def test_any_list_of_contents_is_read_or_refused(body: object) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        try:
            file.writestr(MANIFEST, orjson.dumps(body))
        except (orjson.JSONEncodeError, TypeError):
            return
    with pytest.raises(CallerError):
        ArchiveReader(io.BytesIO(out.getvalue()))


# --- the passphrase ------------------------------------------------------------------------------------------------


def sealed(data: bytes, passphrase: str = "correct horse", piece: int = 70_000) -> bytes:
    sealer, out = Sealer(passphrase, WORK), bytearray()
    for start in range(0, len(data), piece):
        out += sealer.push(data[start : start + piece])
    return bytes(out + sealer.finish())


@pytest.mark.parametrize("size", [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 2 * SEGMENT + 77])
def test_sealed_bytes_come_back_at_any_place(size: int) -> None:
    data = bytes(n * 7 % 251 for n in range(1000)) * (size // 1000 + 1)
    data = data[:size]
    file = io.BytesIO(sealed(data))
    assert is_sealed(file)
    opened = SealedFile(file, "correct horse", WORK)
    assert opened.read() == data and opened.read() == b""
    for place in (0, size // 2, max(0, size - 3), size + 10):
        opened.seek(place)
        assert opened.read(1000) == data[place : place + 1000]
    assert opened.seek(-min(size, 5), io.SEEK_END) == size - min(size, 5)


def test_an_archive_is_read_through_the_seal() -> None:
    reader = ArchiveReader(SealedFile(io.BytesIO(sealed(written())), "correct horse", WORK))  # type: ignore[arg-type]
    reader.verify()
    assert {name: reader.read(name, 10**9) for name in reader.names()} == THINGS


@given(some.data())
def test_a_sealed_file_that_was_changed_does_not_open(data: some.DataObject) -> None:
    whole = bytearray(SEALED)
    place = data.draw(some.integers(0, len(whole) - 1))
    change = data.draw(some.sampled_from(["flip", "cut", "append"]))
    if change == "flip":
        whole[place] ^= data.draw(some.integers(1, 255))
    elif change == "cut":
        del whole[place:]
    else:
        whole += data.draw(some.binary(min_size=1, max_size=40))
    with pytest.raises(BadInput):
        SealedFile(io.BytesIO(bytes(whole)), "correct horse", WORK).read()


SEALED = sealed(bytes(range(256)) * 10)


def test_segments_cannot_be_dropped_or_swapped() -> None:
    whole = sealed(bytes(3 * SEGMENT))
    head, size = len(whole) - 3 * (SEGMENT + 16), SEGMENT + 16
    first, second, third = (whole[head + n * size : head + (n + 1) * size] for n in range(3))
    for order in ((second, first, third), (first, third), (first, second), (first, first, third)):
        with pytest.raises(BadInput):
            SealedFile(io.BytesIO(whole[:head] + b"".join(order)), "correct horse", WORK).read()


def test_another_passphrase_opens_nothing_and_the_same_written_otherwise_does() -> None:
    with pytest.raises(BadInput):
        SealedFile(io.BytesIO(SEALED), "correct hoarse", WORK)
    data = sealed(b"secret", "caf\u00e9 au lait")
    assert SealedFile(io.BytesIO(data), "cafe\u0301 au lait", WORK).read() == b"secret"
    with pytest.raises(BadInput):
        SealedFile(io.BytesIO(data), "\ud800 au lait", WORK)
    with pytest.raises(BadInput):
        Sealer("short", WORK)


def test_the_key_is_made_with_the_work_of_the_format() -> None:
    import hashlib

    salt = b"0123456789abcdef"
    expected = hashlib.scrypt(b"correct horse", salt=salt, n=2**17, r=8, p=1, maxmem=2**28, dklen=32)
    assert derive("correct horse", salt) == expected
