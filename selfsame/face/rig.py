"""The rig: one photo made movable. Written once when the face is built, then read by the browser and the server.

As a file it is one JSON object, UTF-8 (format "selfsame-face/1", see rig_file.py). All places are pixels of the square
texture, x to the right and y down; pixel centres lie at whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.events.shown import BLENDSHAPES, Image

FORMAT = "selfsame-face/1"
Floats = npt.NDArray[np.float32]
Picture = npt.NDArray[np.uint8]

GAZE_UNIT = 10.0
"""Degrees of gaze that the shapes gazeYaw and gazePitch stand for."""

RIG_SHAPES = (*BLENDSHAPES, "gazeYaw", "gazePitch", "breath")
"""The shapes that every rig has deltas of, in this order. gazeYaw and gazePitch 1 are `GAZE_UNIT` degrees."""

LIP_RINGS = ("upperOuter", "lowerOuter", "upperInner", "lowerInner")
"""The contours that every rig names, 11 vertices each, from left to right as seen."""


@dataclass(frozen=True, slots=True)
class Sprite:
    """A picture with transparency, BGRA, shape (height, width, 4); colours are not multiplied by the transparency."""

    pixels: Picture


@dataclass(frozen=True, slots=True)
class Mouth:
    """What is seen between the lips, in texture pixels.

    `seam` is the middle of the closed lips, `width` the neutral mouth's width, `right` the unit vector of the mouth's
    x axis (to the right as seen), `jaw` how far the lower teeth move at `jawOpen` 1. Sprites lie with their top centre
    on the gum line, `gum` x width above the seam: upper teeth stay with the skull, lower teeth and tongue follow the
    jaw. `teeth` is the visible height of the upper teeth, in widths.
    """

    seam: Floats
    width: float
    right: Floats
    jaw: Floats
    gum: float
    teeth: float
    cavity: Sprite
    tongue: Sprite
    lower: Sprite
    upper: Sprite


@dataclass(frozen=True, slots=True)
class Eye:
    """An eye's lid as patches of the texture at (x, y), from open (first) to shut (last), evenly spaced."""

    x: int
    y: int
    patches: tuple[Image, ...]


@dataclass(frozen=True, slots=True)
class FaceRig:
    """A movable face.

    `texture` is square BGR. `vertices` (n, 2): the 478 landmarks first, then points around the head and on the border.
    `triangles` (m, 3) cover the texture except for the opening between the lips. `deltas` (k, n, 2), in pixels, is the
    move of every vertex at weight 1 of `shapes[k]` (ARKit names, plus gazeYaw and gazePitch for 10 degrees, and
    breath). `neutral` (n, 2) closes the photographed mouth. `closing` (c, 3) rows are (vertex, lip pair 0..10, share):
    how far a vertex goes when a pair of inner lip points is brought together. `depth` (n,) is pixels towards the
    viewer and `follow` (n,) 0..1 how far a vertex goes with the head, which turns about `pivot`. `lips` lists vertex
    numbers of the upper and lower, outer and inner contour, each 11 from left to right as seen.
    `left` and `right` are the person's own eyes.
    """

    texture: Image
    vertices: Floats
    triangles: npt.NDArray[np.uint16]
    shapes: tuple[str, ...]
    deltas: Floats
    neutral: Floats
    closing: Floats
    depth: Floats
    follow: Floats
    pivot: Floats
    lips: dict[str, tuple[int, ...]]
    mouth: Mouth
    left: Eye
    right: Eye

    @property
    def size(self) -> int:
        """The edge of the texture in pixels."""
        return self.texture.shape[0]
