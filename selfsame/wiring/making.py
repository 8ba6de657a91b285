"""Everything that makes clones: the desks where owners order work, and the handlers of all jobs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from selfsame.jobs.extract_persona import EXTRACT_PERSONA
from selfsame.jobs.ingest import INGEST, Changed
from selfsame.jobs.job import JobKind
from selfsame.jobs.knowledge_desk import KnowledgeDesk
from selfsame.jobs.persona_desk import PersonaDesk
from selfsame.jobs.worker import Handler
from selfsame.settings import Settings
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.wiring.casting import Casting
from selfsame.wiring.engines import Engines
from selfsame.wiring.knowledge import open_knowledge
from selfsame.wiring.personas import open_personas
from selfsame.wiring.studio import Studio, open_studio


@dataclass(frozen=True, slots=True)
class Making:
    """`handlers` do the jobs that any of the desks orders."""

    studio: Studio
    knowledge: KnowledgeDesk
    personas: PersonaDesk
    handlers: Mapping[JobKind, Handler]


def open_making(database: Database, engines: Engines, casting: Casting, settings: Settings, changed: Changed) -> Making:
    """The desks of this process; nothing runs yet. `changed` hears of clones that know something new."""
    studio = open_studio(database, casting)
    files, bell = casting.faces.files, studio.bell
    shelf = open_knowledge(database, files, engines.embedder, bell, changed)
    personas = open_personas(database, files, PostgresJobs(database, bell=bell), engines, settings)
    handlers = {**studio.handlers, INGEST: shelf.handler, EXTRACT_PERSONA: personas.handler}
    return Making(studio, shelf.desk, personas.desk, handlers)
