"""A person's voice over HTTP: the sentences to read, the spoken consent, upload, progress, preview, accept, discard.

Only the owner of this machine's clones may (permission "own"); visitors get FORBIDDEN.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.responses import Response

from selfsame.channels.api.voices import (
    Language,
    Sentences,
    SpokenConsentList,
    SpokenStatement,
    VoiceMannerEdit,
    VoiceModelItem,
    VoiceModelList,
)
from selfsame.channels.deps import VoiceStudio
from selfsame.channels.door import Owner
from selfsame.channels.forms import open_form
from selfsame.channels.routing import CLONE, FILE, FILES, LANGUAGE, Routes, form, gives
from selfsame.clones.consent import PRINT, Consent
from selfsame.errors import BadInput
from selfsame.jobs.voice_desk import VoiceState, told
from selfsame.kit.tasks import offload
from selfsame.studio.media.kinds import SOUND_BYTES
from selfsame.studio.voice.enrolment import RECORDINGS_MOST, Upload
from selfsame.studio.voice.kinds import Wish
from selfsame.studio.voice.sentences import sentences

MOST_BYTES = SOUND_BYTES + 1_000_000
"""Of one request: a recording at its largest, and the form around it."""
CONSENT_BYTES = 25_000_000
TEXTS: dict[str, Any] = {"type": "array", "items": {"type": "string"}, "description": "As many as files, or none."}
UPLOAD = form(["files"], files=FILES, texts=TEXTS, language=LANGUAGE, clone=CLONE)
SPOKEN = form(["recording", "name"], recording=FILE, name={"type": "string"}, language=LANGUAGE)


class VoiceModelRoutes:
    """`/voice-model/...`, `/voice-models`, `/api/voice/...`, `/api/consents` and `/api/consents/spoken`."""

    def __init__(self, studio: VoiceStudio) -> None:
        self._studio = studio
        self.router = Routes("voices")
        add, one, spoken = self.router.add, "/voice-model/{voice_id}", "/api/consents/spoken"
        add("POST", "/voice-model/upload", self.upload_voice, status_code=202, openapi_extra=UPLOAD)
        add("GET", "/voice-models", self.list_voices)
        add("GET", one, self.show_voice)
        add("DELETE", one, self.delete_voice, status_code=204)
        add("PATCH", one, self.change_voice_manner)
        add("POST", f"{one}/activate", self.activate_voice)
        add("GET", f"{one}/preview.wav", self.play_voice_preview, response_class=Response, **gives("audio/wav"))
        add("GET", "/api/voice/sentences", self.list_sentences)
        add("GET", spoken, self.show_spoken_statement)
        add("POST", spoken, self.give_spoken_consent, status_code=201, openapi_extra=SPOKEN)
        add("DELETE", spoken, self.revoke_spoken_consent)
        add("GET", "/api/consents", self.list_consents)

    async def list_sentences(self, owner: Owner, language: Language = "EN") -> Sentences:
        """The sentences to read for a voice, in the order in which they cover the sounds of the language quickest."""
        del owner
        return Sentences(language=language, sentences=list(await offload(sentences, language)))

    async def show_spoken_statement(self, owner: Owner, name: str, language: Language = "EN") -> SpokenStatement:
        """The sentence to say today to agree."""
        del owner
        wanted = self._studio.consents.statement(name, language)
        return SpokenStatement(text=wanted.text, date=wanted.day.isoformat(), language=language)

    async def give_spoken_consent(self, request: Request, owner: Owner) -> SpokenConsentList:
        """A form of `recording`, `name` and, unless English, `language`: the spoken consent to voice and face."""
        async with open_form(request, CONSENT_BYTES, 1) as form:
            recording, name = form.get("recording"), form.get("name")
            if not isinstance(recording, UploadFile) or not isinstance(name, str):
                raise BadInput("send a form with the recording and your name")
            language = form.get("language") or "EN"
            data = await recording.read()
        return shown(await self._studio.consents.take(owner, name, str(language), data))

    async def list_consents(self, owner: Owner) -> SpokenConsentList:
        """What the owner has agreed to for voice and face, and when each consent was given and ended."""
        return shown(await self._studio.consents.book.of(owner))

    async def revoke_spoken_consent(self, owner: Owner) -> SpokenConsentList:
        """End the consent: the voice and the face stop at once and are erased."""
        return shown(await self._studio.revoke(owner))

    async def upload_voice(self, request: Request, owner: Owner) -> VoiceModelItem:
        """Recordings of sentences with their `texts` in the same order, or talks and videos without: making begins.

        A form of `files`, `texts` (as many, or none), `language`, and for another than the first clone, `clone`.
        """
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
        return VoiceModelItem.model_validate(told(state) | {"statusUrl": f"/voice-model/{state.voice.id}"})

    async def list_voices(self, owner: Owner) -> VoiceModelList:
        """The owner's voices, newest first, and which one speaks (`activeVoiceModelId`, by clone)."""
        states = await self._studio.desk.of(owner)
        active = {str(state.voice.clone_id): state.voice.id for state in states if state.voice.status == "active"}
        return VoiceModelList(voice_models=[_voice(state) for state in states], active_voice_model_id=active)

    async def show_voice(self, owner: Owner, voice_id: UUID) -> VoiceModelItem:
        """One voice: its status, how far it is, what was heard in the recordings, and what to do better."""
        return _voice(await self._studio.desk.state(owner, voice_id))

    async def activate_voice(self, owner: Owner, voice_id: UUID, manner: Wish | None = None) -> VoiceModelItem:
        """Accept the preview: the clone speaks with this voice from now on, in the manner that is given."""
        return _voice(await self._studio.desk.activate(owner, voice_id, manner))

    async def change_voice_manner(self, owner: Owner, voice_id: UUID, body: VoiceMannerEdit) -> VoiceModelItem:
        """Choose how a voice speaks, from the next reply on: `own`, `clear` or `automatic`."""
        return _voice(await self._studio.desk.set_manner(owner, voice_id, body.manner))

    async def delete_voice(self, owner: Owner, voice_id: UUID) -> None:
        """Forget the voice and everything made for it."""
        await self._studio.desk.discard(owner, voice_id)

    async def play_voice_preview(self, owner: Owner, voice_id: UUID) -> Response:
        """The test sentence."""
        data = await self._studio.desk.preview(owner, voice_id)
        return Response(data, media_type="audio/wav", headers={"cache-control": "private, no-store"})


def _voice(state: VoiceState) -> VoiceModelItem:
    return VoiceModelItem.model_validate(told(state))


def shown(records: tuple[Consent, ...]) -> SpokenConsentList:
    """Consents to voice and face, with their evidence but without the numbers of the voice."""
    found = [
        {
            "subject": record.subject,
            "grantedAt": record.granted_at.isoformat(),
            "revokedAt": record.revoked_at.isoformat() if record.revoked_at else None,
            "evidence": {k: v for k, v in record.evidence.items() if k != PRINT} if record.evidence else None,
        }
        for record in records
        if record.subject in ("voice", "face")
    ]
    return SpokenConsentList.model_validate({"consents": found})
