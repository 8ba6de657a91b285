"""`selfsame clone show`."""

from __future__ import annotations

from typing import Any

import anyio
import click

from selfsame.cli.clones.house import clone_row, open_house
from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.settings import Settings


@click.command()
@click.argument("name")
@json_option
def command(name: str, as_json: bool) -> None:
    """Show the clone NAME (its slug or id): its profile, and its face."""
    row = anyio.run(_row, read_settings(quiet=True), name)
    if as_json:
        emit(row)
        return
    persona = {key: value for key, value in row.pop("persona").items() if value and key != "name"}
    click.echo(table([(key, "-" if value is None else value) for key, value in (row | persona).items()]))


async def _row(settings: Settings, name: str) -> dict[str, Any]:
    from dataclasses import asdict

    async with open_house(settings) as house:
        clone = await house.clones.mine(house.owner_id, name)
        persona = asdict(await house.clones.clones.persona(clone))
        return clone_row(clone, await house.casting.faces.version(clone)) | {"persona": persona}
