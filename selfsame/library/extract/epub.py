"""Books (EPUB): chapters in reading order. Pure."""

from __future__ import annotations

import posixpath
from urllib.parse import unquote

from selfsame.errors import BadInput
from selfsame.library.extract.archive import DAMAGED, Archive
from selfsame.library.extract.charset import decode
from selfsame.library.extract.clean import one_line
from selfsame.library.extract.html import write_html
from selfsame.library.extract.kinds import EPUB, LIMITS, Extracted
from selfsame.library.extract.writer import Writer
from selfsame.library.extract.xml import attribute, local, parse

_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
"""Ways of hiding fonts; any other encryption hides the text."""
_TEXT = ("application/xhtml+xml", "text/html", "application/xml", "text/x-oeb1-document")


def read_epub(data: bytes) -> Extracted:
    """A book. Raises BadInput (damaged, copy-protected), TooLarge."""
    archive = Archive(data)
    if "META-INF/encryption.xml" in archive:
        ways = [attribute(each, "Algorithm") for each in parse(archive.read("META-INF/encryption.xml")).iter()]
        if any(way and way not in _FONTS for way in ways):
            raise BadInput("The book is copy-protected, so its text cannot be read. Upload one without protection.")
    package = _package(archive)
    root = parse(archive.read(package))
    folder = posixpath.dirname(package)
    writer = Writer()
    chapters = _chapters(root)
    if len(chapters) > LIMITS.pages:
        raise BadInput(f"The book has {len(chapters)} parts; at most {LIMITS.pages} are read.")
    number = 0
    for href in chapters:
        name = posixpath.normpath(posixpath.join(folder, unquote(href.partition("#")[0])))
        if name not in archive:
            writer.note("Some chapters that the book names are missing in the file.")
            continue
        number += 1
        writer.cut()
        writer.path.clear()
        writer.stand(f"chapter {number}")
        write_html(writer, decode(archive.read(name)), whole=True)
    writer.title = _title(root) or writer.title
    return writer.done(EPUB)


def _package(archive: Archive) -> str:
    if "META-INF/container.xml" in archive:
        for each in parse(archive.read("META-INF/container.xml")).iter():
            if local(each) == "rootfile" and attribute(each, "full-path") in archive:
                return attribute(each, "full-path")
    found = next((name for name in archive.names if name.endswith(".opf")), None)
    if found is None:
        raise BadInput(DAMAGED)
    return found


def _chapters(root: object) -> list[str]:
    items: dict[str, str] = {}
    order: list[str] = []
    for each in root.iter():  # type: ignore[attr-defined]
        if (
            local(each) == "item"
            and attribute(each, "media-type") in _TEXT
            and "nav" not in attribute(each, "properties").split()
        ):
            items[attribute(each, "id")] = attribute(each, "href")
        elif local(each) == "itemref" and attribute(each, "linear") != "no":
            order.append(attribute(each, "idref"))
    return [items[each] for each in order if each in items] or list(items.values())


def _title(root: object) -> str:
    for each in root.iter():  # type: ignore[attr-defined]
        if local(each) == "title" and each.text:
            return one_line(each.text)[:200]
    return ""
