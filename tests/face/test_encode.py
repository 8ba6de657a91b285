"""What the encoders write, read back by a decoder: lengths, alignment of sound and picture, colours, keyframes."""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import Any

import av
import cv2
import numpy as np
import pytest

from selfsame.events.shown import Image
from selfsame.face.encode.h264 import H264Stream
from selfsame.face.encode.jpeg import JpegEncoder
from selfsame.face.encode.mp4 import Mp4Options, Mp4Writer
from selfsame.kit.pcm import Pcm

RATE = 22_050


def plain(size: int, value: int, width: int | None = None) -> Image:
    return np.full((size, width or size, 3), value, np.uint8)


def flashes(seconds: float, at: list[float], fps: int = 25, size: int = 64) -> list[Image]:
    lit = {round(moment * fps) for moment in at}
    return [plain(size, 230 if k in lit else 40) for k in range(round(seconds * fps))]


def clicks(seconds: float, at: list[float], rate: int = RATE) -> Pcm:
    pcm = np.zeros(round(seconds * rate), np.int16)
    for moment in at:
        start = round(moment * rate)
        pcm[start : start + rate // 50] = 20_000 * np.sin(np.arange(rate // 50) * 2 * np.pi * 1000 / rate)
    return pcm


def write(pictures: list[Image], sound: Pcm, rate: int = RATE, options: Mp4Options | None = None) -> bytes:
    height, width = pictures[0].shape[:2]
    writer = Mp4Writer(width, height, rate, options)
    for picture in pictures:
        writer.picture(picture)
    for start in range(0, len(sound), 5000):
        writer.sound(sound[start : start + 5000])
    return writer.finish()


def read(data: bytes) -> tuple[list[tuple[float, Any]], np.ndarray, float]:
    """Pictures with their times, the sound, and the time of its first sample."""
    pictures, sound, start = [], [], None
    with av.open(io.BytesIO(data)) as container:
        for frame in container.decode(video=0, audio=0):
            if isinstance(frame, av.VideoFrame):
                pictures.append((float(frame.time or 0.0), frame.to_ndarray(format="bgr24")))
            else:
                start = float(frame.time or 0.0) if start is None else start
                sound.append(frame.to_ndarray()[0])
    return pictures, np.concatenate(sound) if sound else np.zeros(0), start or 0.0


def onsets(sound: np.ndarray, rate: int = 48_000) -> list[float]:
    loud = np.flatnonzero(np.abs(sound) > 0.15)
    return list(loud[np.r_[True, np.diff(loud) > rate // 5]] / rate)


@pytest.mark.parametrize("rate", [8_000, 16_000, 22_050, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("fps", [20, 25, 30])
def test_a_flash_and_its_click_come_out_together(rate: int, fps: int) -> None:
    at = [0.4, 1.2, 2.0]
    data = write(flashes(2.6, at, fps), clicks(2.6, at, rate), rate, Mp4Options(fps=fps))
    pictures, sound, start = read(data)
    seen = [time for time, image in pictures if image.mean() > 130]
    assert seen == pytest.approx(at, abs=0.001)
    assert [start + x for x in onsets(sound)] == pytest.approx(at, abs=0.005)


@pytest.mark.skipif(not shutil.which("ffmpeg"), reason="the ffmpeg program is not installed")
def test_another_decoder_finds_them_together_too(tmp_path: Any) -> None:
    at = [0.48, 1.48]
    path = tmp_path / "clip.mp4"
    path.write_bytes(write(flashes(2.0, at), clicks(2.0, at)))

    def ffmpeg(*options: str) -> bytes:
        return subprocess.run(
            ["ffmpeg", "-v", "error", "-i", str(path), *options, "-"], capture_output=True, check=True
        ).stdout

    grey = np.frombuffer(ffmpeg("-f", "rawvideo", "-pix_fmt", "gray"), np.uint8).reshape(-1, 64 * 64).mean(1)
    sound = np.frombuffer(ffmpeg("-f", "s16le", "-ac", "1", "-ar", "48000"), np.int16) / 32768
    assert list(np.flatnonzero(grey > 120) / 25) == pytest.approx(at)
    assert onsets(sound) == pytest.approx(at, abs=0.005)


@pytest.mark.parametrize(("height", "width"), [(64, 64), (65, 64), (64, 63), (361, 359)])
def test_odd_edges_are_made_even(height: int, width: int) -> None:
    pictures, _, _ = read(write([plain(height, 90, width)] * 5, np.zeros(0, np.int16)))
    assert pictures[0][1].shape == (height + height % 2, width + width % 2, 3)


@pytest.mark.parametrize(("video", "audio"), [(1.0, 0.0), (1.0, 0.4), (0.4, 1.0), (0.04, 0.5), (1.0, 1.013)])
def test_the_shorter_of_both_is_filled_up(video: float, audio: float) -> None:
    data = write([plain(64, 90)] * round(video * 25), np.zeros(round(audio * RATE), np.int16))
    pictures, sound, _ = read(data)
    longest = max(video, audio)
    assert len(pictures) / 25 == pytest.approx(longest, abs=0.04)
    assert len(sound) / 48_000 == pytest.approx(longest, abs=0.065), "whole AAC frames of 21 ms"
    with av.open(io.BytesIO(data)) as container:
        lengths = [float(s.duration * s.time_base) for s in container.streams]
    assert abs(lengths[0] - lengths[1]) <= 0.04


def test_the_index_stands_in_front() -> None:
    data = write([plain(64, 90)] * 30, clicks(1.2, [0.5]))
    assert 0 < data.find(b"moov") < data.find(b"mdat")


def test_a_clip_without_a_picture_is_a_mistake() -> None:
    writer = Mp4Writer(64, 64, RATE)
    writer.sound(clicks(0.5, [0.1]))
    with pytest.raises(ValueError, match="picture"):
        writer.finish()
    writer.close()


COLOURS = [(0, 0, 255), (0, 255, 0), (255, 0, 0), (180, 200, 230), (40, 60, 90), (255, 255, 255)]


@pytest.mark.parametrize("colour", COLOURS)
def test_colours_come_back(colour: tuple[int, int, int]) -> None:
    image = np.full((64, 64, 3), colour, np.uint8)
    pictures, _, _ = read(write([image] * 5, np.zeros(0, np.int16), options=Mp4Options(crf=12)))
    assert np.abs(pictures[2][1].astype(int) - image).max() <= 8


def test_the_colours_are_named_in_the_file() -> None:
    with av.open(io.BytesIO(write([plain(64, 90)] * 3, np.zeros(0, np.int16)))) as container:
        codec = container.streams.video[0].codec_context
        assert (codec.colorspace, codec.color_range) == (6, 1)


def test_live_pictures_leave_one_by_one_and_can_be_decoded() -> None:
    stream, decoder = H264Stream(96, 20), av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    shown = []
    for k in range(70):
        image = plain(96, 60)
        image[:, k : k + 8] = 220
        data, key = stream.encode(image, keyframe=k == 25)
        assert data.startswith(b"\x00\x00\x00\x01")
        assert key == (k in (0, 25, 65)), "the first, the one asked for, and one after each two seconds"
        assert (data[4] & 0x1F == 7) == key, "parameter sets stand before every keyframe, and nowhere else"
        shown += decoder.decode(av.Packet(data))
    shown += decoder.decode(None)
    assert len(shown) == 70
    for k in (3, 40, 69):
        row = shown[k].to_ndarray(format="gray").mean(0)
        assert abs(int(np.argmax(np.convolve(row, np.ones(8), "valid"))) - k) <= 1


def test_a_stream_can_be_entered_at_any_keyframe() -> None:
    stream = H264Stream(96, 20)
    units = [stream.encode(plain(96, 40 + 2 * k), keyframe=k == 10) for k in range(20)]
    decoder = av.CodecContext.create("h264", "r")
    decoder.thread_count = 1
    shown = [f for data, _ in units[10:] for f in decoder.decode(av.Packet(data))] + decoder.decode(None)
    assert len(shown) == 10
    assert shown[-1].to_ndarray(format="bgr24").mean() == pytest.approx(40 + 2 * 19, abs=4)


def test_better_jpegs_are_larger_and_nearer() -> None:
    rng = np.random.default_rng(3)
    image = cv2.GaussianBlur(rng.integers(0, 255, (128, 128, 3), np.uint8), (0, 0), 2)
    files = [JpegEncoder(quality).encode(image) for quality in ("low", "medium", "high")]  # type: ignore[arg-type]
    assert len(files[0]) < len(files[1]) < len(files[2])
    errors = [
        np.abs(cv2.imdecode(np.frombuffer(f, np.uint8), cv2.IMREAD_COLOR).astype(int) - image).mean() for f in files
    ]
    assert errors[0] > errors[1] > errors[2] and errors[0] < 8
