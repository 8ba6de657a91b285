"""One check each: what was found, and one command that would improve it."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import anyio

from selfsame.cli.exits import sole
from selfsame.cli.product import choice_row, open_product
from selfsame.errors import SelfsameError
from selfsame.models.check import status
from selfsame.models.manifest import MODELS
from selfsame.settings import CHECKOUT, Settings, is_checkout

Grade = Literal["ok", "note", "bad"]
LEAST_PYTHON = (3, 11)
LEAST_NODE = (20, 19)
LEAST_FREE_BYTES = 2_000_000_000
START_WITHIN = 120.0
HELPFUL_FLAGS = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "asimd")


@dataclass(frozen=True, slots=True)
class Check:
    """`grade` bad means something that is needed is missing; note, that it could be better. `remedy` is a command."""

    area: str
    name: str
    grade: Grade
    found: str
    remedy: str = ""


def machine(settings: Settings) -> Iterator[Check]:
    """Python, Node, processor and disk."""
    good = sys.version_info >= LEAST_PYTHON
    yield Check("machine", "python", "ok" if good else "bad", platform.python_version(), "" if good else "./dev setup")
    yield _node()
    flags = [flag for flag in HELPFUL_FLAGS if flag in _cpu_flags()]
    yield Check("machine", "cpu", "ok", f"{os.cpu_count()} cores, {platform.machine()}, {' '.join(flags) or '-'}")
    folder = next(p for p in (settings.home, *settings.home.parents) if p.exists())
    free = shutil.disk_usage(folder).free
    grade: Grade = "ok" if free > LEAST_FREE_BYTES else "bad"
    yield Check("machine", "disk", grade, f"{free / 1e9:.1f} GB free", "" if grade == "ok" else "free 2 GB of disk")
    if not os.access(folder, os.W_OK):
        yield Check("machine", "home", "bad", f"{folder} cannot be written", "set SELFSAME_HOME to a folder of yours")


def configuration(settings: Settings) -> Iterator[Check]:
    """Settings that nothing reads, and keys that no engine uses."""
    for warning in settings.warnings:
        yield Check("settings", "unknown", "note", warning)
    for name in settings.service_keys:
        yield Check("settings", name, "note", "set, but no engine of this version uses it")


def model_files(settings: Settings, *, thorough: bool) -> Iterator[Check]:
    """The embedded tier must be whole; of the neural tier, what is there must be."""
    for model in MODELS:
        found = status(model, settings.models_dir, thorough=thorough)
        if found.state == "ready":
            yield Check("models", model.name, "ok", "ready")
        elif model.tier == "embedded" or found.state == "damaged":
            yield Check("models", model.name, "bad", found.problem, f"selfsame models pull {model.name}")


def page(settings: Settings) -> Check:
    """Whether the page is built."""
    if (settings.page / "index.html").is_file():
        return Check("page", "page", "ok", "built")
    return Check("page", "page", "note", "not built: the API and the terminal work without it", "./dev setup")


async def assembled(settings: Settings) -> tuple[list[Check], list[dict]]:
    """Start the product once: the database must answer, and every role have an engine."""
    try:
        with anyio.fail_after(START_WITHIN):
            async with open_product(settings) as product:
                rows = [choice_row(choice) for choice in product.report]
    except TimeoutError:
        return [Check("product", "start", "bad", f"did not start within {START_WITHIN:.0f} s")], []
    except Exception as problem:  # a doctor must report even a bug, beside all else that was found
        error = sole(problem)
        found = error.message if isinstance(error, SelfsameError) else f"{type(error).__name__}: {error}"
        return [Check("product", "start", "bad", found, "see docs/troubleshooting.md")], []
    database = "the one given by DATABASE_URL" if settings.database_url else "private Postgres"
    checks = [Check("product", "database", "ok", f"{database}, reachable")]
    for row in rows:
        grade: Grade = "note" if row["hint"] else "ok"
        found = f"{row['name']} ({row['tier']}): {row['why']}"
        checks.append(Check("engines", row["role"], grade, found, row["hint"] or ""))
    return checks, rows


def _node() -> Check:
    if not is_checkout() or not (CHECKOUT / "web" / "package.json").is_file():
        return Check("machine", "node", "ok", "not needed here")
    program = shutil.which("node")
    version = subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip() if program else ""
    numbers = tuple(int(part) for part in version.lstrip("v").split(".") if part.isdigit())
    if numbers >= LEAST_NODE:
        return Check("machine", "node", "ok", version)
    least = ".".join(map(str, LEAST_NODE))
    return Check(
        "machine", "node", "note", f"{version or 'absent'}: only needed to build the page", f"install Node {least}"
    )


def _cpu_flags() -> set[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return set()
    return next((set(x.split(":", 1)[1].split()) for x in lines if x.lower().startswith(("flags", "features"))), set())
