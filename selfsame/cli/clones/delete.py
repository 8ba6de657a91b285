"""`selfsame clone delete`."""

from __future__ import annotations

import anyio
import click

from selfsame.cli.clones.house import confirm, open_house
from selfsame.cli.output import emit, json_option, read_settings
from selfsame.settings import Settings


@click.command()
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def command(name: str, yes: bool, as_json: bool) -> None:
    """Delete the clone NAME with its face, its voice, what it knows and what the ears learnt of that, its clips and all
    conversations with it."""
    slug = anyio.run(_delete, read_settings(quiet=True), name, yes)
    if as_json:
        emit({"deleted": slug})
    else:
        click.echo(f"Deleted: {slug}. Its face's files are erased; clips of it follow as soon as a server runs.")


async def _delete(settings: Settings, name: str, yes: bool) -> str:
    async with open_house(settings) as house:
        clone = await house.clones.deletable(house.owner_id, name)
        question = f"Delete {clone.name} ({clone.slug}) with everything that belongs to it? This cannot be undone."
        await confirm(question, said=yes, flag="--yes")
        await house.clones.delete(house.owner_id, str(clone.id))
        return clone.slug
