"""How far a mouth is open in a video's frames, from landmarks found in the decoded pictures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from selfsame.errors import BadInput
from selfsame.evaluator.av_offset import pictures

UPPER_LIP = (81, 82, 13, 312, 311)
LOWER_LIP = (178, 87, 14, 317, 402)
"""The middle of the lips' inner edges, in MediaPipe's numbering of landmarks, upper and lower face to face."""
RIGHT_IRIS, LEFT_IRIS = 468, 473


class Found(Protocol):
    """A face in a picture: landmarks of shape (478, 3) in pixels."""

    @property
    def points(self) -> npt.NDArray[np.floating]: ...


Find = Callable[[npt.NDArray[np.uint8]], Sequence[Found]]
"""Finds faces in a BGR picture, the largest first."""


def opening(points: npt.NDArray[np.floating]) -> float:
    """The gap between the inner lips, relative to the distance of the eyes: 0 closed, about 0.3 wide open."""
    gap = np.linalg.norm(points[list(UPPER_LIP), :2] - points[list(LOWER_LIP), :2], axis=1).mean()
    eyes = float(np.linalg.norm(points[RIGHT_IRIS, :2] - points[LEFT_IRIS, :2]))
    return float(gap) / eyes if eyes > 1.0 else float("nan")


def openings(mp4: bytes, find: Find) -> tuple[npt.NDArray[np.float64], float]:
    """The opening in every frame of a video (NaN where no face is found), and its frames a second (see `steady`).

    Blocks for as long as decoding and `find` take. Raises BadInput when the file has no pictures, TooLarge.
    """
    times, gaps = [], []
    for at, picture in pictures(mp4):
        faces = find(picture)
        times.append(at)
        gaps.append(opening(faces[0].points) if faces else float("nan"))
    if len(times) < 2:
        raise BadInput("the video has fewer than two pictures")
    return steady(np.array(times), np.array(gaps))


def steady(times: npt.NDArray[np.float64], gaps: npt.NDArray[np.float64]) -> tuple[npt.NDArray[np.float64], float]:
    """Openings at an even rate, that of most frames, from the first on: a picture that stands longer counts longer.

    Raises BadInput when the times do not rise or leave gaps that no video has.
    """
    step = float(np.median(np.diff(times)))
    if step <= 0 or (times[-1] - times[0]) / step > 100 * len(times):
        raise BadInput("the times of the video's pictures make no sense")
    count = round((times[-1] - times[0]) / step) + 1
    shown = np.searchsorted(times, times[0] + (np.arange(count) + 0.5) * step, side="right") - 1
    return gaps[shown], 1 / step
