"""What an archive is about to become: its small records, checked against one another, and the new ids. Blocking."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO
from uuid import UUID

from selfsame.clones.answering import checked_no_answer
from selfsame.clones.archive.container import LONGEST_LINE, ArchiveReader
from selfsame.clones.archive.likeness import Admission, CarriedConsent
from selfsame.clones.archive.manifest import DAMAGED
from selfsame.clones.archive.passphrase import SealedFile, is_sealed
from selfsame.clones.persona import LISTS, PROFILE
from selfsame.errors import BadInput
from selfsame.kit.ids import new_id
from selfsame.library.pictures import PICTURE, THUMBNAIL
from selfsame.stores.archive import records as r
from selfsame.studio.checks import check_face, check_voice
from selfsame.studio.folders import KNOWLEDGE, face_folder, folder_of, voice_folder
from selfsame.studio.port import FaceModel
from selfsame.studio.voice.kinds import VoiceModel

MOST_DOCUMENTS = 20_000
MOST_PICTURES = 20_000
MOST_MODELS = 200
MOST_EXTRACTIONS = 200
RIG, VOICE = "rig.json", "voice.npz"
NEEDED: Mapping[str, tuple[str, ...]] = {
    "uploads": (),
    "pictures": (PICTURE, THUMBNAIL),
    "voices": (VOICE,),
    "faces": (RIG,),
}
"""The files without which a thing of that kind is none."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The records that fit in memory; chunks, products and questions are read when they are stored."""

    reader: ArchiveReader
    clone: r.CloneRecord
    persona: r.PersonaRecord | None
    extractions: Sequence[r.ExtractionRecord]
    documents: Mapping[UUID, r.DocumentRecord]
    uploads: Mapping[UUID, r.UploadRecord]
    pictures: Mapping[UUID, r.PictureRecord]
    voices: Mapping[UUID, r.VoiceRecord]
    faces: Mapping[UUID, r.FaceRecord]
    consents: Sequence[CarriedConsent]


@dataclass(frozen=True, slots=True)
class Landing:
    """Where it goes: new ids for old ones, and where the files of each upload, voice and face will lie.

    `folders` is by kind and old id; a kind that may not come in has none. `prefixes` hold all files of this import.
    """

    owner_id: UUID
    clone_id: UUID
    slug: str
    now: datetime
    admission: Admission
    ids: Mapping[UUID, UUID]
    folders: Mapping[tuple[str, UUID], str]
    prefixes: Sequence[str] = field(default=())

    def id_of(self, old: UUID) -> UUID:
        """The new id. Raises BadInput for one that the archive does not hold."""
        if old not in self.ids:
            raise BadInput(DAMAGED)
        return self.ids[old]


def open_archive(file: BinaryIO, passphrase: str | None) -> Plan:
    """Read everything once and check it. Raises BadInput, TooLarge; reading changes nothing."""
    try:
        sealed = is_sealed(file)
    except OSError as error:
        raise BadInput(f"the archive cannot be read: {error.strerror}") from error
    if sealed and not passphrase:
        raise BadInput("the archive is sealed: give its passphrase", code="PASSPHRASE_NEEDED")
    plain = SealedFile(file, passphrase) if sealed and passphrase else file
    reader = ArchiveReader(plain)  # type: ignore[arg-type]
    reader.verify()
    return read_plan(reader)


def read_plan(reader: ArchiveReader) -> Plan:
    """The records of an archive. Raises BadInput."""
    clone = r.parse(r.CloneRecord, reader.read("clone.json", LONGEST_LINE))
    checked_no_answer(clone.no_answer)
    persona = None
    if reader.names("persona.json"):
        persona = r.parse(r.PersonaRecord, reader.read("persona.json", LONGEST_LINE))
        _check_profile(persona.auto_extracted)
        _check_profile(persona.manual_overrides or {})
    told = r.parse_all(r.ConsentRecord, reader.lines("consents.jsonl"), 20)
    plan = Plan(
        reader,
        clone,
        persona,
        r.parse_all(r.ExtractionRecord, reader.lines("rows/extractions.jsonl"), MOST_EXTRACTIONS),
        _by_id(r.parse_all(r.DocumentRecord, reader.lines("rows/documents.jsonl"), MOST_DOCUMENTS)),
        _by_id(r.parse_all(r.UploadRecord, reader.lines("rows/uploads.jsonl"), MOST_DOCUMENTS)),
        _by_id(r.parse_all(r.PictureRecord, reader.lines("rows/pictures.jsonl"), MOST_PICTURES)),
        _by_id(r.parse_all(r.VoiceRecord, reader.lines("rows/voices.jsonl"), MOST_MODELS)),
        _by_id(r.parse_all(r.FaceRecord, reader.lines("rows/faces.jsonl"), MOST_MODELS)),
        [CarriedConsent(each.subject, each.granted_at, each.evidence) for each in told],
    )
    _check(plan)
    return plan


def land(plan: Plan, owner_id: UUID, clone_id: UUID, slug: str, decided: tuple[Admission, datetime]) -> Landing:
    """New ids and folders for everything that may come in. Raises BadInput on what no store would take."""
    admission, now = decided
    old = sorted(plan.documents)
    # In the order of the old ones: where two documents are otherwise equal, they are listed by their ids.
    ids = dict(zip(old, sorted(new_id() for _ in old), strict=True))
    ids |= {each: new_id() for each in (*plan.uploads, *plan.pictures, *plan.voices, *plan.faces)}
    knowledge = f"{folder_of(KNOWLEDGE, owner_id)}{new_id()}/"
    folders = {("uploads", each): f"{knowledge}{ids[each]}/" for each in plan.uploads}
    folders |= {("pictures", each): f"{knowledge}{ids[each]}/" for each in plan.pictures}
    if admission.voice:
        folders |= {("voices", each): voice_folder(owner_id, ids[each]) for each in plan.voices}
    for each, face in plan.faces.items():
        if face.fictional or admission.face:
            folders["faces", each] = face_folder(owner_id, ids[each])
    models = [path for (kind, _), path in folders.items() if kind not in ("uploads", "pictures")]
    landing = Landing(owner_id, clone_id, slug, now, admission, ids, folders, (knowledge, *models))
    for each, voice in plan.voices.items():
        if ("voices", each) in folders:
            check_voice(voice_model(landing, voice))
    for each, face in plan.faces.items():
        if ("faces", each) in folders:
            check_face(face_model(landing, face))
    return landing


def voice_model(landing: Landing, voice: r.VoiceRecord) -> VoiceModel:
    """The voice as it will be."""
    path = landing.folders["voices", voice.id]
    rest = (path, voice.provider, voice.sample_rate, voice.quality_score, voice.details, voice.status, voice.created_at)
    return VoiceModel(landing.id_of(voice.id), landing.owner_id, landing.clone_id, *rest)


def face_model(landing: Landing, face: r.FaceRecord) -> FaceModel:
    """The face as it will be."""
    path = landing.folders["faces", face.id]
    about = (path, face.tier, face.resolution, face.quality_score, face.rig_hash, face.details, face.fictional)
    return FaceModel(landing.id_of(face.id), landing.owner_id, landing.clone_id, *about, face.status, face.created_at)


def file_place(name: str) -> tuple[str, UUID, str]:
    """The kind, the old id and the own name of an entry below `files/`. Raises BadInput."""
    parts = name.split("/")
    if len(parts) < 4 or parts[1] not in ("uploads", "pictures", "voices", "faces"):
        raise BadInput(DAMAGED)
    try:
        return parts[1], UUID(parts[2]), "/".join(parts[3:])
    except ValueError:
        raise BadInput(DAMAGED) from None


def _by_id(found: list) -> dict:
    by_id = {each.id: each for each in found}
    if len(by_id) != len(found):
        raise BadInput(DAMAGED)
    return by_id


def _check(plan: Plan) -> None:
    """What the records say of one another, and which files they need."""
    if any(upload.document_id not in plan.documents for upload in plan.uploads.values()):
        raise BadInput(DAMAGED)
    known = {("uploads", each) for each in plan.uploads} | {("voices", each) for each in plan.voices}
    known |= {("pictures", each) for each in plan.pictures}
    known |= {("faces", each) for each in plan.faces}
    names = {entry.name: entry for entry in plan.reader.manifest.entries if entry.name.startswith("files/")}
    if any(file_place(name)[:2] not in known for name in names):
        raise BadInput(DAMAGED)
    if any(f"files/{kind}/{each}/{name}" not in names for kind, each in known for name in NEEDED[kind]):
        raise BadInput(DAMAGED)
    if any(names[f"files/faces/{each}/{RIG}"].sha256[:32] != face.rig_hash for each, face in plan.faces.items()):
        raise BadInput(DAMAGED)
    for models in (plan.voices, plan.faces):
        if sum(model.status == "active" for model in models.values()) > 1:
            raise BadInput(DAMAGED)
    if len({consent.subject for consent in plan.consents}) != len(plan.consents):
        raise BadInput(DAMAGED)


def _check_profile(profile: Mapping[str, object]) -> None:
    for name, value in profile.items():
        listed = isinstance(value, list) and all(isinstance(item, str) for item in value)
        fits = listed if name in LISTS else isinstance(value, str)
        if name not in (*PROFILE, "name") or not (value is None or fits):
            raise BadInput(f"the archive's persona has a field that is not known here: {name[:40]!r}; update Selfsame")
