"""Where the faces are: the full-range detector's boxes, by anchors and weighted suppression.

Bazarevsky et al., "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019. The sparse full-range
network sees 192 x 192 RGB in [-1, 1] and has one anchor for each of 48 x 48 cells. For each it gives a score and 16
numbers in pixels from the anchor: centre and size of a box, and six places (right eye, left eye, nose, mouth, ears).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.providers.embedded.face_mesh.networks import Network
from selfsame.providers.embedded.face_mesh.pictures import Pyramid

SIZE, CELLS = 192, 48
SAME_FACE = 0.3
"""Boxes that overlap by this share of their union are one face."""
MOST = 16
"""Faces looked at in one picture; a crowd is refused long before."""
CLOSER = 0.6
"""Share of the picture that a closer look takes when nothing was found in the whole."""

Floats = npt.NDArray[np.float64]

_cells = (np.arange(CELLS) + 0.5) / CELLS * SIZE
ANCHORS: Floats = np.stack(np.meshgrid(_cells, _cells), -1).reshape(-1, 2)


@dataclass(frozen=True, slots=True)
class Detection:
    """A face in pixels of the picture: box (x, y, width, height) and the angle of the eye line in radians."""

    score: float
    box: tuple[float, float, float, float]
    angle: float


def detect(network: Network, picture: Pyramid, threshold: float) -> list[Detection]:
    """Faces at or above `threshold`, the surest first. Where the whole shows none, its parts are looked at closer."""
    height, width = picture.height, picture.width
    found = _look(network, picture, (width / 2, height / 2), max(width, height), threshold)
    if found or max(width, height) < 2 * SIZE:
        return found
    side = CLOSER * max(width, height)
    for x in _centres(width, side):
        for y in _centres(height, side):
            found += _look(network, picture, (x, y), side, threshold)
    return _strongest(found)


def _centres(length: float, side: float) -> list[float]:
    return [length / 2] if length <= side else [side / 2, length / 2, length - side / 2]


def _look(
    network: Network, picture: Pyramid, centre: tuple[float, float], side: float, threshold: float
) -> list[Detection]:
    sample, matrix = picture.sample(centre, side, 0.0, SIZE)
    out = network.run(sample.astype(np.float32) / np.float32(127.5) - np.float32(1))
    scores = 1 / (1 + np.exp(-np.clip(out[len(ANCHORS)].astype(np.float64), -80, 80)))
    keep = np.flatnonzero(scores >= threshold)
    raw = out[len(ANCHORS) * 16].reshape(-1, 16)[keep].astype(np.float64)
    places = raw.reshape(-1, 8, 2).copy()
    places[:, [0, 2, 3, 4, 5, 6, 7]] += ANCHORS[keep][:, None]
    scale, offset = matrix[0, 0], matrix[:, 2]
    found = []
    for score, place in _suppressed(scores[keep], places):
        size = place[1] * scale
        middle = place[0] * scale + offset
        eyes = place[3] - place[2]
        corner = middle - size / 2
        box = (float(corner[0]), float(corner[1]), float(size[0]), float(size[1]))
        if size.min() > 1:
            found.append(Detection(score, box, float(np.arctan2(eyes[1], eyes[0]))))
    return found


def _suppressed(scores: Floats, places: Floats) -> list[tuple[float, Floats]]:
    """Faces of overlapping boxes, each the mean of its boxes weighted by score; the score is the best one's."""
    corners = np.concatenate([places[:, 0] - places[:, 1] / 2, places[:, 0] + places[:, 1] / 2], 1)
    left = np.argsort(-scores)
    found: list[tuple[float, Floats]] = []
    while len(left) and len(found) < MOST:
        same = _overlap(corners[left[0]], corners[left]) > SAME_FACE
        same[0] = True
        group = left[same]
        weights = scores[group][:, None, None]
        found.append((float(scores[left[0]]), (places[group] * weights).sum(0) / weights.sum()))
        left = left[~same]
    return found


def _overlap(one: Floats, many: Floats) -> Floats:
    """Intersection over union of corner boxes (x0, y0, x1, y1)."""
    inner = np.clip(np.minimum(one[2:], many[:, 2:]) - np.maximum(one[:2], many[:, :2]), 0, None).prod(1)
    areas = np.clip(many[:, 2:] - many[:, :2], 0, None).prod(1)
    area = float(np.clip(one[2:] - one[:2], 0, None).prod())
    return inner / np.maximum(areas + area - inner, 1e-9)


def _strongest(found: list[Detection]) -> list[Detection]:
    """One detection of each face that several looks found."""
    found = sorted(found, key=lambda each: -each.score)
    kept: list[Detection] = []
    for each in found:
        boxes = np.array([_corners(other) for other in kept]).reshape(-1, 4)
        if len(kept) < MOST and not (_overlap(_corners(each), boxes) > SAME_FACE).any():
            kept.append(each)
    return kept


def _corners(found: Detection) -> Floats:
    x, y, width, height = found.box
    return np.array([x, y, x + width, y + height])
