"""A person's voice over HTTP: the sentences to read, the spoken consent, upload, progress, preview, accept, discard.

Only the owner of this machine's clones may (permission "own"); visitors get FORBIDDEN.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from selfsame.channels.deps import Identity, VoiceStudio
from selfsame.channels.forms import open_form
from selfsame.channels.peers import peer_of
from selfsame.clones.consent import PRINT, Consent
from selfsame.clones.tokens import OWN
from selfsame.errors import BadInput, Forbidden
from selfsame.jobs.voice_desk import told
from selfsame.kit.tasks import offload
from selfsame.studio.media.kinds import SOUND_BYTES
from selfsame.studio.voice.enrolment import RECORDINGS_MOST, Upload
from selfsame.studio.voice.sentences import sentences

MOST_BYTES = SOUND_BYTES + 1_000_000
"""Of one request: a recording at its largest, and the form around it."""
CONSENT_BYTES = 25_000_000
FILES = {"type": "array", "items": {"type": "string", "format": "binary"}}
TEXTS = {"type": "array", "items": {"type": "string"}}


def _form(required: list[str], **properties: dict[str, Any]) -> dict[str, Any]:
    """The form as the API's description has it; it is read by hand, after the caller is known."""
    schema = {"type": "object", "required": required, "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


UPLOAD = _form(["files"], files=FILES, texts=TEXTS, language={"type": "string"}, clone={"type": "string"})
SPOKEN = _form(
    ["recording", "name"],
    recording={"type": "string", "format": "binary"},
    name={"type": "string"},
    language={"type": "string"},
)
Language = Literal["EN", "ES", "ZH"]


class VoiceModelRoutes:
    """`/voice-model/...`, `/voice-models`, `/api/voice/...` and `/api/consents/spoken`."""

    def __init__(
        self, studio: VoiceStudio, identify: Callable[[Request], Awaitable[Identity]], origins: tuple[str, ...] = ()
    ) -> None:
        self._studio = studio
        self._identify = identify
        self._origins = origins
        self.router = APIRouter()
        add = self.router.add_api_route
        add("/voice-model/upload", self.upload, methods=["POST"], status_code=202, openapi_extra=UPLOAD)
        add("/voice-models", self.all, methods=["GET"])
        add("/voice-model/{voice_id}", self.one, methods=["GET"])
        add("/voice-model/{voice_id}", self.discard, methods=["DELETE"], status_code=204)
        add("/voice-model/{voice_id}/activate", self.activate, methods=["POST"])
        add("/voice-model/{voice_id}/preview.wav", self.preview, methods=["GET"])
        add("/api/voice/sentences", self.sentences, methods=["GET"])
        add("/api/consents/spoken", self.statement, methods=["GET"])
        add("/api/consents/spoken", self.agree, methods=["POST"], status_code=201, openapi_extra=SPOKEN)
        add("/api/consents/spoken", self.revoke, methods=["DELETE"])

    async def sentences(self, request: Request, language: Language = "EN") -> JSONResponse:
        """The sentences to read for a voice, in the order in which they cover the sounds of the language quickest."""
        await self._owner(request)
        return JSONResponse({"language": language, "sentences": list(await offload(sentences, language))})

    async def statement(self, request: Request, name: str, language: Language = "EN") -> JSONResponse:
        """The sentence to say today to agree."""
        await self._owner(request)
        wanted = self._studio.consents.statement(name, language)
        return JSONResponse({"text": wanted.text, "date": wanted.day.isoformat(), "language": wanted.language})

    async def agree(self, request: Request) -> JSONResponse:
        """A form of `recording`, `name` and, unless English, `language`: the spoken consent to voice and face."""
        owner = await self._owner(request)  # before a byte of the body is read
        async with open_form(request, CONSENT_BYTES, 1) as form:
            recording, name = form.get("recording"), form.get("name")
            if not isinstance(recording, UploadFile) or not isinstance(name, str):
                raise BadInput("send a form with the recording and your name")
            language = form.get("language") or "EN"
            data = await recording.read()
        records = await self._studio.consents.take(owner, name, str(language), data)
        return JSONResponse({"consents": shown(records)}, 201)

    async def revoke(self, request: Request) -> JSONResponse:
        """End the consent: the voice and the face stop at once and are erased."""
        return JSONResponse({"consents": shown(await self._studio.revoke(await self._owner(request)))})

    async def upload(self, request: Request) -> JSONResponse:
        """Recordings of sentences with their `texts` in the same order, or talks and videos without: making begins.

        A form of `files`, `texts` (as many, or none), `language`, and for another than the first clone, `clone`.
        """
        owner = await self._owner(request)
        async with open_form(request, MOST_BYTES, RECORDINGS_MOST, RECORDINGS_MOST + 10) as form:
            files = [value for value in form.getlist("files") if isinstance(value, UploadFile)]
            texts = [str(value) for value in form.getlist("texts")]
            if texts and len(texts) != len(files):
                raise BadInput("send as many texts as files, in the same order, or none")
            language = str(form.get("language") or "EN")
            data = [await file.read() for file in files]
            clone = form.get("clone")
        uploads = [Upload(each, text, language) for each, text in zip(data, texts or [""] * len(data), strict=True)]
        found = await self._studio.find_clone(clone if isinstance(clone, str) and clone else None, owner)
        state = await self._studio.desk.order(owner, found, uploads)
        return JSONResponse(told(state) | {"statusUrl": f"/voice-model/{state.voice.id}"}, 202)

    async def all(self, request: Request) -> JSONResponse:
        """The owner's voices, newest first, and which one speaks (`activeVoiceModelId`, by clone)."""
        states = await self._studio.desk.of(await self._owner(request))
        active = {str(state.voice.clone_id): str(state.voice.id) for state in states if state.voice.status == "active"}
        return JSONResponse({"voiceModels": [told(state) for state in states], "activeVoiceModelId": active})

    async def one(self, request: Request, voice_id: UUID) -> JSONResponse:
        """One voice: its status, how far it is, what was heard in the recordings, and what to do better."""
        return JSONResponse(told(await self._studio.desk.state(await self._owner(request), voice_id)))

    async def activate(self, request: Request, voice_id: UUID) -> JSONResponse:
        """Accept the preview: the clone speaks with this voice from now on."""
        return JSONResponse(told(await self._studio.desk.activate(await self._owner(request), voice_id)))

    async def discard(self, request: Request, voice_id: UUID) -> Response:
        """Forget the voice and everything made for it."""
        await self._studio.desk.discard(await self._owner(request), voice_id)
        return Response(status_code=204)

    async def preview(self, request: Request, voice_id: UUID) -> Response:
        """The test sentence."""
        data = await self._studio.desk.preview(await self._owner(request), voice_id)
        return Response(data, media_type="audio/wav", headers={"cache-control": "private, no-store"})

    async def _owner(self, request: Request) -> UUID:
        if not peer_of(request.scope).may_speak(self._origins):
            raise Forbidden("pages of other origins may not ask", code="ORIGIN_REFUSED")
        identity = await self._identify(request)
        if OWN not in identity.permissions:
            raise Forbidden("only the owner of the clone may do this")
        return identity.user_id


def shown(records: tuple[Consent, ...]) -> list[dict[str, Any]]:
    """Consents to voice and face as JSON, with their evidence but without the numbers of the voice."""
    return [
        {
            "subject": record.subject,
            "grantedAt": record.granted_at.isoformat(),
            "revokedAt": record.revoked_at.isoformat() if record.revoked_at else None,
            "evidence": {k: v for k, v in record.evidence.items() if k != PRINT} if record.evidence else None,
        }
        for record in records
        if record.subject in ("voice", "face")
    ]
