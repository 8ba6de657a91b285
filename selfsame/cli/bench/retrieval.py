"""`selfsame bench retrieval`: how fast and how completely a clone's knowledge is searched among 100,000 chunks."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, Any
from uuid import UUID

import anyio
import click

from selfsame.cli.bench.options import json_option, show
from selfsame.cli.bench.retrieval_corpus import Seeds, pieces, seeds
from selfsame.cli.output import read_settings, table
from selfsame.evaluator.figures import percentile
from selfsame.kit.clock import SYSTEM
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import offload

if TYPE_CHECKING:
    from selfsame.library.port import Embedder, Vectors
    from selfsame.settings import Settings
    from selfsame.stores.postgres.database import Database

SHARES = (0.5, 0.15, 0.1, 0.05) + (0.01,) * 20
"""Of all chunks, by clone: one large, some in the middle, many small."""
INDEXES = {
    "vectors (HNSW)": "CREATE INDEX idx_chunk_vectors ON knowledge_chunks USING hnsw (embedding halfvec_cosine_ops) "
    "WITH (m = 16, ef_construction = 64)",
    "words (GIN)": "CREATE INDEX idx_chunk_words ON knowledge_chunks USING gin (tsv) WITH (fastupdate = off)",
}


@dataclass(frozen=True, slots=True)
class Filled:
    """The clones, largest first, with their sizes, and what it took to index them."""

    owner: UUID
    clones: tuple[UUID, ...]
    sizes: tuple[int, ...]
    built: dict[str, dict[str, float]]


@click.command()
@click.option("--chunks", type=click.IntRange(1000, 1_000_000), default=100_000, show_default=True, help="In all.")
@click.option("--queries", type=click.IntRange(10, 2000), default=100, show_default=True, help="Measured per clone.")
@json_option
def command(chunks: int, queries: int, as_json: bool) -> None:
    """Fill a private database with clones of different sizes; search each with questions never asked before.

    Prints the best, p50 and p95 in ms of the query's embedding, of the search, of both one after the other, and of both
    at once as the product does it; this process' CPU ms of a question asked so, its embedding included; how many of the
    ten vectors that are nearest the search brings (recall at 10 against comparing all); what the indexes cost to build
    and hold; and how fast a document is stored with all of them in place.
    """
    result = anyio.run(_run, read_settings(quiet=True), chunks, queries)
    show(as_json, result, readable(result))


async def _run(settings: Settings, chunks: int, queries: int) -> dict[str, Any]:
    from selfsame.models.manifest import MINILM
    from selfsame.providers.embedded.minilm import MiniLmEmbedder
    from selfsame.stores.postgres.database import open_database
    from selfsame.stores.postgres.supervisor import EmbeddedPostgres

    embedder = await MiniLmEmbedder.load(settings.models_dir / MINILM.name)
    corpus = seeds()
    vectors = await embedder.embed_documents(list(corpus.sentences))
    with tempfile.TemporaryDirectory(prefix="selfsame-bench-") as folder:
        server = EmbeddedPostgres(Path(folder), disposable=True)
        url = await offload(server.start)
        try:
            async with open_database(url) as database:
                filled = await _fill(database, url, chunks, corpus, vectors)
                rows = [await measure(database, embedder, filled, number, corpus, queries) for number in (0, 1, 2, 4)]
                storing = await storing_speed(database, filled, corpus, vectors)
        finally:
            await offload(server.stop)
    return {"benchmark": "retrieval", "chunks": chunks, "clones": rows, "indexes": filled.built, "storing": storing}


async def _fill(database: Database, url: str, chunks: int, corpus: Seeds, vectors: Vectors) -> Filled:
    """Write the chunks as the database's owner, in bulk, and build the indexes afterwards, with the clock beside it."""
    from selfsame.clones.clone import Clone
    from selfsame.stores.postgres.clones import PostgresClones
    from selfsame.stores.postgres.users import PostgresUsers

    owner = (await PostgresUsers(database).owner()).id
    made = []
    for number in range(len(SHARES)):
        clone = await PostgresClones(database).put(Clone(new_id(), owner, f"clone-{number}", f"Clone {number}"))
        made.append(clone.id)
    sizes = tuple(int(chunks * share) for share in SHARES)
    filled = Filled(owner, tuple(made), sizes, {})
    return replace(filled, built=await offload(_write, url, filled, corpus, vectors))


def _write(url: str, filled: Filled, corpus: Seeds, vectors: Vectors) -> dict[str, dict[str, float]]:
    import psycopg

    built = {}
    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("idx_chunk_vectors", "idx_chunk_words"):
            connection.execute(f"DROP INDEX {name}".encode())
        for number, (clone, size) in enumerate(zip(filled.clones, filled.sizes, strict=True)):
            _copy(connection, filled.owner, clone, (number, size), corpus, vectors)
        for name, statement in INDEXES.items():
            began = SYSTEM.now()
            connection.execute(statement.encode())
            built[name] = {"seconds": round(SYSTEM.now() - began, 1)}
        for name, index in zip(INDEXES, ("idx_chunk_vectors", "idx_chunk_words"), strict=True):
            size = connection.execute("SELECT pg_relation_size(%s::regclass)", (index,)).fetchone()
            built[name]["megabytes"] = round((size[0] if size else 0) / 1e6, 1)
        whole = connection.execute("SELECT pg_total_relation_size('knowledge_chunks')").fetchone()
        built["chunks in all"] = {"megabytes": round((whole[0] if whole else 0) / 1e6, 1)}
        connection.execute("VACUUM ANALYZE")
    return built


def _copy(
    connection: Any, owner: UUID, clone: UUID, numbered: tuple[int, int], corpus: Seeds, vectors: Vectors
) -> None:
    from pgvector import HalfVector

    number, size = numbered
    document = new_id()
    connection.execute(
        "INSERT INTO knowledge_documents (id, user_id, clone_id, filename, title, content_type, content_hash, status) "
        "VALUES (%s, %s, %s, 'b.md', 'Notes', 'text/markdown', %s, 'completed')",
        (document, owner, clone, "0" * 64),
    )
    connection.execute(
        "UPDATE clones SET embedding_model = %s, embedding_width = 384, knowledge_version = 1 WHERE id = %s",
        ("all-MiniLM-L6-v2", clone),
    )
    columns = "user_id, clone_id, document_id, chunk_index, content, start_offset, end_offset, model_id, embedding"
    with connection.cursor() as cursor, cursor.copy(f"COPY knowledge_chunks ({columns}) FROM STDIN") as copy:
        for index, piece in enumerate(pieces(size, number, corpus.sentences, vectors)):
            vector = HalfVector(piece.vector).to_text()
            copy.write_row((owner, clone, document, index, piece.text, 0, 0, "all-MiniLM-L6-v2", vector))


async def measure(
    database: Database, embedder: Embedder, filled: Filled, number: int, corpus: Seeds, queries: int
) -> dict[str, Any]:
    """One clone: times in ms and recall at 10 of its vectors' leg, with all vectors compared as the truth."""
    from selfsame.library.port import Search
    from selfsame.library.search import HybridRetriever
    from selfsame.mind.port import Query
    from selfsame.stores.postgres.knowledge import PostgresKnowledge

    async def owner_of(_clone: UUID) -> UUID:
        return filled.owner

    store = PostgresKnowledge(database)
    retriever = HybridRetriever(store, embedder, owner_of)
    truth = PostgresKnowledge(database, exact_up_to=10**9)
    embedding, searching, whole, together, burnt, recalls, exact = [], [], [], [], [], [], True
    step = max(1, len(corpus.questions) // queries)
    asked = (corpus.questions * (1 + queries // len(corpus.questions)))[::step][: queries + 5]
    for turn, question in enumerate(asked):
        began = SYSTEM.now()
        vector = await embedder.embed_query(question)
        embedded = SYSTEM.now()
        search = Search(filled.owner, filled.clones[number], question, vector, embedder.model_id)
        found = await store.search(search)
        ended = SYSTEM.now()
        exact = found.exact
        burning, begun = process_time(), SYSTEM.now()
        await retriever.retrieve(Query(f"please {question}", str(filled.clones[number]), "EN"))
        took, burnt_here = SYSTEM.now() - begun, process_time() - burning
        if turn < 5:  # the first ones open connections and fill caches
            continue
        embedding.append(embedded - began)
        searching.append(ended - embedded)
        whole.append(ended - began)
        together.append(took)
        burnt.append(burnt_here)
        near = replace(search, text="", limit=10)  # no words: the vectors' leg alone
        want = {passage.id for passage in (await truth.search(near)).passages}
        got = {passage.id for passage in (await store.search(near)).passages}
        recalls.append(len(want & got) / len(want))
    return {
        "chunks": filled.sizes[number],
        "vectors": "all compared" if exact else "HNSW",
        "embed": _spread(embedding),
        "search": _spread(searching),
        "whole": _spread(whole),
        "at once": _spread(together),
        "own CPU": _spread(burnt),
        "recall": round(sum(recalls) / len(recalls), 4),
    }


async def storing_speed(database: Database, filled: Filled, corpus: Seeds, vectors: Vectors) -> dict[str, float]:
    """Chunks a second into a clone of middle size, in one transaction with all indexes, and taking them out again."""
    import numpy as np

    from selfsame.library.port import Chunk, Document
    from selfsame.stores.postgres.knowledge import PostgresKnowledge

    made = list(pieces(500, 99, corpus.sentences, vectors))
    chunks = [Chunk(index, piece.text, 0, 0) for index, piece in enumerate(made)]
    document = Document(new_id(), filled.owner, filled.clones[2], "n.md", "N", "text/markdown", "1" * 64)
    store = PostgresKnowledge(database)
    began = SYSTEM.now()
    await store.put(document, chunks, np.stack([piece.vector for piece in made]), "all-MiniLM-L6-v2")
    stored = SYSTEM.now()
    await store.delete(filled.owner, document.id)
    return {"put per second": round(500 / (stored - began)), "delete seconds": round(SYSTEM.now() - stored, 3)}


def _spread(seconds: list[float]) -> dict[str, float]:
    spread = {f"p{share}": round(1000 * percentile(seconds, share / 100), 2) for share in (50, 95)}
    return {"best": round(1000 * min(seconds), 2)} | spread


def readable(result: dict[str, Any]) -> str:
    """The figures as tables."""
    measured = ("embed", "search", "whole", "at once", "own CPU")
    parts = [f"{part} best / p50 / p95" for part in measured]
    head = ("chunks of the clone", "vectors", *parts, "recall@10")
    rows = [
        (
            row["chunks"],
            row["vectors"],
            *(" / ".join(f"{row[part][key]}" for key in ("best", "p50", "p95")) for part in measured),
            row["recall"],
        )
        for row in result["clones"]
    ]
    indexes = [(name, *(f"{key} {value}" for key, value in row.items())) for name, row in result["indexes"].items()]
    storing = ", ".join(f"{key} {value}" for key, value in result["storing"].items())
    return f"{result['chunks']} chunks\n{table(rows, head)}\n\n" + "\n".join(map("  ".join, indexes)) + f"\n{storing}"
