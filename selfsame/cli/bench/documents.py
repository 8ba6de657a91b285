"""Documents for measuring: the same words in every format, made with nothing but what the product has."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from html import escape

_LIST = (
    "clock spring pendulum brass case dial hand hour minute repair workshop master oil wheel tooth bell glass wood "
    "customer order price week day year guarantee delivery letter question answer history town family tool bench"
)
WORDS = tuple(_LIST.split())
PARAGRAPHS = 6
"""Of a page; together about 2,500 letters."""
Pages = list[list[str]]


def pages_of(count: int) -> Pages:
    """Pages of paragraphs, the same every time."""
    chance = random.Random(count)

    def sentence() -> str:
        words = [chance.choice(WORDS) for _ in range(chance.randrange(8, 16))]
        return " ".join(words).capitalize() + "."

    return [[" ".join(sentence() for _ in range(6)) for _ in range(PARAGRAPHS)] for _ in range(count)]


def markdown(pages: Pages) -> bytes:
    """Markdown, a heading a page."""
    return "\n\n".join(f"## Part {n}\n\n" + "\n\n".join(page) for n, page in enumerate(pages, 1)).encode()


def text(pages: Pages) -> bytes:
    """Plain text."""
    return "\n\n".join("\n\n".join(page) for page in pages).encode()


def html(pages: Pages) -> bytes:
    """A web page, with a menu."""
    body = "".join(f"<h2>Part {n}</h2>" + "".join(f"<p>{p}</p>" for p in page) for n, page in enumerate(pages, 1))
    return f"<html><body><nav><a href='/'>Home</a></nav><main>{body}</main></body></html>".encode()


def docx(pages: Pages) -> bytes:
    """A Word document."""
    w = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

    def paragraph(words: str, style: str = "") -> str:
        kind = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
        return f"<w:p>{kind}<w:r><w:t>{escape(words)}</w:t></w:r></w:p>"

    body = "".join(paragraph(f"Part {n}", "H") + "".join(map(paragraph, page)) for n, page in enumerate(pages, 1))
    styles = f'<w:styles xmlns:w="{w}"><w:style w:styleId="H"><w:name w:val="heading 1"/></w:style></w:styles>'
    return packed(
        {
            "word/document.xml": f'<w:document xmlns:w="{w}"><w:body>{body}</w:body></w:document>',
            "word/styles.xml": styles,
        }
    )


def pptx(pages: Pages) -> bytes:
    """A presentation, a slide a page."""
    a = "http://schemas.openxmlformats.org/drawingml/2006/main"
    parts = {"ppt/presentation.xml": "<p/>"}
    for n, page in enumerate(pages, 1):
        body = "".join(f"<a:p><a:r><a:t>{escape(p)}</a:t></a:r></a:p>" for p in page)
        parts[f"ppt/slides/slide{n}.xml"] = f'<sld xmlns:a="{a}"><sp><txBody>{body}</txBody></sp></sld>'
    return packed(parts)


def epub(pages: Pages) -> bytes:
    """A book, a chapter a page."""
    items = "".join(
        f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in range(len(pages))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(pages)))
    parts = {"content.opf": f"<package><manifest>{items}</manifest><spine>{spine}</spine></package>"}
    for n, page in enumerate(pages):
        parts[f"c{n}.xhtml"] = "<html><body>" + "".join(f"<p>{p}</p>" for p in page) + "</body></html>"
    return packed({"mimetype": "application/epub+zip"} | parts)


def packed(parts: dict[str, str]) -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
    return out.getvalue()


def pdf(pages: Pages) -> bytes:
    """A PDF of lines, as programs print them."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for n, page in enumerate(pages):
        drawn = _drawn(f"Part {n + 1}", page)
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {5 + 2 * n} 0 R"
            "/Resources<</Font<</F1 3 0 R>>>>>>"
        )
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer<</Size {len(objects) + 1}/Root 1 0 R>>\n"
    return bytes(out) + f"{end}startxref\n{len(out)}\n%%EOF".encode()


def _drawn(title: str, page: list[str]) -> str:
    lines = [f"BT /F1 18 Tf 72 790 Td ({title}) Tj ET"]
    base = 760
    for paragraph in page:
        words = paragraph.split()
        while words:
            line = ""
            while words and len(line) < 85:
                line += words.pop(0) + " "
            lines.append(f"BT /F1 10 Tf 72 {base} Td ({line.strip()}) Tj ET")
            base -= 13
        base -= 10
    return "\n".join(lines)


def catalogue(count: int) -> bytes:
    """A CSV file of products, each with a sentence or two."""
    chance = random.Random(count)
    rows = ["sku,name,description,price,currency,colour,stock"]
    for n in range(count):
        one, two = chance.choice(WORDS), chance.choice(WORDS)
        about = " ".join(chance.choice(WORDS) for _ in range(18))
        rows.append(f"P{n:05d},{one.title()} {two} {n},{about}.,{chance.randrange(500, 50_000) / 100},EUR,red,{n % 90}")
    return "\n".join(rows).encode()


FORMATS: dict[str, tuple[str, Callable[[Pages], bytes]]] = {
    "text": ("a.txt", text),
    "markdown": ("a.md", markdown),
    "html": ("a.html", html),
    "docx": ("a.docx", docx),
    "pptx": ("a.pptx", pptx),
    "epub": ("a.epub", epub),
    "pdf": ("a.pdf", pdf),
}
"""Each format's file name and maker."""
