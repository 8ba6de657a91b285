"""The worker's shell, on a queue in memory: errors, cancelling, stopping, losing a job, a store that is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest

from selfsame.errors import BadInput, SelfsameError, Throttled, Unavailable
from selfsame.jobs.bell import Bell
from selfsame.jobs.erase import ERASE, erasing
from selfsame.jobs.job import BROKEN, FINISHED, Job, JobKind, JobOrder
from selfsame.jobs.port import Claim, Pulse, WorkerCard
from selfsame.jobs.work import Work
from selfsame.jobs.worker import Handler, WorkerOptions, run_worker
from selfsame.kit.ids import new_id
from selfsame.kit.tasks import background, group
from selfsame.stores.files.memory import MemoryFiles
from selfsame.stores.memory_jobs import MemoryJobs
from selfsame.studio.folders import clip_folder, face_folder
from selfsame.studio.port import Cancelled
from tests.jobs.conftest import Time, until

pytestmark = pytest.mark.anyio
KIND = JobKind("some-work", max_running=10, max_per_user=10)
OPTIONS = WorkerOptions(slots=3, lease=5, beat=0.005, poll=0.005)


@dataclass
class Shop:
    """A queue, its bell, a user, and workers that run while `open` lasts."""

    time: Time
    bell: Bell = field(default_factory=Bell)

    def __post_init__(self) -> None:
        self.jobs = MemoryJobs(bell=self.bell, now=self.time)
        self.user = new_id()

    async def order(self, **args: Any) -> Job:
        return await self.jobs.enqueue(JobOrder(KIND, self.user, args))

    async def now(self, job: Job) -> Job:
        return await self.jobs.get(job.id, self.user)

    async def reaches(self, job: Job, *states: str) -> Job:
        async def there() -> bool:
            return (await self.now(job)).state in states

        await until(there)
        return await self.now(job)

    @asynccontextmanager
    async def open(self, handler: Handler, desk: Any = None, kind: JobKind = KIND) -> AsyncIterator[None]:
        async with background() as tasks:
            work = {kind: handler}
            tasks.start_soon(lambda: run_worker(desk or self.jobs, work, OPTIONS, bell=self.bell))
            yield


@pytest.fixture
def shop(time: Time) -> Shop:
    return Shop(time)


async def test_a_handler_gets_its_arguments_and_gives_its_result(shop: Shop) -> None:
    async def handler(work: Work) -> Any:
        assert work.user_id == shop.user and work.job.kind == "some-work"
        return {"doubled": work.args["n"] * 2}

    async with shop.open(handler):
        done = await shop.reaches(await shop.order(n=21), *FINISHED)
    assert (done.state, done.result) == ("completed", {"doubled": 42})


async def test_an_order_is_taken_at_once_although_the_next_look_is_far(shop: Shop) -> None:
    """Also when it comes while the worker is just looking."""

    async def handler(work: Work) -> None:
        return None

    real = shop.jobs.claim
    late: list[Job] = []

    async def claim(worker: str, kinds: Collection[JobKind], lease: float) -> Claim | None:
        found = await real(worker, kinds, lease)
        if found is None and len(late) < 3:
            late.append(await shop.order())
        return found

    shop.jobs.claim = claim
    rare = WorkerOptions(slots=1, lease=5, beat=1, poll=3600)
    async with background() as tasks:
        tasks.start_soon(lambda: run_worker(shop.jobs, {KIND: handler}, rare, bell=shop.bell))

        async def done() -> bool:
            return len(late) == 3 and all([(await shop.now(job)).state == "completed" for job in late])

        await until(done)


async def test_progress_and_its_parts_are_seen_by_the_owner(shop: Shop) -> None:
    seen: list[tuple[float, str]] = []
    job: Job | None = None

    async def handler(work: Work) -> None:
        render = work.part(0.5, 1.0)
        for act in (work.progress(0.25, "a"), render(0.5, "b"), render(7.0, "c"), work.progress(-1, "d")):
            await act
            now = await shop.now(work.job)
            seen.append((now.progress, now.message))

    async with shop.open(handler):
        job = await shop.order()
        await shop.reaches(job, "completed")
    assert seen == [(0.25, "a"), (0.75, "b"), (1.0, "c"), (1.0, "d")]


async def test_a_chatty_progress_does_not_write_every_time(shop: Shop) -> None:
    written: list[float] = []
    real = shop.jobs.progress

    async def counted(claim: Claim, share: float, message: str) -> None:
        written.append(share)
        await real(claim, share, message)

    shop.jobs.progress = counted

    async def handler(work: Work) -> None:
        for number in range(10_000):
            await work.progress(number / 10_000, "drawing")
        await work.progress(1.0, "drawing")

    async with shop.open(handler):
        await shop.reaches(await shop.order(), "completed")
    assert written[0] == 0.0 and written[-1] == 1.0 and len(written) < 100


async def test_the_callers_errors_fail_at_once_with_their_message(shop: Shop) -> None:
    tried = []

    async def handler(work: Work) -> None:
        tried.append(work)
        async with group() as tasks:  # a task group wraps what its tasks raise
            tasks.start_soon(refuse)

    async def refuse() -> None:
        raise BadInput("turn to the camera")

    async with shop.open(handler):
        failed = await shop.reaches(await shop.order(), *FINISHED)
    assert (failed.state, failed.error_code, failed.error_message) == ("failed", "BAD_INPUT", "turn to the camera")
    assert len(tried) == 1


async def test_passing_errors_are_tried_again_with_what_was_done_before(shop: Shop) -> None:
    errors: list[SelfsameError] = [
        Unavailable("down", role="tts", provider="x"),
        Throttled("slower", role="tts", provider="x", retry_after=60),
    ]
    prepared = []

    async def prepare() -> str:
        prepared.append(1)
        return "ready"

    async def handler(work: Work) -> str:
        result = await work.step("prepare", prepare)
        if errors:
            raise errors.pop(0)
        return result

    async with shop.open(handler):
        job = await shop.order()
        for message, wait in (("down", 2), ("slower", 60)):

            async def waits(text: str = message) -> bool:
                return (await shop.now(job)).error_message == text

            await until(waits)
            assert (await shop.now(job)).state == "pending"
            shop.time.pass_by(wait)
        done = await shop.reaches(job, *FINISHED)
    assert (done.state, done.result, done.attempt, prepared) == ("completed", "ready", 3, [1])


async def test_after_its_last_try_a_job_fails_with_the_engines_message(shop: Shop) -> None:
    async def handler(work: Work) -> None:
        raise Unavailable("the engine is down", role="face", provider="x")

    async with shop.open(handler):
        job = await shop.order()

        async def failed() -> bool:
            shop.time.pass_by(1)
            return (await shop.now(job)).state in FINISHED

        await until(failed)
    now = await shop.now(job)
    assert (now.state, now.attempt, now.error_code) == ("failed", KIND.max_attempts, "FACE_UNAVAILABLE")


@pytest.mark.parametrize("result", [b"bytes", float("nan"), "x" * 70_000])
async def test_a_result_that_cannot_be_kept_fails_the_job(shop: Shop, result: Any) -> None:
    async def handler(work: Work) -> Any:
        return result

    async def in_a_step(work: Work) -> Any:
        async def do() -> Any:
            return result

        return await work.step("one", do)

    for each in (handler, in_a_step):
        async with shop.open(each):
            failed = await shop.reaches(await shop.order(), *FINISHED)
        assert (failed.state, failed.error_code) == ("failed", "BAD_INPUT")


async def test_a_bug_is_recorded_and_harms_no_other_job(shop: Shop) -> None:
    async def handler(work: Work) -> str:
        if work.args["bad"]:
            raise KeyError("alice@example.org")
        return "fine"

    async with shop.open(handler):
        bad, good = await shop.order(bad=True), await shop.order(bad=False)
        assert (await shop.reaches(good, *FINISHED)).state == "completed"
        failed = await shop.reaches(bad, *FINISHED)
    assert (failed.state, failed.error_code, failed.error_message) == ("failed", "INTERNAL", BROKEN)


async def test_a_waiting_handler_is_cancelled_soon(shop: Shop) -> None:
    cleaned = []

    async def handler(work: Work) -> None:
        try:
            await anyio.sleep_forever()
        finally:
            cleaned.append(1)

    async with shop.open(handler):
        job = await shop.order()
        await shop.reaches(job, "running")
        assert (await shop.jobs.cancel(job.id, shop.user)).cancel_requested
        assert (await shop.reaches(job, *FINISHED)).state == "cancelled"
    assert cleaned == [1]


async def test_a_busy_handler_is_stopped_by_its_progress(shop: Shop) -> None:
    rounds = []

    async def handler(work: Work) -> None:
        with anyio.CancelScope(shield=True):  # as when a thread cannot be interrupted
            try:
                while True:
                    rounds.append(1)
                    await anyio.lowlevel.checkpoint()
                    await work.progress(0.5, "drawing")
            except Cancelled:
                rounds.append(0)
                raise

    async with shop.open(handler):
        job = await shop.order()
        await shop.reaches(job, "running")
        await shop.jobs.cancel(job.id, shop.user)
        assert (await shop.reaches(job, *FINISHED)).state == "cancelled"
    assert rounds[-1] == 0


async def test_no_more_jobs_run_than_there_are_slots(shop: Shop) -> None:
    running, most = [0], [0]
    gate = anyio.Event()

    async def handler(work: Work) -> None:
        running[0] += 1
        most[0] = max(most[0], running[0])
        await gate.wait()
        running[0] -= 1

    async with shop.open(handler):
        jobs = [await shop.order() for _ in range(7)]

        async def full() -> bool:
            return running[0] == OPTIONS.slots

        await until(full)
        (counts,) = await shop.jobs.counts()
        assert (counts.running, counts.pending) == (3, 4)
        (card,) = await shop.jobs.workers()
        assert card.slots == 3
        gate.set()
        for job in jobs:
            await shop.reaches(job, "completed")
    assert most == [OPTIONS.slots]


async def test_a_worker_that_is_stopped_gives_its_jobs_back_at_once(shop: Shop) -> None:
    async def first(work: Work) -> None:
        await work.step("one", one)
        await anyio.sleep_forever()

    async def one() -> int:
        return 1

    async def second(work: Work) -> int:
        return await work.step("one", never)

    async def never() -> int:
        raise AssertionError("the step was done before")

    job = await shop.order()
    async with shop.open(first):
        while not shop.jobs._jobs[job.id].steps:
            await anyio.lowlevel.checkpoint()
    back = await shop.now(job)
    assert (back.state, back.finished_at) == ("pending", None)
    async with shop.open(second):
        done = await shop.reaches(job, *FINISHED)
    assert (done.state, done.result) == ("completed", 1)


async def test_a_job_that_another_worker_has_is_dropped_and_its_end_is_not_recorded(shop: Shop) -> None:
    begun, ended = anyio.Event(), []

    async def slow(work: Work) -> str:
        begun.set()
        try:
            await anyio.sleep_forever()
        finally:
            ended.append(1)
        return "slow"

    job = await shop.order()
    async with shop.open(slow):
        await begun.wait()
        kept = shop.jobs._jobs[job.id]  # as when the lease ran out and somebody else was faster
        kept.worker = "another"

        async def dropped() -> bool:
            return bool(ended)

        await until(dropped)
    now = await shop.now(job)
    assert (now.state, now.result) == ("running", None)


class Flaky:
    """A desk of whose calls every second one of a kind fails, as when the database restarts."""

    def __init__(self, jobs: MemoryJobs) -> None:
        self._jobs = jobs
        self._calls: Counter[str] = Counter()

    def _maybe(self, call: str) -> None:
        self._calls[call] += 1
        if self._calls[call] % 2:
            raise Unavailable("the database does not answer", role="database", provider="postgres")

    async def claim(self, worker: str, kinds: Collection[JobKind], lease: float) -> Claim | None:
        self._maybe("claim")
        return await self._jobs.claim(worker, kinds, lease)

    async def beat(self, card: WorkerCard, held: Collection[Claim], lease: float) -> Pulse:
        self._maybe("beat")
        return await self._jobs.beat(card, held, lease)

    async def finish(self, claim: Claim, outcome: Any) -> bool:
        self._maybe("finish")
        return await self._jobs.finish(claim, outcome)


async def test_a_store_that_fails_now_and_then_is_outlived(shop: Shop) -> None:
    async def handler(work: Work) -> int:
        return work.args["n"]

    async with shop.open(handler, Flaky(shop.jobs)):
        jobs = [await shop.order(n=n) for n in range(5)]
        assert [(await shop.reaches(job, *FINISHED)).result for job in jobs] == [0, 1, 2, 3, 4]


async def test_files_are_erased_by_folder_and_by_user(shop: Shop) -> None:
    files, gone, other = MemoryFiles(), new_id(), new_id()
    face = new_id()
    keys = [f"{face_folder(gone, face)}a", f"{face_folder(gone, face)}b", f"{clip_folder(gone, face)}v"]
    for key in (*keys, f"{face_folder(other, face)}a"):
        await files.put(key, b"x")

    async def erase(order: dict[str, str]) -> Job:
        made = await shop.jobs.enqueue(JobOrder(ERASE, None, order))

        async def finished() -> bool:
            return shop.jobs._jobs[made.id].job.state in FINISHED

        async with shop.open(erasing(files), kind=ERASE):
            await until(finished)
        return shop.jobs._jobs[made.id].job

    assert (await erase({"prefix": face_folder(gone, face)})).result == {"files": 2}
    assert (await erase({"user": str(gone)})).result == {"files": 1}
    orders: list[Callable[[], dict[str, str]]] = [dict, lambda: {"prefix": "clone-face-models/"}, lambda: {"user": "x"}]
    for order in orders:
        assert (await erase(order())).state == "failed"
    assert list(files.held) == [f"{face_folder(other, face)}a"]
