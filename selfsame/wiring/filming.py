"""What films a clone outside a conversation: a voice, an animator, a renderer with the clone's face."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from selfsame.events.shown import Frames
from selfsame.face.idle import idle_frames
from selfsame.face.port import FaceAnimator, FaceLandmarker, FacePainter
from selfsame.face.show import Idle
from selfsame.kit.tasks import offload
from selfsame.settings import Settings
from selfsame.voice.port import TextToSpeech


@dataclass(frozen=True, slots=True)
class FilmSet:
    """The engines of a clone's clips. `open_painter(size)` blocks; `language` is the clone's own (EN, ZH, ES)."""

    clone: str
    language: str
    voice: TextToSpeech
    animator: FaceAnimator
    idle: Idle
    open_painter: Callable[[int], FacePainter]
    renderer: str
    rig_hash: str
    seed: int
    landmarker: FaceLandmarker


@asynccontextmanager
async def open_film_set(settings: Settings, clone: str | None) -> AsyncIterator[FilmSet]:
    """The set for a clone (its slug; None: the demonstration clone).

    It needs the database and the engines of a clip, and not the rest of the product: no ears, no mind, no queue. So it
    is soon there, and a server may run beside it. Raises NotFound for a clone that is not the owner's, or has no face;
    Unavailable when an engine cannot be had.
    """
    from selfsame.demo import DEMO
    from selfsame.stores.files.local import LocalFiles
    from selfsame.stores.keys import KeyFile
    from selfsame.stores.postgres.clones import PostgresClones
    from selfsame.stores.postgres.faces import PostgresFaces
    from selfsame.stores.postgres.users import PostgresUsers
    from selfsame.wiring import demo
    from selfsame.wiring.database import open_home_database
    from selfsame.wiring.engines import open_film_engines
    from selfsame.wiring.faces import Faces, seed_demo_face
    from selfsame.wiring.people import Meetings

    async with open_home_database(settings) as database:
        clones, models = PostgresClones(database), PostgresFaces(database)
        owner = await PostgresUsers(database).owner(name=settings.owner_name)
        files = LocalFiles(settings.home / "files", await offload(KeyFile(settings.home / "files.key").load))
        faces = Faces(models, files, Meetings(clones, DEMO.slug))
        await seed_demo_face(models, files, await demo.introduce(clones, owner.id))
        found = await faces.meetings.meet(clone, owner.id)
        rig_hash = await faces.shown(found)
        rig = await faces.drawn(found)
        engines = await open_film_engines(settings)
        yield FilmSet(
            clone=found.slug,
            language=found.language,
            voice=engines.speaking,
            animator=engines.animator,
            idle=partial(idle, seed_of(found.id)),
            open_painter=partial(engines.renderer.open, rig),
            renderer=engines.renderer.abilities.name,
            rig_hash=rig_hash,
            seed=seed_of(found.id),
            landmarker=engines.landmarker,
        )


def seed_of(clone_id: UUID) -> int:
    """A number that belongs to the clone: its head and eyes have their own way."""
    return int.from_bytes(hashlib.sha256(clone_id.bytes).digest()[:4], "little")


def idle(seed: int, first: int, count: int) -> Frames:
    """The face at rest."""
    return idle_frames(first, count, seed)
