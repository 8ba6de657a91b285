"""Recordings and videos become sound; damaged, endless and hostile ones an error that says what to do."""

from __future__ import annotations

import io
import os
import tempfile
import tracemalloc
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from selfsame.errors import BadInput, CallerError, TooLarge
from selfsame.kit.pcm import Pcm
from selfsame.studio.media import MediaReader, SoundLimits
from selfsame.studio.media.sounds import SoundFile

KINDS = [
    ("wav", "pcm_s16le", 44_100),
    ("wav", "pcm_s24le", 96_000),
    ("wav", "pcm_f32le", 48_000),
    ("aiff", "pcm_s16be", 44_100),
    ("flac", "flac", 48_000),
    ("ogg", "libopus", 48_000),
    ("mp3", "libmp3lame", 22_050),
    ("mp4", "aac", 44_100),
    ("webm", "libopus", 48_000),
    ("mp4+video", "aac", 48_000),
]


def tone(seconds: float, rate: int) -> np.ndarray:
    """440 Hz from 0.5 s on, at -8 dB."""
    time = np.arange(round(seconds * rate)) / rate
    return np.where(time >= 0.5, 0.4 * np.sin(2 * np.pi * 440 * time), 0.0)


def record(kind: str, codec: str, rate: int, seconds: float = 2.0, wave: np.ndarray | None = None) -> bytes:
    """A file as a recorder would write it."""
    kind, _, video = kind.partition("+")
    out = io.BytesIO()
    wave = tone(seconds, rate) if wave is None else wave
    with av.open(out, "w", format=kind) as container:
        target: Any = container
        picture = target.add_stream("libx264", 10) if video else None
        stream = target.add_stream(codec, rate, layout="mono")
        if picture is not None:
            picture.width = picture.height = 64
            picture.pix_fmt = "yuv420p"
            for number in range(round(seconds * 10)):
                frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number, np.uint8), "rgb24")
                frame.pts = number
                target.mux(picture.encode(frame))
            target.mux(picture.encode(None))
        for start in range(0, len(wave), 4800):
            piece = (wave[start : start + 4800] * 32767).astype(np.int16)[None, :]
            sound = av.AudioFrame.from_ndarray(piece, "s16", "mono")
            sound.sample_rate, sound.pts = rate, start
            target.mux(stream.encode(sound))
        target.mux(stream.encode(None))
    return out.getvalue()


def heard(data: bytes, limits: SoundLimits | None = None) -> tuple[SoundFile, Pcm]:
    opened = SoundFile(io.BytesIO(data), limits or SoundLimits())
    try:
        return opened, np.concatenate(list(opened.pieces()))
    finally:
        opened.close()


@pytest.mark.parametrize(("kind", "codec", "rate"), KINDS)
def test_what_people_have_is_read(kind: str, codec: str, rate: int) -> None:
    opened, pcm = heard(record(kind, codec, rate))
    assert opened.facts.rate in (rate, 48_000) and opened.facts.channels == 1
    assert len(pcm) / 24_000 == pytest.approx(2.0, abs=0.1)
    loud = np.flatnonzero(np.abs(pcm) > 6000)
    assert loud[0] / 24_000 == pytest.approx(0.5, abs=0.08)
    middle = pcm[24_000:36_000].astype(float)
    assert np.argmax(np.abs(np.fft.rfft(middle))) * 2 == pytest.approx(440, abs=4)
    assert np.abs(middle).max() / 32768 == pytest.approx(0.4, abs=0.03)


@pytest.mark.anyio
async def test_a_recording_comes_through_the_process_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    data = record("flac", "flac", 16_000, 100.0)
    async with MediaReader() as reader:
        sound = await reader.sound(data)
        assert (sound.rate, sound.facts.rate, sound.facts.duration) == (24_000, 16_000, pytest.approx(100, abs=0.1))
        assert sound.seconds == pytest.approx(100, abs=0.1)  # more than one answer holds
        slow = await reader.sound(data, SoundLimits(rate=16_000, used=5))
        assert len(slow.pcm) == 80_000 and "first" in slow.facts.notes[0]
        for bad in (b"junk", b"", b"RIFF\xff\xff\xff\xffWAVE", bytes(10_000)):
            with pytest.raises(BadInput):
                await reader.sound(bad)
        assert (await reader.sound(data)).seconds == pytest.approx(100, abs=0.1)
    assert os.listdir(tmp_path) == []


def test_a_name_and_what_is_inside_need_not_agree() -> None:
    """Files are known by their content; nothing here looks at a name. An MP4 of sound alone is a recording too."""
    assert len(heard(record("mp4", "aac", 44_100))[1]) > 40_000


def test_hours_of_silence_cost_no_more_than_what_is_used() -> None:
    day = record("flac", "flac", 8_000, wave=np.zeros(8_000 * 3600))
    assert len(day) < 5_000_000
    tracemalloc.start()
    opened, pcm = heard(day, SoundLimits(used=30.0))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(pcm) == 30 * 24_000 and peak < 20_000_000
    assert opened.facts.notes == ("The recording has 60 minutes; the first 30 seconds were used.",)
    with pytest.raises(TooLarge, match="hours"):
        heard(day, SoundLimits(longest=1800.0))


def test_a_header_that_lies_about_the_length_unpacks_no_further_than_what_is_used() -> None:
    honest = record("wav", "pcm_s16le", 16_000, 20.0)
    lying = honest[:40] + (3_200).to_bytes(4, "little") + honest[44:]  # claims a tenth of a second of data
    claims = honest[:40] + (0xFFFFFFFF).to_bytes(4, "little") + honest[44:]
    for data in (lying, claims):
        try:
            _, pcm = heard(data, SoundLimits(used=3.0))
        except CallerError:
            continue
        assert len(pcm) <= 3 * 24_000


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3", "webm"])
def test_a_recording_that_breaks_off_is_taken_as_far_as_it_goes(kind: str) -> None:
    codec = {"wav": "pcm_s16le", "flac": "flac", "ogg": "libopus", "mp3": "libmp3lame", "webm": "libopus"}[kind]
    data = record(kind, codec, 48_000, 10.0)
    _, pcm = heard(data[: len(data) * 6 // 10])
    assert 3.0 < len(pcm) / 24_000 < 8.5


def test_what_is_too_short_or_without_sound_is_said_so() -> None:
    with pytest.raises(BadInput, match="too few"):
        heard(record("wav", "pcm_s16le", 16_000, 0.2))
    with pytest.raises(BadInput, match="almost empty"):
        heard(record("flac", "flac", 16_000, 5.0)[:9_000])
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream: Any = container.add_stream("libx264", 10)
        stream.width = stream.height = 32
        stream.pix_fmt = "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((32, 32, 3), np.uint8), "rgb24")))
        container.mux(stream.encode(None))
    with pytest.raises(BadInput, match="no sound"):
        heard(out.getvalue())


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
CONCAT = b"ffconcat version 1.0\nfile /etc/passwd\n"


@pytest.mark.parametrize("data", [PLAYLIST, CONCAT, b"\0", b"\x1aE\xdf\xa3", b"OggS" * 50, bytes(range(256)) * 400])
def test_what_is_no_recording_is_said_so(data: bytes) -> None:
    with pytest.raises(BadInput, match="Upload|Save"):
        heard(data)


WHOLE = {f"{kind} {codec}": record(kind, codec, rate, 1.5) for kind, codec, rate in KINDS}


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
        _, pcm = heard(bytes(data), SoundLimits(used=60.0))
    except CallerError as error:
        assert error.message
    else:
        assert pcm.dtype == np.int16 and 0 < len(pcm) <= 60 * 24_000
