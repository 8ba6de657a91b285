"""`selfsame clone knowledge pictures`: pictures of the products that a clone knows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import anyio
import click

from selfsame.cli.clones.house import open_house
from selfsame.cli.output import emit, json_option, read_settings, table
from selfsame.errors import BadInput, NotFound
from selfsame.kit.tasks import offload
from selfsame.settings import Settings

if TYPE_CHECKING:
    from selfsame.clones.clone import Clone
    from selfsame.wiring.product import Product

CLONE = click.option("--clone", help="Slug or id of the clone; default: the demonstration clone.")


@click.group()
def command() -> None:
    """Give products pictures, see which there are, choose the main one, take them away.

    PRODUCT is a product's id, number or name. Pictures that a catalogue only names (its column of addresses or of file
    names) are never fetched: give the files.
    """


@command.command("add")
@click.argument("product")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@CLONE
@json_option
def add(product: str, files: tuple[Path, ...], clone: str | None, as_json: bool) -> None:
    """Give PRODUCT the pictures in FILES (JPEG, PNG or WebP; 15 MB each, 8 in all).

    They are drawn anew: place, time and camera of the shot are not kept. All of them are taken, or none.
    """
    _show(anyio.run(_add, read_settings(quiet=True), product, files, clone), as_json)


@command.command("list")
@click.argument("product", required=False)
@CLONE
@json_option
def list_pictures(product: str | None, clone: str | None, as_json: bool) -> None:
    """List the pictures of PRODUCT, or of all products, each product's main one first."""
    _show(anyio.run(_list, read_settings(quiet=True), product, clone), as_json)


@command.command("main")
@click.argument("picture")
@CLONE
@json_option
def choose_main(picture: str, clone: str | None, as_json: bool) -> None:
    """Let PICTURE (its id, as `list` shows it) stand for its product."""
    _show(anyio.run(_lead, read_settings(quiet=True), picture, clone), as_json)


@command.command("remove")
@click.argument("pictures", nargs=-1, required=True)
@CLONE
@json_option
def remove(pictures: tuple[str, ...], clone: str | None, as_json: bool) -> None:
    """Forget PICTURES (ids, as `list` shows them) and their files."""
    gone = anyio.run(_remove, read_settings(quiet=True), pictures, clone)
    emit({"removed": gone}) if as_json else click.echo(f"Removed {len(gone)}; the files are erased.")


def _show(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        emit({"pictures": rows})
        return
    shown = [(r["id"], f"{r['width']} x {r['height']}", "main" if r["main"] else "", r["product"][:50]) for r in rows]
    click.echo(table(shown, ("picture", "size", "", "product")))


async def _meet(house: Product, name: str | None) -> Clone:
    return await house.casting.faces.meetings.meet(name, house.owner_id)


async def _products(house: Product, name: str | None) -> dict[UUID, tuple[str, str]]:
    """Name and number of each product."""
    found = await house.knowledge.products(house.owner_id, await _meet(house, name))
    return {each.id: (each.product.name, each.product.sku) for each in found}


def find_product(products: dict[UUID, tuple[str, str]], wanted: str) -> UUID:
    """The product of that id, number or name. Raises NotFound, BadInput when several are called so."""
    told = wanted.strip().casefold()
    for matches in (
        [each for each in products if str(each) == told],
        [each for each, (_, sku) in products.items() if sku and sku.casefold() == told],
        [each for each, (name, _) in products.items() if name.casefold() == told],
    ):
        if len(matches) > 1:
            raise BadInput(f"{len(matches)} products are called {wanted}; give the id of one (`products --json`)")
        if matches:
            return matches[0]
    raise NotFound(f"the clone knows no product {wanted}; `selfsame clone knowledge products` shows them")


async def _rows(house: Product, name: str | None, only: UUID | None = None) -> list[dict[str, Any]]:
    from selfsame.jobs.picture_desk import told_picture

    clone = await _meet(house, name)
    products = await _products(house, name)
    found = await house.pictures.of_clone(house.owner_id, clone)
    return [
        told_picture(picture) | {"product": products[product_id][0], "main": place == 0}
        for product_id in products
        if only in (None, product_id)
        for place, picture in enumerate(found.get(product_id, ()))
    ]


async def _add(settings: Settings, product: str, files: Sequence[Path], name: str | None) -> list[dict[str, Any]]:
    from selfsame.jobs.knowledge_desk import NewFile
    from selfsame.studio.media.kinds import PICTURE_BYTES

    new = []
    for path in files:
        try:
            new.append(NewFile(path.name, await offload(_read, path, PICTURE_BYTES + 1)))
        except OSError as problem:
            raise BadInput(f"{path} cannot be read: {problem.strerror}") from problem
    async with open_house(settings) as house:
        product_id = find_product(await _products(house, name), product)
        await house.pictures.add(house.owner_id, product_id, new)
        return await _rows(house, name, product_id)


def _read(path: Path, most: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most)


async def _list(settings: Settings, product: str | None, name: str | None) -> list[dict[str, Any]]:
    async with open_house(settings) as house:
        only = None if product is None else find_product(await _products(house, name), product)
        return await _rows(house, name, only)


async def _found(house: Product, name: str | None, picture: str) -> tuple[UUID, UUID]:
    """The ids of a picture's product and of the picture. Raises NotFound."""
    for row in await _rows(house, name):
        if row["id"] == picture.strip().lower():
            return UUID(row["productId"]), UUID(row["id"])
    raise NotFound(f"the clone has no picture {picture}; `list` shows its pictures")


async def _lead(settings: Settings, picture: str, name: str | None) -> list[dict[str, Any]]:
    async with open_house(settings) as house:
        product_id, picture_id = await _found(house, name, picture)
        await house.pictures.lead(house.owner_id, product_id, picture_id)
        return await _rows(house, name, product_id)


async def _remove(settings: Settings, pictures: Sequence[str], name: str | None) -> list[str]:
    async with open_house(settings) as house:
        found = [await _found(house, name, picture) for picture in pictures]
        for product_id, picture_id in found:
            await house.pictures.remove(house.owner_id, product_id, picture_id)
        return [str(picture_id) for _, picture_id in found]
