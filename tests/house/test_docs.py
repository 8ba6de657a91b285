"""The documents keep their word: links lead somewhere, commands exist, dependencies are explained, nothing is local."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import click
import pytest

from selfsame.cli.main import main

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "selfsame" / "demo").rglob("*.md")])
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
COMMAND = re.compile(r"`(?:\.venv/bin/)?selfsame ([a-z][a-z -]*)|^\.venv/bin/selfsame ([a-z][a-z -]*)", re.M)


def missing_links(page: Path) -> list[str]:
    """Relative links of a page that lead nowhere."""
    targets = (link.split("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8")))
    return [t for t in targets if t and "://" not in t and not (page.parent / t).exists()]


def unknown_commands(text: str) -> list[str]:
    """Commands named in a text that the command line does not have."""
    unknown = []
    for match in COMMAND.finditer(text):
        words = (match.group(1) or match.group(2)).split()
        command: click.Command | None = main
        for word in words:
            if not isinstance(command, click.Group):
                break
            names = command.list_commands(click.Context(command))
            if word not in names:
                unknown.append(" ".join(words))
                break
            command = (
                None if words[0] == "bench" and word != "bench" else command.get_command(click.Context(main), word)
            )
    return unknown


def test_there_are_pages() -> None:
    assert {"README.md", "CONTRIBUTING.md", "architecture.md", "troubleshooting.md"} <= {page.name for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_and_commands_exist(page: Path) -> None:
    assert missing_links(page) == []
    assert unknown_commands(page.read_text(encoding="utf-8")) == []


def test_the_checks_can_fail(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("[a](b.md) [c](page.md#x) [d](https://e.example)")
    assert missing_links(page) == ["b.md"]
    assert unknown_commands("`selfsame dance` and `selfsame models burn` and `selfsame bench quickly`") == [
        "dance",
        "models burn",
        "bench quickly",
    ]
    assert unknown_commands("`selfsame models pull`, `selfsame talk`, `selfsame bench turn`") == []


def test_what_the_map_points_to_exists() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8").split("## To change X")[1].split("## Work on it")[0]
    paths = [p for p in re.findall(r"`([\w./]+/[\w./]*)`", table) if not p.startswith("./")]
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", ["base.in", "dev.in"])
def test_every_dependency_is_explained(name: str) -> None:
    text = (ROOT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| ([a-z][\w.-]*) \|", text, re.M)) - {"package"}
    lines = (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines()
    wanted = {re.split(r"[\[<>=]", line)[0] for line in lines if line and line[0] not in "#-"}
    assert wanted <= explained


def test_no_path_of_a_machine_is_committed() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    local = re.compile(r"(?<![\w.])/(?:home|Users|work)/\w+")
    found = []
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        if (
            path.suffix in (".py", ".md", ".ts", ".tsx", ".toml", ".in", ".json", ".yaml", ".yml", "")
            and path.is_file()
        ):
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{name}: {hit.group()}" for hit in local.finditer(text)]
    assert found == []
