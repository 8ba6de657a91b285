"""Whether pictures show one person.

Without an engine for it (`IdentityEncoder`) a plain descriptor serves: which way the edges of eyes, brows and nose run
in the upright face. It tells the pictures of one upload apart well, but it is no biometric identification and must
never be used as one; it is named by what it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from selfsame.events.shown import Image
from selfsame.face.port import IdentityEncoder, Points

Vector = npt.NDArray[np.float32]

SIZE, CELL, BINS = 96, 12, 9
CORNERS = np.array([[0.22, 0.30], [0.78, 0.30], [0.5, 0.66]], np.float32) * SIZE
"""Where the outer corners of the eyes and the base of the nose come to lie."""
ROWS = 6
"""Rows of cells that count, from the forehead: the mouth below them moves."""


class GradientDescriptor:
    """Histograms of oriented gradients of the upright face without its mouth. Implements `IdentityEncoder`.

    Dalal and Triggs, "Histograms of oriented gradients for human detection", 2005. On stills of 13 faces, small, dim,
    tilted and unevenly lit copies included, one person's distances were up to 0.37 and two persons' 0.48 and more.
    """

    name = "gradient-descriptor"
    same_person_below = 0.50

    def encode(self, image: Image, points: Points) -> Vector:
        """432 numbers of length 1. `points` are the landmarks (478, 3) in pixels of `image`."""
        grey = _upright(image, points)
        across = np.asarray(cv2.Sobel(grey, cv2.CV_32F, 1, 0), np.float32)
        down = np.asarray(cv2.Sobel(grey, cv2.CV_32F, 0, 1), np.float32)
        strength = np.hypot(across, down)
        way = (np.arctan2(down, across) % np.pi) / np.pi * BINS
        low = way.astype(int) % BINS
        share = way - np.floor(way)
        cells = np.zeros((SIZE // CELL, SIZE // CELL, BINS), np.float32)
        for number in range(BINS):
            part = strength * np.where(low == number, 1 - share, np.where((low + 1) % BINS == number, share, 0))
            cells[..., number] = part.reshape(SIZE // CELL, CELL, SIZE // CELL, CELL).mean((1, 3))
        lengths = np.linalg.norm(cells, axis=2, keepdims=True)
        even = (cells / (lengths + 0.25 * lengths.mean() + 1e-6))[:ROWS]
        mirrored = even[:, ::-1][..., -np.arange(BINS) % BINS]  # light from one side is no feature
        both = (even + mirrored).ravel()
        return (both / max(float(np.linalg.norm(both)), 1e-6)).astype(np.float32)


def _upright(image: Image, points: Points) -> npt.NDArray[np.float32]:
    """The face in grey at 96 pixels, level and stretched so that eyes and nose lie at `CORNERS`."""
    first, last = points[33, :2].astype(np.float64), points[263, :2].astype(np.float64)
    along = last - first
    length = max(float(np.hypot(*along)), 1.0)
    normal = np.array([-along[1], along[0]]) / length
    middle = (first + last) / 2
    nose = middle + normal * max(float((points[2, :2] - middle) @ normal), 0.2 * length)
    matrix = cv2.getAffineTransform(np.array([first, last, nose], np.float32), CORNERS)
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.float32)
    step = length / (CORNERS[1, 0] - CORNERS[0, 0])
    if step > 1:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.5 * float(step)), np.float32)
    taken = cv2.warpAffine(grey, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.GaussianBlur(taken, (0, 0), 1.5), np.float32)


def same_person(vectors: Sequence[Vector], encoder: IdentityEncoder) -> tuple[int, ...]:
    """Which of the pictures show the person that most of them show: their places, in order.

    The neighbours, within `same_person_below`, of the picture that has most of them. Of two pictures that differ the
    first counts, since the person put it first.
    """
    if not vectors:
        return ()
    stacked = np.stack(vectors)
    apart = np.linalg.norm(stacked[:, None] - stacked[None], axis=2)
    near = apart < encoder.same_person_below
    middle = max(range(len(vectors)), key=lambda i: (int(near[i].sum()), -i))
    return tuple(int(i) for i in np.flatnonzero(near[middle]))


def embeddings(vectors: Sequence[Vector], most: int) -> Vector:
    """The average of all first, then at most `most` single ones: what `embeddings.npy` holds (FACE-09)."""
    stacked = np.stack(vectors)
    singles = stacked[:: max(1, -(-len(vectors) // most))]
    return np.concatenate([stacked.mean(0, keepdims=True), singles]).astype(np.float32)
