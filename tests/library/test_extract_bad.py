"""Files that cannot or must not be read: each is refused in words that tell its owner what to do; none does harm."""

from __future__ import annotations

import random
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from selfsame.errors import BadInput, CallerError, TooLarge
from selfsame.library.extract import archive, kinds
from selfsame.library.extract.kinds import LIMITS, Limits
from selfsame.library.extract.read import Wish, read
from selfsame.library.extract.xml import parse
from tests.library import documents as made
from tests.library.test_extract import MAIL, PAGE, WORDS, pdf

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)


def wide(name: str) -> bytes:
    return name.encode("utf-16-le")


def document_of(xml: str) -> bytes:
    return made.packed({"[Content_Types].xml": "<Types/>", "word/document.xml": xml})


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    f"<!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><w:document {W}><w:body><w:p><w:r><w:t>&c;</w:t></w:r></w:p></w:body>"
    "</w:document>"
)
FILE = (
    f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document {W}><w:body><w:p><w:r><w:t>&x;</w:t></w:r>'
    "</w:p></w:body></w:document>"
)
DEEP = (
    f"<w:document {W}><w:body>"
    + "<w:sdt><w:sdtContent>" * 5000
    + "</w:sdtContent></w:sdt>" * 5000
    + "</w:body></w:document>"
)
CASES: dict[str, tuple[bytes, str, str]] = {
    "empty": (b"", "a.pdf", "empty"),
    "blank": (b" \n\t\0", "a.txt", "empty"),
    "locked pdf": (made.locked_pdf(), "a.pdf", "password"),
    "scanned pdf": (made.scanned_pdf(), "a.pdf", "OCR"),
    "broken pdf": (b"%PDF-1.7\nnothing", "a.pdf", "damaged"),
    "cut pdf": (pdf()[:400], "a.pdf", "damaged"),
    "locked office": (OLE + wide("EncryptedPackage"), "a.docx", "password"),
    "old word": (OLE + wide("WordDocument"), "a.doc", r"\.docx"),
    "old slides": (OLE + wide("PowerPoint Document"), "a.ppt", r"\.pptx"),
    "outlook": (OLE + wide("__substg1.0_001A"), "a.msg", r"\.eml"),
    "broken old excel": (OLE + wide("Workbook"), "a.xls", "damaged"),
    "rich text": (rb"{\rtf1 hello}", "a.rtf", r"\.docx"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.pdf", "OCR"),
    "photo": (bytes(4) + b"ftypheic" + bytes(50), "a.heic", "picture"),
    "video": (bytes(4) + b"ftypisom" + bytes(50), "a.mp4", "subtitles"),
    "recording": (b"RIFF" + bytes(4) + b"WAVEfmt ", "a.wav", "transcript"),
    "archive": (made.packed({"notes.txt": "hello"}), "a.zip", "Unpack"),
    "gzip": (b"\x1f\x8b\x08" + bytes(20), "a.docx", "Unpack"),
    "tar": (bytes(257) + b"ustar" + bytes(300), "a.tar", "Unpack"),
    "program": (b"MZ" + bytes(200), "a.txt", "program"),
    "database": (b"SQLite format 3\0" + bytes(90), "a.db", "CSV"),
    "bytes": (random.Random(1).randbytes(5000), "a.txt", "."),
    "xml": (b'<?xml version="1.0"?><rss><a>b</a></rss>', "a.xml", "XML"),
    "locked zip": (
        made.packed({"word/document.xml": "<a/>"}).replace(b"\x14\0\0\0", b"\x14\0\1\0"),
        "a.docx",
        "password",
    ),
    "no document in it": (made.packed({"word/other.xml": "<a/>"}), "a.docx", "damaged"),
    "no body in it": (document_of("<a/>"), "a.docx", "damaged"),
    "broken xml": (document_of("<a><b></a>"), "a.docx", "damaged"),
    "entities": (document_of(LAUGHS), "a.docx", "entities"),
    "a file by entity": (document_of(FILE), "a.docx", "entities"),
    "deep xml": (document_of(DEEP), "a.docx", "deep"),
    "no text in word": (document_of(f"<w:document {W}><w:body/></w:document>"), "a.docx", "no text"),
    "entities in a sheet": (
        made.packed({"xl/workbook.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><workbook/>"}),
        "a.xlsx",
        "entities",
    ),
    "no workbook": (made.packed({"xl/other.xml": "<a/>"}), "a.xlsx", "damaged"),
    "empty sheet": (made.book([]), "a.xlsx", "no text"),
    "protected book": (
        made.epub(
            ["<p>x</p>"],
            **{
                "META-INF/encryption.xml": '<e><m Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/></e>',
            },
        ),
        "a.epub",
        "copy-protected",
    ),
    "book without chapters": (made.epub([]), "a.epub", "no text"),
    "page without words": (b"<html><body><script>x</script></body></html>", "a.html", "no text"),
    "no cues": (b"WEBVTT\n\nNOTE nothing", "a.vtt", "times"),
    "broken json": (b'{"a": ', "a.json", "JSON"),
    "deep json": (b"[" * 100_000, "a.json", "deep|JSON"),
    "only heads": (b"name,price\n", "a.csv", "no text|no product|empty"),
    "wide table": (("a," * 300 + "\n" + "1," * 300).encode(), "a.csv", "columns"),
    "binary table": (b"a,b\n" + bytes(500), "a.csv", "."),
}


@pytest.mark.parametrize("case", CASES)
def test_each_is_refused_with_what_to_do(case: str) -> None:
    data, name, words = CASES[case]
    with pytest.raises(CallerError, match=words) as caught:
        read(data, Wish(name))
    message = caught.value.message
    assert message[0].isupper() and message.endswith(".") and len(message) < 400
    assert "Error" not in message and "Traceback" not in message


def bomb() -> bytes:
    out = made.io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", bytes(60_000_000))
    return out.getvalue()


def test_a_zip_bomb_is_not_unpacked() -> None:
    with pytest.raises(BadInput, match="bomb"):
        read(bomb(), Wish("a.docx"))


@pytest.mark.parametrize(
    ("limits", "kind", "words"),
    [
        (Limits(parts=1), TooLarge, "parts"),
        (Limits(unpacked=100), TooLarge, "unpacks"),
        (Limits(part=10), TooLarge, "part"),
    ],
)
def test_packed_files_have_limits(limits: Limits, kind: type[CallerError], words: str) -> None:
    data = made.packed({"a": bytes(90), "b": bytes(90)})
    with pytest.raises(kind, match=words):
        archive.Archive(data, limits).read("a")


def test_a_part_that_lies_about_its_size_is_damaged() -> None:
    data = bytearray(made.packed({"word/document.xml": "x" * 5000}))
    place = data.rfind(b"PK\x01\x02") + 24
    data[place : place + 4] = (10).to_bytes(4, "little")
    with pytest.raises(CallerError):
        archive.Archive(bytes(data)).read("word/document.xml")


def test_a_document_may_say_only_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    small = Limits(letters=1000, rows=10, file_bytes=100_000)
    for module in ("writer", "table", "read"):
        monkeypatch.setattr(f"selfsame.library.extract.{module}.LIMITS", small)
    with pytest.raises(TooLarge, match="letters"):
        read(b"word " * 300, Wish("a.txt"))
    with pytest.raises(TooLarge, match="rows"):
        read(b"a,b\n" + b"1,2\n" * 20, Wish("a.csv"))
    with pytest.raises(TooLarge, match="MB"):
        read(b"word " * 30_000, Wish("a.txt"))


def test_a_catalogue_without_names_says_what_it_has() -> None:
    with pytest.raises(BadInput, match="Its columns are: day, hours"):
        read(b"day,hours\nMonday,9\n", Wish("a.csv", products=True))
    with pytest.raises(BadInput, match="`name`"):
        read(b'{"a":1}', Wish("a.json", products=True))


def test_xml_from_the_network_is_not_fetched() -> None:
    with pytest.raises(BadInput):
        parse(b'<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;]><a/>')


GOOD = {
    "pdf": pdf(),
    "docx": made.word(),
    "pptx": made.slides(),
    "xlsx": made.book([["name", "price"], ["Kettle", 24.9], ["Pot", 12]]),
    "epub": made.epub(["<h1>One</h1><p>Text.</p>"]),
    "html": PAGE.replace("WORDS", WORDS).encode(),
    "eml": MAIL,
    "mbox": b"From ada Fri\nSubject: One\nFrom: a@b.c\n\nWords.\n",
    "srt": b"1\n00:00:01,000 --> 00:00:02,000\nHello.\n",
    "csv": b"question,answer\nWhy?,Because.\n",
    "json": b'[{"name":"Kettle","price":3}]',
    "md": b"# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nQ: Why?\nA: So.\n",
    "txt": "¿Qué? Señor.".encode("cp1252"),
}
"""A file of each kind, for spoiling. (Old Excel files are spoilt where they are made by others.)"""


def never_crashes(data: bytes, name: str) -> None:
    """Whatever it is, it is text with exact sections, or refused."""
    try:
        found = read(data, Wish(name))
    except CallerError as fault:
        assert fault.message
        return
    last = 0
    for section in found.sections:
        assert last <= section.start < section.end <= len(found.text) <= LIMITS.letters
        last = section.end
    assert "\0" not in found.text
    assert found.language in ("EN", "ES", "ZH")
    assert found.content_type in vars(kinds).values()
    for product in found.products:
        assert 0 <= product.section < len(found.sections)


@pytest.mark.parametrize("kind", GOOD)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32), flips=st.integers(1, 30), cut=st.floats(0.0, 1.0))
def test_spoilt_files_never_crash(kind: str, seed: int, flips: int, cut: float) -> None:
    chance = random.Random(seed)
    data = bytearray(GOOD[kind])
    if cut < 0.5:
        data = data[: int(2 * cut * len(data)) + 1]
    for _ in range(flips):
        data[chance.randrange(len(data))] = chance.randrange(256)
    never_crashes(bytes(data), f"a.{kind}")


@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx", "epub"])
@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32), flips=st.integers(1, 20))
def test_spoilt_parts_of_packed_files_never_crash(kind: str, seed: int, flips: int) -> None:
    chance = random.Random(seed)
    with zipfile.ZipFile(made.io.BytesIO(GOOD[kind])) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    name = chance.choice(sorted(parts))
    data = bytearray(parts[name])
    for _ in range(flips if data else 0):
        place = chance.randrange(len(data))
        data[place : place + chance.randrange(3)] = chance.choice([b"<", b">", b"", b'"', b"&", b"\xff", b"9999999999"])
        data = data or bytearray(b"x")
    never_crashes(made.packed(parts | {name: bytes(data)}), f"a.{kind}")


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=400) | st.text(max_size=400).map(lambda text: text.encode("utf-8", "replace")),
    st.sampled_from(sorted(GOOD)),
)
def test_any_bytes_under_any_name_never_crash(data: bytes, kind: str) -> None:
    never_crashes(data, f"a.{kind}")


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>/abdivtablerhpseconsumay =\"'&;!-\n", max_size=400))
def test_any_page_never_crashes(source: str) -> None:
    never_crashes(b"<html>" + source.encode(), "a.html")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(st.text(max_size=12), max_size=5), max_size=8), st.sampled_from([",", ";", "\t"]))
def test_any_table_never_crashes(rows: list[list[str]], mark: str) -> None:
    source = "\n".join(mark.join(row) for row in rows)
    never_crashes(("name,price\n" + source).encode("utf-8", "replace"), "a.csv")
    never_crashes(source.encode("utf-8", "replace"), "a.csv")
