"""Choosing the engines: per role the best that is configured and healthy, with the embedded one as the floor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import structlog

from selfsame.ears.port import SpeechToText
from selfsame.errors import BadInput, ProviderError, Unavailable
from selfsame.face.choice import BestAnimator
from selfsame.face.port import FaceAnimator, FaceLandmarker, VideoRenderer
from selfsame.kit.tasks import offload
from selfsame.library.port import Embedder
from selfsame.mind.port import LanguageModel
from selfsame.models.manifest import FACE, MINILM, SILERO_VAD
from selfsame.providers.embedded.voice_activity.choice import DetectorChoice, detectors
from selfsame.settings import Settings
from selfsame.voice.port import TextToSpeech
from selfsame.wiring.choices import Announcer, Choice, delay
from selfsame.wiring.ears import Ears, choose_ears
from selfsame.wiring.landmarks import LateLandmarker
from selfsame.wiring.renderers import behind_faces, choose_renderer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Engines:
    """What was chosen for each role, ready to use."""

    ears: Ears
    detectors: DetectorChoice
    thinker: LanguageModel
    speaking: TextToSpeech
    embedder: Embedder
    animator: FaceAnimator
    landmarker: FaceLandmarker
    renderer: VideoRenderer
    report: tuple[Choice, ...]

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


@asynccontextmanager
async def open_engines(settings: Settings, announcer: Announcer) -> AsyncIterator[Engines]:
    """Choose and start the engines. Raises BadInput for an unknown name, ProviderError for a named one that is out."""
    async with AsyncExitStack() as stack:
        ears, heard = await stack.enter_async_context(choose_ears(settings, announcer))
        thinker, thought = _mind(settings, announcer)
        speaking, spoken = await _voice(settings)
        embedder, embedded = await _embedder(settings)
        found = await offload(detectors, settings.vad, settings.models_dir / SILERO_VAD.name / "silero_vad.onnx")  # type: ignore[arg-type]
        hint = None if found.name == "silero" else "selfsame models pull"
        vad = Choice("vad", found.name, "embedded", found.why, hint=hint)
        renderer, drawn = choose_renderer(settings)
        landmarker = LateLandmarker(settings.models_dir / FACE.name)
        animator = await offload(BestAnimator)  # it reads the sound network's weights
        behind = await offload(behind_faces, settings, animator)
        report = (vad, heard, thought, spoken, embedded, drawn, *behind)
        yield Engines(ears, found, thinker, speaking, embedder, animator, landmarker, renderer, report)


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


def _mind(settings: Settings, announcer: Announcer) -> tuple[LanguageModel, Choice]:
    from selfsame.providers.embedded.answers import EmbeddedAnswers

    wanted = settings.llm
    if wanted == "fake":
        return _fake_mind(settings)
    floor = EmbeddedAnswers()
    if wanted in ("auto", "openai") and (settings.llm_base_url or settings.llm_api_key):
        return _open_mind(settings, floor, announcer)
    if wanted not in ("auto", "embedded"):
        if wanted == "openai":
            raise BadInput("SELFSAME_LLM=openai needs SELFSAME_LLM_BASE_URL and SELFSAME_LLM_MODEL, or a key")
        raise BadInput(f"there is no mind called {wanted}; `selfsame providers` lists them")
    why = "no language model is configured" if wanted == "auto" else "asked for"
    hint = "set SELFSAME_LLM_BASE_URL and SELFSAME_LLM_MODEL for a mind that converses freely"
    return floor, _choice("llm", floor.abilities.name, "embedded", why, floor.abilities.languages, hint)


def _open_mind(settings: Settings, floor: LanguageModel, announcer: Announcer) -> tuple[LanguageModel, Choice]:
    """An OpenAI-compatible endpoint, with our own answers behind it."""
    from selfsame.mind.prompt import messages
    from selfsame.providers.openai import ChatServer, OpenAIChat
    from selfsame.providers.wrap.fallback import THINKING, FallbackLanguageModel

    model = settings.llm_model or "gpt-4-turbo"
    key = settings.llm_api_key.reveal() if settings.llm_api_key else ""
    address = settings.llm_base_url or "https://api.openai.com/v1"
    chat = OpenAIChat(ChatServer(address, model, key), render=messages)
    why = f"{model} is configured; our own answers stand behind it"
    tier = "neural" if any(f"://{host}" in address for host in ("localhost", "127.0.0.1", "[::1]")) else "cloud"
    mind = FallbackLanguageModel([chat, floor], replace(THINKING, on_fallback=announcer.fell_back))
    return mind, _choice("llm", model, tier, why, chat.abilities.languages)


def _fake_mind(settings: Settings) -> tuple[LanguageModel, Choice]:
    from selfsame.providers.fake.thinking import Delays, FakeLanguageModel

    mind = FakeLanguageModel(delays=Delays(first=delay(settings.fake_delays, "llm")))
    return mind, _choice("llm", "fake", "fake", "asked for", mind.abilities.languages)


async def _voice(settings: Settings) -> tuple[TextToSpeech, Choice]:
    if settings.tts == "fake":
        from selfsame.providers.fake.speaking import FakeTextToSpeech

        fake = FakeTextToSpeech(delay=delay(settings.fake_delays, "tts"))
        return fake, _choice("tts", "fake", "fake", "asked for", fake.abilities.languages)
    if settings.tts not in ("auto", "embedded", "espeak"):
        raise BadInput(f"there is no voice called {settings.tts}; `selfsame providers` lists them")
    from selfsame.providers.embedded.espeak import EspeakTextToSpeech

    voice = await offload(EspeakTextToSpeech)
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
