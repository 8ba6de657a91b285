"""The clone's face over HTTP: the rig that a page draws. It changes its address when it changes, so it may be kept."""

from __future__ import annotations

from starlette.responses import Response

from selfsame.channels.deps import FaceShelf
from selfsame.channels.door import Caller
from selfsame.channels.routing import Routes, gives
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

    def __init__(self, shelf: FaceShelf) -> None:
        self._shelf = shelf
        self.router = Routes("faces")
        rig = {"type": "object", "additionalProperties": True, "description": "Format selfsame-face/1."}
        file = gives("application/json", schema=rig)
        self.router.add("GET", "/api/clones/{slug}/face.json", self.show_face_rig, response_class=Response, **file)

    async def show_face_rig(self, caller: Caller, slug: str, v: str) -> Response:
        """The rig (JSON, "selfsame-face/1") of the version that `ready` named."""
        data = await self._shelf.rig(caller.user_id, slug, v)
        headers = {"cache-control": KEEP, "content-encoding": "gzip", "vary": "authorization"}
        return Response(data, media_type="application/json", headers=headers)
