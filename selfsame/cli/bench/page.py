"""`selfsame bench page`: how fast the talk page comes in a real browser, and how much it transfers."""

from __future__ import annotations

import os
from typing import Any

import anyio
import click

from selfsame.cli.bench.options import common, server, show
from selfsame.evaluator import page_load

BUDGET_BYTES = 250_000
BUDGET_MS = 1500.0


@click.command("page")
@click.option(
    "--runs", type=click.IntRange(1, 50), default=5, show_default=True, help="Loads, each in a fresh browser."
)
@click.option("--slowdown", type=click.FloatRange(1, 20), default=1.0, show_default=True, help="Of the processor.")
@common
def command(runs: int, slowdown: float, url: str | None, clone: str | None, as_json: bool) -> None:
    """Load the talk page with an empty cache in headless Chromium (needs Chromium and Playwright); print medians.

    Interactive is when the line to the clone is open, one can write, and no long task is running. Bytes are those on
    the wire, as compressed. One load before the measured ones warms the server.
    """
    result = anyio.run(_run, runs, slowdown, url, clone)
    show(as_json, result, readable(result))


async def _run(runs: int, slowdown: float, url: str | None, clone: str | None) -> dict[str, Any]:
    async with server(url) as own:
        await page_load.load(own.url, clone, slowdown)
        loads = [os.getloadavg()[0]]
        seen = [await page_load.load(own.url, clone, slowdown) for _ in range(runs)]
        loads.append(os.getloadavg()[0])
    rows = [page_load.row(each) for each in seen]
    result = {
        "benchmark": "page",
        "load": loads,
        "slowdown": slowdown,
        "runs": rows,
        "medians": page_load.medians(rows),
    }
    return result | {"within": within(result["medians"])}


def within(figures: dict[str, float]) -> bool:
    """Whether the page keeps its budgets."""
    return figures["pageBytes"] < BUDGET_BYTES and figures["interactive"] < BUDGET_MS


def readable(result: dict[str, Any]) -> str:
    """The figures as lines."""
    of = result["medians"]
    slowest = max(row["interactive"] for row in result["runs"])
    face = "not yet drawn" if of["face"] == 0 else f"{of['face']:.0f} ms"
    return "\n".join(
        [
            f"load average {result['load'][0]:.1f} before, {result['load'][1]:.1f} after; medians of "
            f"{len(result['runs'])} loads with an empty cache"
            + (f", processor {result['slowdown']:g} times slower" if result["slowdown"] > 1 else ""),
            f"  first contentful paint {of['fcp']:.0f} ms, largest {of['lcp']:.0f} ms, layout shift {of['cls']:.3f}",
            f"  interactive {of['interactive']:.0f} ms (slowest {slowest:.0f}; budget {BUDGET_MS:.0f}), "
            f"blocking {of['tbt']:.0f} ms; the face moves at {face}",
            f"  page {of['pageBytes'] / 1000:.1f} kB (budget {BUDGET_BYTES / 1000:.0f}) in {of['requests']:.0f} "
            f"requests; the face's file {of['faceBytes'] / 1000:.1f} kB besides",
        ]
    )
