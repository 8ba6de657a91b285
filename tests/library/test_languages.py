"""How well questions find their passage in Spanish and Chinese, with the product's own embedder and Postgres.

Skipped without MiniLM's files. Run with -s to see the figures of docs/benchmarks.md.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from selfsame.clones.clone import Clone
from selfsame.kit.ids import new_id
from selfsame.library.port import Chunk, Document, Search
from selfsame.library.search import HybridRetriever, RetrievalOptions
from selfsame.mind.port import Query
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.knowledge import PostgresKnowledge
from selfsame.stores.postgres.users import PostgresUsers
from tests.mind.hybrid import embedder
from tests.support.database import fresh_database, shared_server

pytestmark = pytest.mark.anyio
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def shares(places: list[int | None]) -> tuple[float, float, float]:
    """First, among the first five (both as shares), and the mean reciprocal rank."""
    first = sum(place == 1 for place in places) / len(places)
    five = sum(place is not None and place <= 5 for place in places) / len(places)
    return round(first, 3), round(five, 3), round(sum(1 / place for place in places if place) / len(places), 3)


@pytest.mark.parametrize(
    ("language", "least_five", "least_first"), [("ES", 0.9, 0.7), ("ZH", 0.85, 0.65)], ids=["ES", "ZH"]
)
async def test_words_make_up_for_an_english_embedder(language: str, least_five: float, least_first: float) -> None:
    minilm = await embedder()
    data: dict[str, Any] = json.loads((HERE / "data" / f"{language.lower()}.json").read_text(encoding="utf-8"))
    texts: list[str] = data["passages"]
    async with fresh_database(shared_server()) as database:
        owner = (await PostgresUsers(database).owner()).id
        clone = await PostgresClones(database).put(Clone(new_id(), owner, "me", "Me"))
        store = PostgresKnowledge(database)
        document = Document(new_id(), owner, clone.id, "a.md", "", "text/markdown", "0" * 64, language)
        chunks = [Chunk(index, text, 0, len(text)) for index, text in enumerate(texts)]
        await store.put(document, chunks, await minilm.embed_documents(texts), minilm.model_id)

        async def owner_of(_clone: UUID) -> UUID:
            return owner

        retriever = HybridRetriever(store, minilm, owner_of)
        places: dict[str, list[int | None]] = {"vectors": [], "words": [], "both": [], "given": []}
        for asked, right in data["questions"]:
            vector = await minilm.embed_query(asked)
            both = Search(owner, clone.id, asked, vector, minilm.model_id, language, 32)
            for way, search in (
                ("vectors", replace(both, text="")),
                ("words", replace(both, vector=None)),
                ("both", both),
            ):
                found = [passage.text for passage in (await store.search(search)).passages]
                places[way].append(found.index(texts[right]) + 1 if texts[right] in found else None)
            given = [p.text for p in await retriever.retrieve(Query(asked, str(clone.id), language))]
            places["given"].append(given.index(texts[right]) + 1 if texts[right] in given else None)
        strange, unseen = [
            [len(await retriever.retrieve(Query(q, str(clone.id), language))) for q in data[name]]
            for name in ("strangers", "strangers_held_out")
        ]
        freely = HybridRetriever(store, minilm, owner_of, RetrievalOptions(foreign={}))
        before = [len(await freely.retrieve(Query(q, str(clone.id), language))) for q in data["strangers_held_out"]]
    figures = {way: shares(found) for way, found in places.items()}
    print(f"\n{language}: first, in five, mean reciprocal rank: {figures}; passages for strangers: {strange}, {unseen}")
    assert figures["both"][1] >= least_five and figures["both"][0] >= least_first
    assert figures["both"][2] > figures["vectors"][2]
    print(f"given: {figures['given']}; to strangers without the limits of the language: {before}")
    assert figures["given"][1] >= least_five
    # A neighbour's answer is worse than none: of questions about something else few get any passage.
    assert sum(map(bool, [*strange, *unseen])) <= 0.3 * len([*strange, *unseen])
