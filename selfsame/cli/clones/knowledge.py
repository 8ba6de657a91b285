"""`selfsame clone knowledge`: what a clone knows, from files, folders and pages of the web."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import anyio
import click

from selfsame.cli.clones.house import open_house
from selfsame.cli.clones.pictures import command as pictures
from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.errors import BadInput, CallerError, NotFound
from selfsame.kit.tasks import offload
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.clones.clone import Clone
    from selfsame.jobs.knowledge_desk import DocumentState
    from selfsame.wiring.product import Product

LOOK_EVERY = 0.3
MOST_FILES = 2_000
CLONE = click.option("--clone", help="Slug or id of the clone; default: the demonstration clone.")


@click.group()
def command() -> None:
    """Give a clone things to know, see what it knows, and take them away.

    Read are PDF, Word, PowerPoint, Excel, CSV, JSON, HTML, Markdown, text, EPUB, e-mail and subtitles.
    """


command.add_command(pictures, "pictures")


@command.command("add")
@click.argument("sources", nargs=-1, required=True)
@click.option("--products", is_flag=True, help="The files are catalogues: a row is a product.")
@CLONE
@json_option
def add(sources: tuple[str, ...], products: bool, clone: str | None, as_json: bool) -> None:
    """Read files, folders and addresses of pages (https://...) into what the clone knows.

    A file of a name that it knows replaces what that said. One bad file harms no other; then the exit code is 3.
    """
    rows = anyio.run(_add, read_settings(quiet=True), Order(sources, products, clone, as_json))
    failed = [row for row in rows if row["status"] != "completed"]
    if as_json:
        emit({"documents": rows, "failed": len(failed)})
    if failed:
        raise SystemExit(3)


@command.command("list")
@CLONE
@json_option
def list_documents(clone: str | None, as_json: bool) -> None:
    """List what the clone knows, newest first."""
    rows = anyio.run(_list, read_settings(quiet=True), clone)
    if as_json:
        emit({"documents": rows})
        return
    shown = [(r["id"], r["status"], r["chunkCount"], r["language"], r["filename"][:60]) for r in rows]
    click.echo(table(shown, ("document", "status", "passages", "language", "name")))
    for row in rows:
        if row["errorMessage"]:
            click.echo(f"\n  {row['filename']}: {row['errorMessage']}")


@command.command("remove")
@click.argument("documents", nargs=-1, required=True)
@CLONE
@json_option
def remove(documents: tuple[str, ...], clone: str | None, as_json: bool) -> None:
    """Forget DOCUMENTS (ids or names, as `list` shows them) and everything made of them."""
    gone = anyio.run(_remove, read_settings(quiet=True), documents, clone)
    emit({"removed": gone}) if as_json else click.echo(f"Removed {len(gone)}; the files are erased.")


@command.command("retry")
@click.argument("document")
@CLONE
@json_option
def retry(document: str, clone: str | None, as_json: bool) -> None:
    """Read DOCUMENT (its id or name) once more, from the file that was kept."""
    rows = anyio.run(_retry, read_settings(quiet=True), document, clone, as_json)
    if as_json:
        emit({"documents": rows})
    if any(row["status"] != "completed" for row in rows):
        raise SystemExit(3)


@command.command("products")
@CLONE
@click.option("--csv", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write them to this CSV file.")
@json_option
def products(clone: str | None, out: Path | None, as_json: bool) -> None:
    """List the products of the clone's catalogues."""
    rows, text = anyio.run(_products, read_settings(quiet=True), clone)
    if out is not None:
        try:
            out.write_text(text, encoding="utf-8-sig", newline="")
        except OSError as problem:
            raise BadInput(f"{out} cannot be written: {problem.strerror}; choose another place") from problem
    if as_json:
        emit({"products": rows})
    elif out is None:
        shown = [
            (r["name"][:50], "-" if r["price"] is None else r["price"], r["currency"] or "", r["row"]) for r in rows
        ]
        click.echo(table(shown, ("product", "price", "currency", "row")))
    else:
        click.echo(f"{out}: {len(rows)} products")


@dataclass(frozen=True, slots=True)
class Order:
    """What the command line asks for."""

    sources: Sequence[str]
    products: bool
    clone: str | None
    as_json: bool


async def _clone(house: Product, name: str | None) -> Clone:
    return await house.casting.faces.meetings.meet(name, house.owner_id)


async def _add(settings: Settings, order: Order) -> list[dict[str, Any]]:
    from selfsame.jobs.knowledge_desk import NewFile
    from selfsame.library.extract.kinds import LIMITS

    addresses = [source for source in order.sources if source.lower().startswith(("http://", "https://"))]
    paths = await offload(files_of, [source for source in order.sources if source not in addresses])
    async with open_house(settings, slots=2) as house:
        clone = await _clone(house, order.clone)
        states: list[DocumentState] = []
        refused: list[dict[str, Any]] = []
        for address in addresses:
            try:
                states.append(await house.knowledge.add_address(house.owner_id, clone, address))
            except CallerError as problem:
                refused.append(refusal(address, problem.message, order.as_json))
        for path in paths:
            try:
                data = await offload(read_bytes, path, LIMITS.file_bytes + 1)
            except OSError as problem:
                refused.append(refusal(str(path), f"{problem.strerror}.", order.as_json))
                continue
            new = [NewFile(path.name, data)]
            states += await house.knowledge.add_files(house.owner_id, clone, new, products=order.products)
        return refused + await _watch(house, states, order.as_json)


def read_bytes(path: Path, most: int) -> bytes:
    """At most so many bytes of a file."""
    with path.open("rb") as file:
        return file.read(most)


def files_of(sources: Sequence[str]) -> list[Path]:
    """The files that are named, and those inside the folders that are named, hidden ones left out. Raises NotFound."""
    found: list[Path] = []
    for source in sources:
        path = Path(source)
        if path.is_dir():
            inside = (each for each in sorted(path.rglob("*")) if each.is_file())
            found += [each for each in inside if not any(p.startswith(".") for p in each.relative_to(path).parts)]
        elif path.is_file():
            found.append(path)
        else:
            raise NotFound(f"{source} is neither a file, nor a folder, nor an address that begins with https://")
        if len(found) > MOST_FILES:
            raise BadInput(f"these are more than {MOST_FILES} files; add them in several goes")
    return found


def refusal(name: str, message: str, quiet: bool) -> dict[str, Any]:
    """The row of a source that was not even taken in."""
    row = {"filename": name, "status": "failed", "errorMessage": message, "chunkCount": 0, "notes": []}
    if not quiet:
        click.echo(line(row))
    return row


async def _watch(house: Product, states: list[DocumentState], quiet: bool) -> list[dict[str, Any]]:
    """Wait until all are read, with a line for each that is done; their last states."""
    from selfsame.jobs.knowledge_json import told

    waiting = {state.shelved.document.id: state.duplicate for state in states}
    rows: dict[UUID, dict[str, Any]] = {}
    bar = sys.stderr.isatty() and not quiet
    total = len(waiting)
    while waiting:
        for document_id, duplicate in list(waiting.items()):
            state = await house.knowledge.state(house.owner_id, document_id)
            if state.status in ("completed", "failed"):
                del waiting[document_id]
                rows[document_id] = told(replace(state, duplicate=duplicate))
                if not quiet:
                    click.echo(("\r\x1b[K" if bar else "") + line(rows[document_id]))
            elif bar:
                doing = told(state)
                share = f"{100 * doing['progress']:3.0f} %"
                text = f"\r\x1b[K  {len(rows) + 1} of {total}  {share}  {doing['filename'][:40]}: {doing['message']}"
                click.echo(text, nl=False, err=True)
        await anyio.sleep(LOOK_EVERY)
    return [rows[state.shelved.document.id] for state in {s.shelved.document.id: s for s in states}.values()]


def line(row: dict[str, Any]) -> str:
    """What became of a document, for its owner."""
    if row["status"] == "failed":
        return f"  FAILED  {row['filename']}: {row['errorMessage']}"
    what = f"{row['products']} products" if row.get("products") else f"{row['chunkCount']} passages"
    known = ", known already" if row.get("duplicate") else ""
    notes = "".join(f"\n          {note}" for note in row["notes"])
    return f"  ok      {row['filename']}: {what}, {row['language']}{known}{notes}"


async def _list(settings: Settings, name: str | None) -> list[dict[str, Any]]:
    from selfsame.jobs.knowledge_json import told

    async with open_house(settings, slots=2) as house:
        return [told(state) for state in await house.knowledge.of(house.owner_id, await _clone(house, name))]


async def _find(house: Product, name: str | None, document: str) -> UUID:
    for state in await house.knowledge.of(house.owner_id, await _clone(house, name)):
        if document in (str(state.shelved.document.id), state.shelved.document.filename):
            return state.shelved.document.id
    raise NotFound(f"the clone knows no document {document}; `list` shows what it knows")


async def _remove(settings: Settings, documents: Sequence[str], name: str | None) -> list[str]:
    async with open_house(settings, slots=2) as house:
        found = [await _find(house, name, document) for document in documents]
        for document_id in found:
            await house.knowledge.remove(house.owner_id, document_id)
        return [str(document_id) for document_id in found]


async def _retry(settings: Settings, document: str, name: str | None, quiet: bool) -> list[dict[str, Any]]:
    async with open_house(settings, slots=2) as house:
        state = await house.knowledge.retry(house.owner_id, await _find(house, name, document))
        return await _watch(house, [state], quiet)


async def _products(settings: Settings, name: str | None) -> tuple[list[dict[str, Any]], str]:
    from selfsame.jobs.knowledge_json import as_csv, told_product

    async with open_house(settings, slots=2) as house:
        found = await house.knowledge.products(house.owner_id, await _clone(house, name))
        return [told_product(each) for each in found], as_csv(found)
