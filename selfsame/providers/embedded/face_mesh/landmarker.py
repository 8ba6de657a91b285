"""The engine behind `FaceLandmarker`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from selfsame.events.shown import Image
from selfsame.face.port import FoundFace
from selfsame.providers.embedded.face_mesh.detector import detect
from selfsame.providers.embedded.face_mesh.mesh import landmarks
from selfsame.providers.embedded.face_mesh.networks import NetworkPool
from selfsame.providers.embedded.face_mesh.pictures import Pyramid

SAME_PLACE = 0.35
"""Two meshes whose middles are nearer than this share of their width are one face, found twice."""


class LiteFaceLandmarker:
    """MediaPipe's networks on LiteRT; any number of threads may call. `name` is how reports call the engine.

    A face counts when the detector and the mesh are both as sure as `threshold`; the score is the lower of the two.
    About 7 ms of CPU for a face, 2 ms for a picture without one, more when it has to look closer (above 384 px).
    """

    name = "face-mesh"

    def __init__(self, folder: Path) -> None:
        """`folder` holds the .tflite files. Raises Unavailable when one is missing or cannot be read."""
        self._pool = NetworkPool(folder)
        with self._pool.lend():
            pass  # what is broken is better known now than at the first photo

    def find(self, image: Image, threshold: float = 0.5) -> list[FoundFace]:
        """All faces, the largest first. Raises ProviderError when the engine fails; ValueError when no picture."""
        picture = Pyramid(image)
        faces: list[FoundFace] = []
        with self._pool.lend() as networks:
            for face in detect(networks.detector, picture, threshold):
                points, sure = landmarks(networks, picture, face)
                if sure >= threshold and not _known(points, faces):
                    faces.append(FoundFace(min(face.score, sure), face.box, points.astype(np.float32)))
        return sorted(faces, key=lambda each: -each.box[2] * each.box[3])


def _known(points: np.ndarray, faces: list[FoundFace]) -> bool:
    width = float(np.ptp(points[:, 0]))
    middle = points[:468, :2].mean(0)
    return any(float(np.hypot(*(face.points[:468, :2].mean(0) - middle))) < SAME_PLACE * width for face in faces)
