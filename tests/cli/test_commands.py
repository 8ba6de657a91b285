"""The other commands: help that is quick, exit codes, JSON on standard output alone, doctor, models, serve, logs."""

from __future__ import annotations

import json
import logging
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from selfsame.cli import exits
from selfsame.cli.logs import set_up
from selfsame.cli.main import COMMANDS, main
from selfsame.cli.serve import listen
from selfsame.errors import (
    BadInput,
    BadOutput,
    ConsentMissing,
    Forbidden,
    NotFound,
    Overloaded,
    SelfsameError,
    Throttled,
    TooLarge,
    Unauthenticated,
    Unavailable,
)


def test_help_lists_commands_and_exit_codes(selfsame: Any) -> None:
    ran = selfsame("--help")
    assert ran.code == 0
    assert all(re.search(rf"^\s+{name}\s", ran.out, re.M) for name in COMMANDS)
    assert all(re.search(rf"^\s+{code}\s", ran.out, re.M) for code in exits.MEANINGS)


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "bench"])
def test_every_command_explains_itself_and_takes_json(selfsame: Any, name: str) -> None:
    inner = {"models": "list", "demo": "portrait", "clone": "list", "keys": "list", "privacy": "show", "audit": "list"}
    arguments = (name, *filter(None, [inner.get(name)]))
    ran = selfsame(*arguments, "--help")
    assert ran.code == 0 and "--json" in ran.out


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from selfsame.cli.main import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'httpx', 'structlog', 'uvicorn', 'anyio', 'onnxruntime', 'pydantic', 'sqlalchemy'}\n"
        "print(sorted(heavy & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_what_is_not_a_command(selfsame: Any) -> None:
    assert selfsame("nonsense").code == exits.USAGE
    assert selfsame("serve", "--port", "99999").code == exits.USAGE


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (BadInput("x"), 3),
        (TooLarge("x"), 3),
        (Unavailable("x", role="asr", provider="p"), 4),
        (Throttled("x", role="llm", provider="p"), 4),
        (BadOutput("x", role="tts", provider="p"), 4),
        (NotFound("x"), 5),
        (Forbidden("x"), 6),
        (Unauthenticated("x"), 6),
        (ConsentMissing("x"), 6),
        (Overloaded("x", expected_wait=3), 7),
        (SelfsameError("x"), 1),
    ],
)
def test_exit_codes(selfsame: Any, product: Any, error: SelfsameError, code: int) -> None:
    product.fails_with = error
    ran = selfsame("providers", "--json")
    assert ran.code == code and ran.json["error"] == {"code": error.code, "message": "x", "exit": code}
    assert ran.err.strip() == "selfsame: x"


def test_errors_inside_task_groups_are_told_the_same(selfsame: Any, product: Any) -> None:
    product.fails_with = ExceptionGroup("g", [ExceptionGroup("h", [NotFound("gone")])])
    assert selfsame("providers").code == 5


def test_bugs_are_not_hidden(product: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    product.fails_with = ExceptionGroup("g", [ZeroDivisionError()])
    monkeypatch.setattr(sys, "argv", ["selfsame", "providers"])
    with pytest.raises(ExceptionGroup):
        main(["providers"])


def test_settings_faults_stop_a_command(selfsame: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("SELFSAME_LOG_LEVEL", "loud")
    ran = selfsame("providers", "--json")
    assert ran.code == 3 and "PORT" in ran.json["error"]["message"] and "LOG_LEVEL" in ran.json["error"]["message"]


def test_an_env_file_can_be_named(selfsame: Any, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("PORT=70000")
    assert "PORT in .env must be" in selfsame("--env-file", str(tmp_path / "mine"), "providers").err


def test_providers(selfsame: Any) -> None:
    assert "pocketsphinx" in selfsame("providers").out
    assert selfsame("providers", "--json").json["engines"][0]["hint"] == "better ears: pull asr"


def test_doctor_reports_what_is_missing(selfsame: Any) -> None:
    ran = selfsame("doctor", "--json")
    report = ran.json
    assert ran.code == 1 and report["status"] == "degraded"
    missing = [check for check in report["checks"] if check["name"] == "all-MiniLM-L6-v2"]
    assert missing[0]["grade"] == "bad" and missing[0]["remedy"] == "selfsame models pull all-MiniLM-L6-v2"
    assert {"python", "disk", "database", "asr", "page"} <= {check["name"] for check in report["checks"]}
    home = next(row for row in report["settings"] if row["name"] == "home")
    assert home["source"] == "SELFSAME_HOME"


def test_doctor_is_content_when_all_is_there(selfsame: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("selfsame.cli.checking.checks.MODELS", ())
    ran = selfsame("doctor")
    assert ran.code == 0 and "Healthy." in ran.out and "-> better ears: pull asr" in ran.out


def test_doctor_survives_a_product_that_does_not_start(selfsame: Any, product: Any) -> None:
    fault = Unavailable("no database starts", role="database", provider="postgres")
    for product.fails_with in (fault, ExceptionGroup("g", [fault]), RuntimeError("no database starts")):
        ran = selfsame("doctor")
        assert ran.code == 1 and "no database starts" in ran.out and "Models" in ran.out


def test_doctor_shows_no_secret(selfsame: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-verysecret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hunter2@h/d")
    for ran in (selfsame("doctor"), selfsame("doctor", "--json")):
        assert "verysecret" not in ran.out + ran.err and "hunter2" not in ran.out + ran.err


def test_models_list_and_check(selfsame: Any) -> None:
    rows = selfsame("models", "list", "--json").json["models"]
    assert {row["state"] for row in rows} == {"missing"} and all(row["licence"] and row["from"] for row in rows)
    assert "silero-vad-6.2.3" in selfsame("models", "list").out
    assert selfsame("models", "check").code == 0
    assert selfsame("models", "check", "silero-vad-6.2.3", "--json").code == 1
    assert selfsame("models", "pull", "nonsense").code == 5


def test_a_taken_port_is_said_before_anything_starts(selfsame: Any, product: Any) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        ran = selfsame("serve", "--port", str(port))
    assert ran.code == 4 and f"port {port} is taken" in ran.err and not product.stopped


def test_other_machines_are_not_let_in_by_accident(selfsame: Any) -> None:
    ran = selfsame("serve", "--host", "0.0.0.0", "--port", "0")
    assert ran.code == 3 and "--public" in ran.err


def test_an_address_that_is_not_ours() -> None:
    with pytest.raises(BadInput, match="cannot listen"):
        listen("192.0.2.1", 0)


SERVE = """
import sys, conftest as c
fake = c.FakeProduct()
import selfsame.cli.serve as serve
serve.open_product = fake
import atexit; atexit.register(lambda: print("stopped" if fake.stopped else "left running", flush=True))
from selfsame.cli.main import main
main(sys.argv[1:])
"""


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_serve_says_where_answers_and_stops_the_product_on_a_signal(tmp_path: Path, kind: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            "PYTHONPATH": f"{Path(__file__).parents[2]}:{Path(__file__).parent}",
            "SELFSAME_HOME": str(tmp_path),
            "PATH": "/usr/bin:/bin",
        },
    )
    assert process.stdout and process.stderr
    line = json.loads(process.stdout.readline())
    assert line["event"] == "listening" and httpx.get(line["url"]).text == "here"
    process.send_signal(kind)
    out, err = process.communicate(timeout=15)
    assert process.returncode == 0 and out.strip() == "stopped", err
    assert json.loads(err.strip().splitlines()[-1])["message"] == "stopped"


def test_the_banner_is_for_people(capsys: pytest.CaptureFixture[str], product: Any) -> None:
    from selfsame.cli.serve import announce

    announce(product, "http://127.0.0.1:8000", as_json=False)
    out = capsys.readouterr().out
    assert "open http://127.0.0.1:8000" in out and "better ears: pull asr" in out


def test_logs_are_entries_on_standard_error(capfd: pytest.CaptureFixture[str], own_logs: None) -> None:
    set_up("info", "json")
    log = structlog.get_logger("x")
    log.debug("not said")
    log.warning("engine degraded", session_id="s1", user_id="u1", role="asr")
    try:
        raise ValueError("inside")
    except ValueError:
        log.exception("failed")
    logging.getLogger("library").error("from %s", "elsewhere")
    out, err = capfd.readouterr()
    first, second, third = [json.loads(line) for line in err.splitlines()]
    assert out == ""
    assert first["level"] == "WARN" and first["message"] == "engine degraded" and first["service"] == "selfsame"
    assert (first["sessionId"], first["userId"], first["metadata"]) == ("s1", "u1", {"role": "asr"})
    assert first["timestamp"].endswith("Z")
    assert second["level"] == "ERROR" and "ValueError: inside" in second["stackTrace"]
    assert third["message"] == "from elsewhere"
