"""Choosing the engines: per role the best that is configured and healthy, with the embedded one as the floor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import structlog

from selfsame.ears.port import SpeechToText
from selfsame.errors import BadInput, ProviderError, Unavailable
from selfsame.face.choice import BestAnimator
from selfsame.face.port import FaceAnimator, FaceLandmarker, VideoRenderer
from selfsame.kit.tasks import offload
from selfsame.library.port import Embedder
from selfsame.models.manifest import FACE, MINILM, SILERO_VAD, XTTS
from selfsame.providers.embedded.voice_activity.choice import DetectorChoice, detectors
from selfsame.settings import Settings
from selfsame.voice.port import TextToSpeech
from selfsame.wiring.choices import Announcer, Choice, delay
from selfsame.wiring.ears import Ears, choose_ears
from selfsame.wiring.landmarks import LateLandmarker
from selfsame.wiring.minds import Mind, first_mind
from selfsame.wiring.renderers import behind_faces, choose_renderer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Engines:
    """What was chosen for each role, ready to use."""

    ears: Ears
    detectors: DetectorChoice
    thinker: Mind
    speaking: TextToSpeech
    embedder: Embedder
    animator: FaceAnimator
    landmarker: FaceLandmarker
    renderer: VideoRenderer
    chosen: tuple[Choice, ...]

    @property
    def report(self) -> tuple[Choice, ...]:
        """Which engine serves each role now; the mind may have been chosen anew since the start."""
        return tuple(self.thinker.choice if choice.role == "llm" else choice for choice in self.chosen)

    @property
    def hearing(self) -> SpeechToText:
        """The recogniser, with its fallback behind it."""
        return self.ears.engine

    async def adapt(self, clone_id: str, version: str, texts: list[str]) -> None:
        """Let the ears learn what a clone knows; a failure leaves them unadapted and is logged."""
        try:
            await self.ears.adapt(clone_id, version, texts)
        except ProviderError as error:
            log.warning("the ears could not adapt to the clone's knowledge", code=error.code)

    async def unlearn(self, clone_id: str) -> None:
        """Let the ears forget what they learnt under this name, in memory and on the disk."""
        await self.ears.forget(clone_id)


@asynccontextmanager
async def open_engines(settings: Settings, announcer: Announcer) -> AsyncIterator[Engines]:
    """Choose and start the engines. Raises BadInput for an unknown name, ProviderError for a named one that is out."""
    async with AsyncExitStack() as stack:
        ears, heard = await stack.enter_async_context(choose_ears(settings, announcer))
        mind = Mind(*first_mind(settings, announcer))
        speaking, spoken = await _voice(settings)
        embedder, embedded = await _embedder(settings)
        found = await offload(detectors, settings.vad, settings.models_dir / SILERO_VAD.name / "silero_vad.onnx")  # type: ignore[arg-type]
        hint = None if found.name == "silero" else "selfsame models pull"
        vad = Choice("vad", found.name, "embedded", found.why, hint=hint)
        renderer, drawn = choose_renderer(settings)
        landmarker = LateLandmarker(settings.models_dir / FACE.name)
        animator = await offload(BestAnimator)  # it reads the sound network's weights
        behind = await offload(behind_faces, settings, animator)
        report = (vad, heard, mind.choice, spoken, embedded, drawn, *behind)
        yield Engines(ears, found, mind, speaking, embedder, animator, landmarker, renderer, report)


@dataclass(frozen=True, slots=True)
class FilmEngines:
    """What films a clone that neither hears nor thinks meanwhile. `report` says which were chosen."""

    speaking: TextToSpeech
    animator: FaceAnimator
    landmarker: FaceLandmarker
    renderer: VideoRenderer
    report: tuple[Choice, ...]


async def open_film_engines(settings: Settings) -> FilmEngines:
    """The engines of a clip alone, chosen as the product chooses them; raises as `open_engines` does."""
    speaking, spoken = await _voice(settings)
    renderer, drawn = choose_renderer(settings)
    animator = await offload(BestAnimator)
    landmarker = LateLandmarker(settings.models_dir / FACE.name)
    return FilmEngines(speaking, animator, landmarker, renderer, (spoken, drawn))


async def _voice(settings: Settings) -> tuple[TextToSpeech, Choice]:
    if settings.tts == "fake":
        from selfsame.providers.fake.speaking import FakeTextToSpeech

        fake = FakeTextToSpeech(delay=delay(settings.fake_delays, "tts"))
        return fake, _choice("tts", "fake", "fake", "asked for", fake.abilities.languages)
    if settings.tts not in ("auto", "embedded", "espeak", XTTS.name):
        raise BadInput(f"there is no voice called {settings.tts}; `selfsame providers` lists them")
    from selfsame.providers.embedded.espeak import EspeakTextToSpeech

    voice = await offload(EspeakTextToSpeech)
    if settings.tts == XTTS.name:  # it speaks as clones (wiring.own_voice); the rest is said as without it
        why = f"asked for; speaks as clones with a voice of their own, {voice.abilities.name} for the others"
        return voice, _choice("tts", XTTS.name, "neural", why, voice.abilities.languages)
    return voice, _choice("tts", voice.abilities.name, "embedded", "needs nothing", voice.abilities.languages)


async def _embedder(settings: Settings) -> tuple[Embedder, Choice]:
    if settings.embedder == "fake":
        return _hashed(delay(settings.fake_delays, "embedding"), "asked for", None, "fake")
    if settings.embedder not in ("auto", "embedded", "minilm"):
        raise BadInput(f"there is no embedder called {settings.embedder}; `selfsame providers` lists them")
    from selfsame.providers.embedded.minilm import MiniLmEmbedder

    try:
        embedder = await MiniLmEmbedder.load(settings.models_dir / MINILM.name)
    except Unavailable as error:
        if settings.embedder != "auto":
            raise
        return _hashed(0.0, error.message, "selfsame models pull", "embedded")
    return embedder, _choice("embedding", embedder.model_id, "embedded", "its files are here", {"EN"})


def _hashed(seconds: float, why: str, hint: str | None, tier: str) -> tuple[Embedder, Choice]:
    """Hashed words: finds passages by the words they share. Enough to start with; a real network is better."""
    from selfsame.providers.fake.knowing import FakeEmbedder

    embedder = FakeEmbedder(delay=seconds)
    return embedder, _choice("embedding", embedder.model_id, tier, why, {"EN", "ES", "ZH"}, hint)


def _choice(role: str, name: str, tier: str, why: str, languages: object, hint: str | None = None) -> Choice:
    return Choice(role, name, tier, why, tuple(sorted(languages)), hint)  # type: ignore[arg-type]
