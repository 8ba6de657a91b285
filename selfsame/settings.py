"""Settings: read once from the environment and an optional `.env`, checked all at once, then handed down.

Only `wiring.py` and `cli/` import this module. Every value remembers where it came from, so that `selfsame doctor` can
say it; secrets show their length, never their content. A real environment variable wins over `.env`.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from selfsame.errors import BadInput

CHECKOUT = Path(__file__).resolve().parent.parent
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SERVICE_KEYS = (
    "DEEPGRAM_API_KEY",
    "GROQ_API_KEY",
    "CARTESIA_API_KEY",
    "TAVILY_API_KEY",
    "GOOGLE_API_KEY",
    "ELEVENLABS_API_KEY",
    "TELEGRAM_BOT_TOKEN",
)
"""Vendors' keys that are read from the environment (KEY-02), beside OPENAI_API_KEY."""


class Secret:
    """A value that is never printed."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """The value itself, for the one place that needs it."""
        return self._value

    def __repr__(self) -> str:
        return f"<secret, {len(self._value)} characters>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value came from: `kind` is default, environment, dotenv or kept (a key that the owner entered);
    `name` the variable that gave it."""

    kind: str
    name: str = ""

    def __str__(self) -> str:
        told = {"default": "default", "environment": self.name, "dotenv": f"{self.name} in .env", "kept": "kept key"}
        return told[self.kind]


def is_checkout() -> bool:
    """Whether the code runs from a checkout rather than from an installed package."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "dev").is_file()


def default_home() -> Path:
    """`.selfsame` in the checkout, else the platform's folder for data of applications."""
    if is_checkout():
        return CHECKOUT / ".selfsame"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "selfsame"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "selfsame"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "selfsame"


# --- parsers: text in, value out; ValueError says what is wanted ----------------------------------------------------


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _engine(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", text):
        raise ValueError('"auto" or the name of an engine that `selfsame providers` lists')
    return text


def _whole(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not re.fullmatch(r"\d{1,9}", text) or not low <= int(text) <= high:
            raise ValueError(f"a whole number from {low} to {high}")
        return int(text)

    return parse


def _one_of(*choices: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.lower() not in choices:
            raise ValueError("one of " + ", ".join(choices))
        return text.lower()

    return parse


def _url(text: str) -> str:
    if not re.match(r"https?://\S+$", text):
        raise ValueError("an address that begins with https:// or http://")
    return text


def _database(text: str) -> Secret:
    """A database address may hold a password, so it is kept as a secret."""
    if not re.match(r"postgres(?:ql(?:\+psycopg)?)?://\S+$", text):
        raise ValueError("an address that begins with postgresql://")
    return Secret(text)


def _origins(text: str) -> tuple[str, ...]:
    return tuple(_url(part.strip().rstrip("/")) for part in text.split(",") if part.strip())


def _sites(text: str) -> tuple[str, ...]:
    """Origins for a security policy: nothing that could end a directive, no path."""
    found = _origins(text)
    for site in found:
        if not re.fullmatch(r"https?://[A-Za-z0-9.\-\[\]:]+", site):
            raise ValueError("origins without a path, as in https://example.org,https://shop.example.org")
    return found


def _delays(text: str) -> dict[str, float]:
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    try:
        return {name.strip(): float(seconds) for name, _, seconds in pairs}
    except ValueError:
        raise ValueError('seconds by role, as in "asr=0.1,llm=0.2,tts=0.05"') from None


def _prices(text: str) -> dict[str, float]:
    """Dollars by item; the items are those of `conversation.costs`."""
    known = ("asr", "llm", "tts", "lipSync", "storage", "network")
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    try:
        prices = {name.strip(): float(dollars) for name, _, dollars in pairs}
        if all(name in known and 0 <= price < 1e6 for name, price in prices.items()):
            return prices
    except ValueError:
        pass  # said below
    raise ValueError(f'dollars by item ({", ".join(known)}), as in "asr=0.006,llm=0.001"')


def _token_key(text: str) -> Secret:
    if len(text) < 32:
        raise ValueError("at least 32 random characters")
    return Secret(text)


def _plain(text: str) -> str:
    return text


def _setting(names: str, parse: Callable[[str], Any], default: Any, about: str) -> Any:
    """A field that is read from the first of `names` that is set."""
    metadata = {"names": tuple(names.split()), "parse": parse, "about": about}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen. `auto` picks the best engine that is configured and healthy.

    `home` holds the private database, models and keys. `token_key` signs access tokens; without one, a key is made and
    kept in `home`. `database_url` None means the private Postgres. `fake_delays` are seconds by role, for benchmarks.
    """

    home: Path = _setting("SELFSAME_HOME", _path, default_home, "folder of database, models and keys")
    host: str = _setting("SELFSAME_HOST", _plain, "127.0.0.1", "address to listen on")
    port: int = _setting("SELFSAME_PORT PORT", _whole(0, 65535), 8000, "port to listen on; 0 takes a free one")
    database_url: Secret | None = _setting(
        "SELFSAME_DATABASE_URL DATABASE_URL", _database, None, "Postgres to use instead of the private one"
    )
    vad: str = _setting("SELFSAME_VAD", _engine, "auto", "voice activity engine")
    asr: str = _setting("SELFSAME_ASR", _engine, "auto", "speech-to-text engine")
    llm: str = _setting("SELFSAME_LLM", _engine, "auto", "language model engine")
    tts: str = _setting("SELFSAME_TTS", _engine, "auto", "text-to-speech engine")
    face: str = _setting("SELFSAME_FACE", _engine, "auto", "engine that draws faces on the server")
    embedder: str = _setting("SELFSAME_EMBEDDER", _engine, "auto", "embedding engine")
    llm_base_url: str | None = _setting(
        "SELFSAME_LLM_BASE_URL OPENAI_BASE_URL", _url, None, "OpenAI-compatible endpoint of the mind"
    )
    llm_model: str | None = _setting("SELFSAME_LLM_MODEL", _plain, None, "model name at that endpoint")
    llm_api_key: Secret | None = _setting("SELFSAME_LLM_API_KEY OPENAI_API_KEY", Secret, None, "key of that endpoint")
    whisper_model: str = _setting("SELFSAME_WHISPER_MODEL", _plain, "small", "faster-whisper model: a name or a folder")
    moonshine_model: str = _setting("SELFSAME_MOONSHINE_MODEL", _plain, "base", "Moonshine model: a name or a folder")
    fake_delays: dict[str, float] = _setting("SELFSAME_FAKE_DELAYS", _delays, dict, "seconds by role, fake engines")
    rerank: str = _setting("SELFSAME_RERANK", _one_of("on", "off"), "on", "order found passages by a second look")
    max_sessions: int = _setting("SELFSAME_MAX_SESSIONS", _whole(1, 100_000), 100, "live sessions in this process")
    work_slots: int = _setting("SELFSAME_WORK_SLOTS", _whole(0, 64), 2, "jobs at once in the server; 0: only `work`")
    unit_prices: dict[str, float] = _setting(
        "SELFSAME_UNIT_PRICES", _prices, dict, "dollars a minute heard, 1000 tokens, 1000 characters spoken ..."
    )
    monthly_budget: int = _setting("SELFSAME_MONTHLY_BUDGET", _whole(0, 1_000_000), 100, "dollars a month, at most")
    log_level: str = _setting("SELFSAME_LOG_LEVEL", _one_of("debug", "info", "warn", "error"), "info", "least level")
    log_format: str = _setting("SELFSAME_LOG_FORMAT", _one_of("auto", "json", "console"), "auto", "shape of logs")
    token_key: Secret | None = _setting("SELFSAME_TOKEN_KEY", _token_key, None, "key that signs access tokens")
    allowed_origins: tuple[str, ...] = _setting(
        "SELFSAME_ALLOWED_ORIGINS", _origins, (), "web origins beside our own that may connect, with commas"
    )
    embed_origins: tuple[str, ...] = _setting(
        "SELFSAME_EMBED_ORIGINS", _sites, (), "web origins of the sites that may show a clone inside them, with commas"
    )
    owner_name: str = _setting("SELFSAME_OWNER_NAME", _plain, "Owner", "name of the person at this machine")
    page: Path = _setting("SELFSAME_PAGE", _path, lambda: CHECKOUT / "web" / "dist", "folder of the built page")
    service_keys: Mapping[str, Secret] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def models_dir(self) -> Path:
        """Where model files lie."""
        return self.home / "models"

    @property
    def is_private(self) -> bool:
        """Whether only this machine can reach the server."""
        return self.host in LOOPBACK


def load(environ: Mapping[str, str] | None = None, dotenv: Path | None = None) -> Settings:
    """Read and check all settings. Empty values count as not set.

    `dotenv` defaults to `.env` of the checkout, or of the working directory for an installed package.
    Raises BadInput (code SETTINGS_INVALID) that lists every fault and what to do about it.
    """
    environ = os.environ if environ is None else environ
    path = dotenv or (CHECKOUT if is_checkout() else Path.cwd()) / ".env"
    faults: list[str] = []
    from_file = _read_dotenv(path, faults)
    values: dict[str, Any] = {}
    sources: dict[str, Source] = {}
    for spec in _specs():
        for kind, given in (("environment", environ), ("dotenv", from_file)):
            name = next((n for n in spec.metadata["names"] if given.get(n)), None)
            if name is None:
                continue
            sources[spec.name] = Source(kind, name)
            try:
                values[spec.name] = spec.metadata["parse"](given[name].strip())
            except ValueError as fault:
                faults.append(f"{sources[spec.name]} must be {fault}")
            break
        else:
            sources[spec.name] = Source("default")
    if faults:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        raise BadInput(f"{len(faults)} setting(s) need a change:\n{listed}", code="SETTINGS_INVALID")
    merged = {**from_file, **environ}
    keys = {name: Secret(merged[name]) for name in SERVICE_KEYS if merged.get(name)}
    return Settings(**values, service_keys=keys, sources=sources, warnings=_unknown(merged))


def names() -> list[str]:
    """Every variable that is read, in order; `.env.example` lists the same."""
    own = [name for spec in _specs() for name in spec.metadata["names"]]
    return own + list(SERVICE_KEYS)


def describe(settings: Settings) -> list[dict[str, str]]:
    """One row per setting: name, value (secrets masked), source, about."""
    return [
        {
            "name": spec.name,
            "value": _show(getattr(settings, spec.name)),
            "source": str(settings.sources.get(spec.name, Source("default"))),
            "about": spec.metadata["about"],
        }
        for spec in _specs()
    ]


def _specs() -> list[Any]:
    return [spec for spec in fields(Settings) if "names" in spec.metadata]


def _show(value: object) -> str:
    if value is None or value == () or value == {}:
        return "-"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)


def _read_dotenv(path: Path, faults: list[str]) -> dict[str, str]:
    """NAME=value lines; `#` comments, `export` and matching quotes are understood; nothing is expanded."""
    if not path.is_file():
        return {}
    values: dict[str, str] = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        faults.append(f"{path.name} must be a readable UTF-8 text file ({type(problem).__name__})")
        return {}
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix("export ").strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not re.fullmatch(r"[A-Za-z_]\w*", name.strip()):
            faults.append(f"line {number} of {path.name} must read NAME=value")
            continue
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
            value = value[1:-1]
        else:
            value = re.split(r"\s#", value, maxsplit=1)[0].strip()
        values[name.strip()] = value
    return values


def _unknown(given: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence for each SELFSAME_ variable that nothing reads, with the likely name."""
    known = names()
    warnings = []
    for name in sorted(given):
        if not name.startswith("SELFSAME_") or name in known or name.startswith("SELFSAME_TEST_"):
            continue
        near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
        warnings.append(f"{name} is set but nothing reads it" + (f"; did you mean {near[0]}?" if near else ""))
    return tuple(warnings)
