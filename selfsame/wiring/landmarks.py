"""The face networks, loaded when the first face is looked for."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from selfsame.events.shown import Image
from selfsame.face.port import FaceLandmarker, FoundFace


class LateLandmarker:
    """Implements `FaceLandmarker`. Most servers never build a face, so they need not load the networks at their start.

    Without the files, looking for a face raises Unavailable, and the next try looks for them again.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: FaceLandmarker | None = None
        self._loading = Lock()

    def find(self, image: Image, threshold: float = 0.5) -> list[FoundFace]:
        """All faces, the largest first. Raises ProviderError."""
        with self._loading:
            if self._found is None:
                from selfsame.providers.embedded.face_mesh import LiteFaceLandmarker

                self._found = LiteFaceLandmarker(self._folder)
        return self._found.find(image, threshold)
