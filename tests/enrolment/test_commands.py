"""The commands of a voice, as far as they go without a server."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from selfsame.cli.clones.voice import command


def test_every_step_has_a_command_and_its_help() -> None:
    told = CliRunner().invoke(command, ["--help"]).output
    for name in ("sentences", "consent", "enrol", "test", "activate", "list", "discard"):
        assert name in told
        assert CliRunner().invoke(command, [name, "--help"]).exit_code == 0


def test_sentences_are_listed() -> None:
    assert (
        len(json.loads(CliRunner().invoke(command, ["sentences", "--language", "zh", "--json"]).output)["sentences"])
        == 40
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["consent"], "--name"),
        (["enrol", "--clone", "me"], "RECORDINGS"),
        (["enrol", "--clone", "me"], "--url"),
        (["enrol", "a.wav", "--url", "https://youtu.be/dQw4w9WgXcQ", "--clone", "me"], "--url"),
        (["enrol", "a.wav"], "--clone"),
        (["test", "x"], "--out"),
        (["activate", "x", "--manner", "loud"], "automatic"),
    ],
)
def test_what_is_missing_is_said(line: list[str], said: str) -> None:
    result = CliRunner().invoke(command, line)
    assert result.exit_code == 2 and said in result.output


def test_texts_and_recordings_must_be_as_many(tmp_path) -> None:
    texts = tmp_path / "texts.txt"
    texts.write_text("One.\nTwo.\n")
    result = CliRunner().invoke(command, ["enrol", "a.wav", "--clone", "me", "--texts", str(texts)])
    assert result.exit_code == 2 and "1 recordings and 2 lines" in result.output
