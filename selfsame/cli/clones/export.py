"""`selfsame clone export`, and what writing an archive takes."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
import click

from selfsame.cli.clones.house import open_house
from selfsame.cli.output import emit, json_option, megabytes, read_settings
from selfsame.errors import BadInput
from selfsame.kit.streams import closing
from selfsame.kit.tasks import offload
from selfsame.settings import Settings

VARIABLE = "SELFSAME_PASSPHRASE"
ASK = click.option("--passphrase", "ask", is_flag=True, help=f"Ask for a passphrase (or set {VARIABLE}).")
FORCE = click.option("--force", is_flag=True, help="Write over a file that is there.")
WARNING = (
    "Without a passphrase whoever gets this file gets everything in it, voice and face included. "
    "Say --passphrase to seal it."
)


@click.command()
@click.argument("name")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The file to write.")
@ASK
@FORCE
@json_option
def command(name: str, out: Path, ask: bool, force: bool, as_json: bool) -> None:
    """Write everything that the clone NAME is into one file.

    Its profile, manner, documents, products, answers, open questions, voices, faces, and the consents that they need.
    `selfsame clone import` makes the same clone of it, on any machine. Conversations stay here.
    """
    passphrase = new_passphrase(ask)
    size, slug, lost = anyio.run(_export, read_settings(quiet=True), name, out, passphrase, force)
    for kind, count in lost.items():
        click.echo(f"selfsame: left out: {count} of its {kind}, for their files are lost.", err=True)
    if passphrase is None:
        click.echo(f"selfsame: {WARNING}", err=True)
    if as_json:
        emit({"clone": slug, "file": str(out), "bytes": size, "sealed": passphrase is not None, "lost": lost})
    else:
        click.echo(f"Written: {out}, {megabytes(size)}{', sealed' if passphrase else ''}.")


def new_passphrase(ask: bool) -> str | None:
    """The passphrase for a new file: of the variable, or asked for twice. Raises BadInput."""
    from selfsame.clones.archive.passphrase import check_passphrase

    given = os.environ.get(VARIABLE) or None
    if given is None and ask:
        given = click.prompt("Passphrase", hide_input=True, confirmation_prompt=True, err=True)
    if given is not None:
        check_passphrase(given)
    return given


async def write_archive(pieces: AsyncIterator[bytes], out: Path, *, force: bool) -> int:
    """Write a stream to a file that is there whole or not at all, readable by its owner alone; its bytes.

    Raises BadInput when there is a file already, or none can be written.
    """
    if not force and await offload(out.exists):
        raise BadInput(f"{out} is there already; choose another name, or say --force")
    half_made = out.with_name(f".{out.name}.{secrets.token_hex(4)}")
    size = 0
    try:
        line = await offload(os.open, half_made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(line, "wb") as file:
            async with closing(pieces):
                async for piece in pieces:
                    await offload(file.write, piece)
                    size += len(piece)
            await offload(_settle, file)
        await offload(os.replace, half_made, out)
    except OSError as problem:
        raise BadInput(f"{out} cannot be written: {problem.strerror}; choose another place") from problem
    finally:
        half_made.unlink(missing_ok=True)
    return size


def _settle(file: Any) -> None:
    file.flush()
    os.fsync(file.fileno())


async def _export(
    settings: Settings, name: str, out: Path, passphrase: str | None, force: bool
) -> tuple[int, str, dict[str, int]]:
    async with open_house(settings) as house:
        clone = await house.workshop.mine(name)
        archives = house.belongings.archives
        lost = dict(await archives.lost(house.owner_id, clone))
        size = await write_archive(archives.export(house.owner_id, clone, passphrase), out, force=force)
        return size, clone.slug, lost
