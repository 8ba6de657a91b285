"""Photos and videos are told apart by their first bytes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.errors import BadInput
from selfsame.studio.media.photos import read_photo
from selfsame.studio.media.sniff import as_media, is_video
from tests.face.drawn import face
from tests.studio.files import bomb, photo, video

MP4 = b"\0\0\0\x18ftyp"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_every_photo_that_can_be_read_is_a_photo(kind: str) -> None:
    assert not is_video(photo(face(), kind))


@pytest.mark.parametrize(("kind", "codec"), [
    ("mp4", "libx264"), ("mov", "libx264"), ("matroska", "libx264"), ("webm", "libvpx"), ("avi", "mpeg4"),
    ("mpegts", "libx264"), ("mpeg", "mpeg1video"), ("flv", "flv"), ("3gp", "mpeg4"),
])  # fmt: skip
def test_every_video_is_a_video(kind: str, codec: str) -> None:
    assert is_video(video([face()[:240, :320]] * 12, rate=25, kind=kind, codec=codec))


@pytest.mark.parametrize(("head", "expected"), [
    (MP4 + b"isom", True), (MP4 + b"qt  ", True), (MP4 + b"M4V ", True), (MP4 + b"3gp4", True),
    (MP4 + b"heic", False), (MP4 + b"heim", False), (MP4 + b"hevc", False), (MP4 + b"mif1", False),
    (MP4 + b"avif", False), (b"\0\0\0\x08moov", True), (b"RIFF\0\0\0\0AVI ", True), (b"RIFF\0\0\0\0WEBP", False),
    (b"RIFF\0\0\0\0WAVE", False), (b"\x1aE\xdf\xa3", True), (b"G", False), (b"", False), (b"%PDF-1.7", False),
    (b"G" + bytes(187) + b"G" + bytes(187) + b"G" + bytes(9), True), (b"G" + bytes(600), False),
])  # fmt: skip
def test_first_bytes(head: bytes, expected: bool) -> None:
    assert is_video(head) is expected


@given(st.binary(max_size=600))
def test_anything_is_one_or_the_other(data: bytes) -> None:
    assert is_video(data) in (True, False)


@pytest.mark.parametrize(("files", "advice"), [
    ([], "Choose the photos"), ([b""], "empty"), ([b"x", b""], "empty"), ([MP4 + b"isom", b"x"], "not both"),
    ([MP4 + b"isom"] * 2, "one video"),
])  # fmt: skip
def test_what_cannot_be_used_is_said(files: list[bytes], advice: str) -> None:
    with pytest.raises(BadInput, match=advice):
        as_media(files)


def test_media_have_their_type() -> None:
    assert as_media([bomb(), b"anything"]).type == "images"
    one = as_media([MP4 + b"isom"])
    assert (one.type, one.data) == ("video", (MP4 + b"isom",))


def test_a_phones_heic_photo_gets_the_advice_of_a_photo() -> None:
    for brand in (b"heic", b"heim", b"hevc", b"mif1"):
        data = MP4 + brand + bytes(40)
        assert as_media([data]).type == "images"
        with pytest.raises(BadInput, match="HEIC"):
            read_photo(data)
