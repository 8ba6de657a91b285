"""`selfsame ops`: how the running server does, in the terminal."""

from __future__ import annotations

from typing import Any

import click
import httpx

from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.errors import Forbidden, Unavailable
from selfsame.kit.clock import SYSTEM
from selfsame.kit.tasks import run
from selfsame.settings import Settings

PATIENCE = 10.0
STAGES = ("endToEnd", "asr", "endpointing", "rag", "llm", "tts", "lipSync", "lag")
_TIMES = ("oldestWaitSeconds", "meanRunSeconds")
SPANS = (("fiveMinutes", "5 min"), ("hour", "1 h"), ("day", "24 h"))


@click.command()
@click.option("--watch", is_flag=True, help="Look again and again, until Ctrl-C.")
@click.option("--every", type=click.FloatRange(1, 3600), default=5.0, show_default=True, help="Seconds between looks.")
@click.option("--url", help="Address of the server; by default the one that the settings give.")
@json_option
def command(watch: bool, every: float, url: str | None, as_json: bool) -> None:
    """Show what the server that runs on this machine observes: conversations, latency, errors, engines, jobs, costs.

    With --json the whole snapshot of GET /api/operations, one object a look.
    """
    run(_show, url or address(read_settings(quiet=True)), every if watch else None, as_json)


def address(settings: Settings) -> str:
    """Where the server of these settings listens, as asked for from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    return f"http://[{host}]:{settings.port}" if ":" in host else f"http://{host}:{settings.port}"


async def _show(url: str, every: float | None, as_json: bool) -> None:
    token = ""
    async with httpx.AsyncClient(base_url=url, timeout=PATIENCE) as http:
        while True:
            token, snapshot = await _look(http, token)
            if as_json:
                emit(snapshot)
            else:
                if every is not None:
                    click.clear()
                click.echo(rendered(snapshot))
            if every is None:
                return
            await SYSTEM.sleep(every)


async def _look(http: httpx.AsyncClient, token: str) -> tuple[str, dict[str, Any]]:
    """A snapshot, and the token that got it: the person at this machine is its owner."""
    try:
        answer = await _ask(http, token)
        if answer.status_code == 401:  # none yet, or it has run out
            issued = await http.post("/api/sessions", json={})
            token = str(issued.json().get("token", "")) if issued.status_code == 201 else ""
            answer = await _ask(http, token)
        if answer.status_code in (401, 403):
            raise Forbidden(f"{http.base_url} does not take this machine for its owner's; ask where the server runs")
        answer.raise_for_status()
        return token, answer.json()
    except (httpx.HTTPError, ValueError) as problem:
        raise Unavailable(
            f"no server answers at {http.base_url} ({type(problem).__name__}); start it with `selfsame serve`, or give "
            "its address with --url",
            role="models",
            provider="network",
        ) from problem


async def _ask(http: httpx.AsyncClient, token: str) -> httpx.Response:
    return await http.get("/api/operations", headers={"authorization": f"Bearer {token}"} if token else {})


def rendered(snapshot: dict[str, Any]) -> str:
    """A snapshot for people."""
    parts = [_head(snapshot), _alerts(snapshot), _latency(snapshot), _engines(snapshot)]
    return "\n\n".join(part for part in [*parts, _errors(snapshot), _jobs(snapshot)] if part)


def _head(s: dict[str, Any]) -> str:
    talk, hour, used, costs = s["conversations"], s["hour"]["traffic"], s["resources"], s["costs"]
    rows = [
        ("health", s["health"]["status"]),
        ("conversations", f"{talk['active']} of {talk['capacity']} now, {talk['started']} since the start"),
        (
            "turns in 1 h",
            f"{hour['turns']} ({hour['perMinute']:.1f} a minute), {_percent(hour['interruptionRate'])} cut short, "
            f"{_percent(hour['errorRate'])} errors, {hour['retries']} tried again",
        ),
        (
            "machine",
            f"up {used['uptimeSeconds'] / 3600:.1f} h, CPU {_percent(used['cpuShare'])} of a core, "
            f"{used['rssBytes'] / 1e6:.0f} MB and {used['childrenRssBytes'] / 1e6:.0f} MB in children, "
            f"{used['diskFreeBytes'] / 1e9:.0f} GB free, database {used['poolUsed']} of {used['poolSize']}",
        ),
        (
            "costs",
            f"{_dollars(costs['today'])} today, {_dollars(costs['usualDay'])} on a usual day, "
            f"{_dollars(costs['month'])} of {_dollars(costs['budget'])} this month",
        ),
    ]
    return table(rows)


def _alerts(s: dict[str, Any]) -> str:
    return "\n".join(f"{x['level'].upper():<9} {x['what']}\n{'':<9} -> {x['action']}" for x in s["alerts"])


def _latency(s: dict[str, Any]) -> str:
    rows = []
    for stage in STAGES:
        cells = [stage]
        for span, _ in SPANS:
            figures = s[span]["latency"][stage]
            cells.append(" ".join(_ms(figures[name]) for name in ("p50Ms", "p95Ms", "p99Ms")))
        rows.append(cells)
    return table(rows, ("ms: p50 p95 p99", *(title for _, title in SPANS)))


def _engines(s: dict[str, Any]) -> str:
    rows = [
        (
            engine["role"],
            engine["name"] + ("" if engine["chosen"] else " (behind)"),
            engine["status"],
            engine["calls"],
            _percent(engine["errorRate"]),
            _ms(engine["latency"]["p95Ms"]),
            engine["lastError"] or "-",
        )
        for engine in s["providers"]
    ]
    return table(rows, ("role", "engine", "status", "calls 1 h", "failed", "p95 ms", "last error"))


def _errors(s: dict[str, Any]) -> str:
    rows = [(x["component"], x["code"], x["fiveMinutes"], x["hour"], x["day"]) for x in s["errors"]]
    return table(rows, ("errors of", "code", "5 min", "1 h", "24 h")) if rows else ""


def _jobs(s: dict[str, Any]) -> str:
    jobs = s["jobs"]
    if jobs is None:
        return "jobs: the database does not answer"
    kinds = [
        (k["kind"], k["pending"], k["running"], k["failed"], *(f"{k[n]:.1f} s" for n in _TIMES)) for k in jobs["kinds"]
    ]
    lines = [table(kinds, ("jobs", "waiting", "running", "failed", "oldest waits", "mean run"))] if kinds else []
    lines += [f"running: {x['kind']} {_percent(x['progress'])} {x['message']}".rstrip() for x in jobs["running"]]
    return "\n".join([*lines, f"{len(jobs['workers'])} workers alive, {jobs['failedLastDay']} jobs failed in a day"])


def _ms(value: float | None) -> str:
    return "-" if value is None else f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.0f} %"


def _dollars(amount: float | None) -> str:
    return "?" if amount is None else f"${amount:.2f}"
