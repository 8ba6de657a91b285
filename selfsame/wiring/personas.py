"""Learning how a person speaks: the desk, its handler, and what both need."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from selfsame.ears.port import HearingOptions
from selfsame.events.heard import Hypothesis
from selfsame.events.thought import Token
from selfsame.jobs.extract_persona import PersonaWorkshop, extracting
from selfsame.jobs.persona_desk import MOST_BYTES, PersonaDesk
from selfsame.jobs.port import JobQueue
from selfsame.jobs.worker import Handler
from selfsame.kit.pcm import Pcm
from selfsame.kit.tasks import offload
from selfsame.mind.port import LanguageModel, Manner, Prompt
from selfsame.settings import Settings
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.personas import PostgresPersonas
from selfsame.studio.persona.extract import Reader
from selfsame.studio.persona.hearing import MainSpeaker, everybody
from selfsame.studio.port import FileStore
from selfsame.studio.recording import decode_recording
from selfsame.studio.tube import VideoFetcher
from selfsame.wiring.engines import Engines
from selfsame.wiring.minds import endpoint

LONGEST = 3600.0
ANSWER_TOKENS = 1800
"""Room for a profile with its quotes."""


@dataclass(frozen=True, slots=True)
class Personas:
    """The desk where personas are ordered, and the handler that extracts them."""

    desk: PersonaDesk
    handler: Handler


def open_personas(
    database: Database,
    files: FileStore,
    jobs: JobQueue,
    engines: Engines,
    settings: Settings,
    main_speaker: MainSpeaker = everybody,
) -> Personas:
    """Bind the stores and the engines; nothing runs yet."""
    store = PostgresPersonas(database)
    shop = PersonaWorkshop(
        personas=store,
        files=files,
        fetch=VideoFetcher().fetch,
        read_sound=read_sound,
        main_speaker=main_speaker,
        hear=partial(hear, engines),
        reader=reader_of(settings),
    )
    return Personas(PersonaDesk(store, files, jobs), extracting(shop))


async def read_sound(data: bytes) -> Pcm:
    """A recording or video as sound at 16 kHz. Raises BadInput and TooLarge."""
    return await offload(decode_recording, data, MOST_BYTES, LONGEST)


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
