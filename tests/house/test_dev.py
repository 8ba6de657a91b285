"""The `dev` script: its commands, its stamps, and that a failed step fails the run."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

DEV = Path(__file__).resolve().parents[2] / "dev"


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader = SourceFileLoader("dev", str(DEV))
    spec = spec_from_loader("dev", loader)
    assert spec
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


def test_help_names_every_command_from_any_directory(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, DEV, "--help"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert all(f"\n    {name} " in done.stdout for name in ("setup", "up", "test", "check", "fix", "wire", "talk"))


def test_an_old_python_can_read_it_as_far_as_the_message() -> None:
    ast.parse(DEV.read_text(encoding="utf-8"), feature_version=(3, 7))


def test_only_the_standard_library_is_needed() -> None:
    tree = ast.parse(DEV.read_text(encoding="utf-8"))
    names = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    names |= {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert {name.split(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize(
    ("line", "rest"), [(["test", "-k", "x"], ["-k", "x"]), (["up", "--port", "0"], ["--port", "0"]), (["check"], [])]
)
def test_arguments_are_handed_on(dev: ModuleType, line: list[str], rest: list[str]) -> None:
    assert dev.parse(line).rest == rest


def test_arguments_that_nobody_takes_are_refused(dev: ModuleType) -> None:
    with pytest.raises(SystemExit):
        dev.parse(["check", "--fast"])


def test_a_digest_sees_names_and_contents(dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    (tmp_path / "src").mkdir()
    file = tmp_path / "src" / "a.ts"
    file.write_text("1")
    first = dev.digest(tmp_path / "src")
    assert dev.digest(tmp_path / "src") == first
    file.write_text("2")
    second = dev.digest(tmp_path / "src")
    file.rename(tmp_path / "src" / "b.ts")
    assert len({first, second, dev.digest(tmp_path / "src")}) == 3


def test_a_failed_step_fails_the_run_but_stops_no_other(
    dev: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    def step(name: str, code: str) -> tuple[str, list[str], Path]:
        return name, [sys.executable, "-c", code], tmp_path

    steps = [step("good", "print('g')"), step("bad", "raise SystemExit(3)"), step("last", "print('1 passed')")]
    with pytest.raises(dev.Failed, match="failed: bad$"):
        dev.finish(steps)
    lines = capfd.readouterr().out.strip().splitlines()
    assert lines[-1] == "1 passed" and any("bad" in line and "FAILED" in line for line in lines)


@pytest.mark.parametrize(
    ("version", "problem"), [("v20.19.0", ""), ("v24.1.0", ""), ("v18.20.1", "too old"), ("", "too old")]
)
def test_node_is_judged_by_its_version(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, problem: str
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {version}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert problem in dev.node_problem() and bool(problem) == bool(dev.node_problem())
    (tmp_path / "npm").unlink()
    assert "not installed" in dev.node_problem()


def test_without_a_browser_ci_fails_and_a_person_is_told(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "package.json").write_text("{}")
    monkeypatch.setattr(dev, "WEB", tmp_path)
    monkeypatch.setattr(dev, "CI", False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("SELFSAME_TEST_CHROMIUM", raising=False)
    assert dev.find_browser() is None and "apt-get install chromium" in capsys.readouterr().out
    monkeypatch.setattr(dev, "CI", True)
    with pytest.raises(dev.Failed, match="Chromium"):
        dev.find_browser()
