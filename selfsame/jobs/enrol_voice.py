"""The job that makes a voice from its owner's recordings: clean, check, train and measure, preview, draft."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import numpy as np

from selfsame.clones.consent import Consent, voice_print
from selfsame.errors import BadInput, CallerError, NotFound
from selfsame.jobs.job import JobKind
from selfsame.jobs.shared_video import SOURCE, SharedVideo
from selfsame.jobs.work import Work
from selfsame.jobs.worker import Handler
from selfsame.studio.folders import UPLOADS, folder_of
from selfsame.studio.port import FileStore, Progress
from selfsame.studio.voice.enrolment import Gathered, Upload
from selfsame.studio.voice.kinds import BuiltVoice, TrainVoice, VoiceModel, VoiceModelStore, VoicePrint

ENROL_VOICE = JobKind("enrol-voice", max_running=1, consent="voice")
PREVIEW = "preview.wav"
NOTES_KEPT = 40

Gather = Callable[[Sequence[Upload], VoicePrint, Progress], Awaitable[Gathered]]
"""`enrolment.gather` with its encoder."""


@dataclass(frozen=True, slots=True)
class VoiceWorkshop:
    """What the job needs. `consents(user)` gives all consent records of a user."""

    models: VoiceModelStore
    files: FileStore
    consents: Callable[[UUID], Awaitable[tuple[Consent, ...]]]
    gather: Gather
    train: TrainVoice
    videos: SharedVideo


def recordings_folder(user_id: UUID, voice_id: UUID) -> str:
    """Where the recordings of a voice lie until it is made."""
    return f"{folder_of(UPLOADS, user_id)}{voice_id}/"


def enrolling(shop: VoiceWorkshop) -> Handler:
    """The handler of `ENROL_VOICE`; its arguments are `voice` and `recordings`, a list of `text` and `language`.

    For a video, instead of recordings, those of `SharedVideo` and where wanted `language`.
    """

    async def enrol(work: Work) -> Any:
        voice = await _draft(shop.models, work)
        uploads = recordings_folder(work.user_id, voice.id)
        try:
            result = await work.step("enrol", _enrol, shop, work, voice)
        except CallerError:
            # Nothing will come of these recordings: they go at once, and the owner hears why.
            await shop.files.delete(uploads)
            raise
        await work.step("clear", _clear, shop.files, uploads)
        return result

    return enrol


async def _draft(models: VoiceModelStore, work: Work) -> VoiceModel:
    for voice in await models.of(work.user_id):
        if str(voice.id) == work.args.get("voice"):
            return voice
    raise NotFound("the voice was discarded before it was made")


async def _enrol(shop: VoiceWorkshop, work: Work, voice: VoiceModel) -> dict[str, Any]:
    consent = np.array(voice_print(await shop.consents(work.user_id)), np.float32)
    gathered = await shop.gather(await _uploads(shop, work, voice), consent, work.part(0.1, 0.3))
    await work.progress(0.3, f"Learning the voice from {gathered.recordings.seconds:.0f} s of speech")
    built = await shop.train(gathered.recordings, work.part(0.3, 0.97))
    # Training takes minutes: the consent may have ended meanwhile, and then nothing is stored.
    voice_print(await shop.consents(work.user_id))
    files = dict(built.files) | ({PREVIEW: built.preview} if built.preview is not None else {})
    for name, data in files.items():
        await shop.files.put(voice.model_path + name, data)
    done = _described(voice, gathered, built)
    await shop.models.put_draft(done)
    await work.progress(1.0, "The voice is ready: listen to it, then accept it or record more")
    return {"voice": str(voice.id), "qualityScore": round(done.quality_score, 4), "provider": done.provider}


async def _uploads(shop: VoiceWorkshop, work: Work, voice: VoiceModel) -> list[Upload]:
    if "address" in work.args:
        return [await _of_video(shop, work)]
    files, told = shop.files, work.args.get("recordings")
    if not isinstance(told, list) or not all(isinstance(each, Mapping) for each in told):
        raise BadInput("the order of this voice is damaged; upload the recordings again")
    folder = recordings_folder(voice.user_id, voice.id)
    try:
        return [
            Upload(await files.get(f"{folder}{number}"), str(each.get("text", "")), str(each.get("language", "EN")))
            for number, each in enumerate(told)
        ]
    except NotFound:
        raise BadInput("the recordings are gone; upload them again") from None


async def _of_video(shop: VoiceWorkshop, work: Work) -> Upload:
    """The video's sound, in the language that was named, else in its own, else in English."""
    facts = await work.step("fetch", shop.videos.fetched, work, work.part(0.0, 0.1))
    try:
        data = await shop.files.get(str(work.args.get("place")) + SOURCE)
    except NotFound:
        raise BadInput("what was fetched is gone; order the voice again") from None
    return Upload(data, language=str(work.args.get("language") or facts.get("language") or "EN"))


def _described(voice: VoiceModel, gathered: Gathered, built: BuiltVoice) -> VoiceModel:
    details = dict(voice.details) | {
        "notes": [*gathered.notes, *built.notes][:NOTES_KEPT],
        "quality": [None if each is None else each.to_json() for each in gathered.quality],
        "recordings": len(gathered.quality),
        "good": len(gathered.prints),
        "seconds": round(gathered.recordings.seconds, 1),
        "consentLikeness": round(gathered.likeness, 4),
        "recordingScore": round(gathered.score, 3),
        "hasPreview": built.preview is not None,
        "report": dict(built.report),
    }
    return replace(
        voice,
        provider=built.provider,
        sample_rate=built.sample_rate,
        quality_score=min(1.0, max(0.0, built.quality_score)),
        details=details,
    )


async def _clear(files: FileStore, prefix: str) -> int:
    return await files.delete(prefix)
