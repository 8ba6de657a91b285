"""The log as files: lines that keep to BigQuery's schema, tables without formulas; and what in it is suspicious."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from selfsame.channels.audit_export import NAMES, PAGE, SCHEMA, exported, row, written
from selfsame.channels.suspicion import DELETIONS, FAILURES, MANY_FAILURES, REFUSALS, suspicions
from selfsame.clones.audit import Entry, Logged, action_of
from selfsame.kit.ids import new_id
from selfsame.stores.memory_account import MemoryAudit
from tests.channels.test_page_words import LANGUAGES, words
from tests.channels.whole_house import WholeHouse

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
USER = new_id()


def line(action: str, ago: float = 1.0, ip: str = "203.0.113.9", result: Any = "success", **more: Any) -> Logged:
    """An entry of so many minutes ago."""
    about = {"resource": "/api/x", "user_agent": "Browser"} | more
    entry = Entry(USER, action, about["resource"], result, ip, about["user_agent"], {"status": 200})
    return Logged(new_id(), NOW - timedelta(minutes=ago), entry)


def keeps_to_schema(told: dict[str, Any]) -> None:
    """As BigQuery checks a line that it loads: every required column, no other, each of its type."""
    assert set(told) == {column["name"] for column in SCHEMA}
    for column in SCHEMA:
        value = told[column["name"]]
        match column["type"]:
            case "STRING":
                assert isinstance(value, str)
            case "TIMESTAMP":
                assert datetime.fromisoformat(value).tzinfo is not None and value.endswith("Z")
            case "JSON":
                assert isinstance(value, dict)
            case other:
                raise AssertionError(other)
        assert column["mode"] == "REQUIRED" and column["name"].isidentifier() and len(column["name"]) <= 300


@given(
    words=some.text(max_size=30),
    details=some.dictionaries(some.text(max_size=8), some.integers(-5, 5) | some.text(max_size=9), max_size=4),
)
def test_every_line_of_the_export_keeps_to_bigquery_s_schema(words: str, details: dict[str, Any]) -> None:
    entry = Entry(USER, "sign_in", words.replace("\0", ""), "failure", "::1", words, details)
    data = written([Logged(new_id(), NOW, entry)] * 2, "jsonl")
    lines = data.split(b"\n")
    assert len(lines) == 3 and lines[2] == b"", "newline-delimited, with an end to the last"
    keeps_to_schema(json.loads(lines[0]))
    assert json.loads(lines[0])["resource"] == words.replace("\0", "")


@pytest.mark.parametrize("agent", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_of_the_table_is_a_formula(agent: str) -> None:
    text = written([line("sign_in", user_agent=agent)], "csv").decode()
    (cells,) = csv.reader(io.StringIO(text, newline=""))
    assert len(cells) == len(NAMES)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


@pytest.mark.anyio
async def test_a_long_log_is_exported_whole_and_once() -> None:
    stamps = iter(range(10**6))
    log = MemoryAudit(USER, now=lambda: NOW + timedelta(seconds=next(stamps) // 3))
    for number in range(PAGE * 2 + 7):
        await log.write(Entry(USER, f"a{number}", "/x", "success"))

    told = b"".join([piece async for piece in exported(log, "jsonl", USER)]).splitlines()
    assert sorted(json.loads(each)["action"] for each in told) == sorted(f"a{n}" for n in range(PAGE * 2 + 7))
    times = [json.loads(each)["timestamp"] for each in told]
    assert times == sorted(times, reverse=True)
    table = b"".join([piece async for piece in exported(log, "csv", None)]).decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(table, newline="")))) == PAGE * 2 + 7
    assert set(row((await log.read(USER, 1))[0])) == set(NAMES)


OLD = [line("data_access", ago=3000)]
"""A device that has been known for two days."""


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ([], []),
        ([line("sign_in", ago=n, result="failure") for n in range(FAILURES - 1)], []),
        ([line("sign_in", ago=n, result="failure") for n in range(FAILURES)], ["SIGN_IN_FAILURES"]),
        ([line("sign_in", ago=20 + n, result="failure") for n in range(FAILURES)], []),
        ([line("sign_in", ago=n) for n in range(FAILURES)], []),
        ([line("security_event", ago=n, result="failure") for n in range(REFUSALS)], ["REFUSED_ACCESS"]),
        ([line("security_event", ago=n, ip=f"198.51.100.{n}", result="failure") for n in range(REFUSALS)], []),
        ([line("data_deletion", ago=n) for n in range(DELETIONS)], ["MANY_DELETIONS"]),
        ([line("data_access", resource="/api/privacy/export"), *OLD], []),
        ([line("data_access", ip="198.51.100.1", resource="/api/privacy/export"), *OLD], ["NEW_DEVICE"]),
        ([line("data_access", ip="198.51.100.1", resource="/api/privacy/export")], []),
        ([line("data_access", ip="198.51.100.1", resource="/api/audit"), *OLD], []),
        ([line("data_access", ip="::1", resource="/api/clones/a/export"), *OLD], []),
        ([line("data_deletion", user_agent="curl"), line("key_changed", user_agent="curl"), *OLD], ["NEW_DEVICE"]),
        ([line("key_changed", ip="not an address"), *OLD], ["NEW_DEVICE"]),
        ([line("data_deletion", ip="198.51.100.1", result="failure"), *OLD], []),
    ],
)
def test_what_is_suspicious(lines: list[Logged], codes: list[str]) -> None:
    found = suspicions(lines, NOW)
    assert [alert.code for alert in found] == codes
    assert all(alert.what.endswith(".") and alert.action.endswith(".") for alert in found)
    for alert, language in product(found, LANGUAGES):
        said = words("features/operations", language)["alerts"]["codes"][alert.code]
        assert set(re.findall(r"\{\{(\w+)\}\}", said["what"])) == set(alert.values), "the page says the same"


def test_very_many_failures_are_critical() -> None:
    failed = [line("sign_in", ago=n / 2, ip=f"198.51.100.{n}", result="failure") for n in range(MANY_FAILURES)]
    (alert,) = suspicions(failed, NOW)
    assert alert.level == "critical" and f"{MANY_FAILURES} addresses" in alert.what


@pytest.mark.parametrize(
    ("method", "path", "action"),
    [
        ("GET", "/api/privacy/export", "data_access"),
        ("GET", "/api/clones/ada/export", "data_access"),
        ("GET", "/api/audit/export", "data_access"),
        ("DELETE", "/api/privacy", "data_deletion"),
        ("DELETE", f"/api/products/{USER}/pictures/{USER}", "data_deletion"),
        ("POST", f"/api/products/{USER}/pictures", "document_upload"),
        ("POST", "/api/clones/import", "document_upload"),
        ("GET", "/api/clones/ada", None),
    ],
)
def test_what_takes_data_out_or_away_is_logged(method: str, path: str, action: str | None) -> None:
    assert action_of(method, path) == action


@pytest.mark.anyio
async def test_who_runs_the_server_is_told_of_sign_ins_that_fail() -> None:
    whole = WholeHouse()
    async with whole.open() as http:
        assert (await http.get("/api/operations")).json()["alerts"] == []
    async with whole.open() as http:
        for number in range(FAILURES):
            body = {"code": f"WRONG-{number}000", "deviceId": "device-0123456789"}
            refused = await http.post("/api/sign-in", json=body)
            assert refused.status_code == 401, refused.text
        found = {each["code"]: each for each in (await http.get("/api/operations")).json()["alerts"]}
        assert found["SIGN_IN_FAILURES"]["level"] == "warning" and "sign out" in found["SIGN_IN_FAILURES"]["action"]
