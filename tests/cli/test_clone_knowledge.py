"""`selfsame clone knowledge`: files and folders in, a line for each, and exit codes that scripts can use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from selfsame.cli.clones.knowledge import command, files_of
from selfsame.errors import NotFound
from tests.library import documents as made
from tests.wiring.test_product import QUIET, home

assert home  # a fixture


def run(home: Path, *words: str) -> Result:
    environment = {"SELFSAME_HOME": str(home), **QUIET}
    return CliRunner().invoke(command, list(words), env=environment, catch_exceptions=False)


def test_from_a_folder_to_products_and_away(home: Path, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "clocks.docx").write_bytes(made.word())
    (tmp_path / "locked.pdf").write_bytes(made.locked_pdf())
    (tmp_path / ".hidden.txt").write_text("not for the clone")
    (tmp_path / "p.csv").write_text("name,price,currency,note\nKettle,24.9,EUR,=1+1\n")
    added = run(home, "add", str(tmp_path))
    assert added.exit_code == 3
    lines = added.stdout.splitlines()
    assert any("ok      clocks.docx: 4 passages, EN" in line for line in lines)
    assert any("FAILED  locked.pdf" in line and "password" in line for line in lines)
    assert any("ok      p.csv: 1 products" in line for line in lines)
    assert "hidden" not in added.stdout
    again = run(home, "add", str(tmp_path / "p.csv"), "--json")
    assert again.exit_code == 0 and json.loads(again.stdout)["documents"][0]["duplicate"] is True
    listed = json.loads(run(home, "list", "--json").stdout)["documents"]
    assert {d["filename"] for d in listed if d["kind"] == "file"} == {"clocks.docx", "locked.pdf", "p.csv"}
    out = tmp_path / "out.csv"
    assert run(home, "products", "--csv", str(out)).exit_code == 0
    assert out.read_text("utf-8-sig").splitlines()[1] == "Kettle,24.9,EUR,,,,,,,'=1+1"
    removed = run(home, "remove", "locked.pdf", "p.csv", "--json")
    assert len(json.loads(removed.stdout)["removed"]) == 2
    assert json.loads(run(home, "products", "--json").stdout)["products"] == []


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="neither a file"):
        files_of([str(tmp_path / "nothing")])
