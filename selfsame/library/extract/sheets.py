"""Spreadsheets: the cells as their program last showed them. Formulas are not computed, macros not looked at. Pure."""

from __future__ import annotations

import datetime
import io
import re
from typing import Any

from selfsame.errors import BadInput, TooLarge
from selfsame.library.extract.archive import DAMAGED, LOCKED, Archive
from selfsame.library.extract.kinds import LIMITS, XLS, Extracted
from selfsame.library.extract.table import Rows, Table, clean_cells, write_table
from selfsame.library.extract.writer import Writer

MOST_CELLS = 5_000_000
_EMPTY_FORMULA = re.compile(rb"</f>(?:<v\s*/>|<v></v>|</c>)")
_TYPES = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def read_sheets(data: bytes, content_type: str, *, products: bool = False) -> Extracted:
    """Every visible sheet, in order. Raises BadInput, TooLarge."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    writer = Writer()
    if content_type != XLS:
        _look_through(Archive(data), writer)  # before anybody else unpacks it
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        _write(writer, book, products)
    except PasswordError as error:
        raise BadInput(LOCKED) from error
    except CalamineError as error:
        raise BadInput(DAMAGED) from error
    return writer.done(content_type)


def _look_through(archive: Archive, writer: Writer) -> None:
    for name in archive.names:
        if not name.endswith((".xml", ".rels")):
            continue
        part = archive.read(name)
        if _TYPES.search(part[:4096]):
            raise BadInput("The file defines XML entities, which spreadsheets have no need of. It is not read.")
        if name.startswith("xl/worksheets/") and _EMPTY_FORMULA.search(part):
            writer.note(
                "Some formulas were never calculated, so their cells are empty here. Open the file in the spreadsheet "
                "program, save it, and upload it again."
            )


def _write(writer: Writer, book: Any, products: bool) -> None:
    sheets = [each.name for each in book.sheets_metadata if str(each.visible).endswith(".Visible")]
    fault: BadInput | None = None
    for name in sheets:
        rows = _rows(book.get_sheet_by_name(name))
        if not any(map(any, rows)):
            continue
        title = name if len(sheets) > 1 else ""
        if title and not products:
            writer.head(1, title)
        try:
            write_table(writer, Table(rows, 1, title), products=products)
        except BadInput as error:  # a catalogue may have sheets of other things
            fault = error
    if fault is not None and not writer.sections:
        raise fault
    writer.title = None  # a sheet's name is not the file's


def _rows(sheet: Any) -> Rows:
    start, end = sheet.start, sheet.end
    if start is None or end is None:
        return []
    height, width = end[0] - start[0] + 1, end[1] - start[1] + 1
    if height > LIMITS.rows * 2 or height * width > MOST_CELLS:
        raise TooLarge(f"A sheet has {height} rows and {width} columns; at most {LIMITS.rows} rows are read. Split it.")
    above: Rows = [[] for _ in range(start[0])]
    return above + [clean_cells([_text(cell) for cell in cells]) for cells in sheet.iter_rows()]


def _text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.10g}"
    if isinstance(cell, datetime.datetime):
        return cell.date().isoformat() if cell.time() == datetime.time() else cell.isoformat(" ", "minutes")
    return str(cell)
