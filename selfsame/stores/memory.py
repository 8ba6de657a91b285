"""The stores' ports in memory, for tests and demonstrations: the same contracts, but nothing survives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import numpy as np

from selfsame.conversation.port import SessionRecord
from selfsame.errors import BadInput, NotFound
from selfsame.events.thought import Passage, SourceKind
from selfsame.events.turns import TurnRecord
from selfsame.kit.clock import wall
from selfsame.kit.ids import stable_id
from selfsame.library.fusion import CANDIDATES, fuse, rarity
from selfsame.library.port import Chunk, Document, Filters, Found, Hit, Search, Vectors, Why, source_kind

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

    def record(self, session_id: UUID, user_id: UUID) -> SessionRecord | None:
        """The user's own conversation as it is kept."""
        kept = self._sessions.get(session_id)
        return kept.record if kept is not None and kept.record.user_id == user_id else None

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
    stored: dict[UUID, datetime]
    version: int = 0


@dataclass(frozen=True, slots=True)
class _Held:
    """A chunk as a search sees it."""

    document: Document
    chunk: Chunk
    cosine: float
    words: frozenset[str]


class MemoryKnowledge:
    """`KnowledgeStore` in memory. A clone belongs to whoever first stores in it; `publish` opens it to all."""

    def __init__(self, now: Callable[[], datetime] = wall) -> None:
        self._shelves: dict[UUID, _Shelf] = {}
        self._public: set[UUID] = set()
        self._now = now

    def publish(self, clone_id: UUID) -> None:
        """Let everyone search this clone's knowledge."""
        self._public.add(clone_id)

    def owner_of(self, clone_id: UUID) -> UUID | None:
        """Whose clone it is; None while nothing is stored in it."""
        shelf = self._shelves.get(clone_id)
        return shelf.owner if shelf else None

    async def put(self, document: Document, chunks: list[Chunk], vectors: Vectors, model_id: str) -> None:
        """Store or replace; see the port."""
        if vectors.ndim != 2 or len(vectors) != len(chunks):
            raise BadInput("every chunk needs one vector")
        shelf = self._shelves.setdefault(document.clone_id, _Shelf(document.owner_id, model_id, {}, {}))
        if shelf.owner != document.owner_id:
            raise NotFound("there is no such clone")
        others = [held for key, held in shelf.documents.items() if key != document.id and held[1]]
        if others and (shelf.model_id != model_id or others[0][2].shape[1] != vectors.shape[1]):
            raise BadInput(f"this clone's knowledge was embedded by {shelf.model_id}, not {model_id}")
        shelf.model_id = model_id
        shelf.documents[document.id] = (document, list(chunks), np.array(vectors, dtype=np.float32))
        shelf.stored[document.id] = self._now()
        shelf.version += 1

    async def delete(self, owner_id: UUID, document_id: UUID) -> None:
        """Remove the document with its chunks. Raises NotFound."""
        for shelf in self._shelves.values():
            if shelf.owner == owner_id and shelf.documents.pop(document_id, None) is not None:
                shelf.version += 1
                return
        raise NotFound("there is no such document")

    async def documents(self, owner_id: UUID, clone_id: UUID) -> list[Document]:
        """The clone's documents; only for their owner."""
        shelf = self._shelves.get(clone_id)
        if shelf is None or shelf.owner != owner_id:
            return []
        return [document for document, _, _ in reversed(shelf.documents.values())]

    async def passages(self, owner_id: UUID, clone_id: UUID, kind: SourceKind) -> list[Passage]:
        """All passages of one kind, newest document first; only for their owner."""
        shelf = self._shelves.get(clone_id)
        if shelf is None or shelf.owner != owner_id:
            return []
        newest = sorted(shelf.documents.values(), key=lambda held: shelf.stored[held[0].id], reverse=True)
        return [
            _passage(document, chunk, 0.0)
            for document, chunks, _ in newest
            for chunk in chunks
            if source_kind(document, chunk) == kind
        ]

    async def search(self, search: Search) -> Found:
        """Cosine and shared words, fused as in Postgres; words are whole, not stems."""
        shelf = self._shelves.get(search.clone_id)
        if shelf is None or not (shelf.owner == search.owner_id or search.clone_id in self._public):
            return Found()
        if shelf.documents and shelf.model_id != search.model_id:
            raise BadInput(f"this clone's knowledge was embedded by {shelf.model_id}, not {search.model_id}")
        if search.known == shelf.version:
            return Found(version=shelf.version, unchanged=True)
        search = await search.with_vector()
        held = list(_held(shelf, search))
        commonness = Counter(word for each in held for word in each.words)
        rare = {word: rarity(commonness[word], len(held)) for word in _words(search.text) if word in commonness}
        asked = rare.keys()
        near = sorted(range(len(held)), key=lambda i: -held[i].cosine)[:CANDIDATES] if search.vector is not None else []
        weight = {
            i: sum(rare[word] for word in asked & each.words) for i, each in enumerate(held) if asked & each.words
        }
        worded = sorted(weight, key=lambda i: -weight[i])[:CANDIDATES]
        hits = [
            Hit(
                _passage(held[i].document, held[i].chunk, held[i].cosine),
                Why(
                    near.index(i) + 1 if i in near else None,
                    held[i].cosine,
                    worded.index(i) + 1 if i in worded else None,
                    weight.get(i, 0.0),
                    tuple(sorted(asked & held[i].words)),
                    score,
                ),
            )
            for i, score in fuse(near, worded, search.language).items()
        ]
        hits.sort(key=lambda hit: (-hit.why.score, -hit.why.cosine))
        return Found(tuple(hits[: search.limit]), shelf.version, words=rare)


def _held(shelf: _Shelf, search: Search) -> Iterator[_Held]:
    """The chunks that the filters let through."""
    for document, chunks, vectors in shelf.documents.values():
        for chunk, vector in zip(chunks, vectors, strict=True):
            if _passes(search.filters, document, chunk, shelf.stored[document.id]):
                cosine = 0.0 if search.vector is None else float(vector @ search.vector)
                yield _Held(document, chunk, cosine, _words(_searchable(chunk)))


def _passes(filters: Filters, document: Document, chunk: Chunk, stored: datetime) -> bool:
    return (
        (not filters.kinds or source_kind(document, chunk) in filters.kinds)
        and (not filters.documents or document.id in filters.documents)
        and (filters.since is None or stored >= filters.since)
        and (filters.until is None or stored < filters.until)
    )


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
        kind=source_kind(document, chunk),
        question=chunk.question,
        heading=chunk.heading,
        locator=chunk.locator,
        url=document.source_url,
    )
