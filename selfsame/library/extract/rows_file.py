"""CSV and JSON files: their rows. Pure."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import Any

from selfsame.errors import BadInput
from selfsame.library.extract.clean import one_line, readable
from selfsame.library.extract.kinds import CSV, JSON, LIMITS, PAIRS, Extracted
from selfsame.library.extract.table import Rows, Table, clean_cells, write_table
from selfsame.library.extract.writer import Writer

DELIMITERS = ",;\t|"
_FORMULA = ("=", "+", "-", "@")
_BREAKS = ("\t", "\r", "\n")
_DEEPEST = 6


def read_csv(source: str, *, products: bool = False) -> Extracted:
    """A table of text. Raises BadInput, TooLarge."""
    writer = Writer()
    write_table(writer, Table(csv_rows(source)), products=products)
    return writer.done(CSV)


def csv_rows(source: str) -> Rows:
    """The rows of a CSV file, whatever its delimiter is; formulas are text as any other."""
    source = source.removeprefix("\ufeff")
    first, _, rest = source.partition("\n")
    delimiter = ""
    if first.lower().startswith("sep=") and len(first.strip()) == 5:  # how spreadsheet programs say it
        delimiter, source = first[4], rest
    delimiter = delimiter or delimiter_of(source)
    csv.field_size_limit(10 * LIMITS.cell)
    rows: Rows = []
    try:
        for cells in csv.reader(io.StringIO(source, newline=""), delimiter=delimiter, strict=False):
            rows.append(clean_cells(cells))
            if len(rows) > LIMITS.rows + 100:
                break
    except csv.Error as error:
        raise BadInput(
            f"The table cannot be read: {error} in row {len(rows) + 1}. Mend it, or save it as XLSX."
        ) from error
    return rows


def delimiter_of(source: str) -> str:
    """The delimiter that cuts the first rows most evenly, into at least two columns; a comma when none does."""
    best, score = ",", 0.0
    sample = "\n".join(source[:20_000].split("\n")[:30])
    for delimiter in DELIMITERS:
        try:
            widths = [len(cells) for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if cells]
        except csv.Error:
            continue
        if not widths or widths[0] < 2:
            continue
        even = sum(width == widths[0] for width in widths) / len(widths)
        if even * min(widths[0], 8) > score:
            best, score = delimiter, even * min(widths[0], 8)
    return best


def csv_cell(text: str) -> str:
    """A cell for a CSV file that a spreadsheet program will not take for a formula (CWE-1236)."""
    bare = unicodedata.normalize("NFKC", readable(text).strip()[:1])
    return f"'{text}" if bare in _FORMULA or text[:1] in _BREAKS else text


def csv_text(rows: list[list[str]]) -> str:
    """Rows as a CSV file whose cells no spreadsheet program takes for formulas."""
    out = io.StringIO()
    csv.writer(out).writerows([csv_cell(cell) for cell in cells] for cells in rows)
    return out.getvalue()


def read_json(source: str, *, products: bool = False) -> Extracted:
    """A list of objects is a table, other JSON is text by its keys. Raises BadInput, TooLarge."""
    try:
        value = json.loads(source.removeprefix("\ufeff"))
    except RecursionError as error:
        raise BadInput("The file is nested too deeply to be a document. It is not read.") from error
    except ValueError as error:
        value = _lines(source)
        if value is None:
            raise BadInput(f"The file is no JSON: {error}. Mend it, and upload it again.") from error
    writer = Writer()
    objects = _objects(value)
    if objects is not None:
        write_table(writer, Table(_table(objects)), products=products)
    elif products:
        raise BadInput("A catalogue in JSON is a list of objects, each with a `name`.")
    else:
        _write_value(writer, value, 1)
    return writer.done(JSON)


def read_pairs(source: str) -> Extracted:
    """`[{"question": ..., "answer": ...}, ...]`. Raises BadInput."""
    try:
        pairs = [(one_line(each["question"]), readable(each["answer"])) for each in json.loads(source)]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise BadInput("Pairs are a list of objects with a `question` and an `answer`.") from error
    writer = Writer()
    for question, answer in pairs:
        if question and answer.strip():
            writer.ask(question)
            writer.paragraph(answer)
    return writer.done(PAIRS)


def _lines(source: str) -> list[Any] | None:
    """JSON by line, as programs export it; None when it is not that."""
    try:
        found = [json.loads(line) for line in source.split("\n") if line.strip()]
    except (ValueError, RecursionError):
        return None
    return found if len(found) > 1 else None


def _objects(value: Any) -> list[dict[str, Any]] | None:
    """The list of objects that the file is, or that it is a wrapping of."""
    if isinstance(value, dict):
        lists = [each for each in value.values() if isinstance(each, list) and len(each) > 0]
        value = lists[0] if len(lists) == 1 else None
    if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
        return value
    return None


def _table(objects: list[dict[str, Any]]) -> Rows:
    names: dict[str, int] = {}
    flat = [_flat(each) for each in objects[: LIMITS.rows + 1]]
    for row in flat:
        for name in row:
            names.setdefault(name, len(names))
    return [clean_cells(list(names)), *(clean_cells([row.get(name, "") for name in names]) for row in flat)]


def _flat(value: dict[str, Any], prefix: str = "", depth: int = 0) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, each in value.items():
        name = f"{prefix}{key}"
        if isinstance(each, dict) and depth < _DEEPEST:
            found |= _flat(each, f"{name} ", depth + 1)
        elif isinstance(each, list):
            found[name] = ", ".join(_scalar(item) for item in each if not isinstance(item, dict | list))
        else:
            found[name] = _scalar(each)
    return found


def _write_value(writer: Writer, value: Any, level: int) -> None:
    if isinstance(value, dict) and level <= _DEEPEST:
        flat = {key: each for key, each in value.items() if not isinstance(each, dict | list)}
        for key, each in flat.items():
            text = one_line(_scalar(each))
            if text:
                writer.body(f"{one_line(str(key))}: {text}", "\n")
        for key, each in value.items():
            if key not in flat:
                writer.head(level, one_line(str(key)))
                _write_value(writer, each, level + 1)
    elif isinstance(value, list) and level <= _DEEPEST:
        for each in value:
            _write_value(writer, each, level + 1)
    else:
        writer.body(one_line(_scalar(value)), "\n")


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)[: LIMITS.cell]
    return str(value)
