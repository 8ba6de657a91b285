"""Real workers in processes of their own, killed without warning: jobs go on, limits hold, poison stays alone."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID

import pytest

from selfsame.jobs.job import FINISHED, GAVE_UP, JobOrder
from selfsame.kit.tasks import offload
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.stores.postgres.users import PostgresUsers
from tests.jobs.conftest import until
from tests.jobs.program_work import BUSY, POISON, STEPS

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """Worker processes of one database, each with its moment of death."""

    def __init__(self, mother: subprocess.Popen[str], url: str, trace: Path) -> None:
        self._mother = mother
        self._url = url
        self._trace = trace
        self._living: set[int] = set()

    async def start(self, death: str = "-", lease: float = 0.6) -> int:
        """A new worker process; its pid."""
        pid = await offload(self._ask, [self._url, str(self._trace), death, lease])
        self._living.add(pid)
        return pid

    async def death(self, pid: int) -> None:
        """Wait until the worker is dead, by a signal that nobody can catch."""
        assert await offload(self._ask, pid) == -signal.SIGKILL
        self._living.discard(pid)

    async def end(self) -> None:
        """Kill whoever is left."""
        for pid in list(self._living):
            os.kill(pid, signal.SIGKILL)
            await self.death(pid)

    async def lines(self) -> list[str]:
        """What all workers have written."""
        return (await offload(self._trace.read_text)).splitlines()

    def _ask(self, command: object) -> int:
        assert self._mother.stdin is not None and self._mother.stdout is not None
        self._mother.stdin.write(json.dumps(command) + "\n")
        self._mother.stdin.flush()
        return int(self._mother.stdout.readline())


@pytest.fixture(scope="module")
def mother() -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.jobs.program_work"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield process


@pytest.fixture
async def nursery(database: Database, mother: subprocess.Popen[str], tmp_path: Path) -> AsyncIterator[Nursery]:
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    workers = Nursery(mother, url, tmp_path / "trace")
    yield workers
    await workers.end()


async def users(database: Database, count: int) -> list[UUID]:
    """Some users."""
    return [(await PostgresUsers(database).device(f"device {n}")).id for n in range(count)]


def traced(tmp_path: Path) -> list[str]:
    return (tmp_path / "trace").read_text().splitlines()


async def test_a_job_killed_at_every_step_finishes_with_each_finished_step_done_once(
    database: Database, nursery: Nursery
) -> None:
    queue = PostgresJobs(database)
    (user,) = await users(database, 1)
    job = await queue.enqueue(JobOrder(STEPS, user))
    for death in ("1:after", "2:before", "3:after", "4:before"):
        await nursery.death(await nursery.start(death))
    assert (await queue.get(job.id, user)).state == "running"
    await nursery.start()  # another worker takes over when the lease has run out

    async def finished() -> bool:
        return (await queue.get(job.id, user)).state in FINISHED

    await until(finished)
    done = await queue.get(job.id, user)
    assert (done.state, done.result, done.progress, done.attempt) == ("completed", [10, 20, 30, 40], 1.0, 5)
    # Steps 1 and 3 were killed between their effect and its record: those two, and only those, happened twice.
    assert Counter(await nursery.lines()) == {"effect 1": 2, "effect 2": 1, "effect 3": 2, "effect 4": 1}


async def test_limits_hold_over_several_processes(database: Database, nursery: Nursery) -> None:
    queue = PostgresJobs(database)
    people = await users(database, 3)
    jobs = [await queue.enqueue(JobOrder(BUSY, user)) for user in people for _ in range(5)]
    for _ in range(3):
        await nursery.start(lease=60)  # nobody takes over from whom a busy machine keeps waiting

    async def finished() -> bool:
        known = [job for user in people for job in await queue.of(user)]
        return all(job.state == "completed" for job in known) and len(known) == len(jobs)

    await until(finished)
    running: Counter[str] = Counter()
    overlapped = False
    for line in await nursery.lines():
        sign, user = line.split()
        running[user] += 1 if sign == "+" else -1
        assert running[user] <= BUSY.max_per_user and running.total() <= BUSY.max_running
        overlapped |= running.total() == BUSY.max_running
    assert overlapped and running.total() == 0


async def test_a_poisonous_job_fails_and_the_others_are_done(database: Database, nursery: Nursery) -> None:
    queue = PostgresJobs(database)
    poisoner, other = await users(database, 2)
    poison = await queue.enqueue(JobOrder(POISON, poisoner))
    jobs = [await queue.enqueue(JobOrder(STEPS, other)) for _ in range(3)]
    for _ in range(POISON.max_attempts):
        await nursery.death(await nursery.start())
    await nursery.start()

    async def finished() -> bool:
        states = [job.state for job in (*await queue.of(poisoner), *await queue.of(other))]
        return all(state in FINISHED for state in states)

    await until(finished)
    failed = await queue.get(poison.id, poisoner)
    assert (failed.state, failed.error_message) == ("failed", GAVE_UP)
    assert {job.id for job in await queue.of(other) if job.state == "completed"} == {job.id for job in jobs}
    assert (await nursery.lines()).count("poison") == POISON.max_attempts
