"""What is asked of Postgres for a question: its words, which of them are worth searching, and the statement. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import sqrt

from selfsame.library.fusion import rarity

MOST_TERMS = 24
"""Words of one question; a long one gains nothing from more, and each costs time."""
MOST_ROWS = 500
"""Chunks that a search by words may have to weigh, about; more common words are asked for in pairs, or not at all."""
MOST_IN_PAIRS = 6

SEARCHING = {
    "hnsw.ef_search": "200",
    "hnsw.max_scan_tuples": "40000",
    "hnsw.iterative_scan": "relaxed_order",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
}
"""Settings of every connection, so that no search spends a round trip on them: how many candidates HNSW keeps, and that
it walks on past other clones' vectors. Helpers and a compiler cost more than they save in a search of milliseconds."""

CONFIGURATIONS = {"EN": "english", "ES": "spanish"}
_ACCENTS = str.maketrans("áéíóúü", "aeiouu")

_WORD = re.compile(r"[一-鿿]+|[^\W_一-鿿]+")
_IDEOGRAPH = re.compile(r"[一-鿿]")


def configuration(language: str) -> str:
    """The text-search configuration that stems `language`; `simple` where Postgres has none."""
    return CONFIGURATIONS.get(language, "simple")


def asked_words(text: str, language: str) -> str:
    """A question's words as a text for `to_tsvector`, prepared as the index is.

    Runs of Chinese become their overlapping pairs, Spanish words come with their accents and without. Stop words are
    left to the configuration.
    """
    terms: dict[str, None] = {}
    for found in _WORD.findall(text.lower()):
        for term in _terms(found, language):
            terms[term] = None
            if len(terms) == MOST_TERMS:
                return " ".join(terms)
    return " ".join(terms)


def _terms(word: str, language: str) -> list[str]:
    if _IDEOGRAPH.match(word) and len(word) > 1:
        return [first + second for first, second in zip(word, word[1:], strict=False)]
    if language == "ES":
        return [word, word.translate(_ACCENTS)]
    return [word]


@dataclass(frozen=True, slots=True)
class WordPlan:
    """What to search by words: `wanted` is a tsquery, `weights` those of all words that the hits are weighed by.

    `dropped` are words too common to be searched for by themselves.
    """

    wanted: str = ""
    words: tuple[str, ...] = ()
    weights: tuple[float, ...] = ()
    dropped: tuple[str, ...] = ()


def plan_words(chunks: Mapping[str, int], total: int, most: int = MOST_ROWS) -> WordPlan:
    """Which words to search, given in how many of the clone's `total` chunks each stands.

    The rarest words are asked for one by one as long as together they match no more than `most` chunks; of the more
    common ones, pairs that should match few. The rarest word of all is asked for in any case, up to twice `most`.
    """
    if not chunks or total < 1:
        return WordPlan()
    ranked = sorted(chunks, key=lambda word: (chunks[word], word))
    parts: list[str] = []
    rows = 0
    for word in ranked:
        rows += chunks[word]
        if rows > most and (parts or rows > 2 * most):
            rows -= chunks[word]
            break
        parts.append(quoted(word))
    common = ranked[len(parts) :]
    for first, second in combinations(common[:MOST_IN_PAIRS], 2):
        expected = 2 * chunks[first] * chunks[second] // total  # words of one question go together
        if rows + expected <= most:
            rows += expected
            parts.append(f"({quoted(first)} & {quoted(second)})")
    weights = tuple(rarity(chunks[word], total) for word in ranked)
    return WordPlan(" | ".join(parts), tuple(ranked), weights, tuple(common))


def comparable(everything: float) -> int:
    """Up to how many chunks a clone's vectors are all compared, rather than HNSW asked, in a table of `everything`.

    Comparing costs in proportion to the clone; HNSW, which walks on past other clones' vectors until it has enough of
    this one's, the more the smaller the clone's share. Of 100,000 chunks, the index is quicker for a clone of 15,000,
    comparing for one of 10,000 (docs/benchmarks.md), hence 38 times the root of the table's size; below 5000 chunks
    comparing is quick and misses nothing.
    """
    return max(5000, int(38 * sqrt(max(0.0, everything))))


def quoted(word: str) -> str:
    """A stem as a tsquery has it."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"


# `+ 0` keeps the planner from the approximate index: all vectors of the clone are compared, and none is missed.
_EXACT = """
    SELECT id, distance, row_number() OVER (ORDER BY distance, id) AS place FROM (
        SELECT id, (embedding <=> CAST(:vector AS halfvec)) + 0 AS distance FROM knowledge_chunks
        WHERE user_id = :owner AND clone_id = :clone {filters} ORDER BY distance, id LIMIT :candidates
    ) AS hits
"""
_APPROXIMATE = """
    SELECT id, distance, row_number() OVER (ORDER BY distance, id) AS place FROM (
        SELECT id, embedding <=> CAST(:vector AS halfvec) AS distance FROM knowledge_chunks
        WHERE user_id = :owner AND clone_id = :clone ORDER BY embedding <=> CAST(:vector AS halfvec) LIMIT :candidates
    ) AS hits
"""
_NONE = "SELECT CAST(NULL AS uuid) AS id, 0.0::float8 AS distance, 0::bigint AS place WHERE false"
_FILTERS = """
    AND (CAST(:kinds AS text[]) IS NULL OR source_type = ANY (CAST(:kinds AS text[])))
    AND (CAST(:within AS uuid[]) IS NULL OR document_id = ANY (CAST(:within AS uuid[])))
    AND (CAST(:since AS timestamptz) IS NULL OR created_at >= :since)
    AND (CAST(:until AS timestamptz) IS NULL OR created_at < :until)
"""
_HYBRID = """
    WITH near AS ({near}), worded AS (
        SELECT id, weight, held, row_number() OVER (ORDER BY weight DESC, id) AS place FROM chunks_worded(
            :clone, CAST(:wanted AS tsquery), CAST(:words AS text[]), CAST(:weights AS real[]), :candidates,
            CAST(:kinds AS text[]), CAST(:within AS uuid[]), CAST(:since AS timestamptz), CAST(:until AS timestamptz)
        ) WHERE CAST(:wanted AS text) <> ''
    ), fused AS (
        SELECT id, near.place AS near_place, worded.place AS worded_place, worded.weight, worded.held,
               coalesce(:near_weight / (:constant + near.place), 0)
               + coalesce(:worded_weight / (:constant + worded.place), 0) AS score
        FROM near FULL JOIN worded USING (id) ORDER BY score DESC, id LIMIT :most
    )
    SELECT c.id, c.document_id, c.content, c.heading, c.locator, c.question, c.source_type, d.title, d.source_url,
           {cosine} AS cosine, fused.near_place, fused.worded_place, fused.weight, fused.held, fused.score
    FROM fused
    JOIN knowledge_chunks AS c ON c.id = fused.id
    JOIN knowledge_documents AS d ON d.id = c.document_id
    ORDER BY fused.score DESC, cosine DESC, c.id
"""


def hybrid_statement(*, vector: bool, exact: bool, filtered: bool) -> str:
    """The search as SQL with named parameters: with or without a vector, all vectors compared or the index asked."""
    near = (_EXACT.format(filters=_FILTERS if filtered else "") if exact else _APPROXIMATE) if vector else _NONE
    cosine = "1 - (c.embedding <=> CAST(:vector AS halfvec))" if vector else "0.0::float8"
    return _HYBRID.format(near=near, cosine=cosine)
