"""Printed lines back to paragraphs, headings and rows: pure.

What a page shows is lines with sizes and places. Headings are larger or bolder than the running text; a paragraph ends
where a line stops early or the distance grows; lines of several far apart cells, one below another, are a table; what
stands at the top or bottom of most pages is left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from selfsame.library.extract.clean import joined
from selfsame.library.extract.writer import LONGEST_HEADING, Writer

LARGER = 1.15
"""A heading's size over that of the running text."""
EDGE_LINES = 2
"""Lines at either end of a page that may be its header or footer."""
_BULLET = re.compile(r"^\s*(?:[•▪◦‣·*–—-]|\(?\d{1,2}[.)]|[a-z][.)])\s+")
_ENDS = (".", "!", "?", "。", "！", "？", ":", "：")


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line; sizes and places in points. `cells` are its parts when they stand far apart; `odd` counts letters
    that could not be read."""

    text: str
    size: float
    bold: bool = False
    left: float = 0.0
    right: float = 0.0
    base: float = 0.0
    cells: tuple[str, ...] = ()
    odd: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its number."""

    number: int
    lines: list[Line]


def write_pages(writer: Writer, pages: list[Page]) -> None:
    """Write the pages; what is written stands at its page."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            sizes[round(line.size, 1)] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 1.0
    repeated = running_heads(pages, body)
    larger = sorted({round(size) for size in sizes if size >= LARGER * body}, reverse=True)[:4]
    flow = _Flow(writer, body, larger)
    for page in pages:
        edges = {id(line) for line in edge_lines(page, body)}
        lines = [line for line in page.lines if id(line) not in edges or _shape(line.text) not in repeated]
        flow.page(page.number, lines)
    flow.end()


def running_heads(pages: list[Page], body: float) -> set[str]:
    """What stands at the edge of at least three pages and of half of them, numbers aside."""
    seen: Counter[str] = Counter()
    for page in pages:
        seen.update({_shape(line.text) for line in edge_lines(page, body)})
    return {shape for shape, count in seen.items() if count >= max(3, len(pages) / 2)}


def edge_lines(page: Page, body: float) -> list[Line]:
    """The lines of a page that may be its header or footer: at its ends, no heading, and not all that the page says."""
    ends = [*page.lines[:EDGE_LINES], *page.lines[EDGE_LINES:][-EDGE_LINES:]]
    short = len(page.lines) <= 2 * EDGE_LINES
    return [line for line in ends if line.size < (0.95 if short else LARGER) * body]


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text).strip().lower()


class _Flow:
    """Lines in, paragraphs out; a paragraph may go on over a page's end."""

    def __init__(self, writer: Writer, body: float, larger: list[int]) -> None:
        self._writer = writer
        self._body = body
        self._larger = larger
        self._lines: list[Line] = []
        self._rows: list[Line] = []
        self._names: list[str] = []

    def page(self, number: int, lines: list[Line]) -> None:
        wide = max((line.right for line in lines), default=0.0)
        self._place = f"page {number}"
        if not self._lines:
            self._writer.stand(self._place)
        for place, line in enumerate(lines):
            level = self._level(line, lines[place + 1] if place + 1 < len(lines) else None)
            if level is not None:
                self._heading(line, level)
            elif len(line.cells) > 1 and self._is_row(line, lines, place):
                self._paragraph()
                self._rows.append(line)
            else:
                self._table()
                if self._lines and self._begins(line):
                    self._paragraph()
                self._lines.append(line)
                if line.right < 0.8 * wide and line.text.endswith(_ENDS):
                    self._paragraph()
        self._table()

    def end(self) -> None:
        self._paragraph()
        self._table()

    def _level(self, line: Line, following: Line | None) -> int | None:
        """The level of a heading; None for a line of text."""
        if len(line.text) > LONGEST_HEADING or not any(mark.isalpha() for mark in line.text):
            return None
        if line.size >= LARGER * self._body and not line.text.endswith((".", ",", ";")):
            near = min(self._larger, key=lambda size: abs(size - line.size), default=0)
            return 1 + (self._larger.index(near) if near in self._larger else len(self._larger))
        lonely = following is None or not following.bold
        short = len(line.text) <= 90 and not line.text.endswith((".", ",", ";", ":"))
        if line.bold and lonely and short and len(line.cells) < 2 and not _BULLET.match(line.text):
            return 2 + len(self._larger)
        return None

    def _heading(self, line: Line, level: int) -> None:
        self._paragraph()
        self._table()
        self._names = []
        self._writer.stand(self._place)
        last = self._writer.path[-1] if self._writer.path else None
        # A long heading is printed over two lines; then the first has no text below it.
        if last and last[0] == level and self._writer.parts[-1] == last[1] and len(last[1]) + len(line.text) < 150:
            self._writer.path.pop()
            self._writer.head(level, f"{last[1]} {line.text}")
            return
        self._writer.head(level, line.text)

    def _is_row(self, line: Line, lines: list[Line], place: int) -> bool:
        near = [lines[other] for other in (place - 1, place + 1) if 0 <= other < len(lines)]
        return any(len(other.cells) > 1 and abs(len(other.cells) - len(line.cells)) <= 1 for other in near)

    def _begins(self, line: Line) -> bool:
        """Whether a line begins a new paragraph."""
        before = self._lines[-1]
        if _BULLET.match(line.text) or abs(line.size - before.size) > 0.15 * self._body:
            return True
        fall = before.base - line.base
        if fall > 0:
            return fall > 1.75 * max(line.size, before.size)
        return before.text.endswith(_ENDS)  # a new column or page: the sentence may go on

    def _paragraph(self) -> None:
        if self._lines:
            listed = _BULLET.match(self._lines[0].text)
            self._writer.paragraph(joined([line.text for line in self._lines]), "\n" if listed else "\n\n")
            self._lines = []
        self._writer.stand(self._place)

    def _table(self) -> None:
        rows, self._rows = self._rows, []
        if not rows:
            return
        first = list(rows[0].cells)
        if not any(any(mark.isdigit() for mark in cell) for cell in first):
            self._names, rows = first, rows[1:]
        for row in rows:
            cells = list(row.cells)
            self._writer.row(self._names if len(cells) == len(self._names) else [], cells)
