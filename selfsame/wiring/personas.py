"""Learning how a person speaks: the desk, its handler, and what both need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from selfsame.ears.port import HearingOptions
from selfsame.events.heard import Hypothesis
from selfsame.events.thought import Token
from selfsame.jobs.extract_persona import PersonaWorkshop, extracting
from selfsame.jobs.persona_desk import PersonaDesk
from selfsame.jobs.port import JobQueue
from selfsame.jobs.shared_video import SharedVideo
from selfsame.jobs.worker import Handler
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.mind.port import LanguageModel, Manner, Prompt
from selfsame.settings import Settings
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.personas import PostgresPersonas
from selfsame.studio.media import MediaReader, SoundLimits
from selfsame.studio.persona.extract import Reader
from selfsame.studio.persona.hearing import MainSpeaker
from selfsame.studio.port import FileStore
from selfsame.wiring.engines import Engines
from selfsame.wiring.minds import endpoint

SOUND = SoundLimits(used=3600.0, rate=MICROPHONE_RATE)
ANSWER_TOKENS = 1800
"""Room for a profile with its quotes."""


@dataclass(frozen=True, slots=True)
class Personas:
    """The desk where personas are ordered, and the handler that extracts them."""

    desk: PersonaDesk
    handler: Handler


@dataclass(frozen=True, slots=True)
class PersonaParts:
    """What personas are bound to. `videos` is shared with whatever else is learnt from a video."""

    database: Database
    files: FileStore
    jobs: JobQueue
    engines: Engines
    videos: SharedVideo
    main_speaker: MainSpeaker


def open_personas(parts: PersonaParts, settings: Settings) -> Personas:
    """Bind the stores and the engines; nothing runs yet."""
    store = PostgresPersonas(parts.database)
    shop = PersonaWorkshop(
        personas=store,
        files=parts.files,
        videos=parts.videos,
        read_sound=read_sound,
        main_speaker=parts.main_speaker,
        hear=partial(hear, parts.engines),
        reader=reader_of(settings),
    )
    return Personas(PersonaDesk(store, parts.files, parts.jobs), extracting(shop))


async def read_sound(data: bytes) -> Pcm:
    """A recording or video as sound at 16 kHz, its first hour; it is decoded in a process with limits.

    Raises BadInput, TooLarge and Unavailable.
    """
    async with MediaReader() as reader:
        return (await reader.sound(data, SOUND)).pcm


async def hear(engines: Engines, pcm: Pcm, language: str) -> Hypothesis:
    """The words of a stretch of speech."""
    from selfsame.wiring.studio import transcribe

    return await transcribe(engines.hearing, pcm, HearingOptions("", language))


def reader_of(settings: Settings) -> Reader | None:
    """The language model that was configured, without the fallback behind it: our own answers cannot read a profile."""
    if settings.llm not in ("auto", "openai") or not (settings.llm_base_url or settings.llm_api_key):
        return None
    from selfsame.mind.prompt import messages
    from selfsame.providers.openai import ChatServer, OpenAIChat

    address, model, key = endpoint(settings)
    server = ChatServer(address, model, key, first_token_timeout=60.0, stall_timeout=20.0)
    return Reader(model, partial(ask, OpenAIChat(server, render=messages)))


async def ask(model: LanguageModel, instructions: str, text: str) -> str:
    """A model's whole answer to a task."""
    prompt = Prompt(Manner(""), text, max_tokens=ANSWER_TOKENS, temperature=0.0, instructions=instructions)
    said = [thought.text async for thought in model.stream(prompt) if isinstance(thought, Token)]
    return "".join(said)
