"""Rows of cells as knowledge: questions with answers, products, or rows under the names of their columns. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from selfsame.errors import BadInput, TooLarge
from selfsame.kit.languages import detect
from selfsame.library.extract.clean import one_line
from selfsame.library.extract.kinds import LIMITS
from selfsame.library.extract.writer import Writer
from selfsame.library.products import COLUMNS, Product, columns_of, fold, is_catalogue, product_of, sentence

Rows = list[list[str]]
GROUP_LETTERS = 900
"""Rows of a plain table that share a section; about 200 tokens, so that a passage is a handful of rows."""
_QUESTIONS = {"question", "questions", "q", "pregunta", "preguntas", "问题", "提问", "问", "問題", "問"}
_ANSWERS = {"answer", "answers", "a", "respuesta", "respuestas", "答案", "回答", "答复", "答", "答覆"}


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text. `first` is the number of the first row as its owner's program counts; `name` that of a sheet."""

    rows: Rows
    first: int = 1
    name: str = ""


def clean_cells(cells: Sequence[str]) -> list[str]:
    """The cells as one line each. Raises TooLarge when there are too many."""
    if len(cells) > LIMITS.columns:
        while cells and not cells[-1].strip():
            cells = cells[:-1]
        if len(cells) > LIMITS.columns:
            raise TooLarge(f"The table has {len(cells)} columns; at most {LIMITS.columns} are read.")
    return [one_line(cell[: LIMITS.cell]) for cell in cells]


def write_table(writer: Writer, table: Table, *, products: bool = False) -> None:
    """Write a table as what its columns say it is. `products`: it must be a catalogue, or BadInput says why not."""
    rows, first = _without_titles(table, writer)
    if len(rows) > LIMITS.rows:
        raise TooLarge(f"The table has {len(rows)} rows; at most {LIMITS.rows} are read. Split it.")
    names = rows[0] if rows and is_header(rows) else []
    body, first = (rows[1:], first + 1) if names else (rows, first)
    folded = [fold(name) for name in names]
    asks = next((place for place, name in enumerate(folded) if name in _QUESTIONS), None)
    answers = next((place for place, name in enumerate(folded) if name in _ANSWERS), None)
    if is_catalogue(names) or (products and any(fold(name) in COLUMNS["name"] for name in names)):
        _write_products(writer, replace(table, rows=body, first=first), names)
    elif products:
        raise BadInput(_no_catalogue(names))
    elif asks is not None and answers is not None:
        for number, cells in enumerate(body, first):
            if max(asks, answers) < len(cells) and cells[asks] and cells[answers]:
                writer.locator = _place(table.name, number, number)
                writer.ask(cells[asks])
                writer.body(cells[answers])
        writer.cut()
    else:
        _write_rows(writer, replace(table, rows=body, first=first), names)
    writer.locator = ""


def is_header(rows: Rows) -> bool:
    """Whether the first row names the columns: words, all different, above rows that are filled otherwise."""
    names = rows[0]
    filled = [name for name in names if name]
    if len(filled) < 2 and not (filled and len(rows) > 1 and is_catalogue([*filled, "price"])):
        return False
    if len(filled) < len(names) / 2 or len(set(map(str.lower, filled))) < len(filled):
        return False
    return all(len(name) <= 80 and not _is_number(name) for name in filled)


def _is_number(text: str) -> bool:
    bare = text.strip("$€£¥% ").replace(",", "").replace(".", "").replace("-", "").replace("/", "").replace(":", "")
    return bare.isdigit()


def _without_titles(table: Table, writer: Writer) -> tuple[Rows, int]:
    """The rows from the first one that is more than a title on, and its number; titles become headings."""
    width = max((sum(map(bool, cells)) for cells in table.rows[:50]), default=0)
    for place, cells in enumerate(table.rows):
        filled = [cell for cell in cells if cell]
        if len(filled) > (1 if width > 1 else 0):
            return table.rows[place:], table.first + place
        if filled:
            writer.head(2, filled[0])
    return [], table.first


def _write_products(writer: Writer, table: Table, names: list[str]) -> None:
    found = [product_of(names, cells, number) for number, cells in enumerate(table.rows, table.first)]
    products = [product for product in found if product is not None]
    if not products:
        raise BadInput("The catalogue names no product: the column of names is empty.")
    _note_rows(writer, table, names, found)
    sample = " ".join(f"{product.name} {product.description}" for product in products[:50])
    language = detect(f"{' '.join(names)} {sample}")
    for product in products:
        writer.cut()
        writer.locator = _place(table.name, product.row, product.row)
        writer.body(sentence(product, language))
        writer.products.append(replace(product, section=len(writer.sections)))
        writer.cut()


def _note_rows(writer: Writer, table: Table, names: list[str], found: list[Product | None]) -> None:
    """Say which rows were left out, and which prices are no numbers, so that their owner finds them."""
    numbered = list(enumerate(zip(table.rows, found, strict=True), table.first))
    unnamed = [number for number, (cells, product) in numbered if product is None and any(cells)]
    if len(unnamed) == 1:
        writer.note(f"1 row has no name and was left out: row {unnamed[0]}.")
    elif unnamed:
        writer.note(f"{len(unnamed)} rows have no name and were left out: rows {_some(unnamed)}.")
    place = columns_of(names).get("price")
    wordy = [
        number
        for number, (cells, product) in numbered
        if place is not None and product is not None and product.price is None and place < len(cells) and cells[place]
    ]
    if wordy:
        rows = f"row {wordy[0]}" if len(wordy) == 1 else f"rows {_some(wordy)}"
        writer.note(f"The price is no number in {rows}; it is kept as it is written.")


def _some(rows: list[int], most: int = 20) -> str:
    return ", ".join(map(str, rows[:most])) + (", …" if len(rows) > most else "")


def _write_rows(writer: Writer, table: Table, names: list[str]) -> None:
    begun, letters = table.first, 0
    for number, cells in enumerate(table.rows, table.first):
        size = sum(map(len, cells))
        if letters and letters + size > GROUP_LETTERS:
            writer.locator = _place(table.name, begun, number - 1)
            writer.cut()
            begun, letters = number, 0
        writer.row(names, cells)
        letters += size
        writer.locator = _place(table.name, begun, number)
    writer.cut()


def _place(sheet: str, first: int, last: int) -> str:
    rows = f"row {first}" if first == last else f"rows {first}-{last}"
    return f"{sheet}, {rows}" if sheet else rows


def _no_catalogue(names: list[str]) -> str:
    found = f" Its columns are: {', '.join(filter(None, names))[:300]}." if names else " It has no row of column names."
    return (
        "This is no catalogue that can be understood: the first row must name the columns, and one of them must be "
        f"`name` (also nombre, 名称).{found}"
    )
