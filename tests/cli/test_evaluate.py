"""`selfsame evaluate` over a studio that really makes files."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from selfsame.cli import exits
from selfsame.errors import Unavailable
from selfsame.evaluator.clip_run import MadeClip
from tests.evaluator.drawn_clips import STUDIO, make_clip


@pytest.fixture
def studio(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The evaluator's studio draws; `asked` holds the clones that were wanted, `broken` texts that fail."""
    state: dict[str, Any] = {"asked": [], "broken": ""}

    async def make(text: str, language: str) -> MadeClip:
        if state["broken"] and state["broken"] in text:
            raise Unavailable("no face today", role="face", provider="drawn")
        return await make_clip(text, language)

    @asynccontextmanager
    async def opened(settings: object, clone: str | None) -> AsyncIterator[Any]:
        state["asked"].append(clone)
        yield replace(STUDIO, make_clip=make)

    monkeypatch.setattr("selfsame.cli.evaluate._studio", opened)
    return state


def test_one_scenario_is_run_written_and_shown(selfsame: Any, studio: dict[str, Any], tmp_path: Path) -> None:
    ran = selfsame("evaluate", "--scenario", "EN_short", "--clone", "vera", "--out", str(tmp_path / "out"))
    assert ran.code == 0 and studio["asked"] == ["vera"]
    (path,) = (tmp_path / "out").glob("*.json")
    held = json.loads(path.read_text("utf-8"))
    assert held["scenario"] == "EN_short" and held["engines"]["face"] == "drawn"
    assert "EN_short" in ran.out and "median before" not in ran.out and held["run_id"] in ran.err


def test_repeated_runs_show_stability_and_later_ones_a_trend(
    selfsame: Any, studio: dict[str, Any], tmp_path: Path
) -> None:
    arguments = ("evaluate", "--scenario", "ES_short", "--scenario", "ZH_short", "--out", str(tmp_path))
    first = selfsame(*arguments, "--repeat", "2", "--json").json
    assert [run["scenario"] for run in first["runs"]] == ["ES_short", "ZH_short"] * 2
    assert len({run["run_id"] for run in first["runs"]}) == 4 == len(list(tmp_path.iterdir()))
    assert first["stability"]["ZH_short"]["total_generation_ms"]["n"] == 2
    assert first["trend"]["ES_short"]["tts_ms"]["before"] is None
    (tmp_path / "half.json").write_text("{")
    second = selfsame(*arguments)
    assert second.code == 0 and "median before" in second.out and "+0.0 %" in second.out
    assert "1 files in the folder" in second.out


def test_a_clip_that_fails_is_reported_and_the_others_are_made(
    selfsame: Any, studio: dict[str, Any], tmp_path: Path
) -> None:
    studio["broken"] = "Me alegra"
    ran = selfsame("evaluate", "--scenario", "ES_short", "--scenario", "EN_short", "--out", str(tmp_path), "--json")
    assert ran.code == exits.FAILED
    assert [run["failed"] for run in ran.json["runs"]] == [True, False]
    failed = json.loads(next(tmp_path.glob("*ES_short.json")).read_text("utf-8"))
    assert failed["error"]["code"] == "FACE_UNAVAILABLE" and set(failed["metrics"].values()) == {None}


def test_mistakes_are_told_before_anything_runs(selfsame: Any, studio: dict[str, Any], tmp_path: Path) -> None:
    assert selfsame("evaluate", "--scenario", "FR_short", "--out", str(tmp_path)).code == exits.BAD_INPUT
    assert selfsame("evaluate", "--repeat", "0").code == exits.USAGE
    assert studio["asked"] == []


def test_controls_stand_beside_the_score_and_reports_lie_in_the_home(
    selfsame: Any, studio: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SELFSAME_HOME", str(tmp_path))
    ran = selfsame("evaluate", "--scenario", "EN_long", "--controls")
    assert ran.code == 0 and "200 ms late" in ran.out and "smallest margin" in ran.out
    (path,) = (tmp_path / "evaluator" / "outputs").glob("*.json")
    assert json.loads(path.read_text("utf-8"))["details"]["controls"]["margin"] > 0.3
    held = selfsame("evaluate", "--scenario", "EN_long", "--controls", "--json").json["controls"]
    (wrong,) = held.values()
    assert wrong["late"] == 0.0 and wrong["score"] > 0.5
    assert "controls" not in selfsame("evaluate", "--scenario", "EN_long", "--json").json
