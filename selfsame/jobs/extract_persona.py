"""The job that learns how a person speaks, from a transcript, a recording or a video: fetch, tell the main speaker,
hear batch by batch, extract, store, clear.

Killed at any step it goes on with the next: what was heard is remembered by the minute. What was uploaded or fetched is
erased when the job is done, when nothing can come of it, and in any case by an order that was given beforehand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from selfsame.errors import BadInput, CallerError, NotFound, Refused
from selfsame.jobs.job import JobKind
from selfsame.jobs.shared_video import SOURCE, SharedVideo
from selfsame.jobs.work import Work
from selfsame.jobs.worker import Handler
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.studio.folders import UPLOADS, folder_of
from selfsame.studio.persona.extract import Reader, extract
from selfsame.studio.persona.formats import read_transcript
from selfsame.studio.persona.hearing import (
    Hear,
    MainSpeaker,
    ReadSound,
    batches,
    hear_batch,
    spoken_sound,
    transcript_of,
)
from selfsame.studio.persona.port import ExtractionRecord, PersonaStore
from selfsame.studio.persona.sound import SoundMeasures, measure_sound
from selfsame.studio.persona.transcript import Transcript, of_speaker
from selfsame.studio.port import FileStore, Progress

EXTRACT_PERSONA = JobKind("extract-persona", max_running=1)
LANGUAGES = ("EN", "ES", "ZH")


@dataclass(frozen=True, slots=True)
class PersonaWorkshop:
    """What the job needs. `reader` is a language model, where one is configured."""

    personas: PersonaStore
    files: FileStore
    videos: SharedVideo
    read_sound: ReadSound
    main_speaker: MainSpeaker
    hear: Hear
    reader: Reader | None = None


def source_folder(user_id: UUID, source_id: str) -> str:
    """Where an upload, or what was fetched, lies until its persona is extracted."""
    return f"{folder_of(UPLOADS, user_id)}{source_id}/"


def extracting(shop: PersonaWorkshop) -> Handler:
    """The handler of `EXTRACT_PERSONA`.

    Its arguments are `clone` (id), `folder` (name of the source's folder), `kind` (sound, transcript or address),
    `source` (told to the owner), and where wanted `language`, `speaker`, `captions`, and what `SharedVideo` needs.
    """

    async def handle(work: Work) -> Any:
        folder = source_folder(work.user_id, str(work.args.get("folder")))
        try:
            await shop.personas.halves(_clone(work), work.user_id)  # before any work: it may be gone
            result = await work.step("extract", _learn, shop, work, folder)
        except CallerError:
            # Nothing will come of it: it goes at once, and the owner hears why.
            await shop.files.delete(folder)
            raise
        await work.step("clear", shop.files.delete, folder)
        await work.progress(1.0, "The profile is ready: look at it, and change what is not right")
        return result

    return handle


async def _learn(shop: PersonaWorkshop, work: Work, folder: str) -> dict[str, Any]:
    """From the source to the stored profile; its longer parts are steps of their own."""
    kind, told = await _source(shop, work, folder)
    data = await _data(shop.files, folder)
    if kind == "transcript":
        transcript, sound = await offload(_transcript, data, work, told), None
    else:
        transcript, sound = await _heard(shop, work, data, told.get("language"))
    return await _extract(shop, work, (transcript, sound, told))


def _clone(work: Work) -> UUID:
    try:
        return UUID(str(work.args.get("clone")))
    except ValueError:
        raise BadInput("the order of this profile is damaged; give it again") from None


async def _source(shop: PersonaWorkshop, work: Work, folder: str) -> tuple[str, dict[str, Any]]:
    """The kind of what there is to learn from, and what is known of it; a video is fetched."""
    kind, told = work.args.get("kind"), {"source": str(work.args.get("source") or "")}
    if kind in ("sound", "transcript"):
        return kind, told
    if kind != "address" or not isinstance(work.args.get("address"), str):
        raise BadInput("the order of this profile is damaged; give it again")
    fetched = await work.step("fetch", _fetch, shop, work)
    return fetched["kind"], fetched


async def _fetch(shop: PersonaWorkshop, work: Work) -> dict[str, Any]:
    return await shop.videos.fetched(work, work.part(0.0, 0.25), captions=bool(work.args.get("captions")))


async def _data(files: FileStore, folder: str) -> bytes:
    try:
        return await files.get(folder + SOURCE)
    except NotFound:
        raise BadInput("What was uploaded is gone. Upload it again.") from None


def _transcript(data: bytes, work: Work, told: dict[str, Any]) -> Transcript:
    language = work.args.get("language")
    speaker = work.args.get("speaker")
    parts = read_transcript(data, str(told.get("source", "")))
    return of_speaker(parts, speaker if isinstance(speaker, str) else None, language if language in LANGUAGES else None)


async def _heard(shop: PersonaWorkshop, work: Work, data: bytes, known: str | None) -> tuple[Transcript, SoundMeasures]:
    """What the main speaker said, and how it sounded. The sound is read anew by each attempt, the words are not."""
    wanted = work.args.get("language")
    language = wanted if wanted in LANGUAGES else known if known in LANGUAGES else "auto"
    await work.progress(0.26, "Reading the sound")
    pcm = await shop.read_sound(data)
    spans = [tuple(span) for span in await work.step("main speaker", _speaker, shop.main_speaker, pcm)]
    groups = await offload(batches, pcm, spans)
    heard: list[Any] = []
    for number, group in enumerate(groups):
        await work.progress(0.3 + 0.6 * number / len(groups), "Listening to what is said")
        try:
            heard += await work.step(f"hear {number}", hear_batch, pcm, group, shop.hear, language)
        except Refused as error:
            raise BadInput(f"{error.message}: upload a transcript (text, SRT, VTT) of it instead.") from error
    own = await offload(spoken_sound, pcm, spans)
    return transcript_of(heard, language), await offload(measure_sound, own)


async def _speaker(main_speaker: MainSpeaker, pcm: Pcm) -> list[list[float]]:
    return [[round(start, 2), round(end, 2)] for start, end in await main_speaker(pcm)]


async def _extract(
    shop: PersonaWorkshop, work: Work, found: tuple[Transcript, SoundMeasures | None, dict[str, Any]]
) -> dict[str, Any]:
    """Extract and store under the job's id, so that doing it twice is doing it once."""
    transcript, sound, told = found
    progress: Progress = work.part(0.9, 0.99)
    await progress(0.0, "Learning how the person speaks")
    extraction = await extract(transcript, sound, shop.reader)
    if not extraction.figures.get("enough"):
        raise BadInput(extraction.notes[0])
    record = ExtractionRecord(
        id=work.job.id,
        user_id=work.user_id,
        clone_id=_clone(work),
        source=str(told.get("source") or "a recording"),
        engine=extraction.engine,
        profile=extraction.profile,
        measured=extraction.measured,
        evidence=extraction.evidence,
        figures=extraction.figures,
        notes=extraction.notes,
    )
    await shop.personas.put_extraction(record)
    known = [name for name, value in extraction.profile.items() if value is not None]
    return {
        "engine": extraction.engine,
        "known": known,
        "words": extraction.figures["words"],
        "notes": list(record.notes),
    }
