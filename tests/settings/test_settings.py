"""Settings: precedence, sources, parsing of `.env`, every fault at once, and no secret in sight."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfsame.errors import BadInput
from selfsame.settings import Secret, Settings, Source, describe, load, names

ROOT = Path(__file__).resolve().parents[2]


def read(tmp_path: Path, text: str = "", **environ: str) -> Settings:
    path = tmp_path / "env"
    path.write_text(text, encoding="utf-8")
    return load(environ, path)


def test_defaults_need_nothing(tmp_path: Path) -> None:
    settings = load({}, tmp_path / "absent")
    assert (settings.host, settings.port, settings.database_url) == ("127.0.0.1", 8000, None)
    assert {settings.vad, settings.asr, settings.llm, settings.tts, settings.embedder} == {"auto"}
    assert settings.is_private and settings.models_dir == settings.home / "models"
    assert set(settings.sources.values()) == {Source("default")}


def test_environment_wins_over_dotenv_and_own_names_over_common_ones(tmp_path: Path) -> None:
    settings = read(tmp_path, "PORT=9001\nSELFSAME_ASR=moonshine\n", PORT="9002", SELFSAME_PORT="9003")
    assert settings.port == 9003 and str(settings.sources["port"]) == "SELFSAME_PORT"
    assert settings.asr == "moonshine" and str(settings.sources["asr"]) == "SELFSAME_ASR in .env"


def test_empty_means_not_set(tmp_path: Path) -> None:
    assert read(tmp_path, "PORT=9001", SELFSAME_PORT="").port == 9001


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("SELFSAME_OWNER_NAME=Ada", "Ada"),
        ('export SELFSAME_OWNER_NAME="Ada  L # x"', "Ada  L # x"),
        ("SELFSAME_OWNER_NAME='a=b'", "a=b"),
        ("  SELFSAME_OWNER_NAME = Ada   # the owner", "Ada"),
        ("# a comment\n\nSELFSAME_OWNER_NAME=Ünal", "Ünal"),
    ],
)
def test_dotenv_lines(tmp_path: Path, line: str, value: str) -> None:
    assert read(tmp_path, line).owner_name == value


def test_every_fault_is_listed_at_once(tmp_path: Path) -> None:
    with pytest.raises(BadInput) as caught:
        read(
            tmp_path,
            "no equals sign\nSELFSAME_LOG_LEVEL=loud\n",
            PORT="eighty",
            DATABASE_URL="mysql://nobody:hunter2@somewhere/db",
            SELFSAME_ASR="Two Words",
            SELFSAME_MAX_SESSIONS="0",
            SELFSAME_FAKE_DELAYS="asr=soon",
            SELFSAME_TOKEN_KEY="short",
            SELFSAME_ALLOWED_ORIGINS="ftp://x",
        )
    message = caught.value.message
    assert caught.value.code == "SETTINGS_INVALID" and message.startswith("9 setting(s)")
    for name in (
        "line 1",
        "LOG_LEVEL",
        "PORT",
        "DATABASE_URL",
        "ASR",
        "MAX_SESSIONS",
        "DELAYS",
        "TOKEN_KEY",
        "ORIGINS",
    ):
        assert name in message
    assert "hunter2" not in message and "short" not in message.replace("shorter", "")


def test_values_are_parsed(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        SELFSAME_FAKE_DELAYS="asr=0.1, llm=2",
        SELFSAME_ALLOWED_ORIGINS="https://a.example/, http://localhost:5173",
        SELFSAME_HOME=str(tmp_path / "home"),
        DATABASE_URL="postgresql+psycopg://u:p@h/db",
        SELFSAME_LOG_LEVEL="WARN",
    )
    assert settings.fake_delays == {"asr": 0.1, "llm": 2.0}
    assert settings.allowed_origins == ("https://a.example", "http://localhost:5173")
    assert settings.home == tmp_path / "home" and settings.log_level == "warn"
    assert settings.database_url and settings.database_url.reveal().endswith("/db")


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    settings = read(
        tmp_path, OPENAI_API_KEY="sk-verysecret", DATABASE_URL="postgresql://u:pw1@h/d", DEEPGRAM_API_KEY="dg-secret"
    )
    shown = repr(settings) + str(describe(settings)) + f"{settings.llm_api_key}"
    assert "verysecret" not in shown and "pw1" not in shown and "dg-secret" not in shown
    assert settings.service_keys["DEEPGRAM_API_KEY"] == Secret("dg-secret")


def test_a_mistyped_name_is_noticed(tmp_path: Path) -> None:
    warnings = read(tmp_path, SELFSAME_PROT="1", SELFSAME_TEST_DATA="x", SELFSAME_ZZZZZZ="1").warnings
    assert warnings == (
        "SELFSAME_PROT is set but nothing reads it; did you mean SELFSAME_PORT?",
        "SELFSAME_ZZZZZZ is set but nothing reads it",
    )


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200))
def test_no_text_in_dotenv_crashes(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("env") / "env"
    path.write_text(text, encoding="utf-8")
    try:
        load({}, path)
    except BadInput as fault:
        assert fault.code == "SETTINGS_INVALID"


def test_the_example_lists_every_name_and_no_value() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    listed = [m.group(1) for line in lines if (m := re.match(r"#? ?([A-Z][A-Z0-9_]+)=", line))]
    assert sorted(listed) == sorted(names())
    for line in lines:
        if re.search(r"(KEY|TOKEN|SECRET)=", line):
            assert line.split("=", 1)[1].strip() == ""
