"""Where owners agree by voice, order a voice, listen to it, and accept, replace or discard it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any, Protocol
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.clones.consent import PRINT, Consent, Subject
from selfsame.errors import BadInput, NotFound, NotSaid
from selfsame.events.heard import Hypothesis
from selfsame.jobs.enrol_voice import ENROL_VOICE, PREVIEW, recordings_folder
from selfsame.jobs.erase import ERASE
from selfsame.jobs.face_desk import FORGET_AFTER
from selfsame.jobs.job import FINISHED, Job, JobOrder
from selfsame.jobs.port import JobQueue
from selfsame.kit.ids import new_id
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.kit.tasks import offload
from selfsame.studio.folders import voice_folder
from selfsame.studio.media import MediaReader, SoundLimits
from selfsame.studio.port import FileStore
from selfsame.studio.tube import video_address
from selfsame.studio.voice.consent import LANGUAGES, Statement, compare, statement
from selfsame.studio.voice.enrolment import Upload, check_uploads
from selfsame.studio.voice.kinds import MANNER, SpeakerEncoder, VoiceModel, VoiceModelStore, Wish
from selfsame.studio.voice.measures import measure
from selfsame.studio.voice.quality import ADVICE

CONSENT_LIMITS = SoundLimits(shortest=2.0, used=60.0, longest=120.0, rate=MICROPHONE_RATE)
CONSENT_SNR = 8.0
"""dB: worse recordings are not understood, and would not count as evidence either."""

Hear = Callable[[Pcm, Statement], Awaitable[Hypothesis]]
"""The words of a recording at 16 kHz, by a recogniser that may have been taught the statement. Raises ProviderError,
Refused for a language that it does not understand."""


Silence = Callable[[], Awaitable[object]]
"""Takes the voices that are no more out of the memory of whoever speaks."""


class ConsentBook(Protocol):
    """Where consents are recorded."""

    async def grant(self, user_id: UUID, subject: Subject, evidence: Mapping[str, Any] | None = None) -> Consent:
        """Record a consent. Raises BadInput."""
        ...

    async def of(self, user_id: UUID) -> tuple[Consent, ...]:
        """All records of the user, oldest first."""
        ...


@dataclass(frozen=True, slots=True)
class ConsentDesk:
    """Takes spoken consents: to a clone of the voice, and of the face with it. `today` gives the date."""

    book: ConsentBook
    encoder: SpeakerEncoder
    hear: Hear
    today: Callable[[], date]
    reader: Callable[[], MediaReader] = MediaReader

    def statement(self, name: str, language: str = "EN") -> Statement:
        """What is to be said today. Raises BadInput."""
        return statement(name, self.today(), language)

    async def take(self, user_id: UUID, name: str, language: str, recording: bytes) -> tuple[Consent, ...]:
        """Record the consent when the sentence was said; all records of the user come back.

        Raises BadInput with what to do when it was not, TooLarge, ProviderError. The recording itself is not kept.
        """
        wanted = self.statement(name, language)
        async with self.reader() as opened:
            sound = await opened.sound(recording, CONSENT_LIMITS)
        measures = await offload(measure, sound.pcm, sound.rate)
        if measures.speech_seconds < 2.0:
            raise BadInput(ADVICE["NO_SPEECH"] if measures.speech_seconds < 0.3 else "Read the whole sentence aloud.")
        if measures.snr_db < CONSENT_SNR:
            raise BadInput(ADVICE["NOISY"].format(snr_db=measures.snr_db))
        heard = await self.hear(sound.pcm, wanted)
        said = compare(wanted, heard.text)
        if not said.is_said:
            raise NotSaid(said.problem, heard.text[:1000], said.missing)
        voice = await offload(self.encoder.embed, sound.pcm)
        evidence = {
            "sha256": sha256(recording).hexdigest(),
            "text": wanted.text,
            "heard": heard.text[:1000],
            "name": wanted.name,
            "date": wanted.day.isoformat(),
            "language": wanted.language,
            "scores": {
                "words": round(said.words, 3),
                "name": round(said.name, 3),
                "recogniser": round(heard.confidence, 3),
                "snrDb": round(measures.snr_db, 1),
                "seconds": round(measures.speech_seconds, 1),
            },
            "encoder": self.encoder.abilities.name,
        }
        await self.book.grant(user_id, "voice", evidence | {PRINT: [round(float(n), 6) for n in voice]})
        await self.book.grant(user_id, "face", evidence)
        return await self.book.of(user_id)


@dataclass(frozen=True, slots=True)
class VoiceState:
    """A voice and how far its making is. `job` is None for a voice that was not made here."""

    voice: VoiceModel
    job: Job | None

    @property
    def status(self) -> str:
        """pending, running, failed or cancelled while it is not made, else ready, active or replaced."""
        if self.voice.status != "draft":
            return self.voice.status
        if self.voice.sample_rate and (self.job is None or self.job.state == "completed"):
            return "ready"
        return "failed" if self.job is None or self.job.state == "completed" else self.job.state


@dataclass(frozen=True, slots=True)
class VoiceDesk:
    """For owners only: whatever is not the user's is NotFound."""

    models: VoiceModelStore
    files: FileStore
    jobs: JobQueue
    silence: Silence | None = None

    async def order(self, user_id: UUID, clone: Clone, uploads: Sequence[Upload]) -> VoiceState:
        """Store the recordings and order the voice; returns at once.

        Raises NotFound (not their clone), ConsentMissing, BadInput (nothing, too many, a text too long).
        """
        _require(user_id, clone)
        check_uploads(uploads)
        draft = await self._draft(user_id, clone, {"uploads": len(uploads)})
        folder = recordings_folder(user_id, draft.id)
        for number, upload in enumerate(uploads):
            await self.files.put(f"{folder}{number}", upload.data)
        told = [{"text": upload.text, "language": upload.language} for upload in uploads]
        return await self._order(draft, {"recordings": told})

    async def order_address(
        self, user_id: UUID, clone: Clone, address: str, language: str | None = None, pair: str | None = None
    ) -> VoiceState:
        """Order the voice of a YouTube video's main speaker; returns at once. `language` None: the video's own.

        Jobs of one `pair` share what is fetched. Raises NotFound, ConsentMissing, BadInput (no address of a video).
        """
        _require(user_id, clone)
        video = video_address(address)
        if language is not None and language not in LANGUAGES:
            raise BadInput("the language must be EN, ES or ZH, or left out")
        draft = await self._draft(user_id, clone, {"uploads": 1, "source": video.url})
        told = {"address": video.id, "place": recordings_folder(user_id, draft.id), "language": language, "pair": pair}
        return await self._order(draft, {name: value for name, value in told.items() if value is not None})

    async def state(self, user_id: UUID, voice_id: UUID) -> VoiceState:
        """The voice and its job. Raises NotFound."""
        for state in await self.of(user_id):
            if state.voice.id == voice_id:
                return state
        raise NotFound("there is no such voice")

    async def of(self, user_id: UUID) -> list[VoiceState]:
        """All voices of the user, newest first."""
        mine = reversed(await self.jobs.of(user_id, 200))  # so that the newest of a voice's jobs counts
        jobs = {job.args.get("voice"): job for job in mine if job.kind == ENROL_VOICE.name}
        return [VoiceState(voice, jobs.get(str(voice.id))) for voice in await self.models.of(user_id)]

    async def preview(self, user_id: UUID, voice_id: UUID) -> bytes:
        """The test sentence, a WAV file. Raises NotFound."""
        state = await self.state(user_id, voice_id)
        return await self.files.get(state.voice.model_path + PREVIEW)

    async def activate(self, user_id: UUID, voice_id: UUID, wish: Wish | None = None) -> VoiceState:
        """Speak with this voice from now on, in the manner of `wish` when it is given.

        Raises NotFound, ConsentMissing, BadInput while it is not made.
        """
        state = await self._made(user_id, voice_id)
        if wish is not None:
            await self.models.set_manner(voice_id, user_id, wish)
        return replace(state, voice=await self.models.activate(voice_id, user_id))

    async def set_manner(self, user_id: UUID, voice_id: UUID, wish: Wish) -> VoiceState:
        """Speak in this manner from the next reply on. Raises NotFound, BadInput while the voice is not made."""
        state = await self._made(user_id, voice_id)
        return replace(state, voice=await self.models.set_manner(voice_id, user_id, wish))

    async def _made(self, user_id: UUID, voice_id: UUID) -> VoiceState:
        state = await self.state(user_id, voice_id)
        if not state.voice.sample_rate:
            raise BadInput("this voice is not made yet; wait for it, or upload other recordings")
        return state

    async def discard(self, user_id: UUID, voice_id: UUID) -> None:
        """Forget the voice, its files and its job. Raises NotFound."""
        state = await self.state(user_id, voice_id)
        folder = recordings_folder(user_id, voice_id)
        if state.job is not None and state.job.state not in FINISHED:
            await self.jobs.cancel(state.job.id, user_id)
            # A step that is still at its end may write once more: by then it has stopped.
            await self.jobs.enqueue(JobOrder(ERASE, None, {"prefix": folder}, f"discarded {voice_id}", 300.0))
        await self.models.discard(voice_id, user_id)
        if self.silence is not None:
            await self.silence()
        await self.files.delete(folder)

    async def _draft(self, user_id: UUID, clone: Clone, details: Mapping[str, Any]) -> VoiceModel:
        """A voice to be made, whose recordings go whatever becomes of it. Raises ConsentMissing."""
        voice_id = new_id()
        draft = VoiceModel(voice_id, user_id, clone.id, voice_folder(user_id, voice_id), details=details)
        stored = await self.models.put_draft(draft)
        folder = recordings_folder(user_id, voice_id)
        await self.jobs.enqueue(JobOrder(ERASE, None, {"prefix": folder}, f"uploads {voice_id}", FORGET_AFTER))
        return stored

    async def _order(self, draft: VoiceModel, args: Mapping[str, Any]) -> VoiceState:
        order = JobOrder(ENROL_VOICE, draft.user_id, {"voice": str(draft.id), **args}, str(draft.id))
        return VoiceState(draft, await self.jobs.enqueue(order))


def _require(user_id: UUID, clone: Clone) -> None:
    if clone.owner_id != user_id:
        raise NotFound("there is no such clone of yours")


def told(state: VoiceState) -> dict[str, Any]:
    """A voice as JSON for its owner."""
    voice, job = state.voice, state.job
    body: dict[str, Any] = {
        "voiceModelId": str(voice.id),
        "cloneId": str(voice.clone_id),
        "status": state.status,
        "active": voice.status == "active",
        "progress": 1.0 if job is None or voice.sample_rate else job.progress,
        "message": "" if job is None else job.message,
        **voice.reference(),
        "sampleRate": voice.sample_rate,
        **{name: voice.details[name] for name in voice.details if name != MANNER},
        "manner": voice.wish,
        "speaks": voice.manner,
    }
    if job is not None:
        body["jobId"] = str(job.id)
        if job.error_message and state.status == "failed":
            body["errorCode"], body["errorMessage"] = job.error_code, job.error_message
    if voice.details.get("hasPreview"):
        body["previewUrl"] = f"/voice-model/{voice.id}/preview.wav"
    return body
