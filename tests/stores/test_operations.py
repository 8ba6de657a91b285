"""What whoever runs the server reads across users: measures and costs, no words."""

from __future__ import annotations

from datetime import timedelta

import pytest

from selfsame.conversation.port import SessionRecord
from selfsame.events.turns import TurnCosts, TurnMetrics, TurnRecord
from selfsame.kit.ids import new_id
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.operations import PostgresOperations
from selfsame.stores.postgres.users import PostgresUsers
from tests.stores.conftest import Time, settle

pytestmark = pytest.mark.anyio
METRICS = TurnMetrics(total=700, asr=90, endpointing=300, rag=20, llm=40, tts=50, model="own", speculated=True)


def turn(number: int, **more: object) -> TurnRecord:
    fields = {"metrics": METRICS, "costs": TurnCosts()} | more
    return TurnRecord(number, None, "a secret", "an answer", "EN", number == 2, 0.8, 2000, 3000, 1500, **fields)  # type: ignore[arg-type]


async def test_measures_and_costs_of_all_users_without_a_word(database: Database, time: Time) -> None:
    people = await settle(database)
    store, operations = PostgresConversations(database, time), PostgresOperations(database, time)
    for user in (people.visitor, people.other):
        session = SessionRecord(new_id(), user, people.public.id, keep_transcripts=True)
        await store.open(session)
        await store.commit(session.id, user, turn(1, costs=TurnCosts(0.5, 0.25, 0.125, 1.0, 0, 0)))
        time.pass_by(10)
        paid = TurnMetrics(total=900, model="vendor")
        await store.commit(session.id, user, turn(2, metrics=paid, costs=TurnCosts(llm=2)))
        time.pass_by(10)
    seen = await operations.turns(3600)
    assert [record.turn for _, record in seen] == [1, 2, 1, 2]
    assert [at for at, _ in seen] == sorted(at for at, _ in seen)
    first = seen[0][1]
    assert first.metrics == METRICS and (first.user, first.clone, first.sources) == (None, None, ())
    assert (first.confidence, first.heard_ms, seen[1][1].interrupted) == (0.8, 1500, True)
    assert len(await operations.turns(35)) == 3
    own, vendor = await operations.costs(7)
    assert (own.model, own.turns, own.seconds) == ("own", 2, 7.0)
    assert (own.asr, own.llm, own.tts, own.rest, own.total) == (1.0, 0.5, 0.25, 2.0, 3.75)
    assert (vendor.model, vendor.total, vendor.day) == ("vendor", 4.0, time().date())
    time.pass_by(timedelta(days=8).total_seconds())
    assert await operations.costs(7) == [] and await operations.turns(86_400) == []


async def test_newcomers(database: Database) -> None:
    users, operations = PostgresUsers(database), PostgresOperations(database)
    await settle(database)
    assert (await operations.newcomers()) == (3, 0.0)
    await users.device("device-3")
    assert (await operations.newcomers())[0] == 4
