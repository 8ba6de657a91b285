"""Run by the tests of the worker: a mother of worker processes that leave a trace and die where they are told to.

It has everything imported and forks at each line of its input: [URL, TRACE, DEATH, LEASE] as JSON, where DEATH is
"2:before" or "2:after" (the effect of step 2), or "-". It answers with the child's pid. A pid as a line is waited for,
and is answered with how it ended. At the end of the input all children are killed.
"""

from __future__ import annotations

import json
import os
import signal
import sys

from selfsame.jobs.job import JobKind
from selfsame.jobs.work import Work
from selfsame.jobs.worker import Handler, WorkerOptions, run_worker
from selfsame.kit.tasks import offload, run
from selfsame.stores.postgres.database import PoolOptions, open_database
from selfsame.stores.postgres.job_desk import PostgresJobDesk

STEPS = JobKind("four-steps", max_running=2, max_per_user=1, max_attempts=2)
BUSY = JobKind("busy", max_running=2, max_per_user=1)
POISON = JobKind("poison", max_running=1, max_attempts=2)


def handlers(trace: str, death: str) -> dict[JobKind, Handler]:
    """What the worker can do."""

    def append(line: str) -> None:
        line_out = os.open(trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.write(line_out, f"{line}\n".encode())
        os.close(line_out)

    async def write(line: str) -> None:
        await offload(append, line)

    def die(moment: str) -> None:
        if death == moment:
            os.kill(os.getpid(), signal.SIGKILL)

    async def effect(number: int) -> int:
        die(f"{number}:before")
        await write(f"effect {number}")
        die(f"{number}:after")
        return number * 10

    async def four_steps(work: Work) -> list[int]:
        results = []
        for number in (1, 2, 3, 4):
            results.append(await work.step(f"step {number}", effect, number))
            await work.progress(number / 4, f"did {number}")
        return results

    async def busy(work: Work) -> None:
        await write(f"+ {work.user_id}")
        for number in range(4):
            await work.progress(number / 4, f"part {number}")
        await write(f"- {work.user_id}")

    async def poison(work: Work) -> None:
        await write("poison")
        os.kill(os.getpid(), signal.SIGKILL)

    return {STEPS: four_steps, BUSY: busy, POISON: poison}


async def work(url: str, trace: str, death: str, lease: float) -> None:
    """Work until killed."""
    options = WorkerOptions(slots=4, lease=lease, beat=0.1, poll=0.02)
    async with open_database(url, pool=PoolOptions(size=5, overflow=5)) as database:
        await run_worker(PostgresJobDesk(database), handlers(trace, death), options)


def mother() -> None:
    """Fork a worker for every line."""
    children: set[int] = set()
    for line in sys.stdin:
        command = json.loads(line)
        if isinstance(command, int):
            print(os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]), flush=True)
            children.discard(command)
            continue
        child = os.fork()
        if not child:
            run(work, *command)
            os._exit(0)
        children.add(child)
        print(child, flush=True)
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


if __name__ == "__main__":
    mother()
