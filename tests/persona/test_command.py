"""`selfsame clone persona`, on a workshop in memory."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import anyio
import click
import pytest
from click.testing import CliRunner

from selfsame.cli.clones import persona
from selfsame.cli.clones.persona import Desk, command
from selfsame.errors import BadInput, Refused, SelfsameError
from tests.persona.conftest import SPEAKERS
from tests.persona.test_job import working
from tests.persona.workshop import Workshop


@pytest.fixture
def shop(monkeypatch: pytest.MonkeyPatch) -> Workshop:
    made = Workshop()

    def run(_clone: str | None, act: Any) -> Any:
        async def inside() -> Any:
            async with working(made):
                return await act(Desk(made.desk, made.owner, made.clone))

        return anyio.run(inside)

    monkeypatch.setattr(persona, "_run", run)
    monkeypatch.setattr(persona, "POLL", 0.01)
    return made


def run(*words: str) -> Any:
    return CliRunner().invoke(command, list(words), standalone_mode=False)


def shown(*words: str) -> dict[str, Any]:
    result = run(*words, "--json")
    assert result.exception is None, result.exception
    return json.loads(result.output)


def merged(body: dict[str, Any], field: str) -> Any:
    return next(row["merged"] for row in body["fields"] if row["field"] == field)


def test_learn_show_edit_and_take_back(shop: Workshop) -> None:
    learnt = shown("extract", str(SPEAKERS / "dana.txt"))
    assert learnt["job"]["status"] == "completed" and merged(learnt, "fillers") == ["so", "you know", "I mean"]
    table = run("show", "--evidence").output
    assert "learnt" in table and "holds" in table and "trust the dough (3)" in table and "dana.txt: 348 words" in table
    edited = shown("edit", "tone=dry and kind", "closing=null", "fillers=well, you know", 'openers=["well"]')
    assert merged(edited, "tone") == "dry and kind" and merged(edited, "closing") is None
    assert merged(edited, "fillers") == ["well", "you know"] and merged(edited, "openers") == ["well"]
    assert "(none)" in run("show").output
    back = shown("reset", "fillers", "closing")
    assert merged(back, "fillers") == ["so", "you know", "I mean"] and merged(back, "tone") == "dry and kind"


def test_an_editor_shows_ones_own_words(shop: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    run("edit", "tone=dry", "role=a poet")
    seen: list[str] = []

    def editor(answer: str | None) -> None:
        monkeypatch.setattr(click, "edit", lambda text, extension: (seen.append(text), answer)[1])

    editor('{"tone": "warm", "energy": "calm"}')
    body = shown("edit")
    assert json.loads(seen[0]) == {"tone": "dry", "role": "a poet"}
    assert body["manualOverrides"] == {"tone": "warm", "energy": "calm"}
    for bad in ("{", "[1]"):
        editor(bad)
        assert isinstance(run("edit").exception, BadInput)
    editor(None)
    assert shown("edit")["manualOverrides"] == {"tone": "warm", "energy": "calm"}


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("extract", "/nowhere/talk.txt"), BadInput),
        (("extract", "https://vimeo.com/1"), BadInput),
        (("edit", "energy=wild"), BadInput),
        (("edit", "mood=x"), BadInput),
        (("edit", "tone"), click.UsageError),
        (("edit", "fillers=[so"), click.UsageError),
        (("reset", "mood"), BadInput),
    ],
)
def test_what_cannot_be_done_is_told(shop: Workshop, words: tuple[str, ...], kind: type[Exception]) -> None:
    assert isinstance(run(*words).exception, kind)


@pytest.mark.parametrize(
    ("fails", "kind"),
    [
        (BadInput("This video is private."), BadInput),
        (Refused("YouTube refuses", role="video", provider="yt-dlp"), SelfsameError),
    ],
)
def test_a_video_that_cannot_be_had_is_told(shop: Workshop, fails: SelfsameError, kind: type[Exception]) -> None:
    shop.fails = fails
    error = run("extract", "https://youtu.be/dQw4w9WgXcQ").exception
    assert isinstance(error, kind) and str(fails) in str(error)


def test_recordings_are_read_from_files(shop: Workshop, tmp_path: Path) -> None:
    from tests.persona.workshop import WAV

    (tmp_path / "talk.wav").write_bytes(WAV)
    body = shown("extract", str(tmp_path / "talk.wav"), "--language", "en")
    assert body["history"][0]["source"] == "talk.wav" and shop.heard
