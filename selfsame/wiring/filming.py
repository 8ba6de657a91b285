"""What films a clone outside a conversation: a voice, an animator, a renderer with the clone's face."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial

from selfsame.face.port import FaceAnimator, FacePainter
from selfsame.face.show import Idle
from selfsame.settings import Settings
from selfsame.voice.port import TextToSpeech
from selfsame.wiring.casting import idle, seed_of


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


@asynccontextmanager
async def open_film_set(settings: Settings, clone: str | None) -> AsyncIterator[FilmSet]:
    """The set for a clone (its slug; None: the demonstration clone).

    Raises NotFound for a clone that is not the owner's, or has no face; Unavailable when an engine cannot be had.
    """
    from selfsame.wiring.product import open_product

    async with open_product(settings) as product:
        casting = product.casting
        found = await casting.faces.meetings.meet(clone, product.owner_id)
        cast = await casting.cast(found)
        rig = await casting.faces.drawn(found)
        engines = casting.engines
        yield FilmSet(
            clone=found.slug,
            language=found.language,
            voice=engines.speaking,
            animator=engines.animator,
            idle=partial(idle, seed_of(found.id)),
            open_painter=partial(engines.renderer.open, rig),
            renderer=engines.renderer.abilities.name,
            rig_hash=cast.rig_hash,
        )
