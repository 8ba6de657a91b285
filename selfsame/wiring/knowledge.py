"""What clones know: the desk where owners manage it, the job that reads uploads, and the ears that learn of it."""

from __future__ import annotations

from dataclasses import dataclass

from selfsame.jobs.bell import Bell
from selfsame.jobs.ingest import INGEST, Changed, Intake, ingesting
from selfsame.jobs.knowledge_desk import KnowledgeDesk
from selfsame.jobs.worker import Handler
from selfsame.library.extract.reader import read_document
from selfsame.library.port import Embedder
from selfsame.library.webpage import fetch_page
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.shelf import PostgresShelf
from selfsame.studio.port import FileStore


@dataclass(frozen=True, slots=True)
class KnowledgeRoom:
    """`handler` does the jobs that the desk orders."""

    desk: KnowledgeDesk
    handler: Handler


def open_knowledge(
    database: Database, files: FileStore, embedder: Embedder, bell: Bell, changed: Changed
) -> KnowledgeRoom:
    """The room of this process; nothing runs yet."""
    shelf, knowledge = PostgresShelf(database, INGEST, bell=bell), PostgresKnowledge(database)
    desk = KnowledgeDesk(shelf, knowledge, files, PostgresJobs(database, bell=bell), changed)
    intake = Intake(shelf, knowledge, files, embedder, read_document, fetch_page, changed)
    return KnowledgeRoom(desk, ingesting(intake))
