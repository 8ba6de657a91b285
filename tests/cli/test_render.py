"""`selfsame render` and `selfsame bench face`, with a drawn face and a humming voice."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import av
import pytest
from click.testing import CliRunner

from selfsame.cli.bench import face as bench
from selfsame.cli.main import main
from selfsame.errors import BadInput, Unavailable
from selfsame.events.shown import Image
from selfsame.face.port import FoundFace
from selfsame.wiring import filming
from selfsame.wiring.filming import FilmSet
from tests.face.painter import DrawnFace
from tests.studio.speakers import Loudly, Words, quiet


class NoEyes:
    """A landmarker that nobody asks."""

    def find(self, image: Image, threshold: float = 0.5) -> list[FoundFace]:
        raise AssertionError("nobody looks at faces here")


@asynccontextmanager
async def drawn(_settings: object, clone: str | None) -> AsyncIterator[FilmSet]:
    yield FilmSet(clone or "vera", "EN", Words(gap=0.1), Loudly(), quiet, DrawnFace, "drawn", "none", 1, NoEyes())


@pytest.fixture(autouse=True)
def _set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(filming, "open_film_set", drawn)
    monkeypatch.setenv("SELFSAME_HOME", str(tmp_path / "home"))


def run(*words: str, text: str | None = None) -> Any:
    return CliRunner().invoke(main, ["render", *words], input=text, standalone_mode=False)


def test_a_text_becomes_a_file(tmp_path: Path) -> None:
    out = tmp_path / "clip.mp4"
    ran = run("--text", "Hello there.", "--out", str(out), "--size", "256", "--json")
    assert ran.exception is None, ran.exception
    told = json.loads(ran.stdout)
    assert told["bytes"] == out.stat().st_size and told["size"] == 256
    assert told["timings"]["totalGenerationMs"] > 0
    with av.open(io.BytesIO(out.read_bytes())) as container:
        assert float(container.streams.video[0].duration * container.streams.video[0].time_base) == told["seconds"]
    assert [p.name for p in tmp_path.iterdir() if p.name != "home"] == ["clip.mp4"], "no part of it is left behind"


def test_a_script_file_or_the_input_is_read(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text("﻿Hello there.", encoding="utf-8")
    ran = run("--script", str(script), "--out", str(tmp_path / "a.mp4"), "--size", "256")
    assert "256 px" in ran.stdout
    run("--script", "-", "--out", str(tmp_path / "b.mp4"), "--size", "256", text="Hello there.")
    assert (tmp_path / "b.mp4").stat().st_size == (tmp_path / "a.mp4").stat().st_size


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    binary = tmp_path / "x.bin"
    binary.write_bytes(b"\xff\xfe\x00\xff")
    out = str(tmp_path / "c.mp4")
    assert isinstance(run("--script", str(binary), "--out", out).exception, BadInput)
    assert isinstance(run("--script", str(tmp_path / "none.txt"), "--out", out).exception, BadInput)
    assert isinstance(run("--text", "  ", "--out", out).exception, BadInput)
    assert "--text or with --script" in str(run("--out", out).exception)
    assert "render --text 'Good day'" in str(run("Good", "day", "--out", out).exception)
    assert "no folder" in str(run("--text", "x", "--out", str(tmp_path / "no" / "c.mp4")).exception)
    assert not Path(out).exists()


def test_a_failure_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @asynccontextmanager
    async def empty(*_: object) -> AsyncIterator[FilmSet]:
        raise Unavailable("no renderer", role="face", provider="test")
        yield

    monkeypatch.setattr(filming, "open_film_set", empty)
    assert isinstance(run("--text", "x", "--out", str(tmp_path / "c.mp4")).exception, Unavailable)
    assert not (tmp_path / "c.mp4").exists()


def test_the_benchmark_measures_every_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "_LIVE_SECONDS", 1.0)
    ran = CliRunner().invoke(main, ["bench", "face", "--pictures", "20", "--json"], standalone_mode=False)
    assert ran.exception is None, ran.exception
    told = json.loads(ran.stdout)
    assert set(told["sizes"]) == {"256", "360", "512"}
    for row in told["sizes"].values():
        assert row["ratio"]["floor"] == 1.0 and row["cpuMs"]["draw + h264 file"]["p50"] > 0
        assert row["cpuMs"]["floor + h264 file"]["p50"] > row["cpuMs"]["floor"]["p50"]
    assert told["motion"]["cpuMsPerSecond"] > 0 and told["started"] is None
    assert told["clip"]["seconds"] > 5 and told["live"]["jpeg"]["pictures"] > 0
    assert "times faster" in bench.readable(told)
