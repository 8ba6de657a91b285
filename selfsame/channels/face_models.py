"""A person's face over HTTP: upload, progress, preview, accept, discard; and the consent that all of it needs.

Only the owner of this machine's clones may (permission "own"); visitors get FORBIDDEN.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, StrictBool, StringConstraints, TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from selfsame.channels.deps import FaceStudio, Identity
from selfsame.channels.forms import open_form
from selfsame.channels.pages import UPLOAD_BYTES
from selfsame.channels.peers import peer_of
from selfsame.clones.tokens import OWN
from selfsame.errors import BadInput, Forbidden, NotFound, Overloaded
from selfsame.jobs.face_desk import SHOWN, told
from selfsame.studio.face.model import PHOTOS_MOST
from selfsame.studio.media.kinds import ReferenceMedia
from selfsame.studio.media.sniff import as_media

UPLOADS_AT_ONCE = 2
"""Uploads that this process takes in at the same time: each may fill 300 MB of its memory, and of the disk before."""
_NAME = TypeAdapter(Annotated[str, StringConstraints(max_length=64, pattern=r"^[\x21-\x7e]+$")])
UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {"type": "array", "items": {"type": "string", "format": "binary"}},
                        "clone": {"type": "string"},
                    },
                }
            }
        },
    }
}
"""The form as the API's description has it; it is read by hand, after the caller is known."""


class ConsentBody(BaseModel):
    """Body of `POST /api/consents`: the person agrees (or no longer agrees) that their face is stored and animated."""

    subject: Literal["face"] = "face"
    granted: StrictBool


class FaceModelRoutes:
    """`/face-model/...`, `/face-models` and `/api/consents`."""

    def __init__(
        self, studio: FaceStudio, identify: Callable[[Request], Awaitable[Identity]], origins: tuple[str, ...] = ()
    ) -> None:
        self._desk = studio.desk
        self._find_clone = studio.find_clone
        self._change_consent = studio.change_consent
        self._identify = identify
        self._origins = origins
        self._uploads = 0
        self.router = APIRouter()
        add = self.router.add_api_route
        add("/face-model/upload", self.upload, methods=["POST"], status_code=202, openapi_extra=UPLOAD)
        add("/face-models", self.all, methods=["GET"])
        add("/face-model/{face_id}", self.one, methods=["GET"])
        add("/face-model/{face_id}", self.discard, methods=["DELETE"], status_code=204)
        add("/face-model/{face_id}/activate", self.activate, methods=["POST"])
        add("/face-model/{face_id}/{name}", self.file, methods=["GET"])
        add("/api/consents", self.consent, methods=["POST"])

    async def upload(self, request: Request) -> JSONResponse:
        """Photos (1 to 20; 5 to 10 are best) or one video (5 to 60 s): building begins, and its state comes back.

        A form of `files` and, for another than the first clone, `clone` (its slug or id).
        """
        owner = await self._owner(request)  # before a byte of the body is read
        if self._uploads >= UPLOADS_AT_ONCE:
            raise Overloaded("other photos or videos are being uploaded; try again soon", expected_wait=10.0)
        self._uploads += 1
        try:
            media, clone = await _uploaded(request)
            state = await self._desk.order(owner, await self._find_clone(clone, owner), media)
        finally:
            self._uploads -= 1
        return JSONResponse(told(state) | {"statusUrl": f"/face-model/{state.face.id}"}, 202)

    async def all(self, request: Request) -> JSONResponse:
        """The owner's faces, newest first."""
        owner = await self._owner(request)
        return JSONResponse({"faceModels": [told(state) for state in await self._desk.of(owner)]})

    async def one(self, request: Request, face_id: UUID) -> JSONResponse:
        """One face: its status, how far it is, what was seen in the pictures, and what to do better."""
        return JSONResponse(told(await self._desk.state(await self._owner(request), face_id)))

    async def activate(self, request: Request, face_id: UUID) -> JSONResponse:
        """Accept the preview: conversations that begin from now on show this face."""
        return JSONResponse(told(await self._desk.activate(await self._owner(request), face_id)))

    async def discard(self, request: Request, face_id: UUID) -> Response:
        """Forget the face and everything made for it."""
        await self._desk.discard(await self._owner(request), face_id)
        return Response(status_code=204)

    async def file(self, request: Request, face_id: UUID, name: str) -> Response:
        """`preview.jpg`, `preview.mp4` or `neutral_pose.jpg`."""
        owner = await self._owner(request)
        if name not in SHOWN:
            raise NotFound("there is no such file")
        data = await self._desk.file(owner, face_id, name)
        return Response(data, media_type=SHOWN[name], headers={"cache-control": "private, no-store"})

    async def consent(self, request: Request, body: ConsentBody) -> JSONResponse:
        """Record the owner's consent to a face, or its end: then the face stops at once and its files are erased."""
        records = await self._change_consent(await self._owner(request), body.granted)
        shown = [
            {
                "subject": record.subject,
                "grantedAt": record.granted_at.isoformat(),
                "revokedAt": record.revoked_at.isoformat() if record.revoked_at else None,
            }
            for record in records
            if record.subject == body.subject
        ]
        return JSONResponse({"consents": shown})

    async def _owner(self, request: Request) -> UUID:
        if not peer_of(request.scope).may_speak(self._origins):
            raise Forbidden("pages of other origins may not ask", code="ORIGIN_REFUSED")
        identity = await self._identify(request)
        if OWN not in identity.permissions:
            raise Forbidden("only the owner of the clone may do this")
        return identity.user_id


async def _uploaded(request: Request) -> tuple[ReferenceMedia, str | None]:
    """The pictures and the clone's name. Raises BadInput, TooLarge."""
    async with open_form(request, UPLOAD_BYTES, 2 * PHOTOS_MOST) as form:
        clone = form.get("clone") or None
        try:
            name = None if clone is None else _NAME.validate_python(clone)
        except ValidationError as error:
            raise BadInput("the clone's name has 1 to 64 letters, digits and dashes") from error
        files = [value for value in form.getlist("files") if isinstance(value, UploadFile)]
        return as_media([await file.read() for file in files]), name
