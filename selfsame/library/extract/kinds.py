"""What comes out of a document, the kinds of documents, and how much of one is taken."""

from __future__ import annotations

from dataclasses import dataclass, field

from selfsame.library.products import Product
from selfsame.library.split import Section

MARKDOWN = "text/markdown"
PLAIN = "text/plain"
HTML = "text/html"
CSV = "text/csv"
JSON = "application/json"
PAIRS = "application/vnd.selfsame.faq+json"
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
ODS = "application/vnd.oasis.opendocument.spreadsheet"
EPUB = "application/epub+zip"
EMAIL = "message/rfc822"
MAILBOX = "application/mbox"
SUBRIP = "application/x-subrip"
WEBVTT = "text/vtt"

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is taken. Bytes, letters, counts; `ratio` is how far a part may be packed."""

    file_bytes: int = 50 * MEGABYTE
    letters: int = 3_000_000
    pages: int = 3_000
    rows: int = 50_000
    columns: int = 200
    cell: int = 20_000
    parts: int = 10_000
    unpacked: int = 400 * MEGABYTE
    part: int = 150 * MEGABYTE
    ratio: int = 200


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document's readable text and its sections, in order. `title` is the first top heading, if any.

    `places` says where stretches of the text stand, as (first letter, "page 3"), ascending; `notes` are for the owner;
    `products` of a catalogue are in the order of their sections, one section each.
    """

    text: str
    sections: list[Section]
    title: str | None = None
    places: list[tuple[int, str]] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    products: tuple[Product, ...] = ()
    content_type: str = PLAIN
    language: str | None = None
