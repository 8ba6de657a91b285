"""Every kind of file: what a person would read in it, under which heading, at which place, and what it answers."""

from __future__ import annotations

import pytest

from selfsame.errors import BadInput
from selfsame.library.extract import kinds
from selfsame.library.extract.charset import decode
from selfsame.library.extract.clean import joined, readable
from selfsame.library.extract.kinds import Extracted
from selfsame.library.extract.read import Wish, read
from selfsame.library.split import split
from tests.library import documents as made

Row = tuple[str, str, str | None, str]


def rows(found: Extracted) -> list[Row]:
    """Heading, place, question and words of every chunk."""
    return [
        (c.heading, c.locator, c.question, c.content) for c in split(found.text, found.sections, places=found.places)
    ]


def take(data: bytes, name: str = "", **wish: bool) -> Extracted:
    return read(data, Wish(name, **wish))


def test_word() -> None:
    found = take(made.word(), "clocks.docx")
    assert (found.content_type, found.title, found.language, found.notes) == (kinds.DOCX, "Clock repair", "EN", ())
    prices = "Clock repair > Prices"
    assert rows(found) == [
        ("Clock repair", "", None, "We mend clocks of every age."),
        (prices, "", None, "Work: Cleaning; Price: 40 euros.\nWork: New spring; Price: 65 euros."),
        (f"{prices} > Visits", "", None, "Come by on weekdays.\n\nRing first on Fridays."),
        (f"{prices} > Visits", "", "Do you mend watches?", "Yes, but only mechanical ones."),
    ]


def test_tracked_changes_and_content_controls_are_read_as_shown() -> None:
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = (
        "<w:p><w:r><w:t>One </w:t></w:r><w:ins><w:r><w:t>two</w:t></w:r></w:ins><w:del><w:r>"
        "<w:delText>three</w:delText></w:r></w:del></w:p>"
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>In a field.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    parts = {"word/document.xml": f"<w:document {w}><w:body>{body}</w:body></w:document>"}
    assert take(made.packed(parts)).text == "One two\n\nIn a field."


def test_slides() -> None:
    assert rows(take(made.slides(), "workshop.pptx")) == [
        ("Our workshop", "slide 1", None, "Founded in 1950\nTwelve people\n\nMention the prize of 1987."),
        ("Opening hours", "slide 2", None, "Day: Monday; Hours: 9 to 5.\nDay: Friday; Hours: 9 to 1."),
    ]


def test_a_spreadsheet_keeps_its_rows_and_its_title() -> None:
    table = [["Opening hours"], [], ["Day", "From", "To"], ["Monday", 9, 17.5], ["Friday", 9, 13]]
    assert rows(take(made.book(table, hidden=[["secret", "secret too"]]), "hours.xlsx")) == [
        ("Opening hours", "rows 4-5", None, "Day: Monday; From: 9; To: 17.5.\nDay: Friday; From: 9; To: 13."),
    ]


def test_a_formula_is_not_computed_and_its_owner_hears_of_it() -> None:
    found = take(made.book([["Day", "Sum"], ["Monday", "=1+1"], ["Friday", "=cmd|' /C calc'!A0"]]), "x.xlsx")
    assert found.text == "Day: Monday.\nDay: Friday."
    assert "never calculated" in found.notes[0]


def pdf() -> bytes:
    first = [
        ("Clock repair manual", 72.0, 790.0, 22.0, False),
        *made.lines(
            "This is the first line of a paragraph that is rather long and full", "and goes on in a sec-", top=750
        ),
        *made.lines("ond line.", top=722),
        ("Prices", 72.0, 690.0, 16.0, False),
        *made.lines("Cleaning a clock costs forty euros.", top=660),
        ("Page 1 of 3", 270.0, 30.0, 9.0, False),
    ]
    more = [
        [
            *made.lines(f"Text of page {number}, long enough to be a line of its own."),
            (f"Page {number} of 3", 270.0, 30.0, 9.0, False),
        ]
        for number in (2, 3)
    ]
    return made.pdf([first, *more])


def test_a_pdf_has_pages_headings_and_no_page_numbers() -> None:
    found = take(pdf(), "manual.pdf")
    assert (found.title, found.content_type) == ("Clock repair manual", kinds.PDF)
    assert "Page 1" not in found.text and "of 3" not in found.text
    first, *rest = rows(found)
    paragraph = "This is the first line of a paragraph that is rather long and full and goes on in a second line."
    assert first == ("Clock repair manual", "page 1", None, paragraph)
    assert {heading for heading, *_ in rest} == {"Clock repair manual > Prices"}
    assert [name for _, name in found.places] == ["page 1", "page 2", "page 3"]


def test_chapters_are_no_running_heads() -> None:
    pages = [
        [(f"Chapter {n}", 72.0, 790.0, 20.0, False), *made.lines(f"What chapter {n} says in a line.", top=740)]
        for n in range(1, 5)
    ]
    assert [heading for heading, *_ in rows(take(made.pdf(pages), "x.pdf"))] == [f"Chapter {n}" for n in range(1, 5)]


def test_rows_of_a_table_in_a_pdf_stay_rows() -> None:
    texts = [("Our prices", 72.0, 790.0, 20.0, False)]
    for place, (work, price) in enumerate((("Work", "Price"), ("Cleaning", "40 euros"), ("New spring", "65 euros"))):
        texts += [(work, 72.0, 700.0 - 14 * place, 11.0, False), (price, 300.0, 700.0 - 14 * place, 11.0, False)]
    assert rows(take(made.pdf([texts]), "prices.pdf")) == [
        ("Our prices", "page 1", None, "Work: Cleaning; Price: 40 euros.\nWork: New spring; Price: 65 euros."),
    ]


def test_a_book_is_read_in_the_order_of_its_spine() -> None:
    chapters = [
        "<h1>Two</h1><p>Second chapter.</p>",
        "<h1>One</h1><p>First <b>chapter</b>.</p><table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>"
        "</table>",
    ]
    found = take(made.epub(chapters), "book.epub")
    assert found.title == "The book"
    assert rows(found) == [
        ("One", "chapter 1", None, "First chapter.\nA: 1; B: 2."),
        ("Two", "chapter 2", None, "Second chapter."),
    ]


PAGE = """<!doctype html><html><head><title>Clocks</title><script>alert(1)</script>
<script type="application/ld+json">{"@type":"FAQPage","mainEntity":[{"@type":"Question","name":"Do you gild?",
"acceptedAnswer":{"@type":"Answer","text":"<p>Yes, with <b>gold</b>.</p>"}}]}</script></head>
<body><nav><a href="/">Home</a></nav><div class="cookie-banner">Accept cookies</div>
<main><h1>Clock shop</h1><p>WORDS</p><details><summary>Do you ship?</summary>Yes, everywhere.</details>
<dl><dt>What does it cost?</dt><dd>Ten euros.</dd></dl>
<table><tr><th>Day</th><th>Open</th></tr><tr><td>Monday</td><td>nine</td></tr></table>
<p style="display: none">secret</p><p hidden>secret</p></main><footer>Imprint</footer></body></html>"""
WORDS = " ".join(["We mend clocks of every age and size."] * 8)


def test_a_page_is_its_main_part_with_its_questions() -> None:
    found = take(PAGE.replace("WORDS", WORDS).encode(), "index.html")
    assert (found.title, found.content_type) == ("Clock shop", kinds.HTML)
    assert rows(found) == [
        ("Clock shop", "", None, WORDS),
        ("Clock shop", "", "Do you ship?", "Yes, everywhere."),
        ("Clock shop", "", "What does it cost?", "Ten euros.\nDay: Monday; Open: nine."),
        ("Clock shop", "", "Do you gild?", "Yes, with gold ."),
    ]


@pytest.mark.parametrize("named", ["shift_jis", "iso-8859-2", "nonsense", "undefined", "utf-8"])
def test_a_page_in_the_encoding_that_it_names(named: str) -> None:
    words = {"shift_jis": "時計を修理します", "iso-8859-2": "žluťoučký kůň"}.get(named, "Uhren für alle")
    page = f'<html><head><meta charset="{named}"></head><body><p>{words}</p></body></html>'
    encoding = named if named in ("shift_jis", "iso-8859-2") else "cp1252"
    assert take(page.encode(encoding), "x.html").text == words


def test_a_page_that_marks_nothing_is_its_densest_part() -> None:
    links = "".join(f"<li><a href='/{n}'>A link to page number {n}</a></li>" for n in range(40))
    page = (
        f"<html><body><ul>{links}</ul><div><div><h2>Clocks</h2><p>{WORDS}</p><p>{WORDS}</p></div></div></body></html>"
    )
    assert rows(take(page.encode())) == [("Clocks", "", None, f"{WORDS}\n\n{WORDS}")]


MAIL = (
    b"From: Ada <ada@example.org>\r\nTo: bob@example.org\r\nSubject: =?utf-8?q?Caf=C3=A9?=\r\n"
    b"Date: Fri, 1 May 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=xx\r\n\r\n"
    b"--xx\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHello Bob,\r\nwe meet at nine.\r\n\r\n"
    b"On Monday, Bob wrote:\r\n"
    b"> old words\r\n-- \r\nAda\r\n--xx\r\nContent-Type: application/pdf; name=a.pdf\r\n"
    b"Content-Disposition: attachment\r\n\r\nxyz\r\n--xx--\r\n"
)


def test_a_message_without_what_it_quotes() -> None:
    found = take(MAIL, "note.eml")
    assert found.title == "Café" and "1 attachments" in found.notes[0]
    heads = "From: Ada <ada@example.org>\nTo: bob@example.org\nDate: Fri, 01 May 2026 10:00:00 +0000"
    assert rows(found) == [("Café", "", None, f"{heads}\n\nHello Bob, we meet at nine.")]


def test_a_mailbox_is_its_messages() -> None:
    one = b"From ada Fri May  1 10:00:00 2026\nFrom: ada@example.org\nSubject: One\n\nFirst words.\n>From here.\n\n"
    two = b"From ada Fri May  1 11:00:00 2026\nFrom: ada@example.org\nSubject: Two\n\nSecond words.\n"
    found = take(one + two, "all.mbox")
    assert [(heading, place) for heading, place, _, _ in rows(found)] == [("One", "message 1"), ("Two", "message 2")]
    assert "From here." in found.text


@pytest.mark.parametrize("mark", ["", "WEBVTT\n\n"])
def test_subtitles_by_their_times(mark: str) -> None:
    stop = "." if mark else ","
    long = "This is what I say about clocks and their makers, at some length, so that a paragraph is full. " * 3
    cues = [
        ("00:00:01", f"<i>Hello</i> there. {long}"),
        ("00:00:04", "[music]"),
        ("00:01:04", long),
        ("00:02:00", "The end."),
    ]
    source = mark + "".join(f"{n}\n{at}{stop}000 --> {at}{stop}900\n{text}\n\n" for n, (at, text) in enumerate(cues, 1))
    found = take(source.encode(), "talk.vtt" if mark else "talk.srt")
    assert found.content_type == (kinds.WEBVTT if mark else kinds.SUBRIP)
    assert [name for _, name in found.places] == ["00:00:01", "00:02:00"]
    assert (
        found.text.startswith("Hello there. This is") and found.text.endswith("The end.") and "music" not in found.text
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_pairs_in_a_table(encoding: str) -> None:
    source = "Pregunta;Respuesta\n¿Cuándo abren?;A las nueve.\n¿Y los domingos?;\n"
    found = take(source.encode(encoding), "faq.csv")
    assert found.language == "ES"
    assert rows(found) == [("", "row 2", "¿Cuándo abren?", "A las nueve.")]


def test_pairs_of_the_owner() -> None:
    found = take('[{"question":"何时开门？","answer":"九点。"}]'.encode(), pairs=True)
    assert rows(found) == [("", "", "何时开门？", "九点。")]
    assert found.language == "ZH"
    with pytest.raises(BadInput, match="question"):
        take(b'[{"q":1}]', pairs=True)


def test_json_is_a_table_or_text_by_its_keys() -> None:
    assert rows(take(b'{"hours":{"monday":"nine to five"},"name":"Clock shop"}', "x.json")) == [
        ("", "", None, "name: Clock shop"),
        ("hours", "", None, "monday: nine to five"),
    ]
    assert take(b'{"day":"Monday","open":true}\n{"day":"Friday","open":false}', "x.jsonl").text == (
        "day: Monday; open: yes.\nday: Friday; open: no."
    )


def test_many_rows_are_cut_into_handfuls_that_say_their_rows() -> None:
    source = "city,hours\n" + "\n".join(f"City number {n},from nine to five except on holidays" for n in range(100))
    found = rows(take(source.encode(), "x.csv"))
    assert len(found) > 4
    assert found[0][1].startswith("rows 2-") and found[-1][1].endswith("-101")
    assert all(content.startswith("city: City number") for _, _, _, content in found)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("¿Dónde está mi pedido? La garantía dura dos años.", "cp1252"),
        ("El señor", "cp1252"),
        ("Prices: £5 – “good” kettle", "cp1252"),
        ("价格表：红色水壶，二十四元九角。保修两年。", "gb18030"),
        ("你好", "gb18030"),
        ("name,price\n水壶 large,3\nkettle,4", "gb18030"),
        ("我們修理各種鐘錶，請在星期一到星期五來。", "big5"),
        ("hello", "utf-16"),
        ("hello wörld", "utf-16-le"),
        ("你好世界", "utf-8"),
        ("plain", "ascii"),
    ],
)
def test_old_encodings_are_told_apart(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).lstrip("\ufeff") == text


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\x00b\x07c", "abc"),
        ("soft\u00adhyphen", "softhyphen"),
        ("left\u202eright\u2066x", "leftrightx"),
        ("שלום\u200f עולם", "שלום עולם"),
        ("non\u00a0breaking\u2003space", "non breaking space"),
        ("ﬁne oﬃce", "fine office"),
        ("e\u0301", "é"),
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_what_cannot_be_seen_goes(raw: str, clean: str) -> None:
    assert readable(raw) == clean
    assert readable(clean) == clean


def test_lines_become_paragraphs() -> None:
    assert (
        joined(["a hyphen-", "ated word and a well-", "Known name", "红色", "水壶"])
        == "a hyphenated word and a well- Known name 红色水壶"
    )


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("x.pdf", b"Just words.", kinds.PLAIN),
        ("x.txt", made.word(), kinds.DOCX),
        ("x.csv", PAGE.replace("WORDS", WORDS).encode(), kinds.HTML),
        ("x.docx", b"%PDF-", None),
        ("x", b"# Title\n\nText.", kinds.MARKDOWN),
        ("x.doc", b"Just words.", kinds.PLAIN),
    ],
)
def test_a_mislabelled_file_is_read_as_what_it_is(name: str, data: bytes, kind: str | None) -> None:
    if kind is None:
        with pytest.raises(BadInput):
            take(data, name)
        return
    found = take(data, name)
    assert found.content_type == kind
    assert bool(found.notes) == (name in ("x.pdf", "x.txt", "x.csv"))
