"""The product's studio as the evaluator sees it: clips made as the product makes them, and eyes to look at them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from selfsame.errors import BadOutput
from selfsame.evaluator.clip_run import MadeClip, Studio
from selfsame.evaluator.opening import openings
from selfsame.events.shown import Motion
from selfsame.events.spoken import SpokenChunk
from selfsame.face.port import AnimatingAbilities, Animation, FaceAnimator
from selfsame.kit.clock import SYSTEM
from selfsame.kit.tasks import offload
from selfsame.settings import Settings
from selfsame.studio.clips import ClipTools, Script, make_clip
from selfsame.wiring.casting import joined
from selfsame.wiring.filming import FilmSet, open_film_set

SIZE = 512


@asynccontextmanager
async def open_evaluator(settings: Settings, clone: str | None) -> AsyncIterator[Studio]:
    """The studio of a clone (a slug or id, None for the demonstration clone), open as long as the block.

    Raises NotFound for a clone that is not the owner's or has no face; Unavailable when an engine cannot be had.
    """
    async with open_film_set(settings, clone) as scene:
        painter = await offload(scene.open_painter, SIZE)
        tools = ClipTools(scene.voice, scene.animator, painter, scene.idle, SYSTEM, seed=scene.seed)
        engines = {
            "tts": scene.voice.abilities.name,
            "animator": scene.animator.abilities.name,
            "renderer": scene.renderer,
            "rig": scene.rig_hash,
        }
        find = partial(scene.landmarker.find, threshold=0.5)
        yield Studio(partial(_make, scene, tools), partial(openings, find=find), engines=engines)


async def _make(scene: FilmSet, tools: ClipTools, text: str, language: str) -> MadeClip:
    """A clip with the speech that is in it. Raises SelfsameError."""
    ears = Overhearing(tools.animator)
    # The voice itself says each sentence in the language it is written in: "auto" only has to name one to begin with.
    script = Script(text, scene.language if language == "auto" else language, size=SIZE)
    made = await make_clip(script, replace(tools, animator=ears))
    if not ears.chunks:
        raise BadOutput("the voice said nothing", role="tts", provider=tools.voice.abilities.name)
    speech = joined(ears.chunks)
    timings = made.timings
    return MadeClip(
        made.video,
        speech.pcm,
        speech.sample_rate,
        speech.phonemes,
        timings.tts_ms,
        timings.avatar_render_ms,
        timings.total_generation_ms,
    )


@dataclass(slots=True)
class Overhearing:
    """A `FaceAnimator` that keeps the speech it animates: exactly what a clip says, pauses and all."""

    inner: FaceAnimator
    chunks: list[SpokenChunk] = field(default_factory=list)

    @property
    def abilities(self) -> AnimatingAbilities:
        """The animator's."""
        return self.inner.abilities

    def open(self, seed: int) -> Animation:
        """Begin a reply; what was kept before is forgotten."""
        self.chunks.clear()
        return _Overheard(self.inner.open(seed), self.chunks)


@dataclass(frozen=True, slots=True)
class _Overheard:
    inner: Animation
    chunks: list[SpokenChunk]

    def add(self, chunk: SpokenChunk) -> Motion:
        """As the animator does."""
        self.chunks.append(chunk)
        return self.inner.add(chunk)

    def finish(self) -> Motion:
        """As the animator does."""
        return self.inner.finish()
