"""Which figures are alarming, and what to do about each (ALERT-01 to ALERT-03). Pure: figures in, alerts out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Level = Literal["critical", "warning", "info"]
ENOUGH = 10
"""Turns or calls below which a share or a percentile says nothing."""
ENOUGH_MONEY = 0.10
"""Dollars a day below which a rise in cost is not worth anybody's time."""


@dataclass(frozen=True, slots=True)
class Alert:
    """`code` is stable; `what` says what happened, `action` what to do.

    `values` are the names and figures in both, so that they can be said in another language.
    """

    level: Level
    code: str
    what: str
    action: str
    values: Mapping[str, str | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Vitals:
    """What alerts are judged by; None where a figure is not known. Shares are 0..1.

    `down` and `degraded` give a message by component. Errors and latency are over the last five minutes, `turns` counts
    those turns. `turns_hour` are the last hour's, `turns_usual` the mean of an hour in the day before. Costs are in
    dollars: of today, of a mean day of the week before, of this month.
    """

    down: Mapping[str, str] = field(default_factory=dict)
    degraded: Mapping[str, str] = field(default_factory=dict)
    turns: int = 0
    error_rate: float | None = None
    p95_ms: float | None = None
    active: int = 0
    capacity: int = 0
    pool_share: float | None = None
    disk_share: float | None = None
    cost_today: float | None = None
    cost_usual: float | None = None
    cost_month: float | None = None
    budget: float | None = None
    fallbacks: int = 0
    resting: tuple[str, ...] = ()
    cache_lookups: int = 0
    cache_misses: int = 0
    turns_hour: int = 0
    turns_usual: float | None = None
    newcomers: int = 0
    newcomers_usual: float | None = None
    workers: int | None = None
    jobs_waiting: int = 0
    unpriced: tuple[str, ...] = ()


def alerts(v: Vitals) -> list[Alert]:
    """All that is alarming, the worst first."""
    return worst_first([*_components(v), *_turns(v), *_room(v), *_money(v), *_jobs(v), *_news(v)])


def worst_first(found: Sequence[Alert]) -> list[Alert]:
    """Alerts of several judges in one order."""
    order = ("critical", "warning", "info")
    return sorted(found, key=lambda alert: order.index(alert.level))


def _components(v: Vitals) -> Iterator[Alert]:
    for name, message in v.down.items():
        if name == "database":
            yield Alert(
                "critical",
                "DATABASE_DOWN",
                f"The database does not answer: {message or 'no reason given'}.",
                "Conversations go on and turns are kept back, but nothing new can begin. See the log for its start; "
                "with a database of your own, check SELFSAME_DATABASE_URL and that it runs.",
                {"why": message},
            )
            continue
        yield Alert(
            "critical",
            "COMPONENT_DOWN",
            f"{name} is down: {message or 'no reason given'}.",
            "Run `selfsame doctor`: it names the engine and the one command that repairs it.",
            {"name": name, "why": message},
        )
    for name, message in v.degraded.items():
        yield Alert(
            "warning",
            "COMPONENT_DEGRADED",
            f"{name} is degraded: {message or 'no reason given'}.",
            "It still serves. Run `selfsame doctor` to see what would make it whole.",
            {"name": name, "why": message},
        )
    for name in v.resting:
        yield Alert(
            "warning",
            "ENGINE_RESTS",
            f"{name} failed so often that it is not asked for half a minute at a time.",
            "Check its address, key and network; conversations go on with the next engine meanwhile.",
            {"name": name},
        )


@dataclass(frozen=True, slots=True)
class _Graded:
    """A figure beyond a limit."""

    level: Level
    value: float
    limit: float


def _graded(value: float | None, warning: float, critical: float) -> _Graded | None:
    """The worse of two limits that a figure has passed; None within both, and where it is not known."""
    if value is None or value <= warning:
        return None
    return _Graded("critical", value, critical) if value > critical else _Graded("warning", value, warning)


def _turns(v: Vitals) -> Iterator[Alert]:
    if v.turns < ENOUGH:
        return
    if graded := _graded(v.error_rate, 0.02, 0.05):
        yield Alert(
            graded.level,
            "ERROR_RATE",
            f"{100 * graded.value:.1f} % of the last five minutes' turns met an error "
            f"(limit {100 * graded.limit:.0f} %).",
            "See the errors by component: mend the engine that leads the list, or choose another for its role.",
            {"percent": round(100 * graded.value, 1), "limit": round(100 * graded.limit)},
        )
    if graded := _graded(v.p95_ms, 2_500, 3_000):
        yield Alert(
            graded.level,
            "LATENCY",
            f"Of twenty answers one takes longer than {graded.value / 1000:.1f} s (limit {graded.limit / 1000:g} s).",
            "See which stage grew. If all did, the machine is busy: allow fewer sessions (SELFSAME_MAX_SESSIONS), or "
            "let `selfsame work` do the jobs elsewhere. If one did, choose a quicker engine for it.",
            {"seconds": round(graded.value / 1000, 1), "limit": graded.limit / 1000},
        )


def _room(v: Vitals) -> Iterator[Alert]:
    if v.capacity and v.active > 0.8 * v.capacity:
        yield Alert(
            "warning",
            "CAPACITY",
            f"{v.active} of {v.capacity} places are taken (limit 80 %).",
            "Beyond the last place, callers are asked to wait. Raise SELFSAME_MAX_SESSIONS if the machine has room, "
            "or start a second server on the same database.",
            {"active": v.active, "capacity": v.capacity},
        )
    if v.pool_share is not None and v.pool_share > 0.9:
        yield Alert(
            "warning",
            "DATABASE_POOL",
            f"{100 * v.pool_share:.0f} % of this process's database connections are in use.",
            "When all are, requests wait up to ten seconds. Look for slow queries, or move jobs to another process.",
            {"percent": round(100 * v.pool_share)},
        )
    if v.disk_share is not None and v.disk_share > 0.8:
        yield Alert(
            "warning",
            "DISK",
            f"The disk of the home folder is {100 * v.disk_share:.0f} % full (limit 80 %).",
            "Delete clips and faces that are not needed, or move SELFSAME_HOME to a larger disk.",
            {"percent": round(100 * v.disk_share)},
        )


def _money(v: Vitals) -> Iterator[Alert]:
    today, usual = v.cost_today, v.cost_usual
    if today is not None and usual and today > 1.5 * usual and today > ENOUGH_MONEY:
        yield Alert(
            "warning",
            "COST",
            f"Today has cost ${today:.2f}; a day of last week cost ${usual:.2f} (limit 50 % more).",
            "See the costs by provider. An engine on this machine costs nothing: SELFSAME_LLM=embedded.",
            {"today": round(today, 2), "usual": round(usual, 2)},
        )
    if v.cost_month is not None and v.budget and v.cost_month > v.budget:
        yield Alert(
            "warning",
            "BUDGET",
            f"This month has cost ${v.cost_month:.2f}, more than the budget of ${v.budget:.0f}.",
            "Raise SELFSAME_MONTHLY_BUDGET if that is meant, or choose engines on this machine.",
            {"cost": round(v.cost_month, 2), "budget": round(v.budget)},
        )
    for role in v.unpriced:
        yield Alert(
            "info",
            "PRICE_UNKNOWN",
            f"A vendor serves {role} and its price is not known, so its cost is missing from the figures.",
            f"Set it: SELFSAME_UNIT_PRICES={role}=...",
            {"role": role},
        )


def _jobs(v: Vitals) -> Iterator[Alert]:
    if v.workers == 0 and v.jobs_waiting:
        yield Alert(
            "critical",
            "NO_WORKERS",
            f"{v.jobs_waiting} jobs wait and no worker is alive.",
            "Start one: `selfsame work`, or let the server work (SELFSAME_WORK_SLOTS=1).",
            {"jobs": v.jobs_waiting},
        )


def _news(v: Vitals) -> Iterator[Alert]:
    if v.fallbacks:
        yield Alert(
            "info",
            "FALLBACK",
            f"Another engine had to take over {v.fallbacks} times in the last five minutes.",
            "See the providers: the last error says why the preferred one was left.",
            {"times": v.fallbacks},
        )
    if v.cache_lookups >= ENOUGH and v.cache_misses > 0.5 * v.cache_lookups:
        yield Alert(
            "info",
            "CACHE_MISSES",
            f"{100 * v.cache_misses / v.cache_lookups:.0f} % of the look-ups in the cache found nothing (limit 50 %).",
            "Usual after a start; if it stays so, the cache is too small or questions rarely repeat.",
            {"percent": round(100 * v.cache_misses / v.cache_lookups)},
        )
    if v.turns_usual is not None and v.turns_hour >= 3 * ENOUGH and v.turns_hour > 3 * v.turns_usual:
        yield Alert(
            "info",
            "TRAFFIC",
            f"{v.turns_hour} turns in the last hour; usual are {v.turns_usual:.0f}.",
            "Nothing to do if that was expected; else see who connects, and the limits per address.",
            {"turns": v.turns_hour, "usual": round(v.turns_usual)},
        )
    if v.newcomers_usual is not None and v.newcomers >= ENOUGH and v.newcomers > 3 * max(1.0, v.newcomers_usual):
        yield Alert(
            "info",
            "SIGN_UPS",
            f"{v.newcomers} new users in a day; usual are {v.newcomers_usual:.0f}.",
            "Nothing to do if that was expected; else a program may be making up devices.",
            {"users": v.newcomers, "usual": round(v.newcomers_usual)},
        )
