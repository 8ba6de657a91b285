"""Signing in, keys, settings, the audit log, reports and usage: contracts on every adapter, and what Postgres adds."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from selfsame.clones.audit import AUDIT_DAYS, Entry
from selfsame.clones.provider_keys import ProviderKey
from selfsame.clones.reports import Complaint
from selfsame.clones.usage import Tokens
from selfsame.contracts.account_stores import LATER, NOW, AccountBench, AccountContract
from selfsame.contracts.conversation_store import turn
from selfsame.contracts.report_store import ReportBench, ReportStoreContract
from selfsame.conversation.port import SessionRecord
from selfsame.errors import Unavailable
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import group
from selfsame.stores.memory import MemoryConversations
from selfsame.stores.memory_account import MemoryAudit, MemoryKeys, MemorySettings, MemorySignIns
from selfsame.stores.memory_reports import MemoryReports
from selfsame.stores.postgres.account_tables import api_keys
from selfsame.stores.postgres.audit import PostgresAudit
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.conversations import PostgresConversations
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.provider_keys import PostgresKeys
from selfsame.stores.postgres.reports import PostgresReports
from selfsame.stores.postgres.sign_ins import PostgresSignIns
from selfsame.stores.postgres.usage import PostgresUsage
from selfsame.stores.postgres.user_settings import PostgresSettings
from selfsame.stores.postgres.users import PostgresUsers
from selfsame.stores.seal import RowSeal
from tests.stores.conftest import Time, settle

pytestmark = pytest.mark.anyio
SEAL = RowSeal(b"k" * 32, "provider keys")


class TestMemoryAccount(AccountContract):
    @pytest.fixture
    async def bench(self, time: Time) -> AccountBench:
        owner, stranger = new_id(), new_id()
        settings, audit = MemorySettings(owner, stranger), MemoryAudit(owner, stranger, now=time)
        return AccountBench(owner, stranger, MemorySignIns(), MemoryKeys(time), settings, audit)


class TestPostgresAccount(AccountContract):
    @pytest.fixture
    async def bench(self, database: Database, time: Time) -> AccountBench:
        return await posed(database, time)


class TestMemoryReports(ReportStoreContract):
    @pytest.fixture
    async def bench(self, time: Time) -> ReportBench:
        owner, clone = new_id(), new_id()
        talks = MemoryConversations(time)
        store = MemoryReports(talks, {clone: owner}, time)
        return ReportBench(store, talks, owner, clone, new_id(), new_id(), lambda s: time.pass_by(s.total_seconds()))


class TestPostgresReports(ReportStoreContract):
    @pytest.fixture
    async def bench(self, database: Database, time: Time) -> ReportBench:
        return await met(database, time)


async def posed(database: Database, time: Time) -> AccountBench:
    people = await settle(database)
    return AccountBench(
        people.owner,
        people.visitor,
        PostgresSignIns(database),
        PostgresKeys(database, SEAL, time),
        PostgresSettings(database),
        PostgresAudit(database, time),
    )


async def met(database: Database, time: Time) -> ReportBench:
    people = await settle(database)
    return ReportBench(
        PostgresReports(database, time),
        PostgresConversations(database, time),
        people.owner,
        people.public.id,
        people.visitor,
        people.other,
        lambda span: time.pass_by(span.total_seconds()),
    )


async def test_of_many_who_bring_the_same_code_at_once_one_is_let_in(private: Database, time: Time) -> None:
    bench = await posed(private, time)
    code, let_in = await bench.code(), []

    async def come(number: int) -> None:
        if await bench.sign_ins.redeem(code.id, bench.device(number), NOW):
            let_in.append(number)

    async with group() as tasks:
        for number in range(1, 9):
            tasks.start_soon(come, number)
    assert len(let_in) == 1 and len(await bench.sign_ins.devices(bench.owner)) == 1
    assert await bench.sign_ins.sweep(LATER) == 1


async def test_keys_lie_sealed_for_their_row_and_open_nowhere_else(private: Database, time: Time) -> None:
    bench = await posed(private, time)
    await bench.keys.put(bench.owner, ProviderKey("openai", "sk-very-secret"))
    await bench.keys.put(bench.owner, ProviderKey("groq", "gk-other"))
    async with private.session(bench.owner) as db:
        rows = {row.provider: row for row in await db.execute(select(api_keys))}
        assert b"secret" not in rows["openai"].sealed and "secret" not in str(rows)
        await db.execute(text("update api_keys set sealed = :s where provider = 'groq'"), {"s": rows["openai"].sealed})
    with pytest.raises(Unavailable, match="changed or moved"):
        await bench.keys.reveal(bench.owner, "groq")
    with pytest.raises(Unavailable, match="a key that is not here"):
        await PostgresKeys(private, RowSeal(b"x" * 32, "provider keys")).reveal(bench.owner, "openai")
    async with private.session(bench.owner) as db:
        bent = rows["openai"].sealed[:-1] + bytes([rows["openai"].sealed[-1] ^ 1])
        await db.execute(text("update api_keys set sealed = :s where provider = 'openai'"), {"s": bent})
    with pytest.raises(Unavailable, match="changed or moved") as refused:
        await bench.keys.reveal(bench.owner, "openai")
    assert "secret" not in str(refused.value)


async def test_the_keeper_reads_neither_keys_nor_what_people_wrote(database: Database) -> None:
    for query in (
        "select sealed from api_keys",
        "select words from answer_reports",
        "select question from answer_reports",
        "select words from conversation_ratings",
        "select details from audit_log",
    ):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.keeper() as db:
                await db.execute(text(query))


async def test_nobody_changes_the_audit_log_and_time_forgets_it(database: Database, time: Time) -> None:
    people = await settle(database)
    audit = PostgresAudit(database, time)
    await audit.write(Entry(people.owner, "sign_in", "/api/sign-in", "success", user_agent="\0" + "x" * 999))
    for act in ("update audit_log set action = 'x'", "delete from audit_log"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.session(people.owner) as db:
                await db.execute(text(act))
    time.pass_by(timedelta(days=AUDIT_DAYS).total_seconds() - 1)
    assert await audit.sweep() == 0
    time.pass_by(1)
    assert await audit.sweep() == 1 and await audit.read(people.owner) == []


async def test_settings_beside_others_at_once_are_all_kept(private: Database) -> None:
    people = await settle(private)
    store = PostgresSettings(private)
    changes = ({"theme": "dark"}, {"interruption_sensitivity": 0.25}, {"video_quality": "low"}, {"page_language": "es"})
    async with group() as tasks:
        for change in changes:
            tasks.start_soon(store.change, people.owner, change)
    kept = await store.get(people.owner)
    assert (kept.theme, kept.interruption_sensitivity, kept.video_quality) == ("dark", 0.25, "low")
    async with private.session(people.owner) as db:  # what a later version wrote is no obstacle
        later = '{"user": {"theme": "neon", "interruption_sensitivity": 0.75, "later": 1}, "other": 2}'
        await db.execute(text("update users set settings = cast(:s as jsonb)"), {"s": later})
    kept = await store.get(people.owner)
    assert (kept.theme, kept.interruption_sensitivity) == ("system", 0.75)


async def test_the_end_of_consent_forgets_what_was_copied_and_nothing_that_was_sent(
    private: Database, time: Time
) -> None:
    bench = await met(private, time)
    for question in (None, "Sent by hand?"):
        talk = await bench.talk(bench.visitor, keep=True)
        await bench.store.report(bench.visitor, Complaint(talk, 1, "wrong", "words", question))
    assert [each.question for each in await bench.store.reports(bench.owner)] == ["Sent by hand?", turn(1).user]
    await PostgresConsents(private).revoke(bench.visitor, "transcripts")
    assert [each.question for each in await bench.store.reports(bench.owner)] == ["Sent by hand?", None]


async def test_reports_go_with_who_sent_them_and_with_the_conversation(private: Database, time: Time) -> None:
    bench = await met(private, time)
    talk = await bench.talk(bench.visitor, keep=False)
    await bench.store.report(bench.visitor, Complaint(talk, 1, "wrong"))
    await bench.store.rate(bench.visitor, talk, 3)
    await PostgresConversations(private).forget(talk, bench.visitor)
    assert await bench.store.reports(bench.owner) == [] and await bench.store.ratings(bench.owner) == []
    talk = await bench.talk(bench.stranger, keep=False)
    await bench.store.report(bench.stranger, Complaint(talk, 1, "wrong"))
    await PostgresUsers(private).erase_user(bench.stranger)
    assert await bench.store.reports(bench.owner) == []


async def test_what_a_visitor_sent_becomes_the_accounts_with_the_rest(private: Database, time: Time) -> None:
    bench = await met(private, time)
    talk = await bench.talk(bench.visitor, keep=True)
    await bench.store.report(bench.visitor, Complaint(talk, 1, "wrong"))
    await bench.store.rate(bench.visitor, talk, 3)
    users = PostgresUsers(private)
    account = await users.account("somebody@example.org", "Somebody")
    await users.join("device-1", account.id)
    assert len((await users.export_user(account.id))["answer_reports_sent"]) == 1
    assert len(await bench.store.reports(bench.owner)) == len(await bench.store.ratings(bench.owner)) == 1
    again = await bench.store.report(account.id, Complaint(talk, 1, "rude"))
    assert [each.id for each in await bench.store.reports(bench.owner)] == [again]


async def test_usage_counts_the_owners_clones_with_everybody_and_shows_nobody(database: Database, time: Time) -> None:
    people = await settle(database)
    store, talks = PostgresUsage(database), PostgresConversations(database, time)
    began = time()
    for who, clone in ((people.visitor, people.public), (people.owner, people.public), (people.owner, people.clone)):
        record = await talks.open(SessionRecord(new_id(), who, clone.id))
        time.pass_by(90)
        await talks.commit(record.id, who, turn(1))
        await talks.close(record.id, who)
    usage = await store.since(people.owner, began)
    assert usage.clones == {people.clone.id: "me", people.public.id: "guide"}
    counted = {each.clone_id: (each.conversations, each.minutes) for each in usage.talked}
    assert counted == {people.public.id: (2, 3.0), people.clone.id: (1, 1.5)}
    assert {(each.clone_id, each.turns) for each in usage.turns} == {(people.public.id, 2), (people.clone.id, 1)}
    assert all(each.day == began.date() for each in usage.talked)
    told = {each.clone_id: each.tokens for each in usage.turns}
    assert told == {people.public.id: Tokens(1800, 80, 2), people.clone.id: Tokens(900, 40, 1)}
    async with database.session(people.owner) as db:  # as turns from before are
        await db.execute(text("update conversation_turns set prompt_tokens = null, tokens_estimated = false"))
    told = {each.clone_id: each.tokens for each in (await store.since(people.owner, began)).turns}
    assert told[people.clone.id] == Tokens(0, 0, 0, 1, 2.0)
    for other in (people.visitor, people.other):
        seen = await store.since(other, began)
        assert (seen.clones, seen.talked, seen.turns, seen.made) == ({}, [], [], [])
    assert (await store.since(people.owner, time() + timedelta(seconds=1))).talked == []
