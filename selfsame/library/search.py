"""Finding what the clone knows about a question."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from typing import Generic, Protocol, TypeVar
from uuid import UUID

import anyio
import structlog

from selfsame.errors import CallerError, ProviderError, Refused, Unavailable
from selfsame.events.thought import Passage
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.languages import detect
from selfsame.kit.tasks import group
from selfsame.kit.words import content_words
from selfsame.library.port import Embedder, Filters, Found, Hit, KnowledgeStore, Reranker, Search, Vectors

log = structlog.get_logger(__name__)

MOST_FOR_A_TURN = 5
"""Passages of a live turn (KNOW-09)."""
FETCHED = 10
NO_FILTERS = Filters()

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
    """What counts as relevant, and what is remembered.

    A passage is relevant from the cosine `min_score` on, or when it holds `min_words` (0..1) of the weight of all
    words that the question shares with the clone's knowledge. In the languages of `foreign`, which the embedder was not
    taught, cosines of strange questions are as high as those of true ones (up to 0.82 in Chinese): there a passage must
    share a word with the question, and have at least the cosine that stands there. A correction whose question is asked
    again (cosine from `same_question` on) comes first. The caches hold that many entries; in an outage of the store a
    result serves for `outage_seconds` after it was last known to be true.
    """

    min_score: float = 0.25
    min_words: float = 0.6
    foreign: Mapping[str, float] = field(default_factory=lambda: {"ES": 0.4, "ZH": 0.3})
    same_question: float = 0.8
    fetched: int = FETCHED
    cached_queries: int = 512
    cached_results: int = 256
    outage_seconds: float = 300.0


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


@dataclass(frozen=True, slots=True)
class Judged:
    """A hit, whether a turn would be given it, and why or why not in words."""

    hit: Hit
    given: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Look:
    """What a question would retrieve: all that was fetched, best first, those beyond `top_k` or irrelevant included."""

    found: Found
    judged: tuple[Judged, ...]
    language: str
    reranked: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """A result, the knowledge version it is true for, and when that was last confirmed."""

    version: int
    passages: tuple[Passage, ...]
    at: float


class HybridRetriever:
    """Full text and vectors, fused by the store; embeddings of recent questions are remembered (CACHE-06).

    `owner_of` gives the owner of a clone that the conversation may use; the search acts for that owner.

    Results are remembered with the knowledge version that the search itself read, and used again only when the next
    search, in its own transaction, reads the same: whatever process stores or deletes a document makes all remembered
    results of the clone void by the same commit. When the embedder fails, the words alone are searched. When the store
    fails, the question's last result is used for a few minutes, unless this process has seen newer knowledge (KNOW-21).
    """

    def __init__(
        self,
        store: KnowledgeStore,
        embedder: Embedder,
        owner_of: Callable[[UUID], Awaitable[UUID]],
        options: RetrievalOptions = RetrievalOptions(),
        reranker: Reranker | None = None,
        clock: Clock = SYSTEM,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._owner_of = owner_of
        self._options = options
        self._reranker = reranker
        self._clock = clock
        self._vectors: Recent[Vectors] = Recent(options.cached_queries)
        self._results: Recent[_Kept] = Recent(options.cached_results)
        self._newest: Recent[int] = Recent(options.cached_results)

    async def retrieve(self, query: Question) -> tuple[Passage, ...]:
        """At most `query.top_k`, and never more than five, passages, best first; empty when nothing is relevant.

        Raises ProviderError with role rag.
        """
        text = " ".join(query.text.split())
        most = min(query.top_k, MOST_FOR_A_TURN)
        if not text or most < 1:
            return ()
        key = (query.clone_id, query.language, text.lower(), most)
        kept = self._results.get(key)
        try:
            search = await self._asked(UUID(query.clone_id), text, query.language)
            search, found = await self._search(replace(search, known=kept.version if kept else None))
            if found.unchanged and kept is not None:
                self._remember(key, replace(kept, at=self._clock.now()))
                return kept.passages
            judged, _ = await self._judge(text, search, found, most)
        except (ProviderError, CallerError) as error:
            if kept is None or not self._still_true(query.clone_id, kept):
                raise _translated(error) from error
            log.warning("retrieval failed, an earlier answer is used", code=error.code)
            return kept.passages
        passages = tuple(each.hit.passage for each in judged if each.given)
        self._remember(key, _Kept(found.version, passages, self._clock.now()))
        return passages

    async def look(
        self, clone_id: UUID, text: str, filters: Filters = NO_FILTERS, top_k: int = MOST_FOR_A_TURN, language: str = ""
    ) -> Look:
        """What a turn with this question would be given, and why; nothing is taken from memory or kept.

        `language` is EN, ES or ZH; otherwise the text decides. Raises BadInput, NotFound, ProviderError as they come.
        """
        text = " ".join(text.split())
        search = replace(await self._asked(clone_id, text, language or detect(text)), filters=filters)
        search, found = await self._search(search) if text else (search, Found())
        judged, reranked = await self._judge(text, search, found, min(top_k, MOST_FOR_A_TURN))
        return Look(found, judged, search.language, reranked)

    def forget(self) -> None:
        """Drop what is remembered of questions and results, as when somebody is erased."""
        self._vectors = Recent(self._options.cached_queries)
        self._results = Recent(self._options.cached_results)

    async def _asked(self, clone_id: UUID, text: str, language: str) -> Search:
        """The search of a text, with its vector where that is remembered."""
        owner = await self._owner_of(clone_id)
        vector = self._vectors.get((self._embedder.model_id, text))
        spoken = detect(text, language if language in ("EN", "ES", "ZH") else "EN")
        return Search(owner, clone_id, text, vector, self._embedder.model_id, spoken, self._options.fetched)

    async def _search(self, search: Search) -> tuple[Search, Found]:
        """Search; a vector that is missing is made meanwhile, and stays missing when the embedder is down."""
        if search.vector is not None:
            return search, await self._store.search(search)
        made: list[Vectors | Exception | None] = []
        ready = anyio.Event()

        async def embed() -> None:
            try:
                made.append(await self._embed(search.text))
            except Unavailable as error:
                log.warning("the embedder failed, words alone are searched", code=error.code)
                made.append(None)
            except Exception as error:  # raised where the vector is asked for
                made.append(error)
            ready.set()

        async def later() -> Vectors | None:
            await ready.wait()
            if isinstance(made[0], Exception):
                raise made[0]
            return made[0]

        async with group() as tasks:
            tasks.start_soon(embed)
            found = await self._store.search(replace(search, later=later))
            return replace(search, vector=await later()), found

    async def _judge(self, text: str, search: Search, found: Found, most: int) -> tuple[tuple[Judged, ...], bool]:
        hits = list(found.hits)
        reranked = False
        if self._reranker is not None and len(hits) > 1:
            scores = await self._reranker.rerank(text, tuple(hit.passage for hit in hits))
            order = sorted(range(len(hits)), key=lambda i: -scores[i])
            hits, reranked = [hits[i] for i in order], True
        least = None if search.vector is None else self._options.foreign.get(search.language)
        strange = {hit.passage.id for hit in hits if least is not None and not _shares(text, hit)}
        hits.sort(key=lambda hit: not (self._asked_again(hit) and hit.passage.id not in strange))
        judged: list[Judged] = []
        for hit in hits:
            reason = self._relevant(hit, found, search.vector is not None)
            if hit.passage.id in strange or (least is not None and hit.why.cosine < least):
                reason = ""
            given = bool(reason) and sum(each.given for each in judged) < most
            if reason and not given:
                reason = f"relevant, but a turn takes {most}"
            judged.append(
                Judged(hit, given, reason or f"cosine below {self._options.min_score:g}, few words in common")
            )
        return tuple(judged), reranked

    def _asked_again(self, hit: Hit) -> bool:
        return hit.passage.kind == "correction" and hit.why.cosine >= self._options.same_question

    def _relevant(self, hit: Hit, found: Found, by_meaning: bool) -> str:
        """Why a hit is relevant; empty when it is not."""
        if self._asked_again(hit):
            return "the owner's own answer to this question"
        if by_meaning and hit.why.cosine >= self._options.min_score:
            return f"cosine {hit.why.cosine:.2f}"
        asked = sum(found.words.values())
        if asked and hit.why.weight / asked >= self._options.min_words:
            return f"{100 * min(1.0, hit.why.weight / asked):.0f} % of the question's words by weight"
        return ""

    def _remember(self, key: tuple[str, str, str, int], kept: _Kept) -> None:
        self._results.put(key, kept)
        self._newest.put(key[0], kept.version)

    def _still_true(self, clone_id: str, kept: _Kept) -> bool:
        """Whether a result may serve in an outage of the store."""
        newest = self._newest.get(clone_id)
        fresh = self._clock.now() - kept.at <= self._options.outage_seconds
        return fresh and (newest is None or kept.version >= newest)

    async def _embed(self, text: str) -> Vectors:
        vector = await self._embedder.embed_query(text)
        self._vectors.put((self._embedder.model_id, text), vector)
        return vector


def _shares(text: str, hit: Hit) -> bool:
    """Whether a passage holds a word of the question that carries meaning; words too common to be searched count."""
    if hit.why.weight > 0:
        return True
    passage = hit.passage
    held = content_words(f"{passage.title} {passage.heading} {passage.question or ''} {passage.text}")
    return not set(content_words(text)).isdisjoint(held)


def _translated(error: ProviderError | CallerError) -> ProviderError:
    """The same failure as one of retrieval."""
    provider = error.provider if isinstance(error, ProviderError) else "library"
    kind = Unavailable if isinstance(error, ProviderError) and error.retryable else Refused
    return kind(f"the clone's knowledge cannot be searched: {error.message}", role="rag", provider=provider)
