from __future__ import annotations

import io
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput, CallerError, TooLarge
from selfsame.studio.media.kinds import VideoLimits
from selfsame.studio.media.videos import VideoFile
from tests.face.drawn import face
from tests.studio.files import photo, sound, talking, video

SMALL = [np.ascontiguousarray(each[::4, ::4]) for each in talking(6.0)]
CLIP = video(SMALL)
SHORT = VideoLimits(shortest=0.5, used=2.0, longest=8.0, stills=6)


def read(data: bytes, limits: VideoLimits | None = None):
    with VideoFile(io.BytesIO(data), limits) as opened:
        return opened.facts, list(opened.stills())


@pytest.mark.parametrize(
    ("kind", "codec"),
    [("mp4", "libx264"), ("mov", "libx264"), ("webm", "libvpx"), ("avi", "mpeg4"), ("mpeg", "mpeg1video")],
)
def test_any_container_is_read(kind: str, codec: str) -> None:
    rate = 25 if kind == "mpeg" else 10
    facts, stills = read(video(SMALL * (3 if kind == "mpeg" else 1), rate, kind, codec))
    assert facts.duration == pytest.approx(6.0 if rate == 10 else 7.2, abs=0.3 if rate == 10 else 1.0)
    assert (facts.width, facts.height) == (128, 160)
    assert len(stills) >= 55
    assert stills[0].image.shape == (160, 128, 3)
    assert np.abs(stills[0].image.astype(int) - SMALL[0]).mean() < 12
    assert all(a.time < b.time for a, b in zip(stills, stills[1:], strict=False))


def test_a_recording_without_a_length_is_measured() -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="webm", options={"live": "1"}) as container:
        stream = container.add_stream("libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 128, 160, "yuv420p"
        for image in SMALL:
            container.mux(stream.encode(av.VideoFrame.from_ndarray(image, format="bgr24")))
        container.mux(stream.encode())
    facts, stills = read(out.getvalue())
    assert facts.duration == pytest.approx(6.0, abs=0.2)
    assert len(stills) > 50


def test_only_the_first_stretch_is_used_and_that_is_said() -> None:
    facts, stills = read(CLIP, SHORT)
    assert len(stills) == 6
    assert stills[-1].time <= 2.0
    assert facts.notes == ("The video has 6 seconds; the first 2 were used.",)


@pytest.mark.parametrize(
    ("data", "kind", "message"),
    [
        (b"", BadInput, "MP4, MOV or WebM"),
        (b"no video at all" * 99, BadInput, "MP4, MOV or WebM"),
        (sound(), BadInput, "only sound"),
        (photo(), BadInput, "MP4, MOV or WebM"),
        (CLIP[: len(CLIP) // 3], BadInput, "video"),
        (video(SMALL[:20]), BadInput, "shorter than 5 seconds"),
        (b"#EXTM3U\n#EXTINF:9,\n/etc/passwd\n#EXT-X-ENDLIST\n", BadInput, "MP4, MOV or WebM"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", BadInput, "MP4, MOV or WebM"),
    ],
    ids=["empty", "text", "sound", "photo", "no index", "short", "playlist", "concat"],
)
def test_what_is_no_video_is_refused_with_what_to_do(data: bytes, kind: type[CallerError], message: str) -> None:
    with pytest.raises(kind, match=message):
        read(data)


def test_too_long_and_too_large_are_refused_before_decoding() -> None:
    with pytest.raises(TooLarge, match="longer than"):
        read(CLIP, VideoLimits(longest=3.0))
    with pytest.raises(TooLarge, match="4K"):
        read(video([np.zeros((4320, 5000, 3), np.uint8)] * 2, kind="avi", codec="mjpeg"), VideoLimits(shortest=0))


def test_a_phone_s_turn_is_undone() -> None:
    pytest.importorskip("av")
    data = bytearray(video([np.ascontiguousarray(np.rot90(each)) for each in SMALL], kind="mov"))
    place = data.index(b"tkhd") + 4 + 40  # the track's matrix, after version, times, id, duration and layer
    quarter = [0, 1 << 16, 0, -(1 << 16), 0, 0, 0, 0, 1 << 30]
    data[place : place + 36] = b"".join(number.to_bytes(4, "big", signed=True) for number in quarter)
    _, stills = read(bytes(data))
    assert stills[0].image.shape == (160, 128, 3)
    assert np.abs(stills[0].image.astype(int) - SMALL[0]).mean() < 12


def read_or_refuse(data: bytes) -> None:
    try:
        _, stills = read(data, SHORT)
    except CallerError as refusal:
        assert refusal.message.endswith(".")
    else:
        assert len(stills) <= 6


TINY = {
    "mp4": video(SMALL[:12]),
    "webm": video(SMALL[:12], kind="webm", codec="libvpx"),
    "avi": video(SMALL[:12], kind="avi", codec="mpeg4"),
}


@settings(max_examples=120, deadline=None)
@given(
    kind=st.sampled_from(sorted(TINY)),
    cut=st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), max_size=30),
)
def test_spoilt_videos_are_read_or_refused(kind: str, cut: float, flips: list[tuple[float, int]]) -> None:
    data = bytearray(TINY[kind])
    for place, bit in flips:
        data[int(place * len(data))] ^= 1 << bit
    read_or_refuse(bytes(data[: round(cut * len(data))] if cut < 0.8 else data))


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"\0\0\0\x20ftypisom", b"\x1aE\xdf\xa3", b"RIFF\0\0\0\0AVI ", b"\0\0\1\xba"]),
)
def test_any_bytes_are_read_or_refused(data: bytes, start: bytes) -> None:
    read_or_refuse(start + data)


def test_the_shared_clips_are_read_whole_and_spoilt(faces: Path) -> None:
    limits = VideoLimits(shortest=1.0, stills=30)
    for file in sorted(faces.glob("*.mpg")):
        facts, stills = read(file.read_bytes(), limits)
        assert facts.duration == pytest.approx(3.0, abs=0.1)
        assert len(stills) == 30
        assert stills[0].image.shape == (288, 360, 3)
    data = bytearray(next(iter(faces.glob("*.mpg"))).read_bytes())
    rng = np.random.default_rng(1)
    for place in rng.integers(0, len(data), 400):
        data[place] ^= 0xFF
    read_or_refuse(bytes(data))
    read_or_refuse(bytes(data[: len(data) // 2]))


def test_a_still_shows_what_the_video_shows() -> None:
    whole = face()
    _, stills = read(video([whole] * 12), VideoLimits(shortest=0.5, stills=2))
    assert np.abs(stills[0].image.astype(int) - whole).mean() < 6
