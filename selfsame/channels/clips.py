"""Clips over HTTP: order, poll, cancel, fetch (WIRE-24, API-04, JOB-09), and the record-and-reply flow (WIRE-23)."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import JSONResponse, Response

from selfsame.channels.deps import ChannelDeps
from selfsame.channels.limits import Buckets
from selfsame.channels.peers import peer_of, socket_token
from selfsame.errors import BadInput, Forbidden, NotFound, Overloaded, TooLarge, Unauthenticated
from selfsame.studio.desk import ClipDesk, ClipWish, Talk

ORDERS_PER_MINUTE = 20.0
"""Orders a user may give; a clip costs seconds of this machine."""
RECORDING_BYTES = 25 * 1024 * 1024
RECORDINGS_AT_ONCE = 4
"""Recordings that this process takes in at the same time: each may fill 25 MB of its memory."""
COMPLETE_FLOW = "/api/complete-flow"
_VIDEO = "video/mp4"


class ClipRequest(BaseModel):
    """Body of `POST /api/clips`."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="ignore")

    clone: Annotated[str | None, Field(max_length=64, pattern=r"^[\x21-\x7e]+$")] = None
    text: Annotated[str, Field(min_length=1, max_length=12_000)]
    language: Literal["auto", "EN", "ZH", "ES"] = "auto"
    size: Literal[256, 360, 512] = 512


class ClipRoutes:
    """The endpoints of clips. Without a desk (`deps.clips`) they answer that there are none here."""

    def __init__(self, deps: ChannelDeps) -> None:
        self._deps = deps
        self._orders = Buckets(ORDERS_PER_MINUTE / 60, ORDERS_PER_MINUTE)
        self._recordings = 0
        self.router = APIRouter()
        add = self.router.add_api_route
        add("/api/clips", self.order, methods=["POST"], status_code=202)
        add("/api/clips/{talk_id}", self.status, methods=["GET"])
        add("/api/clips/{talk_id}", self.cancel, methods=["DELETE"])
        add("/api/clips/{talk_id}/video.mp4", self.video, methods=["GET"])
        add("/api/clips/{talk_id}/video.mp4", self.video, methods=["HEAD"], include_in_schema=False)
        add(COMPLETE_FLOW, self.complete_flow, methods=["POST"], status_code=202)

    async def order(self, request: Request, body: ClipRequest) -> JSONResponse:
        """Order a clip; its id comes back at once."""
        user = await self._acting_user(request)
        desk = self._desk()
        self._count(user)
        talk = await desk.order(user, ClipWish(body.clone, body.text, body.language, body.size))
        return JSONResponse(_talk(talk), 202)

    async def status(self, request: Request, talk_id: UUID) -> JSONResponse:
        """How far it is; to be asked every two seconds."""
        return JSONResponse(_talk(await self._desk().status(await self._user(request), talk_id)))

    async def cancel(self, request: Request, talk_id: UUID) -> JSONResponse:
        """Stop it."""
        return JSONResponse(_talk(await self._desk().cancel(await self._acting_user(request), talk_id)))

    async def video(self, request: Request, talk_id: UUID) -> Response:
        """The file, whole or in part (RFC 9110, section 14), for its owner alone.

        A video element cannot send headers, so the token may also come as `?token=`.
        """
        data = await self._desk().video(await self._user(request), talk_id)
        headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, max-age=3600"}
        part = _range(request.headers.get("range"), len(data))
        if part is None:
            return Response(data, 200, headers, _VIDEO)
        first, last = part
        if first > last:
            return Response(b"", 416, {**headers, "Content-Range": f"bytes */{len(data)}"})
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        return Response(data[first : last + 1], 206, headers, _VIDEO)

    async def complete_flow(self, request: Request) -> JSONResponse:
        """A recorded question in, its transcript, the answer, and the clip that will say it."""
        user = await self._acting_user(request)
        studio = self._deps.replies
        if studio is None:
            raise NotFound("recordings are not answered here")
        self._count(user)
        if self._recordings >= RECORDINGS_AT_ONCE:
            raise Overloaded("other recordings are being answered; please try again soon", expected_wait=5.0)
        self._recordings += 1
        try:
            recording, wish = await _form(request)
            done = await studio.complete_flow(user, recording, wish)
        finally:
            self._recordings -= 1
        body = {"transcript": done.transcript, "answer": done.answer, "language": done.language, "known": done.known}
        return JSONResponse({**body, **_talk(done.talk)}, 202)

    # --- who asks --------------------------------------------------------------------------------------------------

    def _desk(self) -> ClipDesk:
        if self._deps.clips is None:
            raise NotFound("clips are not made here")
        return self._deps.clips

    async def _acting_user(self, request: Request) -> UUID:
        if not peer_of(request.scope).may_speak(self._deps.origins):
            raise Forbidden("pages of other origins may not ask", code="ORIGIN_REFUSED")
        return await self._user(request)

    async def _user(self, request: Request) -> UUID:
        token = socket_token(request.scope)
        if token is None:
            raise Unauthenticated("a token is needed: get one from POST /api/sessions")
        return (await self._deps.authenticate(token)).user_id

    def _count(self, user: UUID) -> None:
        if not self._orders.take(str(user), self._deps.clock.now()):
            raise TooLarge("too many clips at once; wait a moment", code="RATE_LIMITED")


async def _form(request: Request) -> tuple[bytes, ClipWish]:
    """The recording and the wish of a multipart form. It stays in memory: no voice is written to a disk."""
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise BadInput("send the recording as the field `audio` of a multipart form")
    parser = MultiPartParser(request.headers, request.stream(), max_files=1, max_fields=8)
    parser.spool_max_size = RECORDING_BYTES + 65_536
    try:
        form = await parser.parse()
    except (MultiPartException, FormParserError, KeyError, UnicodeDecodeError) as error:
        raise BadInput("the form could not be read") from error
    try:
        audio = form.get("audio")
        if not isinstance(audio, UploadFile):
            raise BadInput("the form needs a file named `audio`")
        recording = await audio.read()
        fields = {name: value for name, value in form.items() if isinstance(value, str) and value}
    finally:
        await form.close()
    if len(recording) > RECORDING_BYTES:
        raise TooLarge(f"A recording holds at most {RECORDING_BYTES // 2**20} MB.")
    size = fields.get("size", "512")
    try:
        wish = ClipRequest.model_validate(
            {"clone": fields.get("clone"), "text": "-", "language": fields.get("language", "auto"), "size": int(size)}
        )
    except ValueError as error:
        raise BadInput("clone, language or size cannot be used") from error
    return recording, ClipWish(wish.clone, "", wish.language, wish.size)


def _talk(talk: Talk) -> dict[str, Any]:
    body: dict[str, Any] = {
        "talkId": str(talk.id),
        "status": talk.status,
        "statusUrl": f"/api/clips/{talk.id}",
        "progress": round(talk.progress, 3),
    }
    if talk.message:
        body["message"] = talk.message
    if talk.status == "completed":
        body["videoUrl"] = f"/api/clips/{talk.id}/video.mp4"
    if talk.error is not None:
        body["error"] = talk.error
    if talk.timings is not None:
        body["timings"] = {
            "ttsMs": round(talk.timings.tts_ms, 1),
            "avatarRenderMs": round(talk.timings.avatar_render_ms, 1),
            "totalGenerationMs": round(talk.timings.total_generation_ms, 1),
        }
    return body


def _range(header: str | None, size: int) -> tuple[int, int] | None:
    """First and last byte of a `Range` header; None for all (also when it is not understood), first > last for none.

    One range only; several are answered with the whole, as RFC 9110 allows.
    """
    found = re.fullmatch(r"bytes=(\d{0,18})-(\d{0,18})", (header or "").strip())
    if found is None or found.group(1) == found.group(2) == "":
        return None
    if not found.group(1):
        length = int(found.group(2))
        return (max(0, size - length), size - 1) if length and size else (1, 0)
    first = int(found.group(1))
    last = min(int(found.group(2)), size - 1) if found.group(2) else size - 1
    if found.group(2) and int(found.group(2)) < first:
        return None
    return (first, last) if first < size else (1, 0)
