"""`selfsame audit`: the log of who did what, to read, and to take to another system (AUDL-03)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import IO, Any

import anyio
import click

from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.errors import BadInput
from selfsame.kit.tasks import offload
from selfsame.settings import Settings

EVERYBODY = click.option("--everybody", is_flag=True, help="All users of this server, not its owner alone.")


@click.group()
def command() -> None:
    """Read the audit log, and export it. Entries are kept 90 days."""


@command.command("list")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 1000))
@click.option("--action", help="Only this action, such as sign_in.")
@json_option
def list_entries(limit: int, action: str | None, as_json: bool) -> None:
    """Show the newest entries: who signed in, changed, uploaded and deleted what."""
    rows = anyio.run(_list, read_settings(quiet=True), limit, action)
    if as_json:
        emit({"entries": rows})
        return
    shown = [(r["timestamp"][:19], r["action"], r["result"], r["ipAddress"], r["resource"][:60]) for r in rows]
    click.echo(table(shown, ("when (UTC)", "what", "result", "from", "on")))


@command.command("export")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True)
@EVERYBODY
@json_option
def export(out: Path, form: Any, everybody: bool, as_json: bool) -> None:
    """Write the whole log to a file, newest first: lines of JSON (as BigQuery loads them), or CSV.

    Then: bq load --source_format=NEWLINE_DELIMITED_JSON DATASET.audit FILE SCHEMA, with the file that
    `selfsame audit schema` prints.
    """
    try:
        with out.open("xb") as file:
            lines = anyio.run(_export, read_settings(quiet=True), file, form, everybody)
    except FileExistsError:
        raise BadInput(f"{out} is there already; choose another name") from None
    except OSError as problem:
        raise BadInput(f"{out} cannot be written: {problem.strerror}; choose another place") from problem
    emit({"file": str(out), "entries": lines}) if as_json else click.echo(f"{out}: {lines} entries")


@command.command("schema")
def schema() -> None:
    """Print the columns of the export as BigQuery's schema."""
    from selfsame.channels.audit_export import SCHEMA

    click.echo(json.dumps(SCHEMA, indent=2))


async def _list(settings: Settings, limit: int, action: str | None) -> list[dict[str, Any]]:
    from selfsame.channels.audit_export import row
    from selfsame.wiring.account import open_desk

    async with open_desk(settings) as desk:
        return [row(line) for line in await desk.audit.read(desk.owner_id, limit, action)]


async def _export(settings: Settings, file: IO[bytes], form: Any, everybody: bool) -> int:
    from selfsame.channels.audit_export import exported
    from selfsame.wiring.account import open_desk

    count = 0
    async with open_desk(settings) as desk:
        async for piece in exported(desk.audit, form, None if everybody else desk.owner_id):
            await offload(file.write, piece)
            count += piece.count(b"\n")
    return count - (form == "csv")
