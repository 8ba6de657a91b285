"""`selfsame clone list`."""

from __future__ import annotations

from typing import Any

import anyio
import click

from selfsame.cli.clones.house import clone_row, open_house
from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.settings import Settings


@click.command()
@json_option
def command(as_json: bool) -> None:
    """List your clones."""
    rows = anyio.run(_rows, read_settings(quiet=True))
    if as_json:
        emit({"clones": rows})
        return
    shown = [(r["slug"], r["name"], r["language"], "yes" if r["face"] else "no") for r in rows]
    click.echo(table(shown, ("clone", "name", "language", "face")))


async def _rows(settings: Settings) -> list[dict[str, Any]]:
    async with open_house(settings) as house:
        mine = await house.clones.own(house.owner_id)
        return [clone_row(clone, await house.casting.faces.version(clone)) for clone in mine]
