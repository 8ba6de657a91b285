"""Recordings of any kind become sound; damaged, endless and malicious ones become an error that says what to do."""

from __future__ import annotations

import io
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from selfsame.errors import BadInput, CallerError, TooLarge
from selfsame.studio import recording
from selfsame.studio.recording import decode_recording

KINDS = [
    ("webm", "libopus", 48_000),
    ("ogg", "libopus", 48_000),
    ("mp4", "aac", 44_100),
    ("wav", "pcm_s16le", 22_050),
    ("flac", "flac", 48_000),
    ("mp3", "libmp3lame", 24_000),
]


def record(
    kind: str, codec: str, rate: int, seconds: float = 1.0, *, layout: str = "mono", video: bool = False
) -> bytes:
    """A tone of 440 Hz from 0.2 s to 0.6 s, as a recorder would write it."""
    out = io.BytesIO()
    time = np.arange(round(seconds * rate)) / rate
    wave = np.where((time >= 0.2) & (time < 0.6), 0.4 * np.sin(2 * np.pi * 440 * time), 0.0)
    with av.open(out, "w", format=kind) as container:
        target: Any = container
        picture = target.add_stream("libvpx", 10) if video else None
        if picture is not None:
            picture.width = picture.height = 32
            picture.pix_fmt = "yuv420p"
        stream = target.add_stream(codec, rate, layout=layout)
        if picture is not None:
            frame = av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")
            frame.pts = 0
            target.mux(picture.encode(frame))
            target.mux(picture.encode(None))
        for start in range(0, len(wave), 4800):
            piece = (wave[start : start + 4800] * 32767).astype(np.int16)[None, :]
            sound = av.AudioFrame.from_ndarray(np.repeat(piece, 2, 0).T.reshape(1, -1) if layout == "stereo" else piece,
                                               "s16", layout)  # fmt: skip
            sound.sample_rate, sound.pts = rate, start
            target.mux(stream.encode(sound))
        target.mux(stream.encode(None))
    return out.getvalue()


@pytest.mark.parametrize(("kind", "codec", "rate"), KINDS)
@pytest.mark.parametrize("layout", ["mono", "stereo"])
def test_what_recorders_write_is_read(kind: str, codec: str, rate: int, layout: str) -> None:
    pcm = decode_recording(record(kind, codec, rate, layout=layout))
    assert pcm.dtype == np.int16 and len(pcm) / 16_000 == pytest.approx(1.0, abs=0.09)
    loud = np.flatnonzero(np.abs(pcm) > 4000) / 16_000
    assert loud[0] == pytest.approx(0.2, abs=0.06) and loud[-1] == pytest.approx(0.6, abs=0.06)
    tone = pcm[5600:8800].astype(float)
    assert np.argmax(np.abs(np.fft.rfft(tone))) * 16_000 / len(tone) == pytest.approx(440, abs=10)


def test_the_sound_of_a_video_is_taken() -> None:
    assert len(decode_recording(record("webm", "libopus", 48_000, video=True))) > 15_000


def test_a_recording_that_breaks_off_is_taken_as_far_as_it_goes() -> None:
    data = record("webm", "libopus", 48_000, 4.0)
    pcm = decode_recording(data[: len(data) * 2 // 3])
    assert 0.5 < len(pcm) / 16_000 < 3.9


def test_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooLarge, match="120 seconds"):
        decode_recording(record("wav", "pcm_s16le", 8_000, 121.0))
    monkeypatch.setattr(recording, "MOST_BYTES", 1000)
    with pytest.raises(TooLarge, match="MB"):
        decode_recording(b"x" * 1001)


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\nfile /etc/passwd\n"
SDP = b"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n"


JUNK = [b"", b"\0", b"not sound at all", b"\x1aE\xdf\xa3", b"OggS" * 50, b"RIFF\xff\xff\xff\xffWAVE"]


@pytest.mark.parametrize("data", [*JUNK, PLAYLIST, CONCAT, SDP, bytes(range(256)) * 400])
def test_what_is_no_recording_is_said_so(data: bytes) -> None:
    with pytest.raises(BadInput, match="ecord"):
        decode_recording(data)


def test_a_video_without_sound_and_a_click_are_said_so() -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="webm") as container:
        stream: Any = container.add_stream("libvpx", 10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")))
        container.mux(stream.encode(None))
    with pytest.raises(BadInput, match="no sound"):
        decode_recording(out.getvalue())
    with pytest.raises(BadInput, match="too short"):
        decode_recording(record("wav", "pcm_s16le", 16_000, 0.05))


WHOLE = {kind: record(kind, codec, rate) for kind, codec, rate in KINDS}


@settings(max_examples=150, deadline=None)
@given(
    kind=some.sampled_from(sorted(WHOLE)),
    cut=some.floats(0.0, 1.0),
    hits=some.lists(some.tuples(some.floats(0.0, 1.0), some.integers(0, 255)), max_size=30),
)
def test_damage_never_crashes(kind: str, cut: float, hits: list[tuple[float, int]]) -> None:
    data = bytearray(WHOLE[kind][: max(1, round(len(WHOLE[kind]) * (1 - cut / 2)))])
    for place, value in hits:
        data[min(len(data) - 1, int(place * len(data)))] = value
    try:
        pcm = decode_recording(bytes(data))
    except CallerError as error:
        assert error.message
    else:
        assert pcm.dtype == np.int16 and 0 < len(pcm) <= 121 * 16_000
