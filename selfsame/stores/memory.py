"""The stores' ports in memory, for tests and demonstrations: the same contracts, but nothing survives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from selfsame.conversation.port import SessionRecord
from selfsame.errors import BadInput, NotFound
from selfsame.events.thought import Passage
from selfsame.events.turns import TurnRecord
from selfsame.kit.clock import wall
from selfsame.kit.ids import stable_id
from selfsame.library.port import Chunk, Document, Search, Vectors

IDLE = timedelta(hours=1)
_WORD = re.compile(r"[一-鿿]|[^\W_一-鿿]{3,}")


@dataclass(slots=True)
class _Kept:
    record: SessionRecord
    last_activity: datetime
    ended: bool = False


class MemoryConversations:
    """`ConversationStore` in memory. `now` gives the date and time in UTC."""

    def __init__(self, now: Callable[[], datetime] = wall) -> None:
        self._sessions: dict[UUID, _Kept] = {}
        self._now = now

    async def open(self, session: SessionRecord) -> SessionRecord:
        """Create or restore; see the port."""
        kept = self._sessions.get(session.id)
        if kept is None:
            self._sessions[session.id] = _Kept(session, self._now())
            return session
        lapsed = kept.ended or kept.last_activity <= self._now() - IDLE
        if kept.record.user_id != session.user_id or lapsed:
            raise NotFound("there is no such conversation")
        kept.last_activity = self._now()
        keeps = kept.record.keep_transcripts or session.keep_transcripts
        kept.record = replace(kept.record, keep_transcripts=keeps)
        return kept.record

    async def commit(self, session_id: UUID, user_id: UUID, turn: TurnRecord) -> bool:
        """Store a finished turn; texts only when the session keeps transcripts. Raises NotFound when not theirs."""
        kept = self._theirs(session_id, user_id)
        known = kept.record.turns
        if any(t.turn == turn.turn or (t.message_id and t.message_id == turn.message_id) for t in known):
            return False
        if not kept.record.keep_transcripts:
            bare = tuple(replace(source, excerpt="") for source in turn.sources)
            turn = replace(turn, user=None, clone=None, sources=bare)
        turns = tuple(sorted((*known, turn), key=lambda each: each.turn))
        kept.record = replace(kept.record, turns=turns, next_turn=turns[-1].turn + 1)
        kept.last_activity = self._now()
        return True

    async def close(self, session_id: UUID, user_id: UUID) -> None:
        """Mark the session as ended; harmless when it is, or is not theirs."""
        kept = self._sessions.get(session_id)
        if kept is not None and kept.record.user_id == user_id:
            kept.ended = True

    async def keep_transcripts(self, session_id: UUID, user_id: UUID, keep: bool) -> None:
        """Change whether texts of later turns are stored. Raises NotFound."""
        kept = self._theirs(session_id, user_id)
        kept.record = replace(kept.record, keep_transcripts=keep)

    def _theirs(self, session_id: UUID, user_id: UUID) -> _Kept:
        kept = self._sessions.get(session_id)
        if kept is None or kept.record.user_id != user_id:
            raise NotFound("there is no such conversation")
        return kept


@dataclass(slots=True)
class _Shelf:
    owner: UUID
    model_id: str
    documents: dict[UUID, tuple[Document, list[Chunk], Vectors]]


class MemoryKnowledge:
    """`KnowledgeStore` in memory. A clone belongs to whoever first stores in it; `publish` opens it to all."""

    def __init__(self) -> None:
        self._shelves: dict[UUID, _Shelf] = {}
        self._public: set[UUID] = set()

    def publish(self, clone_id: UUID) -> None:
        """Let everyone search this clone's knowledge."""
        self._public.add(clone_id)

    async def put(self, document: Document, chunks: list[Chunk], vectors: Vectors, model_id: str) -> None:
        """Store or replace; see the port."""
        if vectors.ndim != 2 or len(vectors) != len(chunks):
            raise BadInput("every chunk needs one vector")
        shelf = self._shelves.setdefault(document.clone_id, _Shelf(document.owner_id, model_id, {}))
        if shelf.owner != document.owner_id:
            raise NotFound("there is no such clone")
        others = [held for key, held in shelf.documents.items() if key != document.id and held[1]]
        if others and (shelf.model_id != model_id or others[0][2].shape[1] != vectors.shape[1]):
            raise BadInput(f"this clone's knowledge was embedded by {shelf.model_id}, not {model_id}")
        shelf.model_id = model_id
        shelf.documents[document.id] = (document, list(chunks), np.array(vectors, dtype=np.float32))

    async def delete(self, owner_id: UUID, document_id: UUID) -> None:
        """Remove the document with its chunks. Raises NotFound."""
        for shelf in self._shelves.values():
            if shelf.owner == owner_id and shelf.documents.pop(document_id, None) is not None:
                return
        raise NotFound("there is no such document")

    async def documents(self, owner_id: UUID, clone_id: UUID) -> list[Document]:
        """The clone's documents; only for their owner."""
        shelf = self._shelves.get(clone_id)
        if shelf is None or shelf.owner != owner_id:
            return []
        return [document for document, _, _ in reversed(shelf.documents.values())]

    async def search(self, search: Search) -> list[Passage]:
        """Cosine and shared words, fused by reciprocal rank as in Postgres."""
        shelf = self._shelves.get(search.clone_id)
        if shelf is None or not (shelf.owner == search.owner_id or search.clone_id in self._public):
            return []
        if shelf.documents and shelf.model_id != search.model_id:
            raise BadInput(f"this clone's knowledge was embedded by {shelf.model_id}, not {search.model_id}")
        held = [
            (document, chunk, float(vector @ search.vector), _words(_searchable(chunk)))
            for document, chunks, vectors in shelf.documents.values()
            for chunk, vector in zip(chunks, vectors, strict=True)
        ]
        commonness = Counter(word for _, _, _, words in held for word in words)
        asked = _words(search.text)
        hits = [
            (_passage(document, chunk, cosine), sum(1 / commonness[word] for word in asked & words))
            for document, chunk, cosine, words in held
        ]
        near = sorted(hits, key=lambda hit: -hit[0].score)[:50]
        worded = sorted((hit for hit in hits if hit[1]), key=lambda hit: -hit[1])[:50]
        fused: dict[str, float] = {}
        for leg in (near, worded):
            for place, (passage, _) in enumerate(leg, start=1):
                fused[passage.id] = fused.get(passage.id, 0.0) + 1 / (60 + place)
        ranked = sorted((p for p, _ in hits if p.id in fused), key=lambda p: (-fused[p.id], -p.score))
        return ranked[: search.limit]


def _searchable(chunk: Chunk) -> str:
    return f"{chunk.question or ''} {chunk.heading} {chunk.content}"


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.lower()))


def _passage(document: Document, chunk: Chunk, cosine: float) -> Passage:
    return Passage(
        id=str(stable_id("chunk", f"{document.id}:{chunk.index}")),
        document_id=str(document.id),
        title=document.title,
        text=chunk.content,
        score=max(0.0, min(1.0, cosine)),
        kind="document" if chunk.question is None else "faq",
        question=chunk.question,
        heading=chunk.heading,
        locator=chunk.locator,
        url=document.source_url,
    )
