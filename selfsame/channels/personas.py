"""A person's manner of speaking over HTTP: have it learnt, see both halves side by side, change one's own (API-01).

Only the owner of this machine's clones may (permission "own"); visitors get FORBIDDEN.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.responses import JSONResponse

from selfsame.channels.deps import Identity, PersonaStudio
from selfsame.channels.forms import open_form
from selfsame.channels.peers import peer_of
from selfsame.clones.clone import Clone
from selfsame.clones.persona import PROFILE
from selfsame.clones.tokens import OWN
from selfsame.errors import BadInput, Forbidden
from selfsame.jobs.job import Job
from selfsame.jobs.persona_desk import MOST_BYTES, PersonaWish, told, told_job

CloneName = Annotated[str | None, Field(max_length=64)]
MOST_JSON = 100_000
EXTRACT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary"},
                        "clone": {"type": "string"},
                        "language": {"type": "string", "enum": ["EN", "ES", "ZH"]},
                        "speaker": {"type": "string"},
                    },
                }
            },
            "application/json": {"schema": {"type": "object", "required": ["url"]}},
        },
    }
}
"""The body as the API's description has it; it is read by hand, after the caller is known."""


class AddressBody(BaseModel):
    """Body of `POST /api/voice/clone`, and of `POST /api/persona/extract` for a video."""

    model_config = ConfigDict(extra="forbid")

    url: Annotated[str, Field(max_length=500)]
    clone: CloneName = None
    language: Annotated[str | None, Field(max_length=2)] = None
    speaker: Annotated[str | None, Field(max_length=80)] = None
    captions: bool = False


class EditBody(BaseModel):
    """Body of `PATCH /api/persona`: the owner's words by field, null for "nothing of the kind"; `reset` takes back."""

    model_config = ConfigDict(extra="forbid")

    overrides: dict[str, Any] = Field(default_factory=dict)
    reset: list[str] = Field(default_factory=list, max_length=50)
    clone: CloneName = None


class PersonaRoutes:
    """`/api/persona...` and `/api/voice/clone`."""

    def __init__(
        self, studio: PersonaStudio, identify: Callable[[Request], Awaitable[Identity]], origins: tuple[str, ...] = ()
    ) -> None:
        self._desk = studio.desk
        self._find_clone = studio.find_clone
        self._identify = identify
        self._origins = origins
        self.router = APIRouter()
        add = self.router.add_api_route
        add("/api/persona", self.show, methods=["GET"])
        add("/api/persona", self.edit, methods=["PATCH"])
        add("/api/persona", self.replace, methods=["PUT"])
        add("/api/persona/extract", self.extract, methods=["POST"], status_code=202, openapi_extra=EXTRACT)
        add("/api/persona/history", self.forget, methods=["DELETE"])
        add("/api/persona/jobs/{job_id}", self.job, methods=["GET"])
        add("/api/persona/jobs/{job_id}", self.cancel, methods=["DELETE"])
        add("/api/voice/clone", self.clone_voice, methods=["POST"], status_code=202)

    async def show(self, request: Request, clone: str | None = None) -> JSONResponse:
        """What was extracted, what the owner wrote and the merge, field by field; the history and the evidence."""
        owner = await self._owner(request)
        return await self._shown(owner, await self._find_clone(clone, owner))

    async def edit(self, request: Request, body: EditBody) -> JSONResponse:
        """Write the owner's words for some fields, and take some back."""
        owner = await self._owner(request)
        found = await self._find_clone(body.clone, owner)
        await self._desk.edit(owner, found, body.overrides, body.reset)
        return await self._shown(owner, found)

    async def replace(self, request: Request, body: EditBody) -> JSONResponse:
        """Make these all of the owner's words; what is not among them is taken back."""
        owner = await self._owner(request)
        found = await self._find_clone(body.clone, owner)
        await self._desk.edit(owner, found, body.overrides, (*PROFILE, "name"))
        return await self._shown(owner, found)

    async def extract(self, request: Request) -> JSONResponse:
        """Learn from a file (a form with `file`: transcript, recording or video) or from a video (JSON with `url`)."""
        owner = await self._owner(request)  # before a byte of the body is read
        if request.headers.get("content-type", "").startswith("application/json"):
            return await self._from_address(owner, await _address(request))
        async with open_form(request, MOST_BYTES + 1_000_000, 1) as form:
            return await self._from_form(owner, form)

    async def clone_voice(self, request: Request, body: AddressBody) -> JSONResponse:
        """A video of YouTube for a clone (VOICE-01): its person's manner of speaking is learnt from it."""
        return await self._from_address(await self._owner(request), body)

    async def job(self, request: Request, job_id: UUID) -> JSONResponse:
        """How far an extraction is, and why it failed."""
        return JSONResponse(told_job(await self._desk.job(await self._owner(request), job_id)))

    async def cancel(self, request: Request, job_id: UUID) -> JSONResponse:
        """Stop an extraction; its source is erased."""
        return JSONResponse(told_job(await self._desk.cancel(await self._owner(request), job_id)))

    async def forget(self, request: Request, clone: str | None = None) -> JSONResponse:
        """Delete the history with its quotes; the profile stays."""
        owner = await self._owner(request)
        return JSONResponse({"forgotten": await self._desk.forget(owner, await self._find_clone(clone, owner))})

    async def _from_form(self, owner: UUID, form: FormData) -> JSONResponse:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadInput("give a file: a transcript, a recording or a video")
        given = {name: value for name in ("clone", "language", "speaker") if isinstance(value := form.get(name), str)}
        found = await self._find_clone(given.get("clone") or None, owner)
        wish = PersonaWish(given.get("language") or None, given.get("speaker") or None)
        return _ordered(await self._desk.order_file(owner, found, await file.read(), file.filename or "", wish))

    async def _from_address(self, owner: UUID, body: AddressBody) -> JSONResponse:
        found = await self._find_clone(body.clone, owner)
        wish = PersonaWish(body.language, body.speaker, body.captions)
        return _ordered(await self._desk.order_address(owner, found, body.url, wish))

    async def _shown(self, owner: UUID, clone: Clone) -> JSONResponse:
        return JSONResponse(told(clone, *await self._desk.profile(owner, clone)))

    async def _owner(self, request: Request) -> UUID:
        if not peer_of(request.scope).may_speak(self._origins):
            raise Forbidden("pages of other origins may not ask", code="ORIGIN_REFUSED")
        identity = await self._identify(request)
        if OWN not in identity.permissions:
            raise Forbidden("only the owner of the clone may do this")
        return identity.user_id


async def _address(request: Request) -> AddressBody:
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MOST_JSON:
        raise BadInput("the body must be small JSON with its length")
    try:
        return AddressBody.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise BadInput(f"{first['msg']} (at {where})") from error


def _ordered(job: Job) -> JSONResponse:
    return JSONResponse(told_job(job) | {"statusUrl": f"/api/persona/jobs/{job.id}"}, 202)
