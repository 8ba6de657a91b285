"""What a handler gets: the job in hand, its steps and its progress."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

from selfsame.jobs.job import Job, JobKind, as_json, outcome_of, sole
from selfsame.jobs.port import Claim, JobDesk, Lost
from selfsame.kit.clock import Clock
from selfsame.studio.port import Cancelled, Progress

WRITE_EVERY = 0.5
"""Seconds between writes of a progress whose message stays the same."""


class Work:
    """A job that a handler works on. Made by the worker, which sets `stopped` when it must end.

    Steps are done at least once: what a killed step did outside may be there already, so name outputs after the job
    and the step, or after their content.
    """

    def __init__(self, claim: Claim, desk: JobDesk, clock: Clock) -> None:
        self._claim = claim
        self._desk = desk
        self._clock = clock
        self._steps = dict(claim.steps)
        self._shown: tuple[float, str] = (-1.0, "")
        self._written = clock.now() - WRITE_EVERY
        self.stopped = False

    @property
    def job(self) -> Job:
        """The job as it was when it was claimed."""
        return self._claim.job

    @property
    def args(self) -> Mapping[str, Any]:
        """What was ordered."""
        return self._claim.job.args

    @property
    def user_id(self) -> UUID:
        """The owner; not for jobs of the house."""
        if self._claim.job.user_id is None:
            raise ValueError("this job has no owner")
        return self._claim.job.user_id

    async def step(self, name: str, do: Callable[..., Awaitable[Any]], *args: Any) -> Any:
        """Run `do(*args)` once in the life of the job; later attempts get its result, which must be small JSON.

        Raises Cancelled when the job is to stop, BadInput when the result is too large, and whatever `do` raises.
        """
        self._check()
        if name in self._steps:
            return self._steps[name]
        result = as_json(await do(*args), f"the result of the step {name}")
        await self._desk.remember(self._claim, name, result)
        self._steps[name] = result
        return result

    async def progress(self, share: float, message: str) -> None:
        """A `Progress`: show the share done (0..1) and what is being done. Raises Cancelled when the job is to stop."""
        self._check()
        share = min(1.0, max(0.0, share))
        now = self._clock.now()
        if (share, message) == self._shown:
            return
        if message == self._shown[1] and share < 1.0 and now - self._written < WRITE_EVERY:
            return
        self._shown, self._written = (share, message), now
        await self._desk.progress(self._claim, share, message)

    def part(self, start: float, end: float) -> Progress:
        """A `Progress` for a part of the work: its 0..1 becomes `start`..`end` of the whole."""

        async def show(share: float, message: str) -> None:
            await self.progress(start + (end - start) * min(1.0, max(0.0, share)), message)

        return show

    def fails_with(self, error: Exception, kind: JobKind) -> bool:
        """Whether the job, of that kind, fails for good with this error: it is not stopped, lost, or tried again."""
        cause = sole(error)
        if isinstance(cause, Cancelled | Lost):
            return False
        return outcome_of(cause, self._claim.tries, kind.max_attempts).state == "failed"

    def _check(self) -> None:
        if self.stopped:
            raise Cancelled
