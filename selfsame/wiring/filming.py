"""What films a clone outside a conversation: a voice, an animator, a renderer with the clone's face."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from selfsame.errors import Unavailable
from selfsame.face.port import FaceAnimator, FacePainter
from selfsame.face.show import Idle
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


@asynccontextmanager
async def open_film_set(settings: Settings, clone: str | None) -> AsyncIterator[FilmSet]:
    """The set for a clone (its slug; None: the demonstration clone). Nothing is wired yet, so it raises Unavailable.

    Raises NotFound for a clone that is not the owner's, or has no face; Unavailable when an engine cannot be had.
    """
    del settings
    raise Unavailable(f"no renderer draws the face of {clone or 'the clone'} yet", role="face", provider="none")
    yield  # pragma: no cover - makes this a generator
