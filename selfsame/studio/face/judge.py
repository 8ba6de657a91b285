"""Judging one photo at once, before it is uploaded for a face: while a person looks into the camera, and for each file
that they chose. Nothing of it is kept."""

from __future__ import annotations

from types import TracebackType

from selfsame.face.port import FaceLandmarker
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.tasks import offload
from selfsame.studio.face.quality import Checked, check
from selfsame.studio.media import MediaReader, Photo
from selfsame.studio.media.shared import SharedReader

WAITING_MOST = 4
"""Photos that may be here at once: one is looked at, the others wait."""


class PhotoJudge:
    """Judges photos, one after the other. Enter it once; its reader's process begins with the first photo."""

    def __init__(self, landmarker: FaceLandmarker, reader: MediaReader | None = None, clock: Clock = SYSTEM) -> None:
        self._landmarker = landmarker
        self._reader = SharedReader(reader, clock, WAITING_MOST)

    async def __aenter__(self) -> PhotoJudge:
        await self._reader.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._reader.__aexit__(kind, error, trace)

    async def judge(self, data: bytes) -> tuple[Photo, Checked]:
        """The photo (JPEG, PNG or WebP) and what is said of it.

        Raises BadInput and TooLarge with what to do, Overloaded, ProviderError when the face networks fail.
        """
        async with self._reader.turn() as reader:
            photo = await reader.photo(data)
            return photo, await offload(check, photo.image, self._landmarker, (photo.width, photo.height))

    async def sweep(self) -> None:
        """Let the reader's process go when nobody has brought a photo for a while."""
        await self._reader.sweep()
