"""What uploads are and become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from selfsame.events.shown import Image
from selfsame.kit.pcm import Pcm

PHOTO_BYTES = 25_000_000
PHOTO_TOO_HEAVY = f"The photo has more than {PHOTO_BYTES // 1_000_000} MB. Save it smaller and upload it again."
PHOTO_PIXELS = 50_000_000
PHOTO_EDGE = 2048
"""Photos are shrunk to this; a face is drawn at 512 pixels."""
PICTURE_BYTES = 15_000_000
PICTURE_TOO_HEAVY = (
    f"The picture has more than {PICTURE_BYTES // 1_000_000} MB. Save it smaller, as a JPEG, and upload it again."
)
VIDEO_BYTES = 300_000_000
VIDEO_PIXELS = 4096 * 2304
VIDEO_EDGE = 1280
SHORTEST, USED, LONGEST = 5.0, 60.0, 600.0
"""Seconds of video: less is refused, of more only so many are looked at, and beyond that it is refused unread."""
SOUND_BYTES = 300_000_000
SOUND_SHORTEST, SOUND_USED, SOUND_LONGEST = 1.0, 1200.0, 3 * 3600.0
"""Seconds of a recording: as for videos."""
SOUND_RATE = 24_000
"""Samples a second: at least what synthesisers of the day make (22,050 or 24,000)."""
UTTERANCE_BYTES = 25 * 1024 * 1024
"""A spoken question."""
STILLS = 120
"""Stills taken of a video, evenly spread: two a second of the longest stretch that is used."""


@dataclass(frozen=True, slots=True)
class VideoLimits:
    """The limits of a video, in seconds, and how many stills are taken."""

    shortest: float = SHORTEST
    used: float = USED
    longest: float = LONGEST
    stills: int = STILLS


@dataclass(frozen=True, slots=True)
class SoundLimits:
    """The limits of a recording, in seconds, and the rate at which it is read."""

    shortest: float = SOUND_SHORTEST
    used: float = SOUND_USED
    longest: float = SOUND_LONGEST
    rate: int = SOUND_RATE


@dataclass(frozen=True, slots=True)
class SoundFacts:
    """What is known of a recording before it is decoded. `duration` in seconds, 0 when the file does not say;
    `rate` and `channels` as it was recorded; `notes` are for people."""

    duration: float
    rate: int
    channels: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """A recording as it was read: mono, at `rate`."""

    pcm: Pcm
    rate: int
    facts: SoundFacts

    @property
    def seconds(self) -> float:
        """How much was read."""
        return len(self.pcm) / self.rate


@dataclass(frozen=True, slots=True)
class ReferenceMedia:
    """What the person gave (FACE-05): `data` holds whole files; `duration` in seconds, of a video when known."""

    type: Literal["images", "video"]
    data: tuple[bytes, ...]
    duration: float | None = None
    frame_count: int | None = None

    def to_json(self) -> dict[str, object]:
        """The record without the files themselves, under the names of the interface."""
        known = {"duration": self.duration, "frameCount": self.frame_count}
        return {"type": self.type, **{name: value for name, value in known.items() if value is not None}}


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo as it is meant to be seen. `width` and `height` are the file's own, upright; `notes` are for people."""

    image: Image
    width: int
    height: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture of a thing, drawn anew from its pixels: two WebP files, and the larger one's size in pixels."""

    picture: bytes
    thumbnail: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What is known of a video before it is decoded. `duration` in seconds; `frames` is an estimate."""

    duration: float
    width: int
    height: int
    frames: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VideoStill:
    """A picture of a video, `time` seconds after its start. It has the right way up and square pixels."""

    image: Image
    time: float
