"""What the server says by code, the page can say in its languages: no code is forgotten, none is left over."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

from selfsame.channels.alerts import Vitals, alerts
from selfsame.errors import ProviderError, Role
from tests.channels.test_alerts import TABLE

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web" / "src"
LANGUAGES = ("en", "zh", "es")
CODE = re.compile(r"[A-Z]+(_[A-Z]+)+|INTERNAL|OVERLOADED|DUPLICATE|FORBIDDEN|UNAUTHENTICATED")
OWN = {"UNREACHABLE", "TIMEOUT", "BAD_ANSWER"}
"""Codes that the page itself gives (web/src/wire/api-error.ts)."""
NOT_MET = {
    "SETTINGS_INVALID": "the server does not start",
}
"""Codes that nobody meets on the page, and why."""
ELSEWHERE = ("cli", "contracts", "evaluator", "demo")
"""Rooms whose codes stay on the command line or in tests."""


def words(folder: str, language: str) -> Any:
    """The page's texts of a folder."""
    return json.loads((WEB / folder / "words" / f"{language}.json").read_text("utf-8"))


def source() -> Iterator[tuple[Path, ast.Module]]:
    """Every module whose errors a page may be told."""
    for path in sorted((ROOT / "selfsame").rglob("*.py")):
        if path.relative_to(ROOT / "selfsame").parts[0] not in ELSEWHERE:
            yield path, ast.parse(path.read_text("utf-8"))


def given(tree: ast.Module) -> Iterator[ast.expr]:
    """What is given as a code: by keyword, as a class's own, as the second argument of `plain_answer`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from (each.value for each in node.keywords if each.arg in ("code", "error_code"))
            if isinstance(node.func, ast.Name) and node.func.id == "plain_answer":
                yield node.args[1]
        if isinstance(node, ast.ClassDef):
            yield from (
                each.value
                for each in node.body
                if isinstance(each, ast.Assign) and getattr(each.targets[0], "id", "") == "code"
            )
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "code":
            yield from (each for each in ast.walk(node.value) if isinstance(each, ast.Constant))


def codes_of_the_server() -> set[str]:
    """The codes that stand in the source; those of engines are made of a role and a reason."""
    found = {each.value for _, tree in source() for each in given(tree) if isinstance(each, ast.Constant)}
    return {code for code in found if isinstance(code, str) and CODE.fullmatch(code)}


def test_the_page_knows_every_code_and_none_that_is_gone() -> None:
    table = words("ui", "en")
    engines = {f"{role.upper()}_{reason}" for role in table["roles"] for reason in table["reasons"]}
    codes = codes_of_the_server()
    assert {"NOT_FOUND", "METHOD_NOT_ALLOWED", "SESSION_LAPSED", "DUPLICATE", "LLM_TIMEOUT"} <= codes
    assert codes - set(table["codes"]) - engines - set(NOT_MET) == set(), "say them in web/src/ui/words/*.json"
    assert set(table["codes"]) - codes - OWN == set(), "no code of the server any more"


def test_the_page_knows_every_engine_and_reason() -> None:
    table = words("ui", "en")
    assert set(table["roles"]) == set(get_args(Role))
    assert set(table["reasons"]) == {kind.reason for kind in ProviderError.__subclasses__()}


def test_the_page_knows_every_alert() -> None:
    codes, suspicious = (_alerts_of(name) for name in ("alerts.py", "suspicion.py"))
    assert codes | suspicious == set(words("features/operations", "en")["alerts"]["codes"])
    assert codes == {code for _, expected in TABLE for _, code in expected}, "each is raised by a test"


def _alerts_of(file: str) -> set[str]:
    (tree,) = (tree for path, tree in source() if path.name == file)
    made = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Alert"]
    return {node.args[1].value for node in made if isinstance(node.args[1], ast.Constant)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_alert_brings_every_figure_that_is_said(language: str) -> None:
    table = words("features/operations", language)["alerts"]["codes"]
    for figures, _ in TABLE:
        for alert in alerts(Vitals(**figures)):
            said = set(re.findall(r"\{\{(\w+)\}\}", " ".join(table[alert.code].values())))
            assert said <= set(alert.values), alert.code
            assert all(f"{value:g}" in alert.what for value in alert.values.values() if isinstance(value, int))
