"""The reranker: a better order, and switched off when not wanted."""

from __future__ import annotations

from dataclasses import replace

import pytest

from selfsame.contracts.knowledge_store import along, pieces
from selfsame.events.thought import Passage
from selfsame.kit.ids import new_id
from selfsame.library.port import Document, Search
from selfsame.library.search import HybridRetriever
from selfsame.providers.embedded.answers.rerank import LikenessReranker
from selfsame.stores.memory import MemoryKnowledge
from tests.library.test_ingest_and_search import WordHashes

PRICE = Passage("1", "d", "Shop", "Two pounds.", 0.5, "faq", "What does it cost?")
DOOR = Passage("2", "d", "Shop", "The door is green.", 0.5, "faq", "Which colour has the door?")


@pytest.mark.anyio
async def test_what_answers_comes_before_what_does_not() -> None:
    for passages in ((PRICE, DOOR), (DOOR, PRICE)):
        scores = await LikenessReranker().rerank("how much does it cost", passages)
        assert len(scores) == 2 and all(0.0 <= score <= 1.0 for score in scores)
        assert scores[passages.index(PRICE)] > scores[passages.index(DOOR)]
    assert await LikenessReranker().rerank("x", ()) == ()
    far = replace(PRICE, score=0.1)
    near, away = await LikenessReranker().rerank("what is the fee", (PRICE, replace(far, id="3")))
    assert near > away


class Backwards:
    """The last shall be first."""

    async def rerank(self, question: str, passages: tuple[Passage, ...]) -> tuple[float, ...]:
        return tuple(float(index) for index in range(len(passages)))


@pytest.mark.anyio
async def test_the_retriever_follows_its_reranker_and_does_without() -> None:
    store, embedder, owner, clone = MemoryKnowledge(), WordHashes(), new_id(), new_id()
    document = Document(new_id(), owner, clone, "a.md", "A", "text/markdown", "0" * 64)
    await store.put(document, pieces("one", "two", "three"), along(0, 1, 2), embedder.model_id)

    async def owner_of(_clone: object) -> object:
        return owner

    plain = await HybridRetriever(store, embedder, owner_of).look(clone, "one two")  # type: ignore[arg-type]
    turned = HybridRetriever(store, embedder, owner_of, reranker=Backwards())  # type: ignore[arg-type]
    look = await turned.look(clone, "one two")
    assert look.reranked and not plain.reranked
    assert [j.hit.passage.id for j in look.judged] == [j.hit.passage.id for j in plain.judged][::-1]
    search = Search(owner, clone, "one two", await embedder.embed_query("one two"), embedder.model_id)
    assert [hit.passage.id for hit in (await store.search(search)).hits] == [j.hit.passage.id for j in plain.judged]
