"""What every job queue must do. Inherit, and give the fixture `bench`.

class TestMyQueue(JobQueueContract):
    @pytest.fixture
    def bench(self): ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import pytest

from selfsame.errors import BadInput, NotFound
from selfsame.jobs.job import CANCELLED, GAVE_UP, RELEASED, Job, JobKind, JobOrder, Outcome, completed
from selfsame.jobs.port import Claim, JobDesk, JobQueue, JobWatch, Lost, WorkerCard
from selfsame.kit.ids import new_id

LEASE = 30.0
FACE = JobKind("build-face", max_running=2, max_per_user=1, max_attempts=3, consent="face")
CLIP = JobKind("make-clip", max_running=8, max_per_user=8, max_attempts=3)
CARD = WorkerCard("w1", "host", 7, ("build-face", "make-clip"), 4)


class Desk(JobDesk, JobWatch, Protocol):
    """The workers' side and the keepers' side in one."""


@dataclass(frozen=True, slots=True)
class JobBench:
    """A fresh queue from both sides, three users, and a way to let time pass (seconds)."""

    queue: JobQueue
    desk: Desk
    user: UUID
    stranger: UUID
    third: UUID
    pass_time: Callable[[float], None]

    async def order(self, kind: JobKind = CLIP, user: UUID | None = None, **more: Any) -> Job:
        """A new job of `user`."""
        return await self.queue.enqueue(JobOrder(kind, user or self.user, **more))

    async def claim(self, worker: str = "w1", *kinds: JobKind) -> Claim | None:
        """What a worker gets."""
        return await self.desk.claim(worker, kinds or (FACE, CLIP), LEASE)

    async def taken(self, worker: str = "w1", *kinds: JobKind) -> Claim:
        """What a worker must get."""
        claim = await self.claim(worker, *kinds)
        assert claim is not None
        return claim

    async def state(self, job: Job) -> Job:
        """The job as it is now."""
        return await self.queue.get(job.id, self.user)


@pytest.mark.anyio
class JobQueueContract:
    """Jobs: durable, limited, owned; never done by two, never lost."""

    @pytest.fixture
    def bench(self) -> JobBench:
        """To be given by the adapter's tests."""
        raise NotImplementedError

    async def test_a_new_job_is_pending_with_what_was_ordered(self, bench: JobBench) -> None:
        job = await bench.order(args={"clip_id": "x", "n": [1, 2.5, None, "ü"]})
        assert (job.state, job.progress, job.kind, job.user_id) == ("pending", 0.0, "make-clip", bench.user)
        assert job.args == {"clip_id": "x", "n": [1, 2.5, None, "ü"]}
        assert await bench.state(job) == job
        assert await bench.queue.of(bench.user) == [job]

    async def test_a_failed_job_goes_on_where_it_stopped_once(self, bench: JobBench) -> None:
        job = await bench.order(args={"clip_id": "x"})
        claim = await bench.taken()
        await bench.desk.remember(claim, "heard", {"words": 3})
        with pytest.raises(BadInput, match="running"):
            await bench.queue.again(job.id, bench.user)
        await bench.desk.finish(claim, Outcome("failed", error_code="INTERNAL", error_message="broken"))
        with pytest.raises(NotFound):
            await bench.queue.again(job.id, bench.stranger)
        bench.pass_time(5)
        again = await bench.queue.again(job.id, bench.user)
        assert (again.state, again.args, again.attempt, again.error_code) == ("pending", {"clip_id": "x"}, 0, None)
        assert again.id != job.id and (await bench.state(job)).state == "failed"
        assert (await bench.queue.again(job.id, bench.user)).id == again.id
        taken = await bench.taken("w2")
        assert (taken.job.id, taken.tries, taken.steps) == (again.id, 1, {"heard": {"words": 3}})
        assert await bench.claim("w2") is None

    async def test_whoever_runs_the_server_sees_what_runs_failed_and_waits(self, bench: JobBench) -> None:
        failing = await bench.order()
        await bench.desk.finish(await bench.taken(), Outcome("failed", error_code="INTERNAL", error_message="broken"))
        done = await bench.order()
        await bench.desk.finish(await bench.taken(), completed(None))
        bench.pass_time(1)
        running = await bench.order(user=bench.stranger)
        claim = await bench.taken()
        await bench.desk.progress(claim, 0.25, "Filming")
        bench.pass_time(1)
        waiting = await bench.order(delay=60)
        seen = await bench.desk.lately()
        assert [job.id for job in seen] == [running.id, failing.id, waiting.id] and done not in seen
        assert (seen[0].progress, seen[0].message, seen[0].user_id) == (0.25, "Filming", bench.stranger)
        assert len(await bench.desk.lately(1)) == 3
        bench.pass_time(86_400)
        assert failing.id not in [job.id for job in await bench.desk.lately()]

    async def test_a_job_is_done_and_its_owner_sees_every_state(self, bench: JobBench) -> None:
        job = await bench.order()
        bench.pass_time(5)
        claim = await bench.taken()
        assert (claim.job.id, claim.attempt, claim.tries, claim.steps) == (job.id, 1, 1, {})
        await bench.desk.progress(claim, 0.25, "drawing")
        seen = await bench.state(job)
        assert (seen.state, seen.progress, seen.message) == ("running", 0.25, "drawing")
        assert seen.started_at is not None and (seen.started_at - job.created_at).total_seconds() == 5
        bench.pass_time(7)
        assert await bench.desk.finish(claim, completed({"files": 3}))
        seen = await bench.state(job)
        assert (seen.state, seen.progress, seen.result) == ("completed", 1.0, {"files": 3})
        assert seen.finished_at is not None and (seen.finished_at - job.created_at).total_seconds() == 12
        assert await bench.claim() is None

    async def test_the_share_done_never_falls(self, bench: JobBench) -> None:
        job = await bench.order()
        claim = await bench.taken()
        for share in (0.5, 0.2):
            await bench.desk.progress(claim, share, f"at {share}")
        assert ((await bench.state(job)).progress, (await bench.state(job)).message) == (0.5, "at 0.2")

    async def test_nobody_else_sees_or_stops_a_job(self, bench: JobBench) -> None:
        job = await bench.order()
        for act in (bench.queue.get, bench.queue.cancel):
            with pytest.raises(NotFound):
                await act(job.id, bench.stranger)
            with pytest.raises(NotFound):
                await act(new_id(), bench.user)
        assert await bench.queue.of(bench.stranger) == []
        assert (await bench.state(job)).state == "pending"

    async def test_the_same_key_is_the_same_job_even_when_it_is_done(self, bench: JobBench) -> None:
        first = await bench.order(key="k")
        assert await bench.order(key="k", args={"other": 1}) == first
        await bench.desk.finish(await bench.taken(), completed(None))
        assert (await bench.order(key="k")).id == first.id
        others = [
            await bench.order(key="l"),
            await bench.order(FACE, key="k"),
            await bench.order(),
            await bench.order(),
        ]
        others.append(await bench.order(user=bench.stranger, key="k"))
        assert len({first.id, *(job.id for job in others)}) == 6

    @pytest.mark.parametrize("args", [{"x": "y" * 70_000}, {"x": float("nan")}, {"x": b"bytes"}, {"x": "\0"}])
    async def test_arguments_that_cannot_be_kept_are_refused(self, bench: JobBench, args: dict[str, Any]) -> None:
        with pytest.raises(BadInput):
            await bench.order(args=args)
        for key in ("", "x" * 201, "a\nb"):
            with pytest.raises(BadInput):
                await bench.order(key=key)
        assert await bench.queue.of(bench.user) == []

    async def test_jobs_come_in_the_order_of_their_ordering_and_delays_count(self, bench: JobBench) -> None:
        late = await bench.order(delay=20)
        orders = []
        for _ in range(3):
            bench.pass_time(1)
            orders.append(await bench.order())
        assert [(await bench.taken()).job.id for _ in orders] == [job.id for job in orders]
        assert await bench.claim() is None
        bench.pass_time(17)
        assert (await bench.taken()).job.id == late.id

    async def test_a_worker_gets_only_what_it_can_do(self, bench: JobBench) -> None:
        await bench.order(FACE)
        assert await bench.claim("w1", CLIP) is None
        assert (await bench.taken("w1", FACE)).job.kind == "build-face"

    async def test_limits_hold_for_a_user_and_for_a_kind(self, bench: JobBench) -> None:
        for user in (bench.user, bench.user, bench.stranger, bench.third):
            await bench.order(FACE, user)
            bench.pass_time(0.1)
        first, second = await bench.taken("w1"), await bench.taken("w2")
        assert {first.job.user_id, second.job.user_id} == {bench.user, bench.stranger}
        assert await bench.claim("w3") is None  # two of the kind run already
        await bench.desk.finish(second, completed(None))
        assert (await bench.taken("w3")).job.user_id == bench.third  # the first user still has one running
        await bench.desk.finish(first, completed(None))
        assert (await bench.taken("w1")).job.user_id == bench.user

    async def test_jobs_of_the_house_have_no_owner_and_no_limit_by_user(self, bench: JobBench) -> None:
        kind = JobKind("erase-files", max_running=3)
        for _ in range(4):
            await bench.queue.enqueue(JobOrder(kind, None, {"prefix": "x"}))
        taken = [await bench.claim("w1", kind) for _ in range(4)]
        assert [claim is None for claim in taken] == [False, False, False, True]
        assert taken[0] is not None and taken[0].job.user_id is None

    async def test_a_pending_job_is_cancelled_at_once(self, bench: JobBench) -> None:
        job = await bench.order()
        assert (await bench.queue.cancel(job.id, bench.user)).state == "cancelled"
        assert (await bench.state(job)).finished_at is not None
        assert await bench.claim() is None
        assert (await bench.queue.cancel(job.id, bench.user)).state == "cancelled"

    async def test_a_running_job_is_asked_to_stop(self, bench: JobBench) -> None:
        job = await bench.order()
        claim = await bench.taken()
        assert (await bench.desk.beat(CARD, [claim], LEASE)).cancelled == frozenset()
        asked = await bench.queue.cancel(job.id, bench.user)
        assert (asked.state, asked.cancel_requested) == ("running", True)
        assert (await bench.desk.beat(CARD, [claim], LEASE)).cancelled == {job.id}
        assert await bench.desk.finish(claim, CANCELLED)
        assert (await bench.state(job)).state == "cancelled"

    @pytest.mark.parametrize("outcome", [RELEASED, Outcome("pending", delay=5)])
    async def test_a_job_to_be_cancelled_does_not_go_back_to_the_queue(self, bench: JobBench, outcome: Outcome) -> None:
        job = await bench.order()
        claim = await bench.taken()
        await bench.queue.cancel(job.id, bench.user)
        await bench.desk.finish(claim, outcome)
        seen = await bench.state(job)
        assert seen.state == "cancelled" and seen.finished_at is not None

    async def test_a_finished_job_stays_as_it_is(self, bench: JobBench) -> None:
        job = await bench.order()
        claim = await bench.taken()
        await bench.desk.finish(claim, completed("done"))
        assert (await bench.queue.cancel(job.id, bench.user)).state == "completed"
        assert not await bench.desk.finish(claim, CANCELLED)
        for act in (bench.desk.remember(claim, "s", 1), bench.desk.progress(claim, 0.1, "late")):
            with pytest.raises(Lost):
                await act
        assert (await bench.state(job)).result == "done"

    async def test_a_beat_keeps_the_lease(self, bench: JobBench) -> None:
        await bench.order()
        claim = await bench.taken("w1")
        for _ in range(3):
            bench.pass_time(LEASE - 1)
            assert await bench.claim("w2") is None
            assert (await bench.desk.beat(CARD, [claim], LEASE)).lost == frozenset()

    async def test_work_of_a_silent_worker_is_taken_over_with_its_steps(self, bench: JobBench) -> None:
        job = await bench.order()
        silent = await bench.taken("w1")
        await bench.desk.remember(silent, "one", {"a": 1})
        bench.pass_time(LEASE + 1)
        heir = await bench.taken("w2")
        assert (heir.job.id, heir.attempt, heir.steps) == (job.id, 2, {"one": {"a": 1}})
        assert (await bench.desk.beat(CARD, [silent], LEASE)).lost == {job.id}
        for act in (bench.desk.remember(silent, "two", 2), bench.desk.progress(silent, 0.9, "late")):
            with pytest.raises(Lost):
                await act
        assert not await bench.desk.finish(silent, completed("from the silent one"))
        await bench.desk.finish(heir, completed("from the heir"))
        assert (await bench.state(job)).result == "from the heir"

    async def test_another_try_comes_after_its_delay_and_says_why(self, bench: JobBench) -> None:
        job = await bench.order()
        again = Outcome("pending", error_code="TTS_THROTTLED", error_message="too many requests", delay=8)
        await bench.desk.finish(await bench.taken(), again)
        seen = await bench.state(job)
        assert (seen.state, seen.error_message) == ("pending", "too many requests")
        bench.pass_time(7)
        assert await bench.claim() is None
        bench.pass_time(1)
        claim = await bench.taken()
        assert (claim.attempt, claim.tries) == (2, 2)
        assert (await bench.state(job)).error_message is None

    async def test_a_job_given_back_does_not_count_as_tried(self, bench: JobBench) -> None:
        job = await bench.order()
        for attempt in range(1, 6):
            claim = await bench.taken()
            assert (claim.attempt, claim.tries) == (attempt, 1)
            await bench.desk.finish(claim, RELEASED)
        assert (await bench.state(job)).state == "pending"

    async def test_a_job_that_kills_its_workers_fails_in_the_end(self, bench: JobBench) -> None:
        job = await bench.order()
        bench.pass_time(1)
        other = await bench.order(user=bench.stranger)
        for tries in (1, 2, 3):
            claim = await bench.taken()
            assert (claim.job.id, claim.tries) == (job.id, tries)
            bench.pass_time(LEASE + 1)
        assert (await bench.taken()).job.id == other.id
        seen = await bench.state(job)
        assert (seen.state, seen.error_message) == ("failed", GAVE_UP)
        assert seen.finished_at is not None

    async def test_every_finished_step_gives_new_tries(self, bench: JobBench) -> None:
        await bench.order()
        for number in range(5):
            claim = await bench.taken()
            await bench.desk.remember(claim, f"step {number}", number)
            bench.pass_time(LEASE + 1)
        claim = await bench.taken()
        assert (claim.tries, len(claim.steps)) == (2, 5)

    async def test_a_silent_job_that_was_to_be_cancelled_is_cancelled(self, bench: JobBench) -> None:
        job = await bench.order()
        await bench.taken()
        await bench.queue.cancel(job.id, bench.user)
        bench.pass_time(LEASE + 1)
        assert await bench.claim() is None
        assert (await bench.state(job)).state == "cancelled"

    async def test_depth_and_times_are_counted(self, bench: JobBench) -> None:
        await bench.order()
        await bench.order(FACE)
        bench.pass_time(10)
        claim = await bench.taken("w1", CLIP)
        bench.pass_time(4)
        await bench.desk.finish(claim, completed(None))
        await bench.desk.finish(await bench.taken("w1", FACE), Outcome("failed", error_code="X", error_message="x"))
        await bench.order()
        bench.pass_time(3)
        face, clip = await bench.desk.counts()
        assert (face.kind, face.failed, face.pending) == ("build-face", 1, 0)
        assert (clip.kind, clip.completed, clip.pending, clip.running) == ("make-clip", 1, 1, 0)
        assert (clip.oldest_wait_s, clip.mean_wait_s, clip.mean_run_s) == (3.0, 10.0, 4.0)

    async def test_workers_show_that_they_live(self, bench: JobBench) -> None:
        assert await bench.desk.workers() == []
        await bench.desk.beat(CARD, [], LEASE)
        bench.pass_time(59)
        (seen,) = await bench.desk.workers()
        assert (seen.id, seen.host, seen.kinds, seen.slots) == ("w1", "host", CARD.kinds, 4)
        bench.pass_time(2)
        assert await bench.desk.workers() == []
