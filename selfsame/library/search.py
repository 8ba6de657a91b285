"""Finding what the clone knows about a question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import structlog

from selfsame.errors import CallerError, ProviderError, Refused, Unavailable
from selfsame.events.thought import Passage
from selfsame.library.port import Embedder, KnowledgeStore, Search, Vectors

log = structlog.get_logger(__name__)

MOST_FOR_A_TURN = 5
"""Passages of a live turn (KNOW-09)."""
FETCHED = 10

V = TypeVar("V")


class Question(Protocol):
    """What to look up. The mind's `Query` is one."""

    @property
    def text(self) -> str: ...
    @property
    def clone_id(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def top_k(self) -> int: ...


@dataclass(frozen=True, slots=True)
class RetrievalOptions:
    """`min_score` is the cosine below which a passage counts as irrelevant; the caches hold that many entries."""

    min_score: float = 0.25
    fetched: int = FETCHED
    cached_queries: int = 512
    cached_results: int = 256


class Recent(Generic[V]):
    """The most recently used values by key."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, V] = OrderedDict()

    def get(self, key: Hashable) -> V | None:
        """The value, which becomes the most recent."""
        value = self._values.get(key)
        if value is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: Hashable, value: V) -> None:
        """Keep a value; the least recent one beyond the size goes."""
        self._values[key] = value
        self._values.move_to_end(key)
        while len(self._values) > self._size:
            self._values.popitem(last=False)


class HybridRetriever:
    """Full text and vectors, fused by the store; embeddings of recent questions are remembered (CACHE-06).

    `owner_of` gives the owner of a clone that the conversation may use; the search acts for that owner. When store or
    embedder fail, the answer of the same question's last success is used if there is one (KNOW-21).
    """

    def __init__(
        self,
        store: KnowledgeStore,
        embedder: Embedder,
        owner_of: Callable[[UUID], Awaitable[UUID]],
        options: RetrievalOptions = RetrievalOptions(),
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._owner_of = owner_of
        self._options = options
        self._vectors: Recent[Vectors] = Recent(options.cached_queries)
        self._results: Recent[tuple[Passage, ...]] = Recent(options.cached_results)

    async def retrieve(self, query: Question) -> tuple[Passage, ...]:
        """At most `query.top_k`, and never more than five, passages, best first; empty when nothing is relevant.

        Raises ProviderError with role rag.
        """
        text = " ".join(query.text.split())
        most = min(query.top_k, MOST_FOR_A_TURN)
        if not text or most < 1:
            return ()
        key = (query.clone_id, query.language, text.lower(), most)
        try:
            found = await self._search(text, query)
        except (ProviderError, CallerError) as error:
            remembered = self._results.get(key)
            if remembered is None:
                raise _translated(error) from error
            log.warning("retrieval failed, an earlier answer is used", code=error.code)
            return remembered
        relevant = tuple(passage for passage in found if passage.score >= self._options.min_score)[:most]
        self._results.put(key, relevant)
        return relevant

    async def _search(self, text: str, query: Question) -> list[Passage]:
        clone_id = UUID(query.clone_id)
        owner = await self._owner_of(clone_id)
        vector = await self._embed(text)
        search = Search(owner, clone_id, text, vector, self._embedder.model_id, query.language, self._options.fetched)
        return (await self._store.search(search)).passages

    async def _embed(self, text: str) -> Vectors:
        key = (self._embedder.model_id, text)
        vector = self._vectors.get(key)
        if vector is None:
            vector = await self._embedder.embed_query(text)
            self._vectors.put(key, vector)
        return vector


def _translated(error: ProviderError | CallerError) -> ProviderError:
    """The same failure as one of retrieval."""
    provider = error.provider if isinstance(error, ProviderError) else "library"
    kind = Unavailable if isinstance(error, ProviderError) and error.retryable else Refused
    return kind(f"the clone's knowledge cannot be searched: {error.message}", role="rag", provider=provider)
