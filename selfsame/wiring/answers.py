"""The owner's answers, and collecting what clones could not answer."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

import structlog

from selfsame.clones.clone import Clone
from selfsame.conversation.port import ConversationStore, SessionRecord
from selfsame.errors import SelfsameError
from selfsame.events.turns import TurnRecord
from selfsame.library.answers import AnswerDesk
from selfsame.library.search import HybridRetriever

log = structlog.get_logger(__name__)
MOST_SESSIONS = 10_000


@dataclass(frozen=True, slots=True)
class Library:
    """Finding and answering, as commands use it; `find_clone(name, user)` raises NotFound."""

    retriever: HybridRetriever
    answers: AnswerDesk
    find_clone: Callable[[str | None, UUID], Awaitable[Clone]]
    set_answering: Callable[[UUID, UUID, str | None, Mapping[str, str] | None], Awaitable[Clone]]


class CollectingConversations:
    """A `ConversationStore` that notes the question of a committed turn which the clone could not answer.

    The question's text is there only where the conversation keeps transcripts, by consent; without it nothing is noted.
    """

    def __init__(self, store: ConversationStore, desk: AnswerDesk, owner_of: Callable[[UUID], Awaitable[UUID]]) -> None:
        self._store = store
        self._desk = desk
        self._owner_of = owner_of
        self._clones: OrderedDict[UUID, UUID] = OrderedDict()

    async def open(self, session: SessionRecord) -> SessionRecord:
        """As the store does."""
        record = await self._store.open(session)
        self._clones[record.id] = record.clone_id
        while len(self._clones) > MOST_SESSIONS:
            self._clones.popitem(last=False)
        return record

    async def commit(self, session_id: UUID, user_id: UUID, turn: TurnRecord) -> bool:
        """As the store does; a question that cannot be noted is no failure of the turn."""
        stored = await self._store.commit(session_id, user_id, turn)
        clone = self._clones.get(session_id)
        if stored and turn.unanswered and turn.user and clone is not None:
            try:
                await self._desk.collect(await self._owner_of(clone), clone, turn.user, turn.language)
            except SelfsameError as error:
                log.warning("an unanswered question was not noted", code=error.code)
        return stored

    async def close(self, session_id: UUID, user_id: UUID) -> None:
        """As the store does."""
        self._clones.pop(session_id, None)
        await self._store.close(session_id, user_id)
