"""What the operations page is told, as models: camelCase on the wire, each field with its unit.

Milliseconds end in `Ms`; shares are 0..1; money is in US dollars; times are ISO 8601 in UTC. A figure that is not known
is null, never 0.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from selfsame.jobs.job import JobState


class Answer(BaseModel):
    """Common shape: camelCase, frozen."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, frozen=True, allow_inf_nan=False)


class Quantiles(Answer):
    """A distribution. Percentiles are within 3 % of a value that occurred; the mean is exact."""

    count: int
    p50_ms: float | None = None
    p95_ms: float | None = None
    p99_ms: float | None = None
    mean_ms: float | None = None


class Stages(Answer):
    """Latency by stage, of turns that were answered aloud. `end_to_end` is from the last voiced sample (or the typed
    text) to the first sound that left; ears count for spoken turns only; `lag` is how late the event loop woke."""

    end_to_end: Quantiles
    asr: Quantiles
    endpointing: Quantiles
    rag: Quantiles
    llm: Quantiles
    tts: Quantiles
    lip_sync: Quantiles
    lag: Quantiles


class Traffic(Answer):
    """Turns in a stretch of time. `seconds` is how much of it was seen.

    `interrupted` turns were cut short by voice or by the button; `overlaps` is speech over the clone's own voice, of
    which `resumed` was none after all. `error_rate` is errors over errors and answers; `confidence` is of the ears.
    """

    seconds: float
    turns: int
    answered: int
    per_minute: float
    interrupted: int
    interruption_rate: float | None
    overlaps: int
    resumed: int
    speculated: int
    confidence: float | None
    errors: int
    error_rate: float | None
    retries: int
    fallbacks: int


class Span(Answer):
    """One stretch of time: five minutes, an hour, a day."""

    traffic: Traffic
    latency: Stages


class Conversations(Answer):
    """Live ones now, and counts since the process began."""

    active: int
    capacity: int
    started: int
    completed: int


class ErrorLine(Answer):
    """How often a component failed with a code. `ours` is false for what the other end did wrong."""

    component: str
    code: str
    ours: bool
    five_minutes: int
    hour: int
    day: int


class Provider(Answer):
    """An engine: whether it is the chosen one of its role, its breaker where it has one, and its last hour.

    `status` is down while its breaker is open, degraded while half-open or above 5 % failures.
    """

    role: str
    name: str
    tier: str | None = None
    chosen: bool = False
    status: Literal["up", "down", "degraded"] = "up"
    breaker: Literal["closed", "open", "half-open"] | None = None
    failures_in_row: int = 0
    calls: int = 0
    failures: int = 0
    error_rate: float | None = None
    latency: Quantiles
    last_error: str | None = None
    last_error_message: str | None = None
    last_error_at: datetime | None = None
    hint: str | None = None


class Fallback(Answer):
    """An engine was left for another, since the process began."""

    role: str
    left: str
    taken: str
    times: int


class JobKindLine(Answer):
    """The queue of one kind of work. Means are of jobs that completed in the last hour."""

    kind: str
    pending: int
    running: int
    completed: int
    failed: int
    cancelled: int
    oldest_wait_seconds: float
    mean_wait_seconds: float
    mean_run_seconds: float


class JobLine(Answer):
    """One job. `mine` jobs can be cancelled while they wait or run (`can_cancel`), and done again when they failed."""

    id: UUID
    kind: str
    status: JobState
    mine: bool
    progress: float
    message: str
    attempt: int
    created_at: datetime
    started_at: datetime | None = None
    finished_at: datetime | None = None
    error_code: str | None = None
    error_message: str | None = None
    can_cancel: bool = False
    can_retry: bool = False


class WorkerLine(Answer):
    """A worker that was seen within a minute."""

    id: str
    host: str
    process: int
    slots: int
    running: int
    kinds: tuple[str, ...]
    silent_seconds: float


class Jobs(Answer):
    """The queue: by kind, what runs, what failed within a day, what waits, and who works."""

    kinds: tuple[JobKindLine, ...]
    running: tuple[JobLine, ...]
    failed: tuple[JobLine, ...]
    waiting: tuple[JobLine, ...]
    workers: tuple[WorkerLine, ...]
    failed_last_day: int
    oldest_wait_seconds: float


class CostLine(Answer):
    """What the turns of a day (UTC) in which `model` answered cost; `rest` is lip-sync, storage and network."""

    day: date
    model: str
    turns: int
    minutes: float
    asr: float
    llm: float
    tts: float
    rest: float
    total: float


class Costs(Answer):
    """Dollars. `usual_day` is the mean of the seven days before today; `by_provider` counts since the process began;
    `unpriced` are roles that a vendor serves at an unknown price."""

    currency: Literal["USD"] = "USD"
    today: float | None
    usual_day: float | None
    month: float | None
    budget: float
    per_minute: float
    by_provider: dict[str, float]
    by_day: tuple[CostLine, ...]
    unpriced: tuple[str, ...]
    prices: dict[str, float]


class Resources(Answer):
    """This process and its machine. CPU shares are of one core; `children` are engines, readers and the private
    database. `pool_*` are this process's database connections."""

    uptime_seconds: float
    cpu_seconds: float
    cpu_share: float | None
    cores: int
    rss_bytes: int
    children: int
    children_rss_bytes: int
    memory_share: float
    disk_free_bytes: int
    disk_share: float
    pool_used: int | None
    pool_size: int | None
    received_bytes: int
    sent_bytes: int
    figures_bytes: int


class ComponentLine(Answer):
    """A component's state (HLTH-03). `latency` in ms."""

    status: Literal["up", "down", "degraded"]
    latency: float | None = None
    error_rate: float | None = None
    message: str | None = None


class HealthLine(Answer):
    """All components (HLTH-01)."""

    status: Literal["healthy", "degraded", "unhealthy"]
    components: dict[str, ComponentLine]


class AlertLine(Answer):
    """Something alarming, and what to do about it. `code` is stable; `values`: names and figures in the words."""

    level: Literal["critical", "warning", "info"]
    code: str
    what: str
    action: str
    values: dict[str, str | float]


class Operations(Answer):
    """Everything at this moment. What the database keeps (jobs, costs by day) is null while it does not answer."""

    at: datetime
    since: datetime = Field(description="The earliest turn that is counted; before the start where turns were stored.")
    conversations: Conversations
    five_minutes: Span
    hour: Span
    day: Span
    errors: tuple[ErrorLine, ...]
    providers: tuple[Provider, ...]
    fallbacks: tuple[Fallback, ...]
    jobs: Jobs | None
    costs: Costs
    resources: Resources
    health: HealthLine
    alerts: tuple[AlertLine, ...]


class Point(Answer):
    """One step of a chart. `active` is the mean; latency by stage in ms, null where no turn was answered."""

    at: datetime
    seconds: float
    active: float | None
    turns: int
    interrupted: int
    errors: int
    cpu_share: float | None
    lag_p95_ms: float | None
    lag_p99_ms: float | None
    p50_ms: dict[str, float | None]
    p95_ms: dict[str, float | None]


class Series(Answer):
    """Steps of equal length, oldest first; the last one is not over yet."""

    step_seconds: float
    points: tuple[Point, ...]


class JobAnswer(Answer):
    """The job after the act; of a job that is done again, the new one."""

    job: JobLine


def plain(answer: Answer) -> dict[str, Any]:
    """As JSON with camelCase names; nulls stay, so that a page sees what is not known."""
    return answer.model_dump(mode="json", by_alias=True)
