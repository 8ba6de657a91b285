"""Real workers in processes of their own, killed without warning: jobs go on, limits hold, poison stays alone."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from uuid import UUID

import pytest

from selfsame.jobs.job import FINISHED, GAVE_UP, JobOrder
from selfsame.jobs.worker import run_worker
from selfsame.kit.tasks import background, offload
from selfsame.stores.postgres.database import Database
from selfsame.stores.postgres.job_desk import PostgresJobDesk
from selfsame.stores.postgres.jobs import PostgresJobs
from selfsame.stores.postgres.users import PostgresUsers
from tests.jobs.conftest import until
from tests.jobs.program_work import BUSY, POISON, QUICK, STEPS, handlers

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).resolve().parents[2]
Start = Callable[[str], subprocess.Popen[str]]


@pytest.fixture
async def start(database: Database, tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a worker process that dies at a given moment, and ends all of them afterwards."""
    url = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    started: list[subprocess.Popen[str]] = []

    def begin(death: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "tests.jobs.program_work", url, str(tmp_path / "trace"), death]
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        started.append(process)
        return process

    yield begin
    await offload(_end, started)


def _end(started: list[subprocess.Popen[str]]) -> None:
    for process in started:
        process.kill()
        process.communicate()


async def users(database: Database, count: int) -> list[UUID]:
    """Some users."""
    return [(await PostgresUsers(database).device(f"device {n}")).id for n in range(count)]


def traced(tmp_path: Path) -> list[str]:
    return (tmp_path / "trace").read_text().splitlines()


async def test_a_job_killed_at_every_step_finishes_with_each_finished_step_done_once(
    database: Database, start: Start, tmp_path: Path
) -> None:
    queue = PostgresJobs(database)
    (user,) = await users(database, 1)
    job = await queue.enqueue(JobOrder(STEPS, user))
    for death in ("1:after", "2:before", "3:after", "4:before"):
        process = await offload(start, death)
        assert await offload(process.wait, 20) == -signal.SIGKILL
    assert (await queue.get(job.id, user)).state == "running"
    async with background() as tasks:  # another worker takes over when the lease has run out
        trace = str(tmp_path / "trace")
        tasks.start_soon(run_worker, PostgresJobDesk(database), handlers(trace, "-"), QUICK)

        async def finished() -> bool:
            return (await queue.get(job.id, user)).state in FINISHED

        await until(finished)
    done = await queue.get(job.id, user)
    assert (done.state, done.result, done.progress, done.attempt) == ("completed", [10, 20, 30, 40], 1.0, 5)
    # Steps 1 and 3 were killed between their effect and its record: those two, and only those, happened twice.
    assert Counter(await offload(traced, tmp_path)) == {"effect 1": 2, "effect 2": 1, "effect 3": 2, "effect 4": 1}


async def test_limits_hold_over_several_processes(database: Database, start: Start, tmp_path: Path) -> None:
    queue = PostgresJobs(database)
    people = await users(database, 3)
    jobs = [await queue.enqueue(JobOrder(BUSY, user)) for user in people for _ in range(4)]
    for _ in range(3):
        await offload(start, "-")

    async def finished() -> bool:
        known = [job for user in people for job in await queue.of(user)]
        return all(job.state == "completed" for job in known) and len(known) == len(jobs)

    await until(finished)
    running: Counter[str] = Counter()
    overlapped = False
    for line in await offload(traced, tmp_path):
        sign, user = line.split()
        running[user] += 1 if sign == "+" else -1
        assert running[user] <= BUSY.max_per_user and running.total() <= BUSY.max_running
        overlapped |= running.total() == BUSY.max_running
    assert overlapped and running.total() == 0


async def test_a_poisonous_job_fails_and_the_others_are_done(database: Database, start: Start, tmp_path: Path) -> None:
    queue = PostgresJobs(database)
    (poisoner, other) = await users(database, 2)
    poison = await queue.enqueue(JobOrder(POISON, poisoner))
    jobs = [await queue.enqueue(JobOrder(STEPS, other)) for _ in range(3)]
    for _ in range(POISON.max_attempts):
        process = await offload(start, "-")
        assert await offload(process.wait, 20) == -signal.SIGKILL
    await offload(start, "-")

    async def finished() -> bool:
        states = [(await queue.get(job.id, other)).state for job in jobs]
        return all(state == "completed" for state in states) and (
            (await queue.get(poison.id, poisoner)).state in FINISHED
        )

    await until(finished)
    failed = await queue.get(poison.id, poisoner)
    assert (failed.state, failed.error_message) == ("failed", GAVE_UP)
    assert (await offload(traced, tmp_path)).count("poison") == POISON.max_attempts
