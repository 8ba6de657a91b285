"""Web pages: what the page says, without what surrounds it. Pure.

Menus, banners, forms, scripts and hidden parts go. The main part is what the page marks as such (`main`, `article`), or
else the container that holds the most running text for its links, in the manner of readability measures (Kohlschütter,
Fankhauser and Nejdl, "Boilerplate Detection using Shallow Text Features", 2010).
"""

from __future__ import annotations

import json
import re
from typing import Any

from lxml import etree, html  # pyright: ignore[reportAttributeAccessIssue]

from selfsame.errors import BadInput
from selfsame.library.extract.clean import one_line
from selfsame.library.extract.kinds import HTML, Extracted
from selfsame.library.extract.writer import LONGEST_HEADING, Writer
from selfsame.library.extract.xml import DEEPEST, check_depth

Node = Any
_GONE = {
    "script", "style", "noscript", "template", "iframe", "object", "embed", "applet", "svg", "math", "canvas", "video",
    "audio", "form", "button", "select", "input", "textarea", "nav", "aside", "dialog", "menu", "head", "link", "meta",
}  # fmt: skip
_BLOCKS = {
    "p", "div", "section", "article", "main", "li", "ul", "ol", "dl", "dt", "dd", "blockquote", "pre", "figure", "body",
    "figcaption", "address", "header", "footer", "center", "details", "summary", "hr", "table", "tr", "td", "th",
    "caption", "fieldset", "hgroup", "html", "tbody", "thead", "tfoot",
}  # fmt: skip
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "alert"}
_SURROUNDING = re.compile(
    r"(^|[\s_-])(cookie\w*|consent|navbar|nav|menu|sidebar|breadcrumbs?|share|social|newsletter|subscribe|advert\w*|ads?|"
    r"promo|popup|modal|comments?|related|footer|pagination|skip-link|sr-only|visually-hidden)([\s_-]|$)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|opacity\s*:\s*0(?![.\d])")
FEW = 250
"""Letters below which a marked main part is taken for an empty shell."""


def read_html(source: str, *, whole: bool = False) -> Extracted:
    """The page's main part; `whole`: all that is visible, for chapters of books. Raises BadInput."""
    writer = Writer()
    write_html(writer, source, whole=whole)
    return writer.done(HTML)


def write_html(writer: Writer, source: str, *, whole: bool = False) -> str:
    """Write a page; the title that its head gives. Raises BadInput."""
    root = _parsed(source)
    found = root.find(".//title")
    title = one_line(found.text_content()) if found is not None and found.tag == "title" else ""
    pairs = [] if whole else _stated_pairs(root)
    _prune(root, whole)
    main = root if whole else _main_part(root)
    walker = _Walker(writer, root is not main)
    walker.walk(main)
    walker.flush()
    if writer.title is None and title and not whole:
        writer.title = title[:LONGEST_HEADING]
    known = "".join(writer.parts)
    for question, answer in pairs:
        if answer and answer not in known:
            writer.ask(question)
            writer.body(answer)
    return title


def _parsed(source: str) -> Node:
    source = re.sub(r"^\s*<\?xml[^>]*\?>", "", source)
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding="utf-8")
    try:
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise BadInput("The page cannot be read. Copy its text into a file, and upload that.") from error
    check_depth(root, DEEPEST + 100)
    return root


def _prune(root: Node, whole: bool) -> None:
    """Take away what nobody reads: `whole` pages keep what only surrounds others."""
    for node in list(root.iter()):
        if node is root or node.getparent() is None:
            continue
        tag = node.tag if isinstance(node.tag, str) else ""
        hidden = (
            node.get("hidden") is not None
            or node.get("aria-hidden") == "true"
            or _HIDDEN.search(node.get("style", "")) is not None
        )
        around = not whole and (
            node.get("role", "") in _ROLES
            or (tag in ("div", "section", "ul", "ol", "p", "span", "footer") and _is_surrounding(node))
            or (tag in ("header", "footer") and not any(a.tag in ("article", "main") for a in node.iterancestors()))
        )
        if not tag or tag in _GONE or hidden or around:
            _drop(node)


def _drop(node: Node) -> None:
    try:
        node.drop_tree()
    except ValueError:  # the text behind it holds what XML forbids
        node.tail = None
        node.drop_tree()


def _is_surrounding(node: Node) -> bool:
    names = f"{node.get('class', '')} {node.get('id', '')}"
    return bool(_SURROUNDING.search(names)) and len(node.text_content()) < 3000


def _main_part(root: Node) -> Node:
    for path in (".//main", ".//*[@role='main']", ".//article"):
        marked = root.findall(path)
        if len(marked) == 1 and len(marked[0].text_content().strip()) >= FEW:
            return marked[0]
    body = root.find("body")
    body = root if body is None else body
    return _densest(body)


def _densest(body: Node) -> Node:
    """The smallest container that holds most of the running text, weighed against its links."""
    whole = _weight(body)
    node = body
    while True:
        best = max(
            (child for child in node if isinstance(child.tag, str) and child.tag in _BLOCKS), key=_weight, default=None
        )
        if best is None or best.tag not in (
            "div",
            "section",
            "article",
            "main",
            "center",
            "td",
            "table",
            "tr",
            "tbody",
        ):
            return node
        if _weight(best) < 0.8 * whole:
            return node
        node = best


def _weight(node: Node) -> float:
    text = len(node.text_content())
    links = sum(len(link.text_content()) for link in node.iter("a"))
    return text - 1.5 * links


class _Walker:
    """Writes a tree in reading order. Its depth was checked, so recursion is safe."""

    def __init__(self, writer: Writer, links_matter: bool) -> None:
        self._writer = writer
        self._words: list[str] = []
        self._base = min((level for level, _ in writer.path), default=0)

    def flush(self, gap: str = "\n\n") -> None:
        text = one_line("".join(self._words))
        self._words.clear()
        if text:
            self._writer.paragraph(text, gap)

    def walk(self, node: Node) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in _HEADINGS:
            self.flush()
            self._writer.head(_HEADINGS[tag], one_line(node.text_content()))
        elif tag == "table" and _is_data(node):
            self.flush()
            self._table(node)
        elif tag == "pre":
            self.flush()
            self._writer.body(node.text_content())
        elif tag in ("dt", "summary"):
            self._ask(node)
        elif tag == "br":
            self._words.append("\n")
        elif tag == "img":
            self._words.append(f" {node.get('alt', '')} " if len(node.get("alt", "")) > 20 else "")
        else:
            gap = "\n" if tag in ("li", "dd", "tr") else "\n\n"
            if tag in _BLOCKS:
                self.flush(gap)
            self._words.append(node.text or "")
            for child in node:
                self.walk(child)
                self._words.append(child.tail or "")
            if tag in _BLOCKS:
                self.flush(gap)

    def _ask(self, node: Node) -> None:
        """The head of a folded part or of a definition: a question that what follows answers."""
        self.flush()
        text = one_line(node.text_content())
        if text:
            self._writer.ask(text)

    def _table(self, table: Node) -> None:
        caption = table.find("caption")
        if caption is not None:
            self._writer.paragraph(one_line(caption.text_content()))
        names: list[str] = []
        for row in table.iter("tr"):
            cells = [cell for cell in row if cell.tag in ("td", "th")]
            texts = [one_line(cell.text_content()) for cell in cells]
            if not names and cells and all(cell.tag == "th" for cell in cells) and len(cells) > 1:
                names = texts
            else:
                self._writer.row(names, texts)


def _is_data(table: Node) -> bool:
    """Whether a table holds data rather than a page's layout."""
    if table.find(".//table") is not None:
        return False
    widths = [len([cell for cell in row if cell.tag in ("td", "th")]) for row in table.iter("tr")]
    return len(widths) > 1 and max(widths, default=0) > 1


def _stated_pairs(root: Node) -> list[tuple[str, str]]:
    """Questions and answers that the page states for search programs (schema.org's FAQPage)."""
    found: list[tuple[str, str]] = []
    for script in root.iter("script"):
        if script.get("type") == "application/ld+json":
            try:
                found += _pairs_in(json.loads(script.text or ""), 0)
            except (ValueError, RecursionError):
                continue
    return found


def _pairs_in(value: Any, depth: int) -> list[tuple[str, str]]:
    if depth > 6:
        return []
    if isinstance(value, list):
        return [pair for each in value for pair in _pairs_in(each, depth + 1)]
    if not isinstance(value, dict):
        return []
    answer = value.get("acceptedAnswer")
    if value.get("@type") == "Question" and isinstance(answer, dict):
        question, text = str(value.get("name", "")), str(answer.get("text", ""))
        bare = re.sub(r"<[^<>]*>", " ", text)
        return [(one_line(question), one_line(bare))] if question and bare.strip() else []
    return [pair for each in value.values() for pair in _pairs_in(each, depth + 1)]
