"""From a file to a passage, on the store in memory and on Postgres."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
import pytest

from selfsame.clones.clone import Clone
from selfsame.errors import BadInput, ProviderError, Refused, Throttled, Unavailable
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.ids import new_id
from selfsame.library.ingest import Shelf, SourceFile, ingest
from selfsame.library.port import Chunk, Document, Found, Search, Vectors
from selfsame.library.search import HybridRetriever, Recent, RetrievalOptions
from selfsame.mind.port import Query, Retriever
from selfsame.stores.memory import MemoryKnowledge
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.users import PostgresUsers
from tests.support.database import fresh_database, shared_server

pytestmark = pytest.mark.anyio

GUIDE = b"""# Guide

## How long must a recording be?

Thirty seconds of speech are enough.

## Kitchen

Bread is baked in the oven.
"""


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


class WordHashes:
    """A small honest embedder: the words of a text, hashed into 384 places, as a unit vector. Counts its calls."""

    model_id = "word-hashes-384"
    width = 384

    def __init__(self) -> None:
        self.queries = 0
        self.documents: list[str] = []
        self.failure: Exception | None = None

    async def embed_query(self, text: str) -> Vectors:
        self.queries += 1
        if self.failure:
            raise self.failure
        return self._embed(text)

    async def embed_documents(self, texts: list[str]) -> Vectors:
        self.documents += texts
        return np.stack([self._embed(text) for text in texts])

    def _embed(self, text: str) -> Vectors:
        vector = np.full(384, 1e-6, dtype=np.float32)
        for word in text.lower().replace("?", " ").replace(".", " ").split():
            vector[int(hashlib.sha256(word.encode()).hexdigest(), 16) % 384] += 1.0
        return (vector / np.linalg.norm(vector)).astype(np.float32)


@dataclass(frozen=True)
class Bench:
    store: Shelf
    owner: UUID
    clone: UUID
    embedder: WordHashes

    async def take(self, content: bytes = GUIDE, name: str = "guide.md") -> Document:
        return await ingest(self.store, self.embedder, self.owner, self.clone, SourceFile(name, content))

    def retriever(self, min_score: float = 0.25, clock: Clock = SYSTEM) -> Retriever:
        async def owner_of(clone_id: UUID) -> UUID:
            assert clone_id == self.clone
            return self.owner

        return HybridRetriever(self.store, self.embedder, owner_of, RetrievalOptions(min_score), clock=clock)

    def query(self, text: str, top_k: int = 5) -> Query:
        return Query(text, str(self.clone), top_k=top_k)


@pytest.fixture(params=["memory", "postgres"])
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    if request.param == "memory":
        yield Bench(MemoryKnowledge(), new_id(), new_id(), WordHashes())
        return
    async with fresh_database(shared_server()) as database:
        owner = (await PostgresUsers(database).owner()).id
        clone = await PostgresClones(database).put(Clone(new_id(), owner, "me", "Me"))
        yield Bench(PostgresKnowledge(database), owner, clone.id, WordHashes())


async def test_a_file_can_be_asked_about(bench: Bench) -> None:
    document = await bench.take()
    assert (document.title, document.content_type, document.status) == ("Guide", "text/markdown", "completed")
    assert await bench.store.documents(bench.owner, bench.clone) == [document]
    found = await bench.retriever().retrieve(bench.query("how long must the recording be"))
    assert (found[0].text, found[0].kind) == ("Thirty seconds of speech are enough.", "faq")
    assert found[0].question == "How long must a recording be?"
    assert found[0].heading == "Guide > How long must a recording be?"


async def test_headings_and_questions_are_embedded_with_the_words(bench: Bench) -> None:
    await bench.take()
    assert sorted(bench.embedder.documents) == [
        "Guide > How long must a recording be?\nThirty seconds of speech are enough.",
        "Guide > Kitchen\nBread is baked in the oven.",
    ]


async def test_the_same_text_again_changes_nothing(bench: Bench) -> None:
    first = await bench.take()
    assert await bench.take() == first
    assert await bench.take(name="copy.md") == first
    assert len(bench.embedder.documents) == 2
    assert len(await bench.store.documents(bench.owner, bench.clone)) == 1


async def test_a_changed_file_replaces_the_old_one(bench: Bench) -> None:
    first = await bench.take()
    second = await bench.take(b"# Guide\n\nNow a minute of speech is needed.")
    assert second.id == first.id and second.content_hash != first.content_hash
    found = await bench.retriever(min_score=0).retrieve(bench.query("speech oven"))
    assert [passage.text for passage in found] == ["Now a minute of speech is needed."]


async def test_a_long_document_is_embedded_in_batches_and_found_whole(bench: Bench) -> None:
    await bench.take("\n\n".join(f"## Part {n}\n\nfact number{n}" for n in range(150)).encode())
    assert len(bench.embedder.documents) == 150
    (best, *_) = await bench.retriever().retrieve(bench.query("number149"))
    assert best.text == "fact number149"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.pdf", b"%PDF"), ("a.md", b"\xff\xfe\x00"), ("a.md", b""), ("a.md", b"x" * 5_000_001)],
    ids=["type", "encoding", "empty", "size"],
)
async def test_unreadable_files_are_refused(bench: Bench, name: str, content: bytes) -> None:
    with pytest.raises(BadInput):
        await bench.take(content, name)
    assert await bench.store.documents(bench.owner, bench.clone) == []


async def test_another_model_does_not_mix(bench: Bench) -> None:
    await bench.take()
    bench.embedder.model_id = "another-384"
    with pytest.raises(BadInput):
        await bench.take(b"New text.", "new.md")
    with pytest.raises(Refused) as caught:
        await bench.retriever().retrieve(bench.query("speech"))
    assert caught.value.code == "RAG_REFUSED"


async def test_at_most_five_passages_reach_a_turn(bench: Bench) -> None:
    await bench.take("\n\n".join(f"## Part {n}\n\nspeech fact" + " more" * n for n in range(12)).encode())
    retriever = bench.retriever(min_score=0)
    assert len(await retriever.retrieve(bench.query("speech", top_k=50))) == 5
    assert len(await retriever.retrieve(bench.query("speech", top_k=3))) == 3
    assert await retriever.retrieve(bench.query("speech", top_k=0)) == ()


async def test_nothing_relevant_is_nothing(bench: Bench) -> None:
    await bench.take()
    assert await bench.retriever().retrieve(bench.query("quantum chromodynamics")) == ()
    assert await bench.retriever().retrieve(bench.query("   ")) == ()


async def test_a_repeated_question_is_embedded_once(bench: Bench) -> None:
    await bench.take()
    retriever = bench.retriever()
    first = await retriever.retrieve(bench.query("how long  must a recording be"))
    assert await retriever.retrieve(bench.query(" how long must a recording be ")) == first
    assert bench.embedder.queries == 1


@pytest.mark.parametrize(
    ("failure", "kind", "code"),
    [
        (Throttled("x", role="embedding", provider="openai"), Unavailable, "RAG_UNAVAILABLE"),
        (Refused("x", role="embedding", provider="openai"), Refused, "RAG_REFUSED"),
    ],
)
async def test_failures_become_failures_of_retrieval(
    bench: Bench, failure: ProviderError, kind: type[ProviderError], code: str
) -> None:
    await bench.take()
    bench.embedder.failure = failure
    with pytest.raises(kind) as caught:
        await bench.retriever().retrieve(bench.query("speech"))
    assert (caught.value.role, caught.value.provider, caught.value.code) == ("rag", failure.provider, code)


async def test_without_the_embedder_the_words_alone_are_searched(bench: Bench) -> None:
    await bench.take()
    bench.embedder.failure = Unavailable("x", role="embedding", provider="minilm")
    (found,) = await bench.retriever().retrieve(bench.query("bread from the oven"))
    assert found.text == "Bread is baked in the oven." and found.score == 0.0
    assert await bench.retriever().retrieve(bench.query("quantum chromodynamics")) == ()


async def test_a_bug_is_not_wrapped(bench: Bench) -> None:
    bench.embedder.failure = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await bench.retriever().retrieve(bench.query("speech"))


class Failing:
    """A store that fails when told to."""

    def __init__(self, store: Shelf) -> None:
        self._store = store
        self.down = False
        self.searches: list[Search] = []

    async def put(self, document: Document, chunks: list[Chunk], vectors: Vectors, model_id: str) -> None:
        await self._store.put(document, chunks, vectors, model_id)

    async def delete(self, owner_id: UUID, document_id: UUID) -> None:
        await self._store.delete(owner_id, document_id)

    async def documents(self, owner_id: UUID, clone_id: UUID) -> list[Document]:
        return await self._store.documents(owner_id, clone_id)

    async def search(self, search: Search) -> Found:
        self.searches.append(search)
        if self.down:
            raise Unavailable("down", role="database", provider="postgres")
        return await self._store.search(search)


async def test_when_the_store_is_down_an_earlier_answer_serves(bench: Bench) -> None:
    store = Failing(bench.store)
    bench = replace(bench, store=store)
    await bench.take()
    retriever = bench.retriever()
    first = await retriever.retrieve(bench.query("how long must a recording be"))
    store.down = True
    assert await retriever.retrieve(bench.query("How long must a recording be")) == first != ()
    with pytest.raises(Unavailable, match="cannot be searched"):
        await retriever.retrieve(bench.query("something else"))


class Hand:
    """A clock that is moved by hand."""

    time = 0.0

    def now(self) -> float:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += seconds


async def test_in_an_outage_an_earlier_answer_serves_for_a_while_only(bench: Bench) -> None:
    store, clock = Failing(bench.store), Hand()
    bench = replace(bench, store=store)
    await bench.take()
    retriever = bench.retriever(clock=clock)
    asked = bench.query("how long must a recording be")
    first = await retriever.retrieve(asked)
    store.down, clock.time = True, 299.0
    assert await retriever.retrieve(asked) == first
    clock.time = 301.0
    with pytest.raises(Unavailable):
        await retriever.retrieve(asked)


async def test_in_an_outage_nothing_older_than_what_was_seen_serves(bench: Bench) -> None:
    store = Failing(bench.store)
    bench = replace(bench, store=store)
    document = await bench.take()
    retriever = bench.retriever()
    asked = bench.query("how long must a recording be")
    assert await retriever.retrieve(asked)
    await store.delete(bench.owner, document.id)
    assert await retriever.retrieve(bench.query("another question")) == ()
    store.down = True
    with pytest.raises(Unavailable):
        await retriever.retrieve(asked)


async def test_a_result_is_remembered_until_the_knowledge_changes_in_any_process(bench: Bench) -> None:
    store = Failing(bench.store)
    bench = replace(bench, store=store)
    document = await bench.take()
    here, there = bench.retriever(), bench.retriever()
    asked = bench.query("how long must a recording be")
    first = await here.retrieve(asked)
    assert await here.retrieve(asked) is first  # remembered: the store said that nothing has changed
    assert [search.known for search in store.searches] == [None, 1]
    assert await there.retrieve(asked) == first
    await store.delete(bench.owner, document.id)
    assert await here.retrieve(asked) == () == await there.retrieve(asked)


def test_the_least_recent_goes_first() -> None:
    recent: Recent[int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)
