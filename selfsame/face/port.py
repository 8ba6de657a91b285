"""What the face needs from engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from selfsame.events.shown import Frames, Image, Motion
from selfsame.events.spoken import SpokenChunk
from selfsame.face.rig import FaceRig
from selfsame.kit.pcm import Pcm

Points = npt.NDArray[np.float32]
"""Landmarks in MediaPipe's numbering, shape (478, 3): x and y in pixels of the picture, z in pixels (smaller is
nearer). 468-472 are the person's right iris, 473-477 the left one; the first of each is its centre."""


@dataclass(frozen=True, slots=True)
class FoundFace:
    """A face in a picture. `box` is (x, y, width, height) in pixels; `score` 0..1."""

    score: float
    box: tuple[float, float, float, float]
    points: Points


class FaceLandmarker(Protocol):
    """Finds faces and their landmarks. Calls block: offload them."""

    def find(self, image: Image, threshold: float = 0.5) -> list[FoundFace]:
        """All faces, the largest first. Raises ProviderError when the engine fails."""
        ...


class IdentityEncoder(Protocol):
    """Numbers that tell one person's face from another's. Calls block: offload them."""

    name: str
    same_person_below: float

    def encode(self, image: Image, points: Points) -> npt.NDArray[np.float32]:
        """A vector; the Euclidean distance of two is below `same_person_below` for one person."""
        ...


@dataclass(frozen=True, slots=True)
class AnimatingAbilities:
    """What an animator needs of the speech. Languages are EN, ZH, ES; an animator from sound knows no language."""

    name: str
    needs_phonemes: bool
    languages: frozenset[str]


class Animation(Protocol):
    """One reply being turned into motion. A second of speech costs some two milliseconds."""

    def add(self, chunk: SpokenChunk) -> Motion:
        """The frames up to the end of `chunk`, the chunks coming in order; the last few of them are provisional.

        The first frame that can still change is sent again, better, with the next call.
        """
        ...

    def finish(self) -> Motion:
        """The last frames, with the mouth closing after the end of the speech."""
        ...


class FaceAnimator(Protocol):
    """Turns speech into motion; shared by sessions."""

    abilities: AnimatingAbilities

    def open(self, seed: int) -> Animation:
        """Begin a reply. The same seed and speech give the same motion."""
        ...


@dataclass(frozen=True, slots=True)
class RenderingAbilities:
    """What a renderer can do. `tier` as in the list of engines; `sizes` are edges of square pictures in pixels."""

    name: str
    tier: str
    sizes: tuple[int, ...] = (256, 360, 512)
    realtime: bool = True


class FacePainter(Protocol):
    """Draws one face at one size. Not shared between threads. Calls block: offload them."""

    def paint(self, frames: Frames, sound: Pcm, sample_rate: int) -> Iterator[Image]:
        """One picture per frame, in order. `sound` is what is heard while they are shown (any renderer may need it).

        `frames` may come at any rate: they spread evenly over the sound. Raises ProviderError.
        """
        ...


class VideoRenderer(Protocol):
    """Makes painters; shared by sessions."""

    abilities: RenderingAbilities

    def open(self, rig: FaceRig, size: int) -> FacePainter:
        """A painter of pictures of `size` x `size` pixels. Raises ProviderError when the engine cannot be had."""
        ...
