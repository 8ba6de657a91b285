"""A person's manner of speaking over HTTP: have it learnt, see both halves side by side, change one's own (API-01).

Only the owner of this machine's clones may (permission "own"); visitors get FORBIDDEN.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile

from selfsame.channels.api.personas import (
    ExtractionJob,
    Forgotten,
    PersonaEdit,
    PersonaItem,
    VideoAddress,
    VideoOrdered,
    VoiceOrdered,
)
from selfsame.channels.deps import PersonaStudio
from selfsame.channels.door import Owner
from selfsame.channels.forms import open_form
from selfsame.channels.routing import CLONE, FILE, LANGUAGE, Routes, form
from selfsame.clones.clone import Clone
from selfsame.clones.persona import PROFILE
from selfsame.errors import BadInput
from selfsame.jobs.job import Job
from selfsame.jobs.persona_desk import MOST_BYTES, PersonaWish, told, told_job
from selfsame.jobs.video_desk import VideoOrders

MOST_JSON = 100_000
_FORM = form(["file"], file=FILE, clone=CLONE, language=LANGUAGE, speaker={"type": "string", "maxLength": 80})
EXTRACT: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            **_FORM["requestBody"]["content"],
            "application/json": {"schema": {"$ref": "#/components/schemas/VideoAddress"}},
        },
    }
}
"""The body as the API's description has it; it is read by hand, after the caller is known."""


def video_ordered(orders: VideoOrders) -> VideoOrdered:
    """What was ordered, for the owner."""
    state = orders.voice
    voice = VoiceOrdered(ordered=False, error_code="CONSENT_MISSING", missing=orders.missing)
    if state is not None and state.job is not None:
        address = f"/voice-model/{state.voice.id}"
        voice = VoiceOrdered(ordered=True, job_id=state.job.id, voice_model_id=state.voice.id, status_url=address)
    address = f"/api/persona/jobs/{orders.persona.id}"
    return VideoOrdered.model_validate(told_job(orders.persona) | {"statusUrl": address, "voice": voice})


class PersonaRoutes:
    """`/api/persona...` and `/api/voice/clone`."""

    def __init__(self, studio: PersonaStudio) -> None:
        self._desk = studio.desk
        self._find_clone = studio.find_clone
        self._videos = studio.videos
        self.router = Routes("personas")
        add, persona = self.router.add, "/api/persona"
        add("GET", persona, self.show_persona)
        add("PATCH", persona, self.edit_persona)
        add("PUT", persona, self.replace_persona)
        add("POST", f"{persona}/extract", self.extract_persona, status_code=202, openapi_extra=EXTRACT)
        add("DELETE", f"{persona}/history", self.delete_persona_history)
        add("GET", f"{persona}/jobs/{{job_id}}", self.show_extraction)
        add("DELETE", f"{persona}/jobs/{{job_id}}", self.cancel_extraction)
        add("POST", "/api/voice/clone", self.clone_from_video, status_code=202)

    async def show_persona(self, owner: Owner, clone: str | None = None) -> PersonaItem:
        """What was extracted, what the owner wrote and the merge, field by field; the history and the evidence."""
        return await self._shown(owner, await self._find_clone(clone, owner))

    async def edit_persona(self, owner: Owner, body: PersonaEdit) -> PersonaItem:
        """Write the owner's words for some fields, and take some back."""
        found = await self._find_clone(body.clone, owner)
        await self._desk.edit(owner, found, body.overrides, body.reset)
        return await self._shown(owner, found)

    async def replace_persona(self, owner: Owner, body: PersonaEdit) -> PersonaItem:
        """Make these all of the owner's words; what is not among them is taken back."""
        found = await self._find_clone(body.clone, owner)
        await self._desk.edit(owner, found, body.overrides, (*PROFILE, "name"))
        return await self._shown(owner, found)

    async def extract_persona(self, request: Request, owner: Owner) -> ExtractionJob:
        """Learn from a file (a form with `file`: transcript, recording or video) or from a video (JSON with `url`)."""
        if request.headers.get("content-type", "").startswith("application/json"):
            return await self._from_address(owner, await _address(request))
        async with open_form(request, MOST_BYTES + 1_000_000, 1) as form:
            return await self._from_form(owner, form)

    async def clone_from_video(self, owner: Owner, body: VideoAddress) -> VideoOrdered:
        """A video of YouTube for a clone (VOICE-01): its person's manner of speaking and voice are learnt from it.

        Two jobs, which share what is fetched. Without a spoken consent the voice is left out, and `voice.missing` says
        what to do.
        """
        found = await self._find_clone(body.clone, owner)
        wish = PersonaWish(body.language, body.speaker, body.captions)
        return video_ordered(await self._videos.order(owner, found, body.url, wish))

    async def show_extraction(self, owner: Owner, job_id: UUID) -> ExtractionJob:
        """How far an extraction is, and why it failed."""
        return _told(await self._desk.job(owner, job_id))

    async def cancel_extraction(self, owner: Owner, job_id: UUID) -> ExtractionJob:
        """Stop an extraction; its source is erased."""
        return _told(await self._desk.cancel(owner, job_id))

    async def delete_persona_history(self, owner: Owner, clone: str | None = None) -> Forgotten:
        """Delete the history with its quotes; the profile stays."""
        return Forgotten(forgotten=await self._desk.forget(owner, await self._find_clone(clone, owner)))

    async def _from_form(self, owner: UUID, form: FormData) -> ExtractionJob:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadInput("give a file: a transcript, a recording or a video")
        given = {name: value for name in ("clone", "language", "speaker") if isinstance(value := form.get(name), str)}
        found = await self._find_clone(given.get("clone") or None, owner)
        wish = PersonaWish(given.get("language") or None, given.get("speaker") or None)
        return _ordered(await self._desk.order_file(owner, found, await file.read(), file.filename or "", wish))

    async def _from_address(self, owner: UUID, body: VideoAddress) -> ExtractionJob:
        found = await self._find_clone(body.clone, owner)
        wish = PersonaWish(body.language, body.speaker, body.captions)
        return _ordered(await self._desk.order_address(owner, found, body.url, wish))

    async def _shown(self, owner: UUID, clone: Clone) -> PersonaItem:
        return PersonaItem.model_validate(told(clone, *await self._desk.profile(owner, clone)))


async def _address(request: Request) -> VideoAddress:
    length = request.headers.get("content-length", "")
    if not length.isdigit() or int(length) > MOST_JSON:
        raise BadInput("the body must be small JSON with its length")
    try:
        return VideoAddress.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the body"
        raise BadInput(f"{first['msg']} (at {where})") from error


def _told(job: Job) -> ExtractionJob:
    return ExtractionJob.model_validate(told_job(job))


def _ordered(job: Job) -> ExtractionJob:
    return ExtractionJob.model_validate(told_job(job) | {"statusUrl": f"/api/persona/jobs/{job.id}"})
