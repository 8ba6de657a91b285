"""The faces that clones show: which, from where, and drawn by what."""

from __future__ import annotations

import gzip
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from selfsame.clones.clone import Clone
from selfsame.demo import DEMO
from selfsame.errors import NotFound, SelfsameError
from selfsame.face.rig import FaceRig
from selfsame.kit.ids import stable_id
from selfsame.kit.tasks import offload
from selfsame.stores.postgres.faces import PostgresFaces
from selfsame.studio.folders import face_folder
from selfsame.studio.port import FaceModel, FileStore
from selfsame.wiring.people import Meetings

log = structlog.get_logger(__name__)

RIG = "rig.json"
_KEPT = 32


def rig_hash(data: bytes) -> str:
    """What names a version of a face: the beginning of its file's SHA-256."""
    return hashlib.sha256(data).hexdigest()[:32]


@dataclass(slots=True)
class Faces:
    """Implements `channels.deps.FaceShelf`; keeps the latest rigs at hand, as they travel and as they are drawn."""

    models: PostgresFaces
    files: FileStore
    meetings: Meetings
    _packed: OrderedDict[str, bytes] = field(default_factory=OrderedDict)
    _parsed: OrderedDict[str, FaceRig] = field(default_factory=OrderedDict)

    async def version(self, clone: Clone) -> str | None:
        """The hash of the face that the clone shows now. A store that is down costs the face, not the talk."""
        try:
            face = await self.models.active(clone.id, clone.owner_id)
        except SelfsameError as error:
            log.warning("the clone's face could not be looked up", code=error.code)
            return None
        return face.rig_hash if face is not None and face.rig_hash else None

    async def rig(self, user_id: UUID, slug: str, version: str) -> bytes:
        """The rig's file, compressed. Raises NotFound; see the protocol."""
        face = await self._active(await self.meetings.meet(slug, user_id))
        if face.rig_hash != version:
            raise NotFound("that is not the clone's face any more; open the page anew")
        if version not in self._packed:
            _keep(self._packed, version, await offload(gzip.compress, await self._file(face), 6))
        return self._packed[version]

    async def drawn(self, clone: Clone) -> FaceRig:
        """The rig to draw from. Raises NotFound when the clone has no face, or may not show one."""
        from selfsame.face.rig_file import from_json

        face = await self._active(clone)
        if face.rig_hash not in self._parsed:
            _keep(self._parsed, face.rig_hash, await offload(from_json, await self._file(face)))
        return self._parsed[face.rig_hash]

    async def shown(self, clone: Clone) -> str:
        """The hash of the face to show. Raises NotFound."""
        return (await self._active(clone)).rig_hash

    def forget(self) -> None:
        """Drop the rigs at hand, as when somebody is erased."""
        self._packed.clear()
        self._parsed.clear()

    async def _active(self, clone: Clone) -> FaceModel:
        face = await self.models.active(clone.id, clone.owner_id)
        if face is None:
            raise NotFound(f"{clone.name} has no face to show")
        return face

    async def _file(self, face: FaceModel) -> bytes:
        return await self.files.get(face.model_path + RIG)


def _keep(kept: OrderedDict, key: str, value: object) -> None:
    kept[key] = value
    while len(kept) > _KEPT:
        kept.popitem(last=False)


async def seed_demo_face(models: PostgresFaces, files: FileStore, clone: Clone) -> None:
    """Give the demonstration clone its face, unless it has this one or its owner chose another."""
    if DEMO.face is None:
        return
    version = rig_hash(DEMO.face)
    shown = await models.active(clone.id, clone.owner_id)
    if shown is not None and (shown.rig_hash == version or not shown.fictional):
        return
    face_id = stable_id("demo-face", f"{clone.id}:{version}")
    path = face_folder(clone.owner_id, face_id)
    known = {face.id: face for face in await models.of(clone.owner_id)}
    if face_id not in known or known[face_id].status == "draft":
        draft = FaceModel(
            face_id, clone.owner_id, clone.id, path, "demo", 1024, 1.0, version, {"about": "drawn"}, fictional=True
        )
        await models.put_draft(draft)
        await files.put(path + RIG, DEMO.face)
    await models.activate(face_id, clone.owner_id)
