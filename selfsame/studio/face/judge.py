"""Judging one photo at once, before it is uploaded for a face: while a person looks into the camera, and for each file
that they chose. Nothing of it is kept."""

from __future__ import annotations

from types import TracebackType

import anyio

from selfsame.errors import Overloaded
from selfsame.face.port import FaceLandmarker
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.tasks import offload
from selfsame.studio.face.quality import Checked, check
from selfsame.studio.media import MediaReader, Photo

WAITING_MOST = 4
"""Photos that may be here at once: one is looked at, the others wait."""
REST_AFTER = 300.0
"""Seconds without a photo after which the reader's process is let go; starting it takes a second or two."""


class PhotoJudge:
    """Judges photos, one after the other. Enter it once; its reader's process begins with the first photo."""

    def __init__(self, landmarker: FaceLandmarker, reader: MediaReader | None = None, clock: Clock = SYSTEM) -> None:
        self._landmarker = landmarker
        self._reader = reader or MediaReader()
        self._clock = clock
        self._here = 0
        self._last = 0.0

    async def __aenter__(self) -> PhotoJudge:
        self._turn = anyio.Lock()
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
        if self._here >= WAITING_MOST:
            raise Overloaded("other photos are being looked at; try again in a moment", expected_wait=2.0)
        self._here += 1
        try:
            async with self._turn:
                photo = await self._reader.photo(data)
                return photo, await offload(check, photo.image, self._landmarker, (photo.width, photo.height))
        finally:
            self._here -= 1
            self._last = self._clock.now()

    async def sweep(self) -> None:
        """Let the reader's process go when nobody has brought a photo for a while."""
        if self._here == 0 and self._clock.now() - self._last >= REST_AFTER:
            await self._reader.rest()
