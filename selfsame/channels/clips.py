"""Clips over HTTP: order, poll, cancel, fetch (WIRE-24, API-04, JOB-09), and the record-and-reply flow (WIRE-23)."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

from fastapi import Request
from python_multipart.exceptions import FormParserError
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.responses import Response

from selfsame.channels.api.clips import ClipItem, ClipRequest, RecordedAnswer
from selfsame.channels.deps import ChannelDeps
from selfsame.channels.door import Actor, Viewer
from selfsame.channels.limits import Buckets
from selfsame.channels.routing import CLONE, FILE, Routes, form
from selfsame.errors import BadInput, NotFound, Overloaded, TooLarge
from selfsame.studio.desk import ClipDesk, ClipWish, Talk

ORDERS_PER_MINUTE = 20.0
"""Orders a user may give; a clip costs seconds of this machine."""
RECORDING_BYTES = 25 * 1024 * 1024
RECORDINGS_AT_ONCE = 4
"""Recordings that this process takes in at the same time: each may fill 25 MB of its memory."""
COMPLETE_FLOW = "/api/complete-flow"
_VIDEO = "video/mp4"
PARTS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The file.", "content": {_VIDEO: {"schema": FILE}}},
    206: {"description": "The part that was asked for.", "content": {_VIDEO: {"schema": FILE}}},
}


RECORDING = form(
    ["audio"],
    audio=FILE,
    clone=CLONE,
    language={"type": "string", "enum": ["auto", "EN", "ZH", "ES"]},
    size={"type": "integer", "enum": [256, 360, 512]},
)


class ClipRoutes:
    """The endpoints of clips. Without a desk (`deps.clips`) they answer that there are none here."""

    def __init__(self, deps: ChannelDeps) -> None:
        self._deps = deps
        self._orders = Buckets(ORDERS_PER_MINUTE / 60, ORDERS_PER_MINUTE)
        self._recordings = 0
        self.router = Routes("clips")
        add, one = self.router.add, "/api/clips/{talk_id}"
        add("POST", "/api/clips", self.order_clip, status_code=202)
        add("GET", one, self.show_clip)
        add("DELETE", one, self.cancel_clip)
        add("GET", f"{one}/video.mp4", self.play_clip, response_class=Response, responses=PARTS)
        add("HEAD", f"{one}/video.mp4", self.play_clip, response_class=Response, include_in_schema=False)
        add("POST", COMPLETE_FLOW, self.answer_recording, status_code=202, openapi_extra=RECORDING)

    async def order_clip(self, user: Actor, body: ClipRequest) -> ClipItem:
        """Order a clip; its id comes back at once."""
        desk = self._desk()
        self._count(user)
        return ClipItem.model_validate(
            _talk(await desk.order(user, ClipWish(body.clone, body.text, body.language, body.size)))
        )

    async def show_clip(self, user: Viewer, talk_id: UUID) -> ClipItem:
        """How far it is; to be asked every two seconds."""
        return ClipItem.model_validate(_talk(await self._desk().status(user, talk_id)))

    async def cancel_clip(self, user: Actor, talk_id: UUID) -> ClipItem:
        """Stop it."""
        return ClipItem.model_validate(_talk(await self._desk().cancel(user, talk_id)))

    async def play_clip(self, request: Request, user: Viewer, talk_id: UUID) -> Response:
        """The file, whole or in part (RFC 9110, section 14), for its owner alone.

        A video element cannot send headers, so the token may also come as `?token=`.
        """
        data = await self._desk().video(user, talk_id)
        headers = {"Accept-Ranges": "bytes", "Cache-Control": "private, max-age=3600"}
        part = _range(request.headers.get("range"), len(data))
        if part is None:
            return Response(data, 200, headers, _VIDEO)
        first, last = part
        if first > last:
            return Response(b"", 416, {**headers, "Content-Range": f"bytes */{len(data)}"})
        headers["Content-Range"] = f"bytes {first}-{last}/{len(data)}"
        return Response(data[first : last + 1], 206, headers, _VIDEO)

    async def answer_recording(self, request: Request, user: Actor) -> RecordedAnswer:
        """A recorded question in, its transcript, the answer, and the clip that will say it."""
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
        return RecordedAnswer.model_validate({**body, **_talk(done.talk)})

    # --- who asks --------------------------------------------------------------------------------------------------

    def _desk(self) -> ClipDesk:
        if self._deps.clips is None:
            raise NotFound("clips are not made here")
        return self._deps.clips

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
