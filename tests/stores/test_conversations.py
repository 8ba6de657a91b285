"""Conversations: the contract on every adapter, and what only Postgres does."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

import pytest

from selfsame.contracts.conversation_store import ConversationBench, ConversationStoreContract, turn
from selfsame.conversation.port import SessionRecord
from selfsame.errors import NotFound
from selfsame.kit.ids import new_id
from selfsame.stores.memory import MemoryConversations
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.conversations import PostgresConversations, Swept
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.users import PostgresUsers
from tests.stores.conftest import Time, settle

pytestmark = pytest.mark.anyio
DAY = 86_400


class TestMemory(ConversationStoreContract):
    @pytest.fixture
    def bench(self, time: Time) -> ConversationBench:
        return ConversationBench(MemoryConversations(time), new_id(), new_id(), new_id(), time.pass_by)


class TestPostgres(ConversationStoreContract):
    @pytest.fixture
    async def bench(self, database: Database, time: Time) -> ConversationBench:
        people = await settle(database)
        store = PostgresConversations(database, time)
        return ConversationBench(store, people.visitor, people.other, people.public.id, time.pass_by)


async def test_a_private_or_unknown_clone_cannot_be_met(private: Database) -> None:
    people = await settle(private)
    store = PostgresConversations(private)
    for clone_id in (people.clone.id, new_id()):
        with pytest.raises(NotFound):
            await store.open(SessionRecord(new_id(), people.visitor, clone_id))
    assert (await store.open(SessionRecord(new_id(), people.owner, people.clone.id))).next_turn == 1


async def test_a_recorded_consent_keeps_texts_and_revoking_it_forgets_them(private: Database) -> None:
    people = await settle(private)
    store, consents = PostgresConversations(private), PostgresConsents(private)
    record = await store.open(SessionRecord(new_id(), people.visitor, people.public.id))
    await store.commit(record.id, people.visitor, turn(1))
    await consents.grant(people.visitor, "transcripts")
    await store.commit(record.id, people.visitor, turn(2))
    assert [t.user for t in (await store.open(record)).turns] == [None, "How do you do?"]
    await consents.revoke(people.visitor, "transcripts")
    await store.commit(record.id, people.visitor, turn(3))
    assert [t.user for t in (await store.open(record)).turns] == [None, None, None]


async def test_consent_may_change_in_mid_conversation(private: Database) -> None:
    people = await settle(private)
    store = PostgresConversations(private)
    record = await store.open(SessionRecord(new_id(), people.visitor, people.public.id))
    await store.keep_transcripts(record.id, people.visitor, True)
    await store.commit(record.id, people.visitor, turn(1))
    await store.keep_transcripts(record.id, people.visitor, False)
    await store.commit(record.id, people.visitor, turn(2))
    assert [t.clone is None for t in (await store.open(record)).turns] == [False, True]
    with pytest.raises(NotFound):
        await store.keep_transcripts(record.id, people.other, True)


async def test_the_sweep_ends_sessions_after_an_idle_hour(private: Database, time: Time) -> None:
    people = await settle(private)
    store = PostgresConversations(private, time)
    idle = await store.open(SessionRecord(new_id(), people.visitor, people.public.id))
    time.pass_by(3599)
    busy = await store.open(SessionRecord(new_id(), people.other, people.public.id))
    assert await store.sweep() == Swept(lapsed=0, forgotten=0)
    time.pass_by(1)
    assert await store.sweep() == Swept(lapsed=1, forgotten=0)
    assert await store.sweep() == Swept(lapsed=0, forgotten=0)
    (listed,) = await store.history(people.visitor)
    assert (listed.id, listed.state) == (idle.id, "lapsed")
    assert (await store.history(people.other))[0].state == "active"
    assert (await store.open(busy)).id == busy.id


async def test_the_sweep_forgets_texts_after_ninety_days(private: Database, time: Time) -> None:
    people = await settle(private)
    store = PostgresConversations(private, time)
    record = await store.open(SessionRecord(new_id(), people.visitor, people.public.id, keep_transcripts=True))
    await store.commit(record.id, people.visitor, turn(1))
    time.pass_by(60)
    await store.commit(record.id, people.visitor, turn(2))
    time.pass_by(90 * DAY - 60)
    assert (await store.sweep()).forgotten == 1
    assert [(row["turn"], row["user_transcript"], row["sources"]) for row in await _turns(private, people.visitor)] == [
        (1, None, []),
        (2, "How do you do?", [asdict(source) for source in turn(2).sources]),
    ]


async def _turns(database: Database, user: UUID) -> list[dict[str, Any]]:
    exported = await PostgresUsers(database).export_user(user)
    return sorted(exported["conversation_turns"], key=lambda row: row["turn"])


async def test_a_user_lists_only_their_own_conversations(private: Database, time: Time) -> None:
    people = await settle(private)
    store = PostgresConversations(private, time)
    mine = await store.open(SessionRecord(new_id(), people.visitor, people.public.id))
    await store.commit(mine.id, people.visitor, turn(1))
    time.pass_by(60)
    later = await store.open(SessionRecord(new_id(), people.visitor, people.public.id))
    await store.open(SessionRecord(new_id(), people.other, people.public.id))
    listed = await store.history(people.visitor)
    assert [(s.id, s.total_turns, s.average_latency_ms) for s in listed] == [(later.id, 0, None), (mine.id, 1, 412.5)]


async def test_a_conversation_can_be_forgotten_by_its_user_only(private: Database) -> None:
    people = await settle(private)
    store = PostgresConversations(private)
    record = await store.open(SessionRecord(new_id(), people.visitor, people.public.id))
    with pytest.raises(NotFound):
        await store.forget(record.id, people.other)
    await store.forget(record.id, people.visitor)
    assert await store.history(people.visitor) == []
