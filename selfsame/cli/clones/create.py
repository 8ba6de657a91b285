"""`selfsame clone create`."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import anyio
import click

from selfsame.cli.clones.house import clone_row, open_house
from selfsame.cli.output import emit, json_option, read_settings
from selfsame.errors import BadInput
from selfsame.settings import Settings

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_LONGEST_NAME = 100


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
    if not 0 < len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        raise BadInput(f"a name has 1 to {_LONGEST_NAME} characters")
    persona = {"role": profile["description"].strip(), "greeting": profile["greeting"].strip()}
    kept = {key: value for key, value in persona.items() if value}
    made = anyio.run(_create, read_settings(quiet=True), checked(slug, name), name.strip(), language.upper(), kept)
    if as_json:
        emit(made)
        return
    click.echo(f"Made: {made['name']} ({made['slug']}).")
    click.echo(f"Give it a face: selfsame clone face add --clone {made['slug']} PHOTO...")


def checked(slug: str | None, name: str) -> str:
    """The slug, or one made from the name. Raises BadInput."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    wanted = slug if slug is not None else re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-")
    if not _SLUG.fullmatch(wanted):
        if slug is None:
            raise BadInput(f"no address can be made from {name}; choose one with --slug")
        raise BadInput("a slug has 1 to 64 of a-z, 0-9 and dashes, no dash first or last")
    return wanted


async def _create(settings: Settings, slug: str, name: str, language: str, persona: dict[str, str]) -> dict[str, Any]:
    async with open_house(settings) as house:
        return clone_row(await house.workshop.create(slug, name, language, persona), None)
