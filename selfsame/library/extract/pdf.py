"""PDF: the text layer of every page, through PDFium. Scripts, forms and attachments are not looked at."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from selfsame.errors import BadInput, TooLarge
from selfsame.library.extract.archive import DAMAGED, LOCKED
from selfsame.library.extract.clean import readable
from selfsame.library.extract.kinds import LIMITS, PDF, Extracted
from selfsame.library.extract.pages import Line, Page, write_pages
from selfsame.library.extract.writer import Writer

PAGE_LETTERS = 100_000
"""Letters of one page; more is a drawing made of text, or an attack."""
FEW = 8
"""Letters a page, on average, below which a document counts as scanned."""
BOLD = 600
SCANNED = (
    "This PDF holds pictures of pages and no text. Run text recognition (OCR) over it, as most scanning programs can, "
    "and upload the result."
)
GARBLED = (
    "The text of this PDF is stored in a way that cannot be read. Print it to a new PDF with text recognition (OCR), "
    "or upload the document that it was made from."
)


def read_pdf(data: bytes) -> Extracted:
    """The text by pages, with headings by their size. Raises BadInput (scanned, locked, damaged), TooLarge."""
    import pypdfium2
    from pypdfium2 import PdfiumError

    try:
        document = pypdfium2.PdfDocument(data)
    except PdfiumError as error:
        raise BadInput(LOCKED if "assword" in str(error) else DAMAGED) from error
    try:
        count = len(document)
        if count > LIMITS.pages:
            raise TooLarge(f"The PDF has {count} pages; at most {LIMITS.pages} are read. Split it.")
        pages = list(_pages(document, count))
    finally:
        document.close()
    return _written(pages)


def _written(pages: list[Page]) -> Extracted:
    letters = sum(len(line.text) for page in pages for line in page.lines)
    odd = sum(line.odd for page in pages for line in page.lines)
    if letters < FEW * max(1, len(pages)):
        raise BadInput(SCANNED)
    if odd > 0.3 * (letters + odd):
        raise BadInput(GARBLED)
    writer = Writer()
    bare = [str(page.number) for page in pages if not page.lines]
    if bare:
        some = ", ".join(bare[:12]) + (" and others" if len(bare) > 12 else "")
        writer.note(f"Without text, so not read: page {some}. If they are scanned, run text recognition over them.")
    write_pages(writer, pages)
    return writer.done(PDF)


def _pages(document: Any, count: int) -> Iterator[Page]:
    from pypdfium2 import PdfiumError

    total = 0
    for index in range(count):
        try:
            page = document[index]
            text = page.get_textpage()
        except PdfiumError:  # one damaged page among good ones
            yield Page(index + 1, [])
            continue
        try:
            if text.count_chars() > PAGE_LETTERS:
                raise TooLarge(f"Page {index + 1} holds more than {PAGE_LETTERS} letters. Leave it out.")
            lines = list(_lines(text))
        finally:
            text.close()
            page.close()
        total += sum(len(line.text) for line in lines)
        if total > 2 * LIMITS.letters:
            raise TooLarge(f"The PDF holds more than {LIMITS.letters // 1_000_000} million letters. Split it.")
        yield Page(index + 1, lines)


def _lines(text: Any) -> Iterator[Line]:
    """The lines of a page, in the order in which the file gives them."""
    whole = text.get_text_range()
    boxes = _Boxes(text)
    at = 0
    for raw in whole.split("\n"):
        line = raw.rstrip("\r")
        if line.strip():
            yield _line(line, at, boxes)
        at += len(raw) + 1


def _line(line: str, at: int, boxes: _Boxes) -> Line:
    first = at + len(line) - len(line.lstrip())
    last = at + len(line.rstrip()) - 1
    left, bottom, _, top = boxes.of(first)
    right = boxes.of(last)[2]
    size = max(1.0, top - bottom)
    cells, begun = [], 0
    for place, mark in enumerate(line[:-1]):
        if mark != " " or place == 0:
            continue
        gap = boxes.of(at + place + 1)[0] - boxes.of(at + place - 1)[2]
        if gap > 1.2 * size:
            cells.append(line[begun:place])
            begun = place + 1
    cells.append(line[begun:])
    clean = readable(line).strip()
    odd = sum(not mark.isspace() for mark in line) - sum(not mark.isspace() for mark in clean) + clean.count("\ufffd")
    return Line(
        text=clean,
        size=size,
        bold=boxes.weight(first) >= BOLD,
        left=left,
        right=right,
        base=bottom,
        cells=tuple(filter(None, (readable(cell).strip() for cell in cells))),
        odd=max(0, odd),
    )


class _Boxes:
    """Where the letters of a page stand, in points."""

    def __init__(self, text: Any) -> None:
        import pypdfium2.raw as raw

        self._raw = raw
        self._page = text
        self._rect = raw.FS_RECTF()
        self._known: dict[int, tuple[float, float, float, float]] = {}

    def of(self, index: int) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of a letter with the space of its line; zeros when there is none."""
        found = self._known.get(index)
        if found is None:
            rect = self._rect
            if self._raw.FPDFText_GetLooseCharBox(self._page, index, ctypes.byref(rect)):
                low, high = sorted((rect.bottom, rect.top))
                found = (rect.left, low, rect.right, high)
            else:
                found = (0.0, 0.0, 0.0, 0.0)
            self._known[index] = found
        return found

    def weight(self, index: int) -> int:
        """100 to 900; 0 or less when unknown."""
        weight = int(self._raw.FPDFText_GetFontWeight(self._page, index))
        if weight >= BOLD:
            return weight
        name = ctypes.create_string_buffer(128)
        flags = ctypes.c_int()
        length = self._raw.FPDFText_GetFontInfo(self._page, index, name, 128, ctypes.byref(flags))
        return BOLD if length and b"bold" in name.raw[: min(int(length), 128)].lower() else weight
