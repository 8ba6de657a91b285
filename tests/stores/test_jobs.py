"""The job queue: the contract on every adapter, and what only Postgres does."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from selfsame.contracts.job_queue import CLIP, FACE, LEASE, JobBench, JobQueueContract
from selfsame.errors import ConsentMissing
from selfsame.jobs.bell import Bell
from selfsame.jobs.job import JobOrder, Outcome, completed
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import group
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.stores.postgres.consents import PostgresConsents
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.job_desk import PostgresJobDesk
from selfsame.stores.postgres.jobs import PostgresJobs, enqueue_in
from selfsame.stores.postgres.users import PostgresUsers
from tests.stores.conftest import Time, settle

pytestmark = pytest.mark.anyio


class TestMemory(JobQueueContract):
    @pytest.fixture
    def bench(self, time: Time) -> JobBench:
        jobs = MemoryJobs(now=time)
        return JobBench(jobs, jobs, new_id(), new_id(), new_id(), time.pass_by)


class TestPostgres(JobQueueContract):
    @pytest.fixture
    async def bench(self, database: Database, time: Time) -> JobBench:
        people = await settle(database)
        queue, desk = PostgresJobs(database, now=time), PostgresJobDesk(database, now=time)
        return JobBench(queue, desk, people.visitor, people.other, people.owner, time.pass_by)


async def test_a_job_is_there_exactly_when_the_callers_transaction_commits(private: Database) -> None:
    people = await settle(private)
    desk = PostgresJobDesk(private)
    with pytest.raises(RuntimeError):
        async with private.session(people.owner) as db:
            await enqueue_in(db, JobOrder(CLIP, people.owner))
            raise RuntimeError
    assert await desk.claim("w", [CLIP], LEASE) is None
    async with private.session(people.owner) as db:
        job = await enqueue_in(db, JobOrder(CLIP, people.owner))
        assert await desk.claim("w", [CLIP], LEASE) is None  # not committed yet
    claim = await desk.claim("w", [CLIP], LEASE)
    assert claim is not None and claim.job.id == job.id


async def test_failed_work_goes_on_only_while_the_consent_lives(private: Database) -> None:
    people = await settle(private)
    queue, desk, consents = PostgresJobs(private), PostgresJobDesk(private), PostgresConsents(private)
    job = await queue.enqueue(JobOrder(FACE, people.owner))
    claim = await desk.claim("w", [FACE], LEASE)
    assert claim is not None
    await desk.finish(claim, Outcome("failed", error_code="INTERNAL", error_message="broken"))
    with pytest.raises(ConsentMissing):
        await queue.again(job.id, people.owner)
    await consents.grant(people.owner, "face")
    assert (await queue.again(job.id, people.owner)).state == "pending"
    await consents.revoke(people.owner, "face")
    assert await desk.claim("w", [FACE], LEASE) is None  # the new one fell with the consent, as any does


async def test_the_same_key_twice_at_once_is_one_job(private: Database) -> None:
    people = await settle(private)
    queue, found = PostgresJobs(private), []

    async def order() -> None:
        found.append((await queue.enqueue(JobOrder(CLIP, people.owner, key="k"))).id)

    async with group() as tasks:
        for _ in range(8):
            tasks.start_soon(order)
    assert len(found) == 8 and len(set(found)) == 1


async def test_many_workers_at_once_keep_the_limits_and_do_every_job_once(private: Database) -> None:
    people = await settle(private)
    queue, desk = PostgresJobs(private), PostgresJobDesk(private)
    for number in range(18):
        await queue.enqueue(JobOrder(FACE, (people.owner, people.visitor, people.other)[number % 3]))
    running: list[object] = []
    done: list[object] = []

    async def work(name: str) -> None:
        while len(done) < 18:
            claim = await desk.claim(name, [FACE], LEASE)
            if claim is None:
                continue
            running.append(claim.job.user_id)
            assert len(running) <= 2 and len(set(running)) == len(running)
            await desk.remember(claim, "only", 1)
            running.remove(claim.job.user_id)
            assert await desk.finish(claim, completed(None))
            done.append(claim.job.id)

    async with group() as tasks:
        for number in range(4):
            tasks.start_soon(work, f"w{number}")
    assert len(set(done)) == 18


async def test_ordering_rings_the_bell(private: Database) -> None:
    people, bell = await settle(private), Bell()
    ring = bell.listen()
    await PostgresJobs(private, bell=bell).enqueue(JobOrder(CLIP, people.owner))
    assert ring.is_set() and not bell.listen().is_set()


async def test_jobs_go_with_their_user_but_the_order_to_erase_stays(private: Database) -> None:
    people = await settle(private)
    queue, desk = PostgresJobs(private), PostgresJobDesk(private)
    await queue.enqueue(JobOrder(FACE, people.visitor))
    claim = await desk.claim("w", [FACE], LEASE)
    assert claim is not None
    await PostgresUsers(private).erase_user(people.visitor)
    assert not await desk.finish(claim, completed(None))
    async with private.keeper() as db:
        left = (await db.execute(text("select kind, user_id, args, run_at > now() from jobs order by run_at"))).all()
    order = ("erase-files", None, {"user": str(people.visitor)})
    assert [tuple(row) for row in left] == [(*order, False), (*order, True)]


async def test_finished_jobs_are_forgotten_after_thirty_days(private: Database, time: Time) -> None:
    people = await settle(private)
    queue, desk = PostgresJobs(private, now=time), PostgresJobDesk(private, now=time)
    job = await queue.enqueue(JobOrder(CLIP, people.owner))
    await queue.enqueue(JobOrder(FACE, people.owner))
    claim = await desk.claim("w", [CLIP], LEASE)
    assert claim is not None
    await desk.finish(claim, completed(None))
    time.pass_by(30 * 86_400 - 1)
    assert await desk.sweep() == 0
    time.pass_by(1)
    assert await desk.sweep() == 1
    assert [left.kind for left in await queue.of(people.owner)] == ["build-face"]
    assert job.id not in {left.id for left in await queue.of(people.owner)}


async def test_a_visitors_jobs_become_the_accounts(private: Database) -> None:
    await settle(private)
    users, queue = PostgresUsers(private), PostgresJobs(private)
    visitor, account = await users.device("device-1"), await users.account("a@example.org", "A")
    await queue.enqueue(JobOrder(CLIP, visitor.id, key="k"))
    await queue.enqueue(JobOrder(CLIP, account.id, key="k"))
    await users.join("device-1", account.id)
    assert len(await queue.of(account.id)) == 2
