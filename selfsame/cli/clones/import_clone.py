"""`selfsame clone import`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import anyio
import click

from selfsame.cli.clones.export import VARIABLE
from selfsame.cli.clones.house import open_house
from selfsame.cli.output import emit, json_option, read_settings
from selfsame.clones.naming import checked_slug
from selfsame.errors import BadInput
from selfsame.kit.tasks import offload
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.clones.archive.kinds import Imported, ImportWish

I_AM = (
    "Say that you are the person of this name, whose consents the archive carries: they become yours, and voice and "
    "face come in."
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--slug", help="Its name in addresses here; default: the one it had.")
@click.option("--i-am", "claim", default="", metavar="NAME", help=I_AM)
@click.option("--passphrase", "ask", is_flag=True, help=f"Ask for the passphrase (or set {VARIABLE}).")
@json_option
def command(file: Path, slug: str | None, claim: str, ask: bool, as_json: bool) -> None:
    """Make a clone of FILE, which `selfsame clone export` wrote; whole, or not at all.

    A voice and a face come in only by consent: yours, which you gave here (`selfsame clone voice consent`) and which is
    of the same voice, or the archive's, when you say with --i-am that it is yours. Only you meet the clone.
    """
    from selfsame.clones.archive.kinds import ImportWish

    wanted = checked_slug(slug, "") if slug is not None else None
    came = anyio.run(_import, read_settings(quiet=True), file, ImportWish(wanted, _passphrase(file, ask), claim))
    row = _row(came)
    if as_json:
        emit(row)
        return
    told = ", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in row["counts"].items())
    click.echo(f"Made: {row['name']} ({row['slug']}){': ' + told if told else ''}.")
    if row["embeddedAnew"]:
        click.echo("Its knowledge was embedded anew, by the model of this installation.")
    for what, why in row["leftOut"].items():
        click.echo(f"Left out: the {what}; {why}.")


def _passphrase(file: Path, ask: bool) -> str | None:
    """Of the variable, or asked for where the archive is sealed."""
    from selfsame.clones.archive.passphrase import is_sealed

    given = os.environ.get(VARIABLE) or None
    if given is not None:
        return given
    try:
        with file.open("rb") as archive:
            sealed = is_sealed(archive)
    except OSError as problem:
        raise _unreadable(file, problem) from problem
    if sealed and (ask or sys.stdin.isatty()):
        return click.prompt("Passphrase", hide_input=True, err=True)
    return None


async def _import(settings: Settings, file: Path, wish: ImportWish) -> Imported:
    async with open_house(settings) as house:
        try:
            archive = await offload(_opened, file)
        except OSError as problem:
            raise _unreadable(file, problem) from problem
        with archive:
            return await house.belongings.archives.bring(house.owner_id, archive, wish)


def _opened(file: Path) -> BinaryIO:
    return file.open("rb")


def _unreadable(file: Path, problem: OSError) -> BadInput:
    return BadInput(f"{file} cannot be read: {problem.strerror}")


def _row(came: Imported) -> dict[str, Any]:
    clone = came.clone
    return {
        "id": str(clone.id),
        "slug": clone.slug,
        "name": clone.name,
        "counts": dict(came.counts),
        "leftOut": dict(came.left_out),
        "embeddedAnew": came.embedded_anew,
    }
