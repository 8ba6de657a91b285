"""`selfsame clone create`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import anyio
import click

from selfsame.cli.clones.house import clone_row, open_house
from selfsame.cli.output import emit, json_option, read_settings
from selfsame.clones.naming import checked_name, checked_slug
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.jobs.clone_desk import CloneWish


@click.command()
@click.argument("name")
@click.option("--slug", help="Its name in addresses: a-z, 0-9 and dashes. Default: made from NAME.")
@click.option(
    "--language", type=click.Choice(["EN", "ES", "ZH"], case_sensitive=False), default="EN", show_default=True
)
@click.option("--description", default="", help='Who it is, in a few words: "a clockmaker in Riga".')
@click.option("--greeting", default="", help="What it says first.")
@json_option
def command(name: str, slug: str | None, language: str, as_json: bool, **profile: str) -> None:
    """Make a clone called NAME. It knows nothing yet, has the built-in voice and no face; only you meet it."""
    from selfsame.jobs.clone_desk import CloneWish

    wish = CloneWish(checked_name(name), language=language.upper(), slug=checked_slug(slug, name), **profile)
    made = anyio.run(_create, read_settings(quiet=True), wish)
    if as_json:
        emit(made)
        return
    click.echo(f"Made: {made['name']} ({made['slug']}).")
    click.echo(f"Give it a face: selfsame clone face add --clone {made['slug']} PHOTO...")


async def _create(settings: Settings, wish: CloneWish) -> dict[str, Any]:
    async with open_house(settings) as house:
        return clone_row((await house.clones.create(house.owner_id, wish)).clone, None)
