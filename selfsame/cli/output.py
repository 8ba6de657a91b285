"""What commands share: settings, `--json`, tables, and progress on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click
import orjson

from selfsame.cli.logs import set_up
from selfsame.settings import Settings, load

F = TypeVar("F", bound=Callable[..., Any])


def json_option(command: F) -> F:
    """Add `--json` to a command, passed as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")(command)


def read_settings(*, quiet: bool = False) -> Settings:
    """The settings of this run, with logging set up by them. Raises BadInput that lists every fault.

    `quiet` commands log from WARN on, unless a level was chosen.
    """
    context = click.get_current_context(silent=True)
    dotenv = context.find_object(Path) if context else None
    settings = load(dotenv=dotenv)
    chosen = settings.sources["log_level"].kind != "default"
    set_up("warn" if quiet and not chosen else settings.log_level, settings.log_format)
    return settings


def emit(value: dict[str, Any]) -> None:
    """One JSON object on its own line of standard output."""
    sys.stdout.buffer.write(orjson.dumps(value, default=str) + b"\n")
    sys.stdout.flush()


def table(rows: Iterable[Sequence[object]], head: Sequence[str] = ()) -> str:
    """Aligned columns; the last one is not padded."""
    texts = [[str(cell) for cell in row] for row in ([head] if head else [])] + [[str(c) for c in row] for row in rows]
    if not texts:
        return ""
    widths = [max(len(row[i]) for row in texts) for i in range(len(texts[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in texts]
    return "\n".join(lines)


def megabytes(size: int) -> str:
    """Bytes as megabytes, for people."""
    return f"{size / 1e6:.1f} MB" if size < 100_000_000 else f"{size / 1e6:.0f} MB"


def show_progress(name: str, done: int, total: int) -> None:
    """A download's progress on one line of standard error; silent when that is not a terminal."""
    if not sys.stderr.isatty():
        return
    share = f"{100 * done // total:3d} %" if total else megabytes(done)
    end = "\n" if total and done >= total else ""
    click.echo(f"\r  {name}: {share} of {megabytes(total)}    {end}", nl=False, err=True)
