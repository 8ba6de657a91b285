from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from selfsame.errors import BadInput, CallerError, TooLarge
from selfsame.studio.media.kinds import PHOTO_BYTES, PHOTO_EDGE
from selfsame.studio.media.photos import FORMATS, read_photo
from tests.face.drawn import face
from tests.studio.files import bomb, photo, saved


def near(one: np.ndarray, other: np.ndarray, levels: float = 4.0) -> bool:
    return one.shape == other.shape and float(np.abs(one.astype(int) - other).mean()) < levels


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "BMP", "TIFF", "AVIF", "GIF"])
def test_every_common_kind_is_read(kind: str) -> None:
    read = read_photo(photo(kind=kind))
    assert near(read.image, face(), 12)
    assert (read.width, read.height, read.notes) == (512, 640, ())


def picture() -> Pillow.Image:
    return Pillow.fromarray(np.ascontiguousarray(face()[..., ::-1]))


def sixteen_bit() -> bytes:
    grey = np.asarray(picture().convert("L")).astype(np.uint16) * 257
    return saved(Pillow.fromarray(grey), "PNG")


@pytest.mark.parametrize(
    ("data", "levels"),
    [
        (saved(picture().convert("CMYK"), "JPEG"), 6),
        (saved(picture().convert("P"), "PNG"), 20),
        (saved(picture().convert("RGBA"), "PNG"), 1),
        (saved(picture().convert("YCbCr"), "JPEG"), 4),
    ],
    ids=["CMYK", "palette", "opaque alpha", "YCbCr"],
)
def test_every_kind_of_pixel_becomes_bgr(data: bytes, levels: float) -> None:
    assert near(read_photo(data).image, face(), levels)


def test_grey_and_sixteen_bit_are_read_as_grey() -> None:
    grey = np.asarray(picture().convert("L"))
    for data in (saved(picture().convert("L"), "PNG"), sixteen_bit()):
        assert near(read_photo(data).image, grey[..., None].repeat(3, 2), 1)


def test_what_is_transparent_becomes_grey() -> None:
    clear = picture().convert("RGBA")
    clear.putalpha(0)
    assert (read_photo(saved(clear, "PNG")).image == 128).all()


@pytest.mark.parametrize(("orientation", "quarters"), [(1, 0), (3, 2), (6, 1), (8, 3)])
def test_the_camera_s_turn_is_undone(orientation: int, quarters: int) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = orientation
    lying = np.rot90(face(), quarters)  # as the sensor saw it
    read = read_photo(photo(np.ascontiguousarray(lying), exif=exif.tobytes()))
    assert near(read.image, face())
    assert (read.width, read.height) == (512, 640)


def test_of_an_animation_the_first_picture_that_shows_something_is_used() -> None:
    black = Pillow.new("RGB", (512, 640))
    data = saved(
        black,
        "WEBP",
        save_all=True,
        append_images=[Pillow.new("RGB", (512, 640), (9, 9, 9)), picture()],
        duration=100,
        lossless=True,
    )
    read = read_photo(data)
    assert near(read.image, face(), 3)
    assert read.notes == ("The file is an animation; its picture number 3 was used.",)
    with pytest.raises(BadInput, match="Upload a photo"):
        blank = Pillow.new("RGB", (512, 640), (9, 9, 9))
        read_photo(saved(black, "GIF", save_all=True, append_images=[blank]))


def test_a_large_photo_is_shrunk_and_its_own_size_kept() -> None:
    read = read_photo(photo(face().repeat(8, 0).repeat(8, 1)))
    assert (read.width, read.height) == (4096, 5120)
    assert read.image.shape == (PHOTO_EDGE, 1638, 3)


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"", BadInput, "not a photo"),
        (b"Dear diary, this is no photo.", BadInput, "JPEG, PNG or WebP"),
        (photo()[:400], BadInput, "photo"),
        (photo()[:9000], BadInput, "cut off"),
        (photo(kind="PNG")[:9000], BadInput, "cut off"),
        (bomb(), TooLarge, "50 megapixels"),
        (bomb(8000, 8000), TooLarge, "50 megapixels"),
        (bomb(2000, 2000), BadInput, "damaged"),
        (bytes(PHOTO_BYTES + 1), TooLarge, "25 MB"),
        (photo(face()[:9, :9], "PNG"), BadInput, "9 x 9"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100), BadInput, "HEIC.*JPEG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", BadInput, "not a photo"),
    ],
    ids=[
        "empty",
        "text",
        "header",
        "cut",
        "cut png",
        "bomb",
        "small bomb",
        "lie",
        "heavy",
        "tiny",
        "heic",
        "postscript",
    ],
)
def test_what_is_no_photo_is_refused_with_what_to_do(data: bytes, kind: type[CallerError], message: str) -> None:
    with pytest.raises(kind, match=message):
        read_photo(data)


def read_or_refuse(data: bytes) -> None:
    try:
        image = read_photo(data).image
    except CallerError as refusal:
        assert refusal.message.endswith(".")
    else:
        assert image.dtype == np.uint8
        assert image.ndim == 3


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"II*\0", b"BM"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    read_or_refuse(start + data)


SMALL = {kind: photo(face()[::8, ::8], kind) for kind in ("JPEG", "PNG", "WEBP", "GIF", "TIFF", "BMP", "AVIF")}


@settings(max_examples=250, deadline=None)
@given(
    kind=st.sampled_from(sorted(SMALL)),
    cut=st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=12),
)
def test_spoilt_photos_are_read_or_refused(kind: str, cut: float, flips: list[tuple[float, int]]) -> None:
    data = bytearray(SMALL[kind])
    for place, bit in flips:
        data[int(place * len(data))] ^= 1 << bit
    read_or_refuse(bytes(data[: round(cut * len(data))] if cut < 0.9 else data))


def test_the_shared_faces_are_read(faces: Path) -> None:
    for file in [*faces.glob("*.jpg"), *faces.glob("*.png"), *faces.glob("bad/*")]:
        read_or_refuse(file.read_bytes())
        read_or_refuse(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(BadInput, match="not a photo"):
        read_photo((faces / "bad" / "not_an_image.jpg").read_bytes())


def test_formats_are_those_that_pillow_has() -> None:
    Pillow.init()
    assert set(FORMATS) <= set(Pillow.OPEN)
