"""Run by the crash tests: commits turns for ever and prints each number once it is acknowledged."""

from __future__ import annotations

import sys
from pathlib import Path

import anyio

from selfsame.clones.clone import Clone
from selfsame.contracts.conversation_store import turn
from selfsame.conversation.port import SessionRecord
from selfsame.kit.ids import stable_id
from selfsame.stores.postgres.clones import PostgresClones
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.database import open_database
from selfsame.stores.postgres.supervisor import EmbeddedPostgres
from selfsame.stores.postgres.users import PostgresUsers

SESSION = stable_id("test", "session")
CLONE = stable_id("test", "clone")


async def talk(home: Path) -> None:
    async with open_database(EmbeddedPostgres(home).start()) as database:
        owner = await PostgresUsers(database).owner()
        await PostgresClones(database).put(Clone(CLONE, owner.id, "me", "Me"))
        store = PostgresConversations(database)
        session = await store.open(SessionRecord(SESSION, owner.id, CLONE, keep_transcripts=True))
        number = session.next_turn
        while True:
            assert await store.commit(SESSION, owner.id, turn(number, f"m{number}"))
            print(number, flush=True)
            number += 1


if __name__ == "__main__":
    anyio.run(talk, Path(sys.argv[1]))
