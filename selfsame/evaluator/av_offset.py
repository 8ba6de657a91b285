"""How far sound and picture of a file are apart: by its time stamps, by its sound, and by a clapper. Calls block.

Every offset has the sign of ITU-R BT.1359: positive when the sound is early, that is the picture is late. A player is
taken to obey edit lists, as browsers and FFmpeg do; `FileTiming` also says what one that does not would make of it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from selfsame.errors import BadInput, TooLarge
from selfsame.evaluator.mp4_boxes import Edits, edits
from selfsame.kit.pcm import Pcm, from_float

LONGEST = 1200.0
"""Seconds of a file that are looked at; longer ones are refused."""
CLAP_SECONDS = 0.02
_CLAP_HZ = 2000
_PAIRED = 0.5  # seconds between a flash and its click, at most
_PLACED = 60.0  # seconds of a known sound that are looked for


@dataclass(frozen=True, slots=True)
class FileTiming:
    """When sound and picture of a file begin and end, in seconds of its presentation.

    `offset_ms` compares the beginnings; it is the offset when the first sample belongs to the first picture.
    `offset_without_edits_ms` is the same for a player that ignores edit lists, so their difference is the encoders'
    delay. `longest_gap_ms` is the longest time that a picture stands (the frame's own length when none is missing).
    """

    video_start: float
    video_end: float
    audio_start: float
    audio_end: float
    frames: int
    fps: float
    longest_gap_ms: float
    offset_without_edits_ms: float
    edits: tuple[Edits, ...]

    @property
    def offset_ms(self) -> float:
        """Milliseconds by which the sound begins before the picture."""
        return 1000 * (self.video_start - self.audio_start)


def timing(mp4: bytes) -> FileTiming:
    """Measure a file by its time stamps. Raises BadInput when it has no picture or no sound, TooLarge."""
    times = [at for at, _ in _pictures(mp4, pixels=False)]
    if not times:
        raise BadInput("the file has no picture")
    sound = list(_sounds(mp4))
    if not sound:
        raise BadInput("the file has no sound")
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.04
    last, samples, rate = sound[-1]
    return FileTiming(
        video_start=times[0],
        video_end=times[-1] + step,
        audio_start=sound[0][0],
        audio_end=last + len(samples) / rate,
        frames=len(times),
        fps=1 / step if step > 0 else 0.0,
        longest_gap_ms=1000 * float(np.max(np.diff(times))) if len(times) > 1 else 0.0,
        offset_without_edits_ms=_without_edits(mp4),
        edits=tuple(edits(mp4)),
    )


def track(mp4: bytes) -> tuple[npt.NDArray[np.float32], int]:
    """The file's sound in its presentation time, mono, -1..1, and its rate: sample k is heard at k / rate seconds.

    Raises BadInput, TooLarge.
    """
    pieces = list(_sounds(mp4))
    if not pieces:
        raise BadInput("the file has no sound")
    rate = pieces[0][2]
    end = max(at + len(samples) / rate for at, samples, _ in pieces)
    if not 0 <= end <= LONGEST:
        raise TooLarge(f"the file's sound is longer than {LONGEST:.0f} s")
    whole = np.zeros(round(end * rate) + 1, np.float32)
    for at, samples, _ in pieces:
        place = round(at * rate)
        samples = samples[max(0, -place) :]
        place = max(0, place)
        fits = min(len(samples), len(whole) - place)
        whole[place : place + fits] = samples[:fits]
    return whole, rate


def heard_at(mp4: bytes, pcm: Pcm, rate: int) -> float | None:
    """When the first sample of `pcm` is heard, in seconds after the file's first picture; None if it is not in there.

    Found by cross-correlation with the decoded sound, to a sample (speech through AAC correlates by over 0.9). Raises
    BadInput when the file has no sound or picture, TooLarge.
    """
    sound, file_rate = track(mp4)
    first = next((at for at, _ in _pictures(mp4, pixels=False)), None)
    if first is None:
        raise BadInput("the file has no picture")
    known = pcm[: int(_PLACED * rate)].astype(np.float32) / 32768.0
    if rate != file_rate:
        import soxr

        known = soxr.resample(known, rate, file_rate)
    if not known.any() or not sound.any():
        return None
    size = 1 << (len(sound) + len(known)).bit_length()
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(known, size)), size)
    place = int(np.argmax(product))
    lag = place if place < len(sound) else place - size
    under = sound[max(0, lag) : lag + len(known)]
    alike = float(product[place]) / (float(np.linalg.norm(known)) * float(np.linalg.norm(under)) + 1e-9)
    return lag / file_rate - first if alike >= 0.5 else None


@dataclass(frozen=True, slots=True)
class Clap:
    """A flash and its click, in seconds of the file's presentation."""

    flash: float
    click: float

    @property
    def offset_ms(self) -> float:
        """Milliseconds by which the click is early."""
        return 1000 * (self.flash - self.click)


def clap_pictures(count: int, fps: float, size: int, claps: list[float]) -> Iterator[npt.NDArray[np.uint8]]:
    """`count` black pictures (size, size, 3), white for 0.1 s from the first frame at or after each clap on."""
    for k in range(count):
        white = any(-1e-6 <= k / fps - at < 0.1 for at in claps)
        yield np.full((size, size, 3), 255 if white else 0, np.uint8)


def clap_sound(seconds: float, rate: int, claps: list[float]) -> Pcm:
    """Silence with a click, 20 ms of 2 kHz that begins at its loudest, at each clap."""
    sound = np.zeros(int(seconds * rate))
    burst = np.arange(int(CLAP_SECONDS * rate)) / rate
    click = 0.8 * np.cos(2 * np.pi * _CLAP_HZ * burst) * (1 - burst / CLAP_SECONDS)
    for at in claps:
        place = round(at * rate)
        fits = max(0, min(len(click), len(sound) - place))
        sound[place : place + fits] += click[:fits]
    return from_float(sound)


def claps(mp4: bytes) -> list[Clap]:
    """Each white flash of a file with the click nearest to it. Raises BadInput when there is none, TooLarge.

    A flash begins with the first picture brighter than half way between the file's darkest and brightest; its time is
    exact to a frame of whatever made it. A click begins where the sound first reaches half its height (under 1 ms).
    """
    light = [(at, float(picture.mean())) for at, picture in _pictures(mp4, pixels=True)]
    level = np.array([bright for _, bright in light])
    if not len(level) or np.ptp(level) < 40:
        raise BadInput("the file shows no flash")
    bright = level > (level.min() + level.max()) / 2
    flashes = [light[k][0] for k in range(1, len(light)) if bright[k] and not bright[k - 1]]
    sound, rate = track(mp4)
    loud = np.flatnonzero(np.abs(sound) >= 0.5 * float(np.abs(sound).max(initial=0.0)))
    if not len(loud) or float(np.abs(sound).max()) < 0.05:
        raise BadInput("the file's sound has no click")
    starts = loud[np.insert(np.diff(loud) > 0.1 * rate, 0, True)] / rate
    found = [Clap(flash, float(starts[np.argmin(np.abs(starts - flash))])) for flash in flashes]
    found = [clap for clap in found if abs(clap.flash - clap.click) <= _PAIRED]
    if not found:
        raise BadInput("no flash of the file has a click within half a second")
    return found


def _without_edits(mp4: bytes) -> float:
    picture = next((at for at, _ in _pictures(mp4, pixels=False, ignore_editlist="1")), 0.0)
    sound = next((at for at, _, _ in _sounds(mp4, ignore_editlist="1")), 0.0)
    # The decoder gives the priming as sound then: what belongs to the first picture comes as much later.
    primed = sum(edit.skipped_s for edit in edits(mp4) if edit.kind == "soun")
    return 1000 * (picture - sound - primed)


def pictures(mp4: bytes) -> Iterator[tuple[float, npt.NDArray[np.uint8]]]:
    """(seconds, BGR picture of shape (height, width, 3)) of every frame, in order. Raises BadInput, TooLarge."""
    return _pictures(mp4, pixels=True, shape="bgr24")


def _pictures(mp4: bytes, *, pixels: bool, shape: str = "gray", **options: str) -> Iterator[tuple[float, Any]]:
    with _opened(mp4, options) as container:
        if container.streams.video:
            _known_codec(container.streams.video[0]).thread_count = 1
            for frame in container.decode(video=0):
                if frame.time is None:
                    raise BadInput("a picture of the file has no time")
                if not -LONGEST <= frame.time <= LONGEST:
                    raise TooLarge(f"the video is longer than {LONGEST:.0f} s")
                yield float(frame.time), frame.to_ndarray(format=shape) if pixels else None


def _sounds(mp4: bytes, **options: str) -> Iterator[tuple[float, npt.NDArray[np.float32], int]]:
    """(seconds, mono samples, rate) of every decoded piece; the codec's priming is cut by the decoder."""
    import av

    with _opened(mp4, options) as container:
        if container.streams.audio:
            mixer = av.AudioResampler("fltp", "mono", _known_codec(container.streams.audio[0]).sample_rate or None)
            for frame in container.decode(audio=0):
                if frame.time is None:
                    raise BadInput("a piece of the file's sound has no time")
                if not -LONGEST <= frame.time <= LONGEST:
                    raise TooLarge(f"the file's sound is longer than {LONGEST:.0f} s")
                at = float(frame.time)
                for part in mixer.resample(frame):
                    yield at, part.to_ndarray()[0].astype(np.float32), part.sample_rate
                    at += part.samples / part.sample_rate


def _known_codec(stream: Any) -> Any:
    """The stream's decoder, which FFmpeg leaves out where it does not know the codec."""
    if stream.codec_context is None:
        raise BadInput("the video cannot be read: its codec is not known here")
    return stream.codec_context


@contextmanager
def _opened(mp4: bytes, options: dict[str, str]) -> Iterator[Any]:
    """The file for reading; a file that cannot be read is the caller's fault."""
    import av
    from av.error import FFmpegError

    try:
        with av.open(io.BytesIO(mp4), options=options) as container:
            yield container
    except (FFmpegError, ValueError, EOFError, OverflowError) as error:
        raise BadInput("the video cannot be read: it is damaged, or in a format that is not known here") from error
