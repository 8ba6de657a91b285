"""Where owners have a person's manner of speaking learnt, see it beside their own words, and change it (PERS-04)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from selfsame.clones.clone import Clone
from selfsame.clones.persona import PROFILE, PersonaProfile
from selfsame.errors import BadInput, NotFound, TooLarge
from selfsame.jobs.erase import ERASE
from selfsame.jobs.extract_persona import EXTRACT_PERSONA, LANGUAGES, source_folder
from selfsame.jobs.job import FINISHED, Job, JobOrder
from selfsame.jobs.port import JobQueue
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import offload
from selfsame.studio.media.sniff import is_video
from selfsame.studio.persona.formats import read_transcript
from selfsame.studio.persona.port import ExtractionRecord, PersonaStore
from selfsame.studio.persona.transcript import of_speaker
from selfsame.studio.port import FileStore
from selfsame.studio.tube import video_address

FORGET_AFTER = 6 * 3600.0
"""Seconds after which a source goes whatever became of its job."""
MOST_BYTES = 250_000_000
_SOUND = (b"ID3", b"fLaC", b"OggS", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9", b"#!AMR", b"caff")


@dataclass(frozen=True, slots=True)
class PersonaWish:
    """How a source is to be read. `language` EN, ES, ZH or None: as it shows. `speaker`: whose words, by name.

    `captions`: take a video's captions where its person wrote some, instead of its sound.
    """

    language: str | None = None
    speaker: str | None = None
    captions: bool = False


@dataclass(frozen=True, slots=True)
class PersonaDesk:
    """For owners only: whatever is not the user's is NotFound."""

    personas: PersonaStore
    files: FileStore
    jobs: JobQueue

    async def order_file(self, user_id: UUID, clone: Clone, data: bytes, filename: str, wish: PersonaWish) -> Job:
        """Have a transcript, a recording or a video learnt from; returns at once (a transcript is checked first).

        Raises NotFound, BadInput, TooLarge.
        """
        _require(user_id, clone)
        checked = _checked(wish)
        if not data:
            raise BadInput("The file is empty.")
        if len(data) > MOST_BYTES:
            raise TooLarge(f"A recording or video has at most {MOST_BYTES // 1_000_000} MB.")
        kind = "sound" if is_sound(data) else "transcript"
        if kind == "transcript":
            await offload(_readable, data, filename, wish.speaker)
        source = "".join(mark for mark in filename if mark.isprintable())[-120:]
        return await self._order(user_id, clone, data, {"kind": kind, "source": source} | checked)

    async def order_address(
        self, user_id: UUID, clone: Clone, address: str, wish: PersonaWish, pair: str | None = None
    ) -> Job:
        """Have a video of YouTube learnt from; returns at once. Jobs of one `pair` share what is fetched.

        Raises NotFound, BadInput.
        """
        _require(user_id, clone)
        video = video_address(address)
        told = {"kind": "address", "source": video.url, "address": video.id} | ({"pair": pair} if pair else {})
        return await self._order(user_id, clone, None, told | _checked(wish))

    async def job(self, user_id: UUID, job_id: UUID) -> Job:
        """How far it is. Raises NotFound."""
        job = await self.jobs.get(job_id, user_id)
        if job.kind != EXTRACT_PERSONA.name:
            raise NotFound("there is no such job")
        return job

    async def cancel(self, user_id: UUID, job_id: UUID) -> Job:
        """Stop it when it is not finished, and erase its source. Raises NotFound."""
        job = await self.job(user_id, job_id)
        if job.state in FINISHED:
            return job
        job = await self.jobs.cancel(job_id, user_id)
        folder = source_folder(user_id, str(job.args.get("folder")))
        await self.files.delete(folder)
        # A step that is still at its end may write once more: by then it has stopped.
        await self.jobs.enqueue(JobOrder(ERASE, None, {"prefix": folder}, f"cancelled {job.id}", 300.0))
        return job

    async def profile(self, user_id: UUID, clone: Clone) -> tuple[PersonaProfile, list[ExtractionRecord]]:
        """The two halves and the history. Raises NotFound."""
        _require(user_id, clone)
        return await self.personas.halves(clone.id, user_id), await self.personas.history(clone.id, user_id)

    async def edit(
        self, user_id: UUID, clone: Clone, changes: Mapping[str, Any], reset: Collection[str] = ()
    ) -> PersonaProfile:
        """Write the owner's words, and take back those in `reset`. Raises NotFound, BadInput."""
        _require(user_id, clone)
        unknown = [name for name in reset if name not in (*PROFILE, "name")]
        if unknown:
            raise BadInput(f"a profile has no field {unknown[0][:40]!r}")
        return await self.personas.override(clone.id, user_id, changes, reset)

    async def forget(self, user_id: UUID, clone: Clone) -> int:
        """Delete the history with its quotes; the profile stays. Raises NotFound."""
        _require(user_id, clone)
        return await self.personas.forget(clone.id, user_id)

    async def _order(self, user_id: UUID, clone: Clone, data: bytes | None, args: dict[str, Any]) -> Job:
        name = str(new_id())
        folder = source_folder(user_id, name)
        await self.jobs.enqueue(JobOrder(ERASE, None, {"prefix": folder}, f"source {name}", FORGET_AFTER))
        if data is not None:
            await self.files.put(f"{folder}source", data)
        told = args | {"clone": str(clone.id), "folder": name, "place": folder}
        order = JobOrder(EXTRACT_PERSONA, user_id, told, name)
        return await self.jobs.enqueue(order)


def is_sound(data: bytes) -> bool:
    """Whether it begins as a recording or a video does."""
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return True
    return is_video(data) or data.startswith(_SOUND)


def _readable(data: bytes, filename: str, speaker: str | None) -> None:
    of_speaker(read_transcript(data, filename), speaker)


def _require(user_id: UUID, clone: Clone) -> None:
    if clone.owner_id != user_id:
        raise NotFound("there is no such clone of yours")


def _checked(wish: PersonaWish) -> dict[str, Any]:
    if wish.language is not None and wish.language not in LANGUAGES:
        raise BadInput("the language must be EN, ES or ZH, or left out")
    if wish.speaker is not None and len(wish.speaker) > 80:
        raise BadInput("a speaker's name has at most 80 characters")
    return {name: value for name, value in asdict(wish).items() if value}


def told(clone: Clone, halves: PersonaProfile, history: list[ExtractionRecord]) -> dict[str, Any]:
    """A persona as JSON for its owner: the halves side by side, the merge, and where the extraction came from."""
    mine = halves.manual_overrides or {}
    rows = [
        {
            "field": name,
            "auto": halves.auto_extracted.get(name),
            "mine": mine.get(name),
            "overridden": name in mine,
            "merged": halves.value(name),
        }
        for name in PROFILE
    ]
    body: dict[str, Any] = {
        "clone": clone.slug,
        "fields": rows,
        "autoExtracted": halves.auto_extracted,
        "manualOverrides": halves.manual_overrides,
        "merged": asdict(halves.merged(clone.name)),
        "history": [_entry(record) for record in history],
    }
    if history:
        newest = history[0]
        body["evidence"], body["measured"] = dict(newest.evidence), dict(newest.measured)
    return body


def told_job(job: Job) -> dict[str, Any]:
    """A job as JSON for its owner (JOB-02)."""
    body: dict[str, Any] = {
        "jobId": str(job.id),
        "status": job.state,
        "progress": round(job.progress, 3),
        "message": job.message,
        "source": job.args.get("source", ""),
        "createdAt": job.created_at.isoformat(),
        "result": job.result,
    }
    if job.error_message and job.state == "failed":
        body["errorCode"], body["errorMessage"] = job.error_code, job.error_message
    return body


def _entry(record: ExtractionRecord) -> dict[str, Any]:
    return {
        "id": str(record.id),
        "createdAt": record.created_at.isoformat() if record.created_at else None,
        "source": record.source,
        "engine": record.engine,
        "figures": dict(record.figures),
        "notes": list(record.notes),
    }
