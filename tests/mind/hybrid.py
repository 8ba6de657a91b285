"""The guide searched as the product searches it: MiniLM's cosines and shared words, ranks fused. In memory."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from selfsame.events.thought import Passage
from selfsame.mind.port import Query
from tests.mind.support import LexicalIndex

MIN_SCORE = 0.25
"""Passages below this cosine are irrelevant, as in the product's retriever."""


async def embedder() -> Any:
    """The product's embedder with its real weights, or a skip that says what is missing."""
    minilm = pytest.importorskip("selfsame.providers.embedded.minilm", reason="the embedder is not built yet")
    home = Path(os.environ.get("SELFSAME_HOME") or Path(__file__).parents[2] / ".selfsame")
    folder = home / "models" / "all-MiniLM-L6-v2"
    if not (folder / "tokenizer.json").is_file():
        pytest.skip("MiniLM is not here; get it with: selfsame models pull embedding")
    return await minilm.MiniLmEmbedder.load(folder)


class HybridIndex:
    """A retriever over passages that are questions with answers."""

    def __init__(self, embedder: Any, passages: list[Passage]) -> None:
        self._embedder = embedder
        self._passages = {passage.id: passage for passage in passages}
        self._words = LexicalIndex(passages)
        self._vectors: Any = None

    async def build(self) -> HybridIndex:
        """Embed the passages; before the first question, whose time-out would cut this short."""
        texts = [f"{passage.heading}\n{passage.text}" for passage in self._passages.values()]
        self._vectors = await self._embedder.embed_documents(texts)
        return self

    async def retrieve(self, query: Query) -> tuple[Passage, ...]:
        cosines = self._vectors @ await self._embedder.embed_query(query.text)
        names = list(self._passages)
        scores = dict(zip(names, cosines.tolist(), strict=True))
        near = [names[index] for index in np.argsort(-cosines)[:50]]
        worded = [passage.id for passage in await self._words.retrieve(replace(query, top_k=50))]
        fused: dict[str, float] = {}
        for leg in (near, worded):
            for place, name in enumerate(leg, 1):
                fused[name] = fused.get(name, 0.0) + 1.0 / (60 + place)
        best = sorted(fused, key=lambda name: -fused[name])[: query.top_k]
        return tuple(replace(self._passages[n], score=scores[n]) for n in best if scores[n] >= MIN_SCORE)
