"""From what was observed to what the operations page is told. Pure: figures in, models out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from uuid import UUID

from selfsame.channels import operations_answers as a
from selfsame.channels.alerts import Vitals
from selfsame.channels.deps import Breaker, ComponentHealth, PoolUse
from selfsame.channels.health import overall
from selfsame.channels.machine import Reading
from selfsame.channels.observatory import STAGES, EngineLog, Observatory
from selfsame.channels.wire.server import EngineItem
from selfsame.conversation.costs import DayCosts, Tariff, unpriced
from selfsame.jobs.job import Job
from selfsame.jobs.port import KindCounts, WorkerCard
from selfsame.kit.ring import Window
from selfsame.kit.sketch import Sketch

FEW = 20
"""Jobs of each state that are listed."""
MANY_FAILURES = 0.05
"""Share of failed calls in an hour above which an engine counts as degraded, of at least ten."""
_FIELDS = ("end_to_end", "asr", "endpointing", "rag", "llm", "tts", "lip_sync")


@dataclass(frozen=True, slots=True)
class Gathered:
    """What is asked for beside what was observed. `places` are those taken and those there are."""

    places: tuple[int, int]
    components: Mapping[str, ComponentHealth]
    engines: tuple[a.Provider, ...]
    queue: a.Jobs | None
    money: a.Costs
    reading: Reading
    pool: PoolUse | None
    newcomers: tuple[int, float] | None


def utc(seconds: float) -> datetime:
    """Unix seconds as a date."""
    return datetime.fromtimestamp(seconds, UTC)


def quantiles(sketch: Sketch) -> a.Quantiles:
    """A distribution in milliseconds, to a tenth."""
    p50, p95, p99 = map(_tenth, sketch.quantiles(0.5, 0.95, 0.99))
    return a.Quantiles(count=len(sketch), p50_ms=p50, p95_ms=p95, p99_ms=p99, mean_ms=_tenth(sketch.mean))


def span(seen: Observatory, seconds: float) -> a.Span:
    """What happened in the last `seconds`."""
    window = seen.window(seconds)
    stages = {field: quantiles(window.sketches[stage]) for field, stage in zip(_FIELDS, STAGES, strict=True)}
    return a.Span(
        traffic=_traffic(window, max(1.0, seen.now() - seen.since)),
        latency=a.Stages(**stages, lag=quantiles(window.sketches["lag"])),
    )


def _traffic(window: Window, known: float) -> a.Traffic:
    """`known` seconds ago the first figure was taken: a rate is over what was seen, not over what might have been."""
    count = window.counters
    seconds = min(window.seconds, known)
    whole = {
        name: int(count[name])
        for name in (
            "turns", "answered", "interrupted", "overlaps", "resumed", "speculated", "errors", "retries", "fallbacks"
        )
    }  # fmt: skip
    return a.Traffic(
        **whole,
        seconds=round(seconds, 1),
        per_minute=round(60 * count["turns"] / seconds, 2) if seconds else 0.0,
        interruption_rate=_share(count["interrupted"], count["turns"]),
        confidence=_round(window.mean("confidence", "spoken")),
        error_rate=error_rate(window),
    )


def error_rate(window: Window) -> float | None:
    """Errors over errors and answers; None where nothing happened."""
    return _share(window.counters["errors"], window.counters["errors"] + window.counters["answered"])


def conversations(seen: Observatory, places: tuple[int, int]) -> a.Conversations:
    """Live ones, and counts since the process began."""
    began, ended = int(seen.totals["started"]), int(seen.totals["completed"])
    return a.Conversations(active=places[0], capacity=places[1], started=began, completed=ended)


def errors(seen: Observatory) -> tuple[a.ErrorLine, ...]:
    """By component and code, the most frequent of the last day first."""
    now, lines = seen.now(), []
    for (component, code), ring in seen.errors.items():
        five, hour, day = (int(ring.window(now, s).counters["errors"]) for s in (300, 3_600, 86_400))
        ours = component != "websocket" or code == "INTERNAL"
        if day:
            lines.append(a.ErrorLine(component=component, code=code, ours=ours, five_minutes=five, hour=hour, day=day))
    return tuple(sorted(lines, key=lambda line: (-line.day, line.code)))


# --- engines -------------------------------------------------------------------------------------------------------


def providers(seen: Observatory, chosen: Sequence[EngineItem], breakers: Sequence[Breaker]) -> tuple[a.Provider, ...]:
    """Every engine that was chosen, stands behind another, or was asked."""
    items = {(item.role, item.name): item for item in chosen}
    guards = {(breaker.role, breaker.name): breaker for breaker in breakers}
    keys = dict.fromkeys([*items, *guards, *seen.engines])
    return tuple(_provider(seen, key, items.get(key), guards.get(key)) for key in keys)


def _provider(seen: Observatory, key: tuple[str, str], item: EngineItem | None, breaker: Breaker | None) -> a.Provider:
    log = seen.engines.get(key) or EngineLog(*key)
    window = log.ring.window(seen.now(), 3_600)
    calls, failures = int(window.counters["calls"]), int(window.counters["failures"])
    rate = _share(failures, max(calls, failures))
    state = breaker.state if breaker else None
    shaky = state == "half-open" or (calls >= 10 and (rate or 0.0) > MANY_FAILURES)
    return a.Provider(
        role=key[0],
        name=key[1],
        tier=item.tier if item else None,
        chosen=item is not None,
        status="down" if state == "open" else "degraded" if shaky else "up",
        breaker=state,
        failures_in_row=breaker.failures if breaker else 0,
        calls=calls,
        failures=failures,
        error_rate=rate,
        latency=quantiles(window.sketches["ms"]),
        last_error=log.last_error,
        last_error_message=log.last_message,
        last_error_at=utc(log.failed_at) if log.failed_at is not None else None,
        hint=item.hint if item else None,
    )


# --- jobs ----------------------------------------------------------------------------------------------------------


def jobs(
    counts: Sequence[KindCounts], workers: Sequence[WorkerCard], lately: Sequence[Job], owner: UUID, now: float
) -> a.Jobs:
    """The queue as the owner of the machine sees it; `now` in Unix seconds."""
    by_state = {state: [job for job in lately if job.state == state] for state in ("running", "failed", "pending")}
    running, failed, waiting = (
        tuple(job_line(job, owner) for job in by_state[state][:FEW]) for state in ("running", "failed", "pending")
    )
    return a.Jobs(
        kinds=tuple(_kind(each) for each in counts),
        running=running,
        failed=failed,
        waiting=waiting,
        workers=tuple(_worker(card, now) for card in workers),
        failed_last_day=len(by_state["failed"]),
        oldest_wait_seconds=round(max((each.oldest_wait_s for each in counts), default=0.0), 1),
    )


def _kind(counts: KindCounts) -> a.JobKindLine:
    fields = asdict(counts)
    seconds = {"oldest_wait": "oldest_wait_s", "mean_wait": "mean_wait_s", "mean_run": "mean_run_s"}
    times = {f"{name}_seconds": round(fields.pop(key), 3) for name, key in seconds.items()}
    return a.JobKindLine(**fields, **times)


def _worker(card: WorkerCard, now: float) -> a.WorkerLine:
    silent = now - card.seen_at.timestamp() if card.seen_at else 0.0
    return a.WorkerLine(
        id=card.id,
        host=card.host,
        process=card.process,
        slots=card.slots,
        running=card.running,
        kinds=card.kinds,
        silent_seconds=round(max(0.0, silent), 1),
    )


def job_line(job: Job, owner: UUID) -> a.JobLine:
    """A job; of other users' work, no message that may speak of them."""
    mine = job.user_id == owner
    return a.JobLine(
        id=job.id,
        kind=job.kind,
        status=job.state,
        mine=mine,
        progress=round(job.progress, 4),
        message=job.message if mine else "",
        attempt=job.attempt,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        error_code=job.error_code,
        error_message=job.error_message if mine else None,
        can_cancel=mine and job.state in ("pending", "running") and not job.cancel_requested,
        can_retry=mine and job.state == "failed",
    )


# --- money, machine, health ----------------------------------------------------------------------------------------


def costs(seen: Observatory, tariff: Tariff, budget: float, days: Sequence[DayCosts] | None) -> a.Costs:
    """What conversations cost; the days are those of the database."""
    today = utc(seen.now()).date()
    week = [line.total for line in days or () if 0 < (today - line.day).days <= 7]
    return a.Costs(
        today=None if days is None else _money(sum(line.total for line in days if line.day == today)),
        usual_day=None if days is None else _money(sum(week) / 7),
        month=None
        if days is None
        else _money(sum(x.total for x in days if (x.day.year, x.day.month) == (today.year, today.month))),
        budget=budget,
        per_minute=_money(seen.costs.average_cost_per_minute()),
        by_provider={name: _money(amount) for name, amount in seen.costs.cost_by_provider().items()},
        by_day=tuple(_cost_line(line) for line in days or ()),
        unpriced=tuple(unpriced(tariff)),
        prices=dict(tariff.prices),
    )


def _cost_line(line: DayCosts) -> a.CostLine:
    amounts = {name: _money(getattr(line, name)) for name in ("asr", "llm", "tts", "rest", "total")}
    return a.CostLine(day=line.day, model=line.model, turns=line.turns, minutes=round(line.seconds / 60, 2), **amounts)


def resources(seen: Observatory, reading: Reading, pool: PoolUse | None, traffic: tuple[int, int]) -> a.Resources:
    """The process and its machine. `traffic` is bytes of sound taken, and bytes sent."""
    return a.Resources(
        uptime_seconds=round(seen.now() - seen.began, 1),
        cpu_seconds=round(reading.cpu_seconds, 3),
        cpu_share=_cpu(seen.window(60)),
        cores=reading.cores,
        rss_bytes=reading.rss,
        children=reading.children,
        children_rss_bytes=reading.children_rss,
        memory_share=reading.memory_share,
        disk_free_bytes=reading.disk_free,
        disk_share=round(reading.disk_share, 4),
        pool_used=pool.used if pool else None,
        pool_size=pool.size if pool else None,
        received_bytes=traffic[0],
        sent_bytes=traffic[1],
        figures_bytes=seen.nbytes,
    )


def health(
    components: Mapping[str, ComponentHealth], engines: Sequence[a.Provider], queue: a.Jobs | None
) -> a.HealthLine:
    """All components, engines with their last hour; workers count by their heartbeat (HLTH-06)."""
    known = {engine.role: engine for engine in engines if engine.chosen and engine.calls}
    lines = {}
    for name, x in components.items():
        figures = asdict(x)
        if name in known:
            figures["latency"] = x.latency if x.latency is not None else known[name].latency.p50_ms
            figures["error_rate"] = x.error_rate if x.error_rate is not None else known[name].error_rate
        lines[name] = a.ComponentLine(**figures)
    if queue is not None:
        alive = len(queue.workers)
        text = f"{alive} alive" if alive else "no worker is alive: start `selfsame work`"
        lines["workers"] = a.ComponentLine(status="up" if alive else "degraded", message=text)
    return a.HealthLine(status=overall(components), components=lines)


def vitals(seen: Observatory, known: Gathered, since_usual: float = 2 * 3_600.0) -> Vitals:
    """What alerts are judged by. What an hour usually holds is known only after `since_usual` seconds."""
    five, hour, day = (seen.window(seconds) for seconds in (300, 3_600, 86_400))
    age = seen.now() - seen.since
    before = day.counters["turns"] - hour.counters["turns"]
    states = {status: {n: x.message or "" for n, x in known.components.items() if x.status == status}
              for status in ("down", "degraded")}  # fmt: skip
    pool, money, queue = known.pool, known.money, known.queue
    return Vitals(
        down=states["down"],
        degraded=states["degraded"],
        turns=int(five.counters["answered"] + five.counters["errors"]),
        error_rate=error_rate(five),
        p95_ms=five.sketches["endToEnd"].quantile(0.95),
        active=known.places[0],
        capacity=known.places[1],
        pool_share=pool.used / pool.size if pool and pool.size else None,
        disk_share=known.reading.disk_share,
        cost_today=money.today,
        cost_usual=money.usual_day,
        cost_month=money.month,
        budget=money.budget,
        fallbacks=int(five.counters["fallbacks"]),
        resting=tuple(engine.name for engine in known.engines if engine.breaker == "open"),
        turns_hour=int(hour.counters["turns"]),
        turns_usual=before / (min(86_400.0, age) / 3_600 - 1) if age >= since_usual else None,
        newcomers=known.newcomers[0] if known.newcomers else 0,
        newcomers_usual=known.newcomers[1] if known.newcomers else None,
        workers=len(queue.workers) if queue else None,
        jobs_waiting=sum(kind.pending for kind in queue.kinds) if queue else 0,
        unpriced=money.unpriced,
    )


def point(window: Window) -> a.Point:
    """One step of a chart."""
    count = window.counters
    lag_p95, lag_p99 = map(_tenth, window.sketches["lag"].quantiles(0.95, 0.99))
    stages = {stage: [*map(_tenth, window.sketches[stage].quantiles(0.5, 0.95))] for stage in STAGES}
    return a.Point(
        at=utc(window.begins),
        seconds=round(window.seconds, 1),
        active=_round(window.mean("active", "samples"), 2),
        turns=int(count["turns"]),
        interrupted=int(count["interrupted"]),
        errors=int(count["errors"]),
        cpu_share=_cpu(window),
        lag_p95_ms=lag_p95,
        lag_p99_ms=lag_p99,
        p50_ms={stage: p50 for stage, (p50, _) in stages.items()},
        p95_ms={stage: p95 for stage, (_, p95) in stages.items()},
    )


def _cpu(window: Window) -> float | None:
    """CPU seconds a second; samples come once a second, so their number is the time that was seen."""
    return _round(window.mean("cpu", "samples"))


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None


def _round(value: float | None, places: int = 4) -> float | None:
    return None if value is None else round(value, places)


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _money(amount: float) -> float:
    return round(amount, 6)
