"""A file's bytes to its text: the one door to all readers. Pure, but slow: never on the event loop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import PurePath

from selfsame.errors import BadInput, TooLarge
from selfsame.kit.languages import detect
from selfsame.library.extract import kinds
from selfsame.library.extract.charset import decode, decode_page
from selfsame.library.extract.clean import readable
from selfsame.library.extract.kinds import LIMITS, MEGABYTE, Extracted
from selfsame.library.extract.sniff import SUFFIXES, sniff
from selfsame.library.extract.xml import TOO_DEEP

NAMES = {
    kinds.PDF: "a PDF",
    kinds.DOCX: "a Word document",
    kinds.PPTX: "a presentation",
    kinds.XLSX: "a spreadsheet",
    kinds.XLS: "a spreadsheet",
    kinds.ODS: "a spreadsheet",
    kinds.CSV: "a table of text",
    kinds.HTML: "a web page",
    kinds.MARKDOWN: "Markdown",
    kinds.PLAIN: "plain text",
    kinds.EPUB: "a book",
    kinds.EMAIL: "an e-mail",
    kinds.MAILBOX: "a mailbox",
    kinds.SUBRIP: "subtitles",
    kinds.WEBVTT: "subtitles",
    kinds.JSON: "JSON",
}
_SHEETS = (kinds.XLSX, kinds.XLS, kinds.ODS)
_TEXTS = (kinds.PLAIN, kinds.MARKDOWN)
SAMPLE = 20_000
"""Letters from which the language is told."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is known of a file beside its bytes. `products`: it must be a catalogue. `pairs`: questions and answers."""

    name: str = ""
    products: bool = False
    pairs: bool = False


ANY = Wish()


def read(data: bytes, wish: Wish = ANY) -> Extracted:
    """The text of a file of any kind that is read, cleaned, with its language.

    Raises BadInput or TooLarge, each with words that tell the file's owner what to do.
    """
    check_size(data)
    content_type = kinds.PAIRS if wish.pairs else sniff(data, wish.name)
    try:
        found = _read(data, content_type, wish)
    except RecursionError as error:
        raise BadInput(TOO_DEEP) from error
    notes = found.notes
    promised = SUFFIXES.get(PurePath(wish.name).suffix.lower())
    if promised and content_type != promised and not {content_type, promised} <= {*_SHEETS} | {*_TEXTS}:
        same = {content_type, promised} in ({kinds.SUBRIP, kinds.WEBVTT}, {kinds.EMAIL, kinds.MAILBOX})
        if not same:
            notes = (
                f"The name promises {NAMES[promised]}, but this is {NAMES[content_type]}, and was read so.",
                *notes,
            )
    return replace(found, notes=notes, language=detect(_sample(found)))


def check_size(data: bytes) -> None:
    """Raise TooLarge, or BadInput for a file without a byte."""
    if not data:
        raise BadInput("The file is empty. Choose the right one, and upload it again.")
    if len(data) > LIMITS.file_bytes:
        had = len(data) // MEGABYTE
        raise TooLarge(f"The file has {had} MB; at most {LIMITS.file_bytes // MEGABYTE} MB are read. Split it.")


def _read(data: bytes, content_type: str, wish: Wish) -> Extracted:
    """Imports only what the kind needs: a text file must not wait for a PDF library."""
    match content_type:
        case kinds.PDF:
            from selfsame.library.extract.pdf import read_pdf

            return read_pdf(data)
        case kinds.DOCX | kinds.PPTX:
            from selfsame.library.extract import office

            return office.read_docx(data) if content_type == kinds.DOCX else office.read_pptx(data)
        case kinds.XLSX | kinds.XLS | kinds.ODS:
            from selfsame.library.extract.sheets import read_sheets

            return read_sheets(data, content_type, products=wish.products)
        case kinds.EPUB:
            from selfsame.library.extract.epub import read_epub

            return read_epub(data)
        case kinds.EMAIL | kinds.MAILBOX:
            from selfsame.library.extract.mail import read_mail

            return read_mail(data, content_type)
        case kinds.HTML:
            from selfsame.library.extract.html import read_html

            return read_html(decode_page(data))
        case _:
            return _read_text(decode(data), content_type, wish)


def _read_text(source: str, content_type: str, wish: Wish) -> Extracted:
    match content_type:
        case kinds.CSV | kinds.JSON | kinds.PAIRS:
            from selfsame.library.extract import rows_file

            if content_type == kinds.PAIRS:
                return rows_file.read_pairs(source)
            if content_type == kinds.CSV:
                return rows_file.read_csv(source, products=wish.products)
            return rows_file.read_json(source, products=wish.products)
        case kinds.SUBRIP | kinds.WEBVTT:
            from selfsame.library.extract.subtitles import read_subtitles

            return read_subtitles(readable(source), content_type)
        case _:
            from selfsame.library.extract.markdown import extract

            if len(source) > 2 * LIMITS.letters:
                raise TooLarge(f"The text has more than {LIMITS.letters // MEGABYTE} million letters. Split it.")
            return extract(readable(source), content_type)


def _sample(found: Extracted) -> str:
    """Text from the beginning and from the middle: many documents begin with names and addresses."""
    half = SAMPLE // 2
    middle = max(half, len(found.text) // 2)
    return found.text[:half] + " " + found.text[middle : middle + half]
