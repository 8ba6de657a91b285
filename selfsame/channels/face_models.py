"""A person's face over HTTP: upload, progress, preview, accept, discard; and the consent that all of it needs.

Only the owner of this machine's clones may (permission "own"); visitors get FORBIDDEN.
"""

from __future__ import annotations

import gzip
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import StringConstraints, TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import Response

from selfsame.channels.api.faces import (
    ConsentItem,
    ConsentList,
    FaceConsent,
    FaceModelItem,
    FaceModelList,
    FacePlace,
    PhotoVerdict,
)
from selfsame.channels.deps import FaceStudio
from selfsame.channels.door import Owner
from selfsame.channels.forms import open_form
from selfsame.channels.limits import Buckets
from selfsame.channels.pages import PHOTO_FORM_BYTES, UPLOAD_BYTES
from selfsame.channels.routing import CLONE, FILE, FILES, Routes, form, gives
from selfsame.clones.consent import Consent
from selfsame.errors import BadInput, NotFound, Overloaded, TooLarge
from selfsame.jobs.face_desk import SHOWN, FaceState, told
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.tasks import offload
from selfsame.studio.face.model import PHOTOS_MOST
from selfsame.studio.face.quality import Checked
from selfsame.studio.media.kinds import Photo, ReferenceMedia
from selfsame.studio.media.sniff import as_media

UPLOADS_AT_ONCE = 2
"""Uploads that this process takes in at the same time: each may fill 300 MB of its memory, and of the disk before."""
_NAME = TypeAdapter(Annotated[str, StringConstraints(max_length=64, pattern=r"^[\x21-\x7e]+$")])
UPLOAD = form(["files"], files=FILES, clone=CLONE)
PHOTO = form(["photo"], photo=FILE)
CHECKS_PER_SECOND, CHECKS_BURST = 2.0, 24.0
"""Photos that an owner may have judged: as many at once as one upload holds, then a live picture now and again."""


class FaceModelRoutes:
    """`/face-model/...`, `/face-models` and `/api/consents`."""

    def __init__(self, studio: FaceStudio, clock: Clock = SYSTEM) -> None:
        self._desk = studio.desk
        self._find_clone = studio.find_clone
        self._change_consent = studio.change_consent
        self._judge = studio.judge
        self._clock = clock
        self._checks = Buckets(CHECKS_PER_SECOND, CHECKS_BURST)
        self._uploads = 0
        self.router = Routes("faces")
        add, one = self.router.add, "/face-model/{face_id}"
        add("POST", "/face-model/upload", self.upload_face, status_code=202, openapi_extra=UPLOAD)
        if self._judge is not None:
            add("POST", "/face-model/check", self.check_photo, openapi_extra=PHOTO)
        add("GET", "/face-models", self.list_faces)
        add("GET", one, self.show_face)
        add("DELETE", one, self.delete_face, status_code=204)
        add("POST", f"{one}/activate", self.activate_face)
        rig = {"type": "object", "additionalProperties": True, "description": "Format selfsame-face/1."}
        packed = gives("application/json", schema=rig)
        add("GET", f"{one}/rig", self.show_face_model_rig, response_class=Response, **packed)
        add("GET", f"{one}/{{name}}", self.show_face_file, response_class=Response, **gives("image/jpeg", "video/mp4"))
        add("POST", "/api/consents", self.consent_to_face)

    async def upload_face(self, request: Request, owner: Owner) -> FaceModelItem:
        """Photos (1 to 20; 5 to 10 are best) or one video (5 to 60 s): building begins, and its state comes back.

        A form of `files` and, for another than the first clone, `clone` (its slug or id).
        """
        if self._uploads >= UPLOADS_AT_ONCE:
            raise Overloaded("other photos or videos are being uploaded; try again soon", expected_wait=10.0)
        self._uploads += 1
        try:
            media, clone = await _uploaded(request)
            state = await self._desk.order(owner, await self._find_clone(clone, owner), media)
        finally:
            self._uploads -= 1
        return FaceModelItem.model_validate(told(state) | {"statusUrl": f"/face-model/{state.face.id}"})

    async def check_photo(self, request: Request, owner: Owner) -> PhotoVerdict:
        """Judge one photo (JPEG, PNG or WebP) at once: whether it will do, why not, and where the face is.

        A form of `photo`. Nothing of it is kept, so it needs no consent.
        """
        if self._judge is None:
            raise NotFound("photos are not judged here")
        if not self._checks.take(str(owner), self._clock.now()):
            raise TooLarge("too many photos in a short time; wait a few seconds", code="RATE_LIMITED")
        async with open_form(request, PHOTO_FORM_BYTES, 1) as sent:
            photo = sent.get("photo")
            if not isinstance(photo, UploadFile):
                raise BadInput("choose a photo (the field `photo`)")
            data = await photo.read()
        return _verdict(*await self._judge(data))

    async def list_faces(self, owner: Owner) -> FaceModelList:
        """The owner's faces, newest first."""
        return FaceModelList(face_models=[_shown(state) for state in await self._desk.of(owner)])

    async def show_face(self, owner: Owner, face_id: UUID) -> FaceModelItem:
        """One face: its status, how far it is, what was seen in the pictures, and what to do better."""
        return _shown(await self._desk.state(owner, face_id))

    async def activate_face(self, owner: Owner, face_id: UUID) -> FaceModelItem:
        """Accept the preview: conversations that begin from now on show this face."""
        return _shown(await self._desk.activate(owner, face_id))

    async def delete_face(self, owner: Owner, face_id: UUID) -> None:
        """Forget the face and everything made for it."""
        await self._desk.discard(owner, face_id)

    async def show_face_model_rig(self, owner: Owner, face_id: UUID) -> Response:
        """The face as a page draws it (JSON, "selfsame-face/1"), before it is accepted too."""
        data = await self._desk.rig(owner, face_id)
        headers = {"cache-control": "private, no-store", "content-encoding": "gzip", "vary": "authorization"}
        return Response(await offload(gzip.compress, data, 6), media_type="application/json", headers=headers)

    async def show_face_file(self, owner: Owner, face_id: UUID, name: str) -> Response:
        """`preview.jpg`, `preview.mp4` or `neutral_pose.jpg`."""
        if name not in SHOWN:
            raise NotFound("there is no such file")
        data = await self._desk.file(owner, face_id, name)
        return Response(data, media_type=SHOWN[name], headers={"cache-control": "private, no-store"})

    async def consent_to_face(self, owner: Owner, body: FaceConsent) -> ConsentList:
        """Record the owner's consent to a face, or its end: then the face stops at once and its files are erased."""
        records = await self._change_consent(owner, body.granted)
        return ConsentList(consents=[_consent(record) for record in records if record.subject == body.subject])


def _shown(state: FaceState) -> FaceModelItem:
    return FaceModelItem.model_validate(told(state))


def _verdict(photo: Photo, checked: Checked) -> PhotoVerdict:
    high, wide = photo.image.shape[:2]
    place = None
    if checked.face is not None and checked.looks is not None:
        x, y, width, height = checked.face.box
        place = FacePlace(
            x=round(x / wide, 4),
            y=round(y / high, 4),
            width=round(width / wide, 4),
            height=round(height / high, 4),
            yaw=round(checked.looks.yaw, 1),
            pitch=round(checked.looks.pitch, 1),
            roll=round(checked.looks.roll, 1),
        )
    return PhotoVerdict.model_validate(checked.quality.to_json() | {"face": place})


def _consent(record: Consent) -> ConsentItem:
    return ConsentItem(
        subject=record.subject,
        granted_at=record.granted_at.isoformat(),
        revoked_at=record.revoked_at.isoformat() if record.revoked_at else None,
    )


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
