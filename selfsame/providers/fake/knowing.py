"""An embedder that hashes words and a retriever that counts common ones: real search at toy quality, no model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from selfsame.events.thought import Passage
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.library.port import Vectors
from selfsame.mind.port import Query
from selfsame.providers.fake.hashing import number_of

_WORD = re.compile(r"[\u3400-\u9fff]|[^\W_]+")


class FakeEmbedder:
    """Signed hashed bags of words, as unit vectors of `width` (a text without words gives the first axis)."""

    def __init__(self, *, width: int = 384, delay: float = 0.0, clock: Clock = SYSTEM) -> None:
        self.model_id = f"fake-hashed-words-{width}"
        self.width = width
        self._delay = delay
        self._clock = clock

    async def embed_query(self, text: str) -> Vectors:
        await self._wait()
        return self._embed(text)

    async def embed_documents(self, texts: list[str]) -> Vectors:
        await self._wait()
        if not texts:
            return np.zeros((0, self.width), np.float32)
        return np.stack([self._embed(text) for text in texts])

    async def _wait(self) -> None:
        if self._delay > 0:
            await self._clock.sleep(self._delay)

    def _embed(self, text: str) -> Vectors:
        vector = np.zeros(self.width, np.float32)
        for word in _WORD.findall(text.lower()):
            place = number_of(word, 2 * self.width)
            vector[place // 2] += 1.0 if place % 2 else -1.0
        length = float(np.linalg.norm(vector))
        if length == 0.0:
            vector[0], length = 1.0, 1.0
        return vector / np.float32(length)


class FakeRetriever:
    """Finds among `passages` by `FakeEmbedder`'s cosine, after `delay` seconds; knows nothing of clones."""

    def __init__(self, passages: Sequence[Passage] = (), *, delay: float = 0.0, clock: Clock = SYSTEM) -> None:
        self._embedder = FakeEmbedder(clock=clock)
        self._passages = tuple(passages)
        self._delay = delay
        self._clock = clock

    async def retrieve(self, query: Query) -> tuple[Passage, ...]:
        if self._delay > 0:
            await self._clock.sleep(self._delay)
        if not self._passages:
            return ()
        wanted = await self._embedder.embed_query(query.text)
        known = await self._embedder.embed_documents([f"{p.question or ''} {p.text}" for p in self._passages])
        scores = np.clip(known @ wanted, 0.0, 1.0)
        order = [int(i) for i in np.argsort(-scores, kind="stable") if scores[i] > 0.05][: query.top_k]
        return tuple(replace(self._passages[i], score=float(scores[i])) for i in order)
