"""Pictures of things: drawn anew without what hid in the file; bad, huge and mislabelled ones end in plain words."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from PIL import Image as Pillow
from PIL import ImageCms, PngImagePlugin

from selfsame.errors import BadInput, CallerError, TooLarge
from selfsame.kit.tasks import offload
from selfsame.studio.media import MediaReader
from selfsame.studio.media.kinds import PICTURE_BYTES, CleanPicture
from selfsame.studio.media.pictures import PICTURE_EDGE, THUMBNAIL_EDGE, check_clean, clean_picture
from tests.library.pictures import drawn

PLACE = "48.8584N 2.2945E"


def opened(data: bytes) -> Pillow.Image:
    picture = Pillow.open(io.BytesIO(data))
    picture.load()
    return picture


def with_place() -> bytes:
    """A photo that says where and with what it was taken, stored on its side."""
    exif = Pillow.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010F] = f"Camera of {PLACE}"
    exif.get_ifd(0x8825)[29] = "2026:01:01"
    return drawn("JPEG", (300, 200), exif=exif, comment=PLACE.encode())


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_kept_small_and_smaller(kind: str) -> None:
    clean = clean_picture(drawn(kind, (2400, 1200)))
    picture, thumbnail = opened(clean.picture), opened(clean.thumbnail)
    assert (picture.format, thumbnail.format) == ("WEBP", "WEBP")
    assert picture.size == (clean.width, clean.height) == (PICTURE_EDGE, PICTURE_EDGE // 2)
    assert thumbnail.size == (THUMBNAIL_EDGE, THUMBNAIL_EDGE // 2)
    assert clean_picture(drawn(kind, (100, 60))).width == 100, "none is made larger"
    pot = np.asarray(picture.convert("RGB"), float)[450, 700]
    assert np.abs(pot - (190, 140, 41)).max() < 30, pot


def test_nothing_of_the_shot_is_kept_but_its_right_way_up() -> None:
    data = with_place()
    assert PLACE.encode() in data
    clean = clean_picture(data)
    assert (clean.width, clean.height) == (200, 300)
    for file in (clean.picture, clean.thumbnail):
        assert PLACE.encode() not in file and b"EXIF" not in file
        picture = opened(file)
        assert len(picture.getexif()) == 0 and not {"exif", "xmp", "icc_profile", "comment"} & picture.info.keys()
        check_clean(file)


def test_text_and_what_hangs_behind_the_end_go() -> None:
    said = PngImagePlugin.PngInfo()
    said.add_text("Author", PLACE)
    data = drawn("PNG", pnginfo=said) + b"<script>" + PLACE.encode()
    clean = clean_picture(data)
    assert PLACE.encode() not in clean.picture and b"script" not in clean.picture


def test_what_is_transparent_stays_so_and_wide_colours_are_turned_into_the_web_s() -> None:
    assert opened(clean_picture(drawn("PNG", mode="RGBA")).thumbnail).mode == "RGBA"
    assert opened(clean_picture(drawn("PNG")).thumbnail).mode == "RGB"
    for profile in (ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(), b"no profile"):
        clean = clean_picture(drawn("PNG", icc_profile=profile))
        assert "icc_profile" not in opened(clean.picture).info
    assert clean_picture(drawn("JPEG", mode="CMYK")).width == 240
    assert clean_picture(drawn("PNG", mode="P")).width == 240


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims a size and unpacks to it from a few kilobytes."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = zlib.compress(bytes(min(width * height, 50_000_000)), 9)
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("data", "kind", "said"),
    [
        (b"", BadInput, "JPEG, PNG or WebP"),
        (b"GIF89a" + bytes(40), BadInput, "JPEG, PNG or WebP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", BadInput, "JPEG, PNG or WebP"),
        (b"%PDF-1.7 picture.png", BadInput, "JPEG, PNG or WebP"),
        (b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", BadInput, "HEIC"),
        (bytes(PICTURE_BYTES + 1), TooLarge, "15 MB"),
        (bomb(30_000, 30_000), TooLarge, "40 megapixels"),
        (bomb(7_000, 6_000), TooLarge, "40 megapixels"),
        (drawn("PNG", (15, 200)), BadInput, "16 pixels"),
        (drawn("PNG")[:-300], BadInput, "damaged"),
        (drawn("JPEG", (900, 900))[:2000], BadInput, "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(60), BadInput, "."),
    ],
)
def test_what_cannot_be_shown_is_said_so(data: bytes, kind: type[CallerError], said: str) -> None:
    with pytest.raises(kind, match=said) as told:
        clean_picture(data)
    assert "pload" in told.value.message, "it says what to do"


@pytest.mark.parametrize(
    "data", [b"", drawn("PNG"), drawn("WEBP", (1700, 20)), drawn("WEBP", icc_profile=b"x" * 50), drawn("WEBP")[:-9]]
)
def test_a_file_that_we_did_not_make_is_not_taken_from_an_archive(data: bytes) -> None:
    with pytest.raises(BadInput):
        check_clean(data)


FILES = [drawn("JPEG"), drawn("PNG", mode="RGBA"), drawn("WEBP"), with_place()]


@settings(max_examples=120, deadline=None)
@given(
    file=some.sampled_from(FILES),
    cut=some.floats(0.0, 1.0),
    hits=some.lists(some.tuples(some.floats(0.0, 1.0), some.integers(0, 255)), max_size=20),
)
def test_damage_never_crashes(file: bytes, cut: float, hits: list[tuple[float, int]]) -> None:
    data = bytearray(file[: max(1, round(len(file) * (1 - cut / 3)))])
    for place, value in hits:
        data[min(len(data) - 1, int(place * len(data)))] = value
    for act in (clean_picture, check_clean):
        try:
            clean = act(bytes(data))
        except CallerError as error:
            assert error.message
        else:
            assert clean is None or isinstance(clean, CleanPicture)


@pytest.mark.anyio
async def test_pictures_come_through_the_process() -> None:
    data, tall = await offload(drawn), await offload(bomb, 7_000, 6_000)
    async with MediaReader() as reader:
        clean = await reader.picture(data)
        assert clean == await offload(clean_picture, data)
        await reader.check_picture(clean.thumbnail)
        for bad, kind in ((b"junk", BadInput), (tall, TooLarge), (bytes(PICTURE_BYTES + 1), TooLarge)):
            with pytest.raises(kind):
                await reader.picture(bad)
        with pytest.raises(BadInput):
            await reader.check_picture(data)
        assert (await reader.picture(data)).picture == clean.picture
