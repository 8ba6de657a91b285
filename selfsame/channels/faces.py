"""The clone's face over HTTP: the rig that a page draws. It changes its address when it changes, so it may be kept."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from starlette.responses import Response

from selfsame.channels.deps import FaceShelf, Identity
from selfsame.channels.wire.server import FaceItem
from selfsame.clones.clone import Clone
from selfsame.events.shown import BLENDSHAPES, CHANNELS, MOTION_FPS

KEEP = "private, max-age=31536000, immutable"


def face_item(clone: Clone, version: str | None) -> FaceItem | None:
    """What `ready` says of the clone's face."""
    if version is None:
        return None
    return FaceItem(
        url=f"/api/clones/{clone.slug}/face.json?v={version}",
        channels=CHANNELS,
        blendshapes=len(BLENDSHAPES),
        fps=MOTION_FPS,
    )


class FaceRoutes:
    """`GET /api/clones/{slug}/face.json`."""

    def __init__(self, shelf: FaceShelf, identify: Callable[[Request], Awaitable[Identity]]) -> None:
        self._shelf = shelf
        self._identify = identify
        self.router = APIRouter()
        self.router.add_api_route("/api/clones/{slug}/face.json", self.rig, methods=["GET"])

    async def rig(self, request: Request, slug: str, v: str) -> Response:
        """The rig (JSON, "selfsame-face/1") of the version that `ready` named."""
        identity = await self._identify(request)
        data = await self._shelf.rig(identity.user_id, slug, v)
        headers = {"cache-control": KEEP, "content-encoding": "gzip", "vary": "authorization"}
        return Response(data, media_type="application/json", headers=headers)
