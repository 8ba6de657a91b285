"""The shell that runs jobs: takes them, keeps their leases alive, and records how they ended."""

from __future__ import annotations

import os
import socket
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import anyio
import structlog
from anyio.abc import TaskGroup

from selfsame.errors import ProviderError, SelfsameError
from selfsame.jobs.bell import Bell, wait
from selfsame.jobs.job import CANCELLED, RELEASED, JobKind, Outcome, as_json, completed, outcome_of, sole
from selfsame.jobs.port import Claim, JobDesk, Lost, WorkerCard
from selfsame.jobs.work import Work
from selfsame.kit.clock import SYSTEM, Clock
from selfsame.kit.ids import short_id
from selfsame.kit.tasks import background
from selfsame.studio.port import Cancelled

log = structlog.get_logger(__name__)

Handler = Callable[[Work], Awaitable[Any]]
"""Does a job and returns its result, small JSON or None."""
TRIES_TO_RECORD = 5
LAST_WORDS = 5.0
"""Seconds that a worker which is told to stop has for giving its jobs back."""


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """`slots` jobs run at once in this process.

    Times in seconds: a worker that is silent for `lease` has lost its jobs; it beats every `beat` and looks for work at
    least every `poll`.
    """

    slots: int = 2
    lease: float = 30.0
    beat: float = 1.0
    poll: float = 1.0


async def run_worker(
    desk: JobDesk,
    handlers: Mapping[JobKind, Handler],
    options: WorkerOptions | None = None,
    *,
    bell: Bell | None = None,
    clock: Clock = SYSTEM,
) -> None:
    """Do jobs of these kinds until cancelled; jobs that were not done by then go back to the queue at once.

    Any number may run, in any number of processes. A store that does not answer is waited for.
    """
    worker = _Worker(desk, handlers, options or WorkerOptions(), bell or Bell(), clock)
    async with background() as tasks:
        tasks.start_soon(worker.beat_on)
        await worker.take_on(tasks)


@dataclass(slots=True)
class _Held:
    """A claim, the scope in which it is worked on, and why that was cancelled."""

    claim: Claim
    work: Work
    scope: anyio.CancelScope = field(default_factory=anyio.CancelScope)
    lost: bool = False
    cancelled: bool = False

    def stop(self, *, lost: bool) -> None:
        self.lost |= lost
        self.cancelled |= not lost
        self.work.stopped = True
        self.scope.cancel()


class _Worker:
    def __init__(
        self,
        desk: JobDesk,
        handlers: Mapping[JobKind, Handler],
        options: WorkerOptions,
        bell: Bell,
        clock: Clock,
    ) -> None:
        self._desk = desk
        self._handlers = {kind.name: (kind, handler) for kind, handler in handlers.items()}
        self._options = options
        self._bell = bell
        self._clock = clock
        host = socket.gethostname()
        self._card = WorkerCard(
            id=f"{host}:{os.getpid()}:{short_id(8)}",
            host=host,
            process=os.getpid(),
            kinds=tuple(sorted(self._handlers)),
            slots=options.slots,
        )
        self._held: dict[UUID, _Held] = {}
        self._running = 0
        self._renewed = clock.now()
        self._away = False

    async def take_on(self, tasks: TaskGroup) -> None:
        """Take jobs while there are free slots and work."""
        while True:
            ring = self._bell.listen()  # before looking, so that an order in between is not missed
            claim = await self._claim() if self._running < self._options.slots else None
            if claim is None:
                await wait(ring, self._options.poll)
                continue
            known = self._held.get(claim.job.id)
            if known is not None:  # we were silent for so long that we take over from ourselves
                known.stop(lost=True)
            held = _Held(claim, Work(claim, self._desk, self._clock))
            self._held[claim.job.id] = held
            self._running += 1
            tasks.start_soon(self._do, held)

    async def beat_on(self) -> None:
        """Renew the leases and hear what is to be stopped, for ever."""
        while True:
            try:
                await self._beat()
            except ProviderError as error:
                if not self._away:
                    log.warning("a worker cannot reach its queue", code=error.code)
                self._away = True
                if self._clock.now() - self._renewed > self._options.lease:
                    for held in list(self._held.values()):
                        held.stop(lost=True)
            await self._clock.sleep(self._options.beat)

    async def _beat(self) -> None:
        started = self._clock.now()
        holding = dict(self._held)
        card = replace(self._card, running=self._running)
        pulse = await self._desk.beat(card, [held.claim for held in holding.values()], self._options.lease)
        self._renewed, self._away = started, False
        for key in pulse.cancelled & holding.keys():
            holding[key].stop(lost=False)
        for key in pulse.lost & holding.keys():
            if self._held.get(key) is holding[key]:  # not merely finished meanwhile
                holding[key].stop(lost=True)

    async def _claim(self) -> Claim | None:
        kinds = [kind for kind, _ in self._handlers.values()]
        try:
            return await self._desk.claim(self._card.id, kinds, self._options.lease)
        except ProviderError:
            return None  # the beat says it, once

    async def _do(self, held: _Held) -> None:
        outcome: Outcome | None = RELEASED
        try:
            with held.scope:
                outcome = await self._outcome(held)
            if held.scope.cancelled_caught:
                outcome = None if held.lost else CANCELLED
        finally:
            # Also when this worker is told to stop: then the job goes back, for others to go on with.
            with anyio.move_on_after(LAST_WORDS, shield=True):
                if outcome is not None:
                    await self._record(held.claim, outcome)
            if self._held.get(held.claim.job.id) is held:
                del self._held[held.claim.job.id]
            self._running -= 1
            self._bell.ring()

    async def _outcome(self, held: _Held) -> Outcome | None:
        """Run the handler. None when the job is no longer ours."""
        claim = held.claim
        kind, handler = self._handlers[claim.job.kind]
        try:
            return completed(as_json(await handler(held.work), "a job's result"))
        except Cancelled:
            return None if held.lost else CANCELLED
        except Lost:
            return None
        except Exception as error:  # whatever a handler does wrong stays its own job's trouble
            cause = sole(error)
            if isinstance(cause, Lost):
                return None
            if isinstance(cause, Cancelled):
                return None if held.lost else CANCELLED
            if not isinstance(cause, SelfsameError):
                log.exception("a job broke", kind=kind.name, job=str(claim.job.id))
            return outcome_of(cause, claim.tries, kind.max_attempts)

    async def _record(self, claim: Claim, outcome: Outcome) -> None:
        """Write the end down. When that cannot be done, the lease runs out and another attempt finds the steps."""
        for attempt in range(TRIES_TO_RECORD):
            try:
                await self._desk.finish(claim, outcome)
                return
            except ProviderError as error:
                log.warning("the end of a job cannot be recorded yet", code=error.code, job=str(claim.job.id))
                await self._clock.sleep(0.2 * 2**attempt)
