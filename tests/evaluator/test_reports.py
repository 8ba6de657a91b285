"""Reports: exact names, safe files, tolerant reading, honest trends."""

from __future__ import annotations

import json
import os
import socket
from datetime import UTC, datetime, timedelta, timezone
from getpass import getuser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput
from selfsame.evaluator.clip_run import METRICS, Measured
from selfsame.evaluator.reports import (
    Report,
    earlier,
    file_name,
    machine,
    run_id,
    save,
    stability,
    table,
    trend,
    trend_table,
)
from selfsame.evaluator.scenarios import SCENARIOS

AT = datetime(2025, 11, 6, 1, 23, 45, 900_000, UTC)
NAMES = [
    "tts_ms",
    "avatar_render_ms",
    "total_generation_ms",
    "speaker_similarity",
    "f0_rmse_hz",
    "language_detected",
    "language_correctness_1_1",
    "lip_sync_coherence_0_1",
]


def run(total: float | None = 1290.0, number: int = 0, failed: bool = False) -> Measured:
    metrics = dict.fromkeys(METRICS) | {
        "tts_ms": 242.0,
        "total_generation_ms": total,
        "language_detected": "EN",
        "language_correctness_1_1": 1,
        "lip_sync_coherence_0_1": 0.72,
    }
    error = {"code": "FACE_UNAVAILABLE", "message": "no"} if failed else None
    return Measured(SCENARIOS[number], metrics, {"f0_rmse_hz": "no reference"}, {"language_from": "text"}, error)


def test_a_report_says_what_is_asked(tmp_path: Path) -> None:
    report = save(run(), {"tts": "espeak"}, AT, tmp_path / "evaluator" / "outputs")
    assert report.run_id == "2025-11-06T01:23:45Z_EN_short"
    (path,) = (tmp_path / "evaluator" / "outputs").iterdir()
    assert path.name == "2025-11-06T01-23-45Z_EN_short.json"
    held = json.loads(path.read_text("utf-8"))
    assert held["run_id"] == "2025-11-06T01:23:45Z_EN_short" and list(held["metrics"]) == NAMES
    assert held["metrics"]["f0_rmse_hz"] is None and held["null_because"]["f0_rmse_hz"] == "no reference"
    assert held["engines"] == {"tts": "espeak"} and held["product"]["version"]
    assert held["details"]["language_from"] == "text" and held["text"] == SCENARIOS[0].text


def test_other_time_zones_are_put_into_utc() -> None:
    east = datetime(2025, 11, 6, 9, 23, 45, tzinfo=timezone(timedelta(hours=8)))
    assert run_id(east, "ZH_short") == "2025-11-06T01:23:45Z_ZH_short"


@pytest.mark.parametrize("name", [s.name for s in SCENARIOS])
def test_names_suit_every_file_system(name: str) -> None:
    made = file_name(run_id(AT, name))
    assert not set(made) & set('<>:"/\\|?* ') and len(made) < 100 and made.endswith(".json")


def test_the_machine_is_described_without_names() -> None:
    said = machine().lower()
    assert "cores" in said and socket.gethostname().lower() not in said
    assert os.sep not in said and f" {getuser()}" not in said


def test_two_runs_within_a_second_are_two_files(tmp_path: Path) -> None:
    made = [save(run(), {}, AT, tmp_path).run_id for _ in range(3)]
    assert made == [f"2025-11-06T01:23:45Z_EN_short{end}" for end in ("", "_2", "_3")]
    assert [report.run_id for report in earlier(tmp_path)[0]] == made


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput, match="cannot be written"):
        save(run(), {}, AT, tmp_path / "file")


def test_reading_back_leaves_out_what_is_damaged_or_foreign(tmp_path: Path) -> None:
    save(run(), {}, AT, tmp_path)
    good = next(tmp_path.glob("*.json")).read_text("utf-8")
    others = {
        "cut": good[: len(good) // 2],
        "empty": "",
        "list": "[1, 2]",
        "deep": "[" * 200_000,
        "foreign": '{"format": "other", "run_id": "x", "metrics": {}}',
        "no-metrics": json.dumps(json.loads(good) | {"metrics": 7}),
        "odd-run": json.dumps(json.loads(good) | {"run_id": "../../etc"}),
        "no-scenario": json.dumps(json.loads(good) | {"scenario": 3}),
    }
    for name, text in others.items():
        (tmp_path / f"{name}.json").write_text(text, "utf-8")
    (tmp_path / "binary.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "notes.txt").write_text("not looked at")
    found, left_out = earlier(tmp_path)
    assert [report.run_id for report in found] == ["2025-11-06T01:23:45Z_EN_short"]
    assert left_out == len(others) + 2
    assert earlier(tmp_path / "nowhere") == ([], 0)


def test_odd_values_become_nothing(tmp_path: Path) -> None:
    save(run(), {}, AT, tmp_path)
    path = next(tmp_path.glob("*.json"))
    held = json.loads(path.read_text("utf-8"))
    held["metrics"] |= {"tts_ms": [1], "avatar_render_ms": True, "total_generation_ms": float("nan")}
    path.write_text(json.dumps(held), "utf-8")
    (report,), _ = earlier(tmp_path)
    assert [report.metrics[name] for name in NAMES[:3]] == [None, None, None]
    assert report.metrics["lip_sync_coherence_0_1"] == 0.72


def test_a_file_that_is_too_big_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "big.json").write_text(" " * 1_100_000)
    assert earlier(tmp_path) == ([], 1)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
)


@settings(max_examples=60, deadline=None)
@given(JSON)
def test_any_json_is_read_or_left_out(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "any.json").write_text(json.dumps({"format": "selfsame-evaluation/1", "metrics": value, "run_id": value}))
    assert earlier(folder) == ([], 1)


def past(*totals: float | None) -> list[Report]:
    return [
        Report(f"2025-11-0{k + 1}T00:00:00Z_EN_short", "EN_short", {"total_generation_ms": total})
        for k, total in enumerate(totals)
    ]


@pytest.mark.parametrize(
    ("before", "now", "median", "percent"),
    [
        ((1000.0, 1200.0, 5000.0), 1500.0, 1200.0, 25.0),
        ((1000.0, 2000.0), 750.0, 1500.0, -50.0),
        ((1000.0, None), 1000.0, 1000.0, 0.0),
        ((), 1000.0, None, None),
        ((0.0,), 5.0, 0.0, None),
        ((1000.0,), None, 1000.0, None),
    ],
)
def test_the_trend_is_against_the_median_of_earlier_runs(
    before: tuple, now: float | None, median: float | None, percent: float | None
) -> None:
    other = Report("2025-11-05T00:00:00Z_EN_long", "EN_long", {"total_generation_ms": 9e9})
    report = Report("2025-12-01T00:00:00Z_EN_short", "EN_short", {"total_generation_ms": now})
    found = trend(report, [*past(*before), other, report])["total_generation_ms"]
    assert (found.now, found.before, found.percent) == (now, median, percent)
    assert found.runs == sum(value is not None for value in before)


def test_words_have_no_trend() -> None:
    report = Report("2025-12-01T00:00:00Z_EN_short", "EN_short", {"language_detected": "EN"})
    assert trend(report, [report]) == {}


def test_stability_counts_failures_and_spreads_times() -> None:
    runs = [*past(100.0, 200.0, 300.0), Report("2025-11-09T00:00:00Z_EN_short", "EN_short", {}, failed=True)]
    found = stability(runs)["EN_short"]
    assert (found["runs"], found["failed"]) == (4, 1)
    assert found["total_generation_ms"] == {"n": 3, "p50": 200.0, "p95": 290.0, "max": 300.0}
    assert found["tts_ms"]["n"] == 0


def test_tables_show_every_metric_and_gaps_as_dashes() -> None:
    report = Report("2025-12-01T00:00:00Z_EN_short", "EN_short", run().metrics)
    head, line = table([report]).splitlines()
    assert len(head.split("  ")) > 5 and line.split() == ["EN_short", "242", "-", "1290", "-", "-", "EN", "1", "0.72"]
    shown = trend_table(report, trend(report, past(1000.0)))
    assert "+29.0 %" in shown and "-" in shown.splitlines()[1]
