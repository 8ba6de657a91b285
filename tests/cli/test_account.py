"""`selfsame sign-in` and `selfsame keys`, on a private database of their own."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from selfsame.cli.main import main
from selfsame.cli.sign_in import address, advice
from selfsame.settings import Settings, load

SECRET = "sk-very-secret-1234"


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="selfsame-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.fixture
def command(home: Path, monkeypatch: pytest.MonkeyPatch, own_logs: None) -> Any:
    for name in ("DATABASE_URL", "SELFSAME_DATABASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SELFSAME_HOME", str(home))

    def run(*arguments: str, stdin: str = "") -> Result:
        return CliRunner().invoke(main, ["--env-file", "/nowhere/.env", *arguments], input=stdin, standalone_mode=False)

    return run


def test_a_code_is_printed_with_its_link(command: Any) -> None:
    ran = command("sign-in", "--json", "--origin", "https://me.example/")
    assert ran.exception is None, ran.output
    told = json.loads(ran.stdout)
    assert (
        re.fullmatch(r"(\w{4}-){2}\w{4}", told["code"]) and told["link"] == f"https://me.example/sign-in#{told['code']}"
    )
    plain = command("sign-in", "--minutes", "3")
    assert "within 3 minutes" in plain.output and "this machine alone" in plain.stderr
    assert command("sign-in", "--devices").output.strip() == "No device is signed in."


def test_keys_are_kept_from_standard_input_and_never_shown(command: Any, home: Path) -> None:
    kept = command("keys", "set", "groq", "--json", stdin=SECRET + "\n")
    assert json.loads(kept.stdout)["check"] == "unused"
    tried = command("keys", "set", "openai", "--base-url", "http://127.0.0.1:9/v1", stdin=SECRET)
    assert "openai: unreachable" in tried.stdout and "the key is kept" in tried.stdout
    listed = command("keys", "list")
    assert re.search(r"groq\s+20\d\d-\d\d-\d\d\s+kept, no engine uses it yet", listed.stdout)
    assert re.search(r"deepgram\s+-\s+no key", listed.stdout)
    assert "openai: unreachable" in command("keys", "check", "openai").stdout
    assert command("keys", "remove", "groq").stdout == "Forgotten: groq\n"
    assert command("keys", "remove", "groq").exception is not None
    assert all(SECRET not in ran.output for ran in (kept, tried, listed))
    assert command("keys", "set", "openai", stdin="").exception is not None
    assert command("keys", "set", "nobody", stdin=SECRET).exception is not None
    for file in home.rglob("*"):
        if file.is_file():
            assert SECRET.encode() not in file.read_bytes(), file


@pytest.mark.parametrize(
    ("environment", "wanted"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"SELFSAME_HOST": "192.0.2.7", "SELFSAME_PORT": "9000"}, "http://192.0.2.7:9000"),
        ({"SELFSAME_HOST": "2001:db8::7"}, "http://[2001:db8::7]:8000"),
        ({"SELFSAME_ALLOWED_ORIGINS": "https://me.example,https://b.example"}, "https://me.example"),
    ],
)
def test_the_link_leads_where_the_server_is_reached(environment: dict[str, str], wanted: str) -> None:
    settings: Settings = load(environment, Path("/nowhere/.env"))
    assert address(settings) == wanted
    assert bool(advice(settings, None)) == (not wanted.startswith("https") or settings.is_private)
