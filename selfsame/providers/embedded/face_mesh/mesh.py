"""The landmarks of one face: mesh twice (the second crop fits better), then lids and irises eye by eye.

Kartynnik et al., "Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs", 2019, and Ablavatski et al.,
"Real-time Pupil Tracking from Monocular Video for Digital Puppetry", 2020. The mesh network sees 192 x 192 RGB in
[0, 1] and gives 468 x 3 numbers in pixels of its input, and how sure it is that a face is there. The eye network sees
64 x 64 and gives the outline of the lids, which the mesh alone draws open when an eye is shut, and the iris.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from selfsame.providers.embedded.face_mesh.detector import Detection
from selfsame.providers.embedded.face_mesh.networks import Networks
from selfsame.providers.embedded.face_mesh.pictures import Affine, Pyramid

SIZE, IRIS_SIZE = 192, 64
MARGIN = 1.5
IRIS_MARGIN = 2.3
RIGHT_EYE, LEFT_EYE = (33, 133), (362, 263)
"""Corners of the person's eyes, from the picture's left to its right."""
RIGHT_LIDS = (33, 7, 163, 144, 145, 153, 154, 155, 133, 246, 161, 160, 159, 158, 157, 173)
LEFT_LIDS = (263, 249, 390, 373, 374, 380, 381, 382, 362, 466, 388, 387, 386, 385, 384, 398)
"""The mesh's names for the first 16 places of the eye network: lower lid from the outer corner, then the upper."""
MESH, ALL = 468, 478
MESH_LENGTH, EYE_LENGTH, IRIS_LENGTH = MESH * 3, 71 * 3, 15

Floats = npt.NDArray[np.float64]


def landmarks(networks: Networks, picture: Pyramid, face: Detection) -> tuple[Floats, float]:
    """(478, 3) points in pixels of the picture, and the mesh network's certainty, 0..1, that this is a face."""
    x, y, width, height = face.box
    centre, side, angle = (x + width / 2, y + height / 2), max(width, height) * MARGIN, face.angle
    points, sure = _mesh(networks, picture, (centre, side, angle))
    points, sure = _mesh(networks, picture, _crop(points))
    whole = np.zeros((ALL, 3))
    whole[:MESH] = points
    for eye, lids, iris in ((RIGHT_EYE, RIGHT_LIDS, MESH), (LEFT_EYE, LEFT_LIDS, MESH + 5)):
        whole[list(lids), :2], whole[iris : iris + 5] = _eye(networks, picture, points, eye)
    return whole, sure


def _mesh(networks: Networks, picture: Pyramid, crop: tuple[tuple[float, float], float, float]) -> tuple[Floats, float]:
    sample, matrix = picture.sample(*crop, SIZE)
    out = networks.mesh.run(sample.astype(np.float32) / np.float32(255))
    raw = out[MESH_LENGTH].reshape(MESH, 3).astype(np.float64)
    points = np.concatenate([_placed(raw[:, :2], matrix), raw[:, 2:] * (crop[1] / SIZE)], 1)
    return points, float(1 / (1 + np.exp(-np.clip(float(out[1][0]), -80, 80))))


def _placed(places: Floats, matrix: Affine) -> Floats:
    return places @ matrix[:, :2].T + matrix[:, 2]


def _crop(points: Floats) -> tuple[tuple[float, float], float, float]:
    """Centre, side and angle of the square about a mesh: level by the eyes' outer corners, with a margin."""
    eyes = points[LEFT_EYE[1], :2] - points[RIGHT_EYE[0], :2]
    angle = float(np.arctan2(eyes[1], eyes[0]))
    cos, sin = np.cos(angle), np.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    level = points[:, :2] @ turn
    low, high = level.min(0), level.max(0)
    centre = turn @ ((low + high) / 2)
    return (float(centre[0]), float(centre[1])), max(float((high - low).max()) * MARGIN, 1.0), angle


def _eye(networks: Networks, picture: Pyramid, points: Floats, corners: tuple[int, int]) -> tuple[Floats, Floats]:
    """(16, 2): the lids. (5, 3): the iris's centre and four places of its rim, with the depth of the eye's corners.

    The network knows one eye, the one on the picture's left; the other is shown to it mirrored.
    """
    first, last = points[corners[0]], points[corners[1]]
    along = last[:2] - first[:2]
    middle = (first[:2] + last[:2]) / 2
    side = max(float(np.hypot(*along)) * IRIS_MARGIN, 1.0)
    sample, matrix = picture.sample(
        (float(middle[0]), float(middle[1])), side, float(np.arctan2(along[1], along[0])), IRIS_SIZE
    )
    mirrored = corners == LEFT_EYE
    shown = np.ascontiguousarray(sample[:, ::-1]) if mirrored else sample
    out = networks.iris.run(shown.astype(np.float32) / np.float32(255))
    places = np.concatenate([out[EYE_LENGTH].reshape(-1, 3)[:16, :2], out[IRIS_LENGTH].reshape(-1, 3)[:, :2]])
    places = places.astype(np.float64)
    if mirrored:
        places[:, 0] = IRIS_SIZE - places[:, 0]
    placed = _placed(places, matrix)
    return placed[:16], np.c_[placed[16:], np.full(5, (first[2] + last[2]) / 2)]
