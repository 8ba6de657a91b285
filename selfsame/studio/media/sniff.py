"""Telling photos from videos by their first bytes: names and declared types are not trusted. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from selfsame.errors import BadInput
from selfsame.studio.media.kinds import ReferenceMedia

_PHOTO_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1", b"avif", b"avis")
_VIDEO = (b"\x1aE\xdf\xa3", b"OggS", b"FLV", b"\0\0\x01\xba", b"\0\0\x01\xb3", b"\x30\x26\xb2\x75")


def is_video(data: bytes) -> bool:
    """Whether it begins as a video does (MP4, MOV, WebM, Matroska, AVI, MPEG, Ogg, FLV, WMV, transport stream)."""
    if data[4:8] == b"ftyp":
        return data[8:12] not in _PHOTO_BRANDS
    if data[:4] == b"RIFF":
        return data[8:12] == b"AVI "
    if data[4:8] in (b"moov", b"mdat", b"wide", b"free"):
        return True
    stream = len(data) > 376 and data[0] == 0x47 and data[188] == 0x47 and data[376] == 0x47
    return data.startswith(_VIDEO) or stream


def as_media(files: Sequence[bytes]) -> ReferenceMedia:
    """The uploaded files as reference media. Raises BadInput on none, on empty ones, and on photos among videos."""
    if not files:
        raise BadInput("Choose the photos or the video to upload.")
    if not all(files):
        raise BadInput("One of the files is empty. Choose the photos or the video again.")
    videos = [is_video(data) for data in files]
    if any(videos) and (len(files) > 1):
        raise BadInput("Upload either photos or one video, not both.")
    return ReferenceMedia("video" if videos[0] else "images", tuple(files))
