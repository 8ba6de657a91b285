"""A process that asks a clone and remembers: `URL OWNER CLONE`; lines of its input are questions, `quit` ends it."""

from __future__ import annotations

import sys
from uuid import UUID

import anyio
import numpy as np

from selfsame.library.port import Vectors
from selfsame.library.search import HybridRetriever
from selfsame.mind.port import Query
from selfsame.stores.postgres.database import open_database
from selfsame.stores.postgres.knowledge import PostgresKnowledge


class OneDirection:
    """All texts mean the same to it."""

    model_id = "contract-384"
    width = 384

    async def embed_query(self, text: str) -> Vectors:
        vector = np.zeros(384, dtype=np.float32)
        vector[0] = 1.0
        return vector

    async def embed_documents(self, texts: list[str]) -> Vectors:
        return np.stack([await self.embed_query(text) for text in texts])


async def main(url: str, owner: str, clone: str) -> None:
    async def owner_of(_clone: UUID) -> UUID:
        return UUID(owner)

    async with open_database(url) as database:
        retriever = HybridRetriever(PostgresKnowledge(database), OneDirection(), owner_of)
        print("ready", flush=True)
        while (line := await anyio.to_thread.run_sync(sys.stdin.readline)).strip() != "quit":
            found = await retriever.retrieve(Query(line.strip(), clone))
            print("|".join(passage.text for passage in found), flush=True)


if __name__ == "__main__":
    anyio.run(main, *sys.argv[1:])
