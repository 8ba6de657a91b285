"""Documents made for tests, by libraries that the product itself does not read them with."""

from __future__ import annotations

import ctypes
import hashlib
import io
import zipfile
from collections.abc import Iterable, Sequence

import docx
import openpyxl
import pptx
import pypdfium2.raw as pdfium

Placed = tuple[str, float, float, float, bool]
"""A text on a PDF's page: words, left, base, size (points), bold."""


def pdf(pages: Iterable[Sequence[Placed]]) -> bytes:
    """A PDF with texts at their places."""
    pdfium.FPDF_InitLibrary()
    document = pdfium.FPDF_CreateNewDocument()
    fonts = {
        bold: pdfium.FPDFText_LoadStandardFont(document, b"Helvetica-Bold" if bold else b"Helvetica")
        for bold in (False, True)
    }
    for number, texts in enumerate(pages):
        page = pdfium.FPDFPage_New(document, number, 595, 842)
        for words, left, base, size, bold in texts:
            thing = pdfium.FPDFPageObj_CreateTextObj(document, fonts[bold], size)
            encoded = (words + "\0").encode("utf-16-le")
            pdfium.FPDFText_SetText(thing, ctypes.cast(encoded, ctypes.POINTER(pdfium.FPDF_WCHAR)))
            pdfium.FPDFPageObj_Transform(thing, 1, 0, 0, 1, left, base)
            pdfium.FPDFPage_InsertObject(page, thing)
        pdfium.FPDFPage_GenerateContent(page)
        pdfium.FPDF_ClosePage(page)
    return _saved(document)


def _saved(document: object) -> bytes:
    out = io.BytesIO()

    class Sink(pdfium.FPDF_FILEWRITE):
        pass

    def write(_sink: object, data: int, size: int) -> int:
        out.write(ctypes.string_at(data, size))
        return 1

    sink = Sink()
    sink.version = 1
    kept = type(sink.WriteBlock)(write)
    sink.WriteBlock = kept
    pdfium.FPDF_SaveAsCopy(document, ctypes.byref(sink), 0)
    pdfium.FPDF_CloseDocument(document)
    return out.getvalue()


def lines(
    *texts: str, top: float = 780.0, left: float = 72.0, size: float = 11.0, leading: float = 14.0
) -> list[Placed]:
    """Lines of running text, one below another."""
    return [(text, left, top - place * 14, 11.0, False) for place, text in enumerate(texts)]


def locked_pdf(secret: bytes = b"secret") -> bytes:
    """A PDF that a password protects (standard security handler, revision 2: RC4 with 40 bits)."""
    pad = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
    padded = (secret + pad)[:32]
    file_id, permissions = b"0123456789abcdef", -4
    owner = _rc4(hashlib.md5(padded).digest()[:5], padded)
    key = hashlib.md5(padded + owner + permissions.to_bytes(4, "little", signed=True) + file_id).digest()[:5]
    user = _rc4(key, pad)
    stream = _rc4(hashlib.md5(key + b"\x04\0\0\0\0").digest()[:10], b"BT /F1 12 Tf 72 720 Td (Hidden words) Tj ET")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        b"<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P %d>>" % (owner.hex().encode(), user.hex().encode(), permissions),
    ]
    return _pdf_file(objects, b"/Encrypt 6 0 R/ID[<%s><%s>]" % (file_id.hex().encode(), file_id.hex().encode()))


def scanned_pdf(pages: int = 2) -> bytes:
    """A PDF whose pages show a picture and hold no text."""
    pixels = zipfile.zlib.compress(bytes(range(256)) * 4)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, pages),
        b"<</Type/XObject/Subtype/Image/Width 32/Height 32/ColorSpace/DeviceGray/BitsPerComponent 8/Filter/FlateDecode"
        b"/Length %d>>stream\n%s\nendstream" % (len(pixels), pixels),
    ]
    draw = b"595 0 0 842 0 0 cm /I1 Do"
    for number in range(pages):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</XObject<</I1 3 0 R>>>>>>"
            % (5 + 2 * number)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(draw), draw))
    return _pdf_file(objects)


def _pdf_file(objects: list[bytes], trailer: bytes = b"") -> bytes:
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start)
    return bytes(out)


def _rc4(key: bytes, data: bytes) -> bytes:
    box, at = list(range(256)), 0
    for place in range(256):
        at = (at + box[place] + key[place % len(key)]) % 256
        box[place], box[at] = box[at], box[place]
    out, one, two = bytearray(), 0, 0
    for byte in data:
        one = (one + 1) % 256
        two = (two + box[one]) % 256
        box[one], box[two] = box[two], box[one]
        out.append(byte ^ box[(box[one] + box[two]) % 256])
    return bytes(out)


def word() -> bytes:
    """A Word document: title, headings, a list, a table, a bold question, deleted and hidden words."""
    document = docx.Document()
    document.add_heading("Clock repair", 0)
    document.add_paragraph("We mend clocks of every age.")
    document.add_heading("Prices", 1)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Work", "Price"
    for work, price in (("Cleaning", "40 euros"), ("New spring", "65 euros")):
        cells = table.add_row().cells
        cells[0].text, cells[1].text = work, price
    document.add_heading("Visits", 2)
    document.add_paragraph("Come by on weekdays.", style="List Bullet")
    document.add_paragraph("Ring first on Fridays.", style="List Bullet")
    document.add_paragraph().add_run("Do you mend watches?").bold = True
    document.add_paragraph("Yes, but only mechanical ones.")
    hidden = document.add_paragraph().add_run("Never say this.")
    hidden.font.hidden = True
    return _bytes(document)


def slides() -> bytes:
    """A presentation of two slides: a title with points and notes, and a table."""
    deck = pptx.Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "Our workshop"
    first.placeholders[1].text = "Founded in 1950\nTwelve people"
    first.notes_slide.notes_text_frame.text = "Mention the prize of 1987."
    second = deck.slides.add_slide(deck.slide_layouts[5])
    second.shapes.title.text = "Opening hours"
    table = second.shapes.add_table(3, 2, 0, 0, 5_000_000, 2_000_000).table
    for row, cells in enumerate((("Day", "Hours"), ("Monday", "9 to 5"), ("Friday", "9 to 1"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    return _bytes(deck)


def book(rows: Sequence[Sequence[object]], *, sheet: str = "Sheet", hidden: Sequence[Sequence[object]] = ()) -> bytes:
    """A spreadsheet."""
    workbook = openpyxl.Workbook()
    first = workbook.active
    first.title = sheet
    for row in rows:
        first.append(list(row))
    if hidden:
        other = workbook.create_sheet("Hidden")
        other.sheet_state = "hidden"
        for row in hidden:
            other.append(list(row))
    return _bytes(workbook)


def packed(parts: dict[str, bytes | str], *, stored: bool = False) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


CONTAINER = (
    '<?xml version="1.0"?><container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/content.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)


def epub(chapters: Sequence[str], **more: bytes | str) -> bytes:
    """A book of chapters (the inside of their bodies)."""
    items = "".join(
        f'<item id="c{n}" href="text/c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in reversed(range(len(chapters))))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>The book</dc:title></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    parts: dict[str, bytes | str] = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": package,
    }
    for number, body in enumerate(chapters):
        parts[f"OEBPS/text/c{number}.xhtml"] = (
            f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head>'
            f"<body>{body}</body></html>"
        )
    return packed(parts | more)


def _bytes(thing: object) -> bytes:
    out = io.BytesIO()
    thing.save(out)  # type: ignore[attr-defined]
    return out.getvalue()
