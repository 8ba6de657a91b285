"""What a file is by its bytes; its name only decides between kinds of plain text. Pure."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import PurePath

from selfsame.errors import BadInput
from selfsame.library.extract import kinds
from selfsame.library.extract.archive import DAMAGED, LOCKED
from selfsame.library.extract.charset import decode

SUFFIXES = {
    ".pdf": kinds.PDF,
    ".docx": kinds.DOCX,
    ".docm": kinds.DOCX,
    ".pptx": kinds.PPTX,
    ".pptm": kinds.PPTX,
    ".xlsx": kinds.XLSX,
    ".xlsm": kinds.XLSX,
    ".xlsb": kinds.XLSX,
    ".xls": kinds.XLS,
    ".ods": kinds.ODS,
    ".csv": kinds.CSV,
    ".tsv": kinds.CSV,
    ".html": kinds.HTML,
    ".htm": kinds.HTML,
    ".xhtml": kinds.HTML,
    ".md": kinds.MARKDOWN,
    ".markdown": kinds.MARKDOWN,
    ".txt": kinds.PLAIN,
    ".text": kinds.PLAIN,
    ".epub": kinds.EPUB,
    ".eml": kinds.EMAIL,
    ".mbox": kinds.MAILBOX,
    ".srt": kinds.SUBRIP,
    ".vtt": kinds.WEBVTT,
    ".json": kinds.JSON,
    ".jsonl": kinds.JSON,
}
"""Names of files that are read, and what they promise."""
READ = "PDF, Word, PowerPoint, Excel, CSV, HTML, Markdown, text, EPUB, e-mail and subtitles"

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"), (b"GIF8", "picture"), (b"BM", "picture"),
    (b"II*\0", "picture"), (b"MM\0*", "picture"),
    (b"ID3", "recording"), (b"OggS", "recording"), (b"fLaC", "recording"), (b"\xff\xfb", "recording"),
    (b"\x1aE\xdf\xa3", "video"), (b"FLV", "video"),
    (b"\x1f\x8b", "archive"), (b"7z\xbc\xaf\x27\x1c", "archive"), (b"Rar!", "archive"), (b"BZh", "archive"),
    (b"\xfd7zXZ", "archive"), (b"\x28\xb5\x2f\xfd", "archive"),
    (b"MZ", "program"), (b"\x7fELF", "program"), (b"\xca\xfe\xba\xbe", "program"), (b"\xcf\xfa\xed\xfe", "program"),
    (b"SQLite format 3\0", "database"),
)  # fmt: skip
_WHAT_TO_DO = {
    "picture": "This is a picture. Write down what it shows, or run text recognition (OCR) over it; upload the text.",
    "recording": "This is a recording. Upload its transcript or its subtitles (SRT, VTT).",
    "video": "This is a video. Upload its transcript or its subtitles (SRT, VTT).",
    "archive": "This is an archive. Unpack it, and upload the files that are in it.",
    "program": f"This is a program, not a document. What is read: {READ}.",
    "database": "This is a database. Export its tables as CSV, and upload those.",
}
_MAIL_HEADS = re.compile(
    r"^(?:from|to|cc|subject|date|received|return-path|message-id|mime-version|delivered-to|reply-to|content-type|"
    r"dkim-signature|x-[\w-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_CUE = re.compile(r"^\s*(?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3}\s*-->", re.MULTILINE)
_HTML = re.compile(
    r"\A\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_TAGS = re.compile(r"<(?:p|div|h[1-6]|table|ul|body|head|span|br|article|section)\b[^<>]*>", re.IGNORECASE)


def sniff(data: bytes, name: str = "") -> str:
    """The content type of a file. Raises BadInput that says what to do when it is none that is read."""
    if not data.strip(b"\0 \r\n\t"):
        raise BadInput("The file is empty. Choose the right one, and upload it again.")
    if b"%PDF-" in data[:1024]:
        return kinds.PDF
    if data.startswith(b"PK\x03\x04"):
        return _packed(data)
    if data.startswith(b"PK\x05\x06"):
        raise BadInput("The file is an empty archive. Choose the right one, and upload it again.")
    if data.startswith(_OLE):
        return _compound(data)
    if data.startswith(b"{\\rtf"):
        raise BadInput("This is a rich text file (RTF). Save it as Word document (.docx), and upload that.")
    _refuse_foreign(data)
    return _text(decode(data[:200_000]), PurePath(name).suffix.lower())


def _refuse_foreign(data: bytes) -> None:
    kind = next((kind for mark, kind in _FOREIGN if data.startswith(mark)), None)
    if data[4:8] == b"ftyp":
        kind = "picture" if data[8:12] in (b"heic", b"heix", b"mif1", b"avif") else "video"
        kind = "recording" if data[8:12] in (b"M4A ", b"M4B ") else kind
    if data[:4] == b"RIFF":
        kind = {b"WEBP": "picture", b"AVI ": "video"}.get(data[8:12], "recording")
    if data[257:262] == b"ustar":
        kind = "archive"
    if kind is not None:
        raise BadInput(_WHAT_TO_DO[kind])


def _packed(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            names = set(file.namelist())
            kind = file.read("mimetype")[:100].strip() if "mimetype" in names else b""
    except RuntimeError as error:  # zipfile's word for "it is encrypted"
        raise BadInput(LOCKED) from error
    except Exception as error:  # a damaged archive fails in many ways, zlib's and zipfile's own among them
        raise BadInput(DAMAGED) from error
    if kind == b"application/epub+zip" or "META-INF/container.xml" in names:
        return kinds.EPUB
    if kind == b"application/vnd.oasis.opendocument.spreadsheet":
        return kinds.ODS
    if kind.startswith(b"application/vnd.oasis.opendocument"):
        raise BadInput("This is an OpenDocument file. Save it as Word (.docx) or PowerPoint (.pptx), and upload that.")
    for folder, found in (("word/", kinds.DOCX), ("ppt/", kinds.PPTX), ("xl/", kinds.XLSX)):
        if any(each.startswith(folder) for each in names):
            return found
    raise BadInput(_WHAT_TO_DO["archive"])


def _compound(data: bytes) -> str:
    """Files of the old Office programs, and new ones that a password protects."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in data

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        raise BadInput(LOCKED)
    if holds("Workbook") or holds("Book"):
        return kinds.XLS
    for stream, name, to in (
        ("WordDocument", "an old Word document (.doc)", "Word document (.docx)"),
        ("PowerPoint Document", "an old presentation (.ppt)", "presentation (.pptx)"),
        ("__substg1.0_", "an Outlook message (.msg)", "e-mail file (.eml)"),
    ):
        if holds(stream):
            raise BadInput(f"This is {name}. Save it as {to}, and upload that.")
    raise BadInput(f"This kind of file is not read. What is read: {READ}.")


def _text(text: str, suffix: str) -> str:
    head = text.lstrip("\ufeff \r\n\t")
    if head.startswith("WEBVTT"):
        return kinds.WEBVTT
    if len(_CUE.findall(text)) > 1 or (suffix in (".srt", ".vtt") and _CUE.search(text)):
        return kinds.SUBRIP
    if head.startswith("From ") and _MAIL_HEADS.search(head[:4000]):
        return kinds.MAILBOX
    heads = re.split(r"\r?\n\r?\n", head, maxsplit=1)[0]
    if len({found.lower() for found in _MAIL_HEADS.findall(heads)}) >= (2 if suffix == ".eml" else 3):
        return kinds.EMAIL
    promised = SUFFIXES.get(suffix)
    if _HTML.match(head) or (len(_TAGS.findall(head)) > 2 and (promised == kinds.HTML or head.startswith("<"))):
        return kinds.HTML
    if head.startswith("<?xml") or (suffix == ".xml" and head.startswith("<")):
        raise BadInput("This is an XML file of a kind that is not known. Save its text as text, Word or CSV.")
    if promised == kinds.JSON or (head.startswith(("{", "[")) and promised is None and _is_json(head)):
        return kinds.JSON
    if promised == kinds.CSV or (promised is None and suffix and _is_table(text)):
        return kinds.CSV
    if promised == kinds.MARKDOWN or (promised is None and re.search(r"^#{1,6} \S", text, re.MULTILINE)):
        return kinds.MARKDOWN
    return kinds.PLAIN


def _is_json(head: str) -> bool:
    return bool(re.match(r"[\[{]\s*(?:\"|\{|\[|\]|\})", head))


def _is_table(text: str) -> bool:
    lines = [line for line in text.split("\n")[:20] if line.strip()]
    return len(lines) > 2 and any(
        lines[0].count(mark) > 0 and all(line.count(mark) == lines[0].count(mark) for line in lines[:-1])
        for mark in ",;\t|"
    )
