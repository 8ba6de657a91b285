"""Reports of the evaluator: one JSON file a run, earlier runs read back, and what changed since (EVAL-01, EVAL-07)."""

from __future__ import annotations

import json
import math
import os
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from selfsame import __version__
from selfsame.errors import BadInput
from selfsame.evaluator.clip_run import METRICS, Measured, Value
from selfsame.evaluator.figures import spread

FORMAT = "selfsame-evaluation/1"
FOLDER = Path("evaluator") / "outputs"
MOST_BYTES = 1_000_000
MOST_RUNS = 200
"""Of a scenario's earlier runs the newest so many make the trend."""
_MOST_AT_ONCE = 1000
_RUN_ID = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ_[A-Za-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Report:
    """A run as its file holds it. Null metrics are those that could not be measured."""

    run_id: str
    scenario: str
    metrics: Mapping[str, Value]
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A metric now, the median of earlier runs of the same scenario, and the change in percent (None where unknown)."""

    now: float | None
    before: float | None
    runs: int
    percent: float | None


def run_id(at: datetime, scenario: str) -> str:
    """ "2025-11-06T01:23:45Z_EN_short": the time in UTC, an underscore, the scenario."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}_{scenario}"


def file_name(run: str) -> str:
    """The run's name without the colons, which some file systems refuse."""
    return run.replace(":", "-") + ".json"


def machine() -> str:
    """The machine in words, without its name, its user or any path."""
    system = f"{platform.system()} {platform.machine()}"
    return f"{os.cpu_count() or '?'} cores, {system}, Python {platform.python_version()}"


def save(measured: Measured, engines: Mapping[str, str], at: datetime, folder: Path = FOLDER) -> Report:
    """Write a run's file. A second run of a scenario within one second gets "_2" behind its name.

    Raises BadInput when the folder cannot be written to.
    """
    name = run_id(at, measured.scenario.name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, _MOST_AT_ONCE):
            run = name if number == 1 else f"{name}_{number}"
            path = folder / file_name(run)
            if path.exists():
                continue
            # Whole or not at all: a run that is killed leaves no half of a report.
            half = path.with_suffix(".part")
            half.write_text(json.dumps(content(measured, engines, run), ensure_ascii=False, indent=2) + "\n", "utf-8")
            half.replace(path)
            return Report(run, measured.scenario.name, measured.metrics, measured.error is not None)
    except OSError as error:
        raise BadInput(f"reports cannot be written to {folder}: {error.strerror}") from error
    raise BadInput(f"{folder} already holds {_MOST_AT_ONCE} runs of this second")


def content(measured: Measured, engines: Mapping[str, str], run: str) -> dict[str, Any]:
    """What a run's file holds."""
    return {
        "format": FORMAT,
        "run_id": run,
        "scenario": measured.scenario.name,
        "text": measured.scenario.text,
        "languages": list(measured.scenario.languages),
        "metrics": {name: measured.metrics.get(name) for name in METRICS},
        "null_because": measured.null_because,
        "details": measured.details,
        "error": measured.error,
        "engines": dict(engines),
        "product": {"name": "selfsame", "version": __version__},
        "machine": machine(),
    }


def earlier(folder: Path = FOLDER) -> tuple[list[Report], int]:
    """The reports in a folder, oldest first, and how many of its JSON files are damaged or something else."""
    found, others = [], 0
    for path in sorted(folder.glob("*.json")) if folder.is_dir() else []:
        report = _read(path)
        if report is None:
            others += 1
        else:
            found.append(report)
    return sorted(found, key=lambda report: report.run_id), others


def _read(path: Path) -> Report | None:
    try:
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            return None
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("metrics"), dict):
        return None
    run, scenario = data.get("run_id"), data.get("scenario")
    if not isinstance(run, str) or not isinstance(scenario, str) or not _RUN_ID.fullmatch(run):
        return None
    metrics = {name: _value(data["metrics"].get(name)) for name in METRICS}
    return Report(run, scenario, metrics, data.get("error") is not None)


def _value(value: object) -> Value:
    if isinstance(value, str):
        return value
    return number(value)


def number(value: object) -> float | None:
    """A finite number, else None."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def trend(report: Report, before: Iterable[Report]) -> dict[str, Change]:
    """Each number of a run against the median of earlier runs of its scenario, those not counted that have none."""
    runs = [one for one in before if one.scenario == report.scenario and one.run_id != report.run_id][-MOST_RUNS:]
    changes = {}
    for name in METRICS:
        now = number(report.metrics.get(name))
        past = [value for one in runs if (value := number(one.metrics.get(name))) is not None]
        if now is None and not past:
            continue
        middle = median(past) if past else None
        percent = 100 * (now - middle) / abs(middle) if now is not None and middle else None
        changes[name] = Change(now, middle, len(past), percent)
    return changes


def stability(reports: Sequence[Report]) -> dict[str, dict[str, Any]]:
    """Per scenario: runs, failures, and count, median, 95th percentile and largest of each time (EVAL-01)."""
    names = list(dict.fromkeys(report.scenario for report in reports))
    found: dict[str, dict[str, Any]] = {}
    for name in names:
        runs = [report for report in reports if report.scenario == name]
        times = {m: [v for r in runs if (v := number(r.metrics.get(m))) is not None] for m in METRICS[:3]}
        found[name] = {
            "runs": len(runs),
            "failed": sum(report.failed for report in runs),
            **{metric: spread(values) for metric, values in times.items()},
        }
    return found


_COLUMNS = (
    ("tts_ms", "tts ms"),
    ("avatar_render_ms", "render ms"),
    ("total_generation_ms", "total ms"),
    ("speaker_similarity", "speaker"),
    ("f0_rmse_hz", "f0 Hz"),
    ("language_detected", "language"),
    ("language_correctness_1_1", "right"),
    ("lip_sync_coherence_0_1", "lip-sync"),
)


def table(reports: Sequence[Report]) -> str:
    """A line a run with all its metrics; "-" for what could not be measured."""
    head = ["scenario", *(title for _, title in _COLUMNS)]
    rows = [[r.scenario, *(cell(r.metrics.get(name)) for name, _ in _COLUMNS)] for r in reports]
    return aligned([head, *rows])


def trend_table(report: Report, changes: Mapping[str, Change]) -> str:
    """What changed in a scenario, one metric a line."""
    rows = [
        [name, cell(c.now), cell(c.before), "-" if c.percent is None else f"{c.percent:+.1f} %", str(c.runs)]
        for name, c in changes.items()
    ]
    return aligned([[report.scenario, "now", "median before", "change", "runs"], *rows])


def cell(value: Value) -> str:
    """A value in a table; "-" for none."""
    return "-" if value is None else value if isinstance(value, str) else f"{value:.4g}"


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of equally many cells as lines: the first column to the left, the others to the right."""
    widths = [max(len(row[k]) for row in rows) for k in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if k == 0 else cell.rjust(width)
            for k, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
