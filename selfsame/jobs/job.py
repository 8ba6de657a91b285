"""What a job is, and how it may go: pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from selfsame.clones.consent import Subject
from selfsame.errors import BadInput, CallerError, Overloaded, ProviderError, SelfsameError, Throttled

JobState = Literal["pending", "running", "completed", "failed", "cancelled"]
FINISHED: frozenset[JobState] = frozenset({"completed", "failed", "cancelled"})
MAY_BECOME: Mapping[JobState, frozenset[JobState]] = {
    "pending": frozenset({"running", "cancelled"}),
    "running": frozenset({"pending", "running", "completed", "failed", "cancelled"}),
    "completed": frozenset(),
    "failed": frozenset(),
    "cancelled": frozenset(),
}
"""Running may become running: another worker takes the job over when its lease has run out."""

MOST_JSON = 64 * 1024
"""Characters of a job's arguments, of a step's result and of the job's result; anything larger belongs in a file."""
LONGEST_KEY = 200
LONGEST_WAIT = 300.0
GAVE_UP = "the work was cut off several times and never finished; start it again, or ask whoever runs this server"
BROKEN = "something went wrong inside; it was recorded for whoever runs this server"


@dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of work and its limits, over all workers together.

    `max_running` jobs of the kind run at once, `max_per_user` of one user; each step is tried `max_attempts` times.
    `consent` names what must stay consented to: revoking it cancels the job.
    """

    name: str
    max_running: int = 2
    max_per_user: int = 1
    max_attempts: int = 3
    consent: Subject | None = None


@dataclass(frozen=True, slots=True)
class JobOrder:
    """What is to be done. `args` are small JSON; `delay` in seconds; `user_id` None is the house itself.

    The same user, kind and `key` give the same job, however often it is ordered.
    """

    kind: JobKind
    user_id: UUID | None
    args: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Job:
    """A job as its owner sees it. `progress` is 0..1; times are UTC; the error fields are set when it failed.

    `message` says what is being done, or why it waits for another try.
    """

    id: UUID
    user_id: UUID | None
    kind: str
    state: JobState
    created_at: datetime
    args: Mapping[str, Any] = field(default_factory=dict)
    progress: float = 0.0
    message: str = ""
    result: Any = None
    error_code: str | None = None
    error_message: str | None = None
    attempt: int = 0
    cancel_requested: bool = False
    started_at: datetime | None = None
    finished_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended. Pending: to be tried again after `delay` seconds; `released`: this try does not count."""

    state: JobState
    result: Any = None
    error_code: str | None = None
    error_message: str | None = None
    delay: float = 0.0
    released: bool = False


CANCELLED = Outcome("cancelled")
RELEASED = Outcome("pending", released=True)
GIVEN_UP = Outcome("failed", error_code="JOBS_UNAVAILABLE", error_message=GAVE_UP)


def key_of_again(job_id: UUID) -> str:
    """The key under which a failed job is ordered again, so that asking twice orders once."""
    return f"again:{job_id}"


def may_go_again(job: Job) -> None:
    """Raise BadInput unless the job failed."""
    if job.state != "failed":
        raise BadInput(f"this job is {job.state}; only one that failed can be done again")


def completed(result: Any) -> Outcome:
    """The outcome of a handler that returned."""
    return Outcome("completed", result=result)


def outcome_of(error: Exception, tries: int, max_attempts: int) -> Outcome:
    """What follows from an error at the `tries`-th try of a step: another try later, or failure with its message.

    The caller's errors and refusals fail at once; bugs fail without their text, which may hold anything.
    """
    if not isinstance(error, SelfsameError):
        return Outcome("failed", error_code="INTERNAL", error_message=BROKEN)
    passing = isinstance(error, Overloaded) or (isinstance(error, ProviderError) and error.retryable)
    if isinstance(error, CallerError) or not passing or tries >= max_attempts:
        return Outcome("failed", error_code=error.code, error_message=error.message)
    asked = error.retry_after if isinstance(error, Throttled) else None
    if isinstance(error, Overloaded):
        asked = error.expected_wait
    return Outcome(
        "pending", error_code=error.code, error_message=error.message, delay=max(backoff(tries), min(asked or 0, 3600))
    )


def sole(error: Exception) -> Exception:
    """The one error inside groups of one, which task groups wrap around it."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def backoff(tries: int) -> float:
    """Seconds before another try: 2, 4, 8 ... up to 300."""
    return min(LONGEST_WAIT, 2.0 ** min(tries, 20))


def as_json(value: Any, what: str) -> Any:
    """The value as JSON gives it back, so that a first run sees what a resumed one will see.

    Raises BadInput when it is too large, or no JSON.
    """
    try:
        written = json.dumps(value, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadInput(f"{what} must be plain JSON: {error}") from error
    if len(written) > MOST_JSON or "\\u0000" in written:
        raise BadInput(
            f"{what} must be at most {MOST_JSON} characters of JSON without zero bytes; store a file instead"
        )
    return json.loads(written)


def checked(order: JobOrder) -> JobOrder:
    """The order itself. Raises BadInput on arguments that are too large or an unusable key."""
    as_json(dict(order.args), "a job's arguments")
    if order.key is not None and not (0 < len(order.key) <= LONGEST_KEY and order.key.isprintable()):
        raise BadInput(f"an idempotency key has 1 to {LONGEST_KEY} printable characters")
    return order
