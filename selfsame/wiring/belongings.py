"""What belongs to people: clones that they take along or bring, and what they may see and erase."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

from selfsame.conversation.sessions import LiveSessions
from selfsame.jobs.ingest import Changed
from selfsame.library.search import HybridRetriever
from selfsame.stores.archive.incoming import CheckPicture
from selfsame.stores.postgres.database import Database
from selfsame.wiring.archives import Archives, open_archives
from selfsame.wiring.casting import Casting
from selfsame.wiring.forgetting import forgetting
from selfsame.wiring.privacy import PrivacyDesk


@dataclass(frozen=True, slots=True)
class Belongings:
    """Bound to this process's stores, engines and conversations."""

    archives: Archives
    privacy: PrivacyDesk


@dataclass(frozen=True, slots=True)
class Living:
    """What an erasure must reach besides the stores. `refurnish(user)` follows it."""

    sessions: LiveSessions
    retriever: HybridRetriever
    refurnish: Callable[[UUID], Awaitable[None]]


def open_belongings(
    database: Database, casting: Casting, living: Living, changed: Changed, check_picture: CheckPicture
) -> Belongings:
    """Nothing runs yet."""
    engines, faces = casting.engines, casting.faces

    archives = open_archives(database, faces.files, engines.embedder, changed, check_picture)
    desk = PrivacyDesk(database, faces.files, living.sessions, forgetting(casting, living.retriever), living.refurnish)
    return Belongings(archives, desk)
