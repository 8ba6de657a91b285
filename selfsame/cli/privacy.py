"""`selfsame privacy`: what is kept of the owner of this machine, to see, to take along, and to erase."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import click

from selfsame.cli.clones.export import ASK, FORCE, WARNING, new_passphrase, write_archive
from selfsame.cli.clones.house import open_house
from selfsame.cli.output import emit, json_option, megabytes, read_settings, table
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.clones.privacy import Erased


@click.group()
def command() -> None:
    """See what is kept of you, take it along, erase it."""


@command.command("show")
@json_option
def show(as_json: bool) -> None:
    """Say what is kept, how much, until when and by whose leave; and which consents were given."""
    told = anyio.run(_show, read_settings(quiet=True))
    if as_json:
        emit(told)
        return
    rows = [_line(name, section) for name, section in told["sections"].items()]
    click.echo(table(rows, ("what", "kept", "size", "for", "consent", "gone by itself")))
    click.echo()
    if not told["consents"]:
        click.echo("No consent was given.")
    for each in told["consents"]:
        ended = f", ended {each['revokedAt'][:16]}" if each["revokedAt"] else ""
        click.echo(f"Consent to {each['subject']}: given {each['grantedAt'][:16]}{ended}.")


@command.command("export")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@ASK
@FORCE
@json_option
def export(out: Path, ask: bool, force: bool, as_json: bool) -> None:
    """Write everything of you into one file: all rows, files, and every clone as an archive that can be imported."""
    passphrase = new_passphrase(ask)
    size = anyio.run(_export, read_settings(quiet=True), out, passphrase, force)
    if passphrase is None:
        click.echo(f"selfsame: {WARNING}", err=True)
    if as_json:
        emit({"file": str(out), "bytes": size, "sealed": passphrase is not None})
    else:
        click.echo(f"Written: {out}, {megabytes(size)}{', sealed' if passphrase else ''}.")


@command.command("erase")
@click.option("--confirm", help='Write "erase everything" here, to be erased without being asked.')
@json_option
def erase(confirm: str | None, as_json: bool) -> None:
    """Erase everything of you: clones, voices, faces, documents, conversations, consents, files. For good.

    Do it with no server running, or by the page of the one that runs: it ends the conversations of its own process.
    """
    from selfsame.clones.privacy import CONFIRMATION, check_confirmation

    if confirm is None:
        confirm = ""
        if sys.stdin.isatty():
            confirm = click.prompt(f'To erase everything of you, write "{CONFIRMATION}"', err=True)
    check_confirmation(confirm)
    erased = anyio.run(_erase, read_settings(quiet=True))
    rows = sum(erased.rows.values())
    if as_json:
        emit({"rows": dict(erased.rows), "files": erased.files})
    else:
        click.echo(f"Erased: {rows} rows and {erased.files} files. The demonstration clone is as it was at first.")


async def _show(settings: Settings) -> dict[str, Any]:
    from selfsame.channels.privacy import shown

    async with open_house(settings) as house:
        overview = await house.belongings.privacy.overview(house.owner_id)
        return shown(overview).model_dump(mode="json", by_alias=True)


async def _export(settings: Settings, out: Path, passphrase: str | None, force: bool) -> int:
    async with open_house(settings) as house:
        pieces = house.belongings.privacy.export(house.owner_id, passphrase)
        return await write_archive(pieces, out, force=force)


async def _erase(settings: Settings) -> Erased:
    async with open_house(settings) as house:
        return await house.belongings.privacy.erase(house.owner_id)


def _line(name: str, section: dict[str, Any]) -> tuple[str, ...]:
    days = section["retentionDays"]
    kept = "until deleted" if days is None else "not kept" if days == 0 else f"{days} days"
    size = megabytes(section["bytes"]) if section["bytes"] else "-"
    until = section["keptUntil"]
    consent = "needed" if section["requiresConsent"] else "-"
    return name, str(section["count"]), size, kept, consent, until[:10] if until else "-"
