"""`selfsame evaluate`: have clips made of fixed scenarios, measure them, and say what changed (EVAL-01 to EVAL-07)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from selfsame.cli import exits
from selfsame.cli.output import emit, json_option, read_settings

if TYPE_CHECKING:
    from selfsame.evaluator.clip_run import Studio
    from selfsame.evaluator.reports import Report
    from selfsame.evaluator.scenarios import Scenario
    from selfsame.settings import Settings


@click.command()
@click.option("--clone", help="Whose face and voice; otherwise the default clone's.")
@click.option("--scenario", "names", multiple=True, help="Only this scenario; may be given several times.")
@click.option("--repeat", type=click.IntRange(1, 1000), default=1, show_default=True, help="Runs of each scenario.")
@click.option("--controls", is_flag=True, help="Also score each mouth at wrong times and in wrong orders.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the reports; default: evaluator/outputs of SELFSAME_HOME.",
)
@json_option
def command(
    clone: str | None, names: tuple[str, ...], repeat: int, controls: bool, out: Path | None, as_json: bool
) -> None:
    """Have clips made of fixed scenarios; print their metrics and the change against earlier runs.

    Writes one JSON file a run. Exit code 1 when a clip could not be made.
    """
    from selfsame.evaluator.reports import FOLDER, earlier
    from selfsame.evaluator.scenarios import chosen
    from selfsame.kit.tasks import run

    scenarios = chosen(names) * repeat
    settings = read_settings(quiet=True)
    folder = settings.home / FOLDER if out is None else out
    before, others = earlier(folder)
    done, wrong = run(_run_all, settings, Wish(clone, controls), scenarios, folder)
    result = summary(done, before, others)
    if as_json:
        emit(result | ({"controls": wrong} if controls else {}))
    else:
        click.echo(readable(done, before, others) + (f"\n\n{controls_table(done, wrong)}" if wrong else ""))
    if any(report.failed for report in done):
        raise click.exceptions.Exit(exits.FAILED)


@dataclass(frozen=True, slots=True)
class Wish:
    """Whose clips (a slug or id, None for the default clone), and whether their controls are scored too."""

    clone: str | None
    controls: bool


@asynccontextmanager
async def _studio(settings: Settings, clone: str | None) -> AsyncIterator[Studio]:
    """The product's studio for the evaluator, open as long as the block.

    `clone` is a slug or id, None for the default clone. Raises NotFound, ConsentMissing, ProviderError.
    """
    from selfsame.wiring.evaluation import open_evaluator

    async with open_evaluator(settings, clone) as studio:
        yield studio


async def _run_all(
    settings: Settings, wish: Wish, scenarios: list[Scenario], out: Path
) -> tuple[list[Report], dict[str, Any]]:
    """The reports, and by their run ids the scores of the controls."""
    from selfsame.evaluator.clip_run import run_scenario
    from selfsame.evaluator.reports import save
    from selfsame.kit.clock import wall
    from selfsame.kit.tasks import offload

    done, wrong = [], {}
    async with _studio(settings, wish.clone) as studio:
        studio = replace(studio, controls=wish.controls)
        for scenario in scenarios:
            begun = wall()
            measured = await run_scenario(scenario, studio)
            done.append(await offload(save, measured, studio.engines, begun, out))
            if measured.details.get("controls"):
                wrong[done[-1].run_id] = measured.details["lip_sync"] | measured.details["controls"]
            _say(done[-1], measured.error, len(done), len(scenarios))
    return done, wrong


def _say(report: Report, error: dict[str, str] | None, number: int, many: int) -> None:
    """Progress, on standard error."""
    click.echo(f"{number}/{many} {report.run_id}{': ' + error['message'] if error else ''}", err=True)


def summary(done: list[Report], before: list[Report], others: int) -> dict[str, Any]:
    """The runs, their stability and the trend as JSON."""
    from selfsame.evaluator.reports import stability, trend

    return {
        "runs": [{"run_id": r.run_id, "scenario": r.scenario, "failed": r.failed, "metrics": r.metrics} for r in done],
        "stability": stability(done),
        "trend": {name: {k: asdict(c) for k, c in trend(r, before).items()} for name, r in _latest(done).items()},
        "ignoredFiles": others,
    }


def readable(done: list[Report], before: list[Report], others: int) -> str:
    """The runs and, where there were earlier ones, the trend of each scenario's last run as tables."""
    from selfsame.evaluator.reports import stability, table, trend, trend_table

    parts = [table(done)]
    for name, report in _latest(done).items():
        changes = trend(report, before)
        if any(change.runs for change in changes.values()):
            parts.append(trend_table(report, changes))
        steady = stability(done)[name]
        if steady["runs"] > 1:
            total = steady["total_generation_ms"]
            failed = f"{steady['runs']} runs, {steady['failed']} failed"
            parts.append(f"{name}: {failed}, total p50 {total['p50']}, p95 {total['p95']} ms")
    if others:
        parts.append(f"{others} files in the folder are no reports or damaged; they were left out.")
    return "\n\n".join(parts)


_CONTROLS = {
    "score": "true",
    "early": "200 ms early",
    "late": "200 ms late",
    "shuffled": "shuffled",
    "backwards": "backwards",
    "margin": "margin",
    "av_offset_ms": "offset ms",
    "closure_rate": "lips closed",
    "closure_shuffled": "by chance",
}


def controls_table(done: list[Report], wrong: dict[str, Any]) -> str:
    """The score of each run beside those of its controls, and the smallest margin."""
    from selfsame.evaluator.reports import aligned, cell

    rows = [
        [report.scenario, *(cell(wrong[report.run_id][name]) for name in _CONTROLS)]
        for report in done
        if report.run_id in wrong
    ]
    least = min(one["margin"] for one in wrong.values())
    head = ["lip-sync score", *_CONTROLS.values()]
    return f"{aligned([head, *rows])}\n\nThe smallest margin of a true mouth over its best control is {least:.2f}."


def _latest(done: list[Report]) -> dict[str, Report]:
    return {report.scenario: report for report in done}
