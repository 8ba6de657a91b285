"""Markdown and plain text: pure. Questions with answers are recognised.

The document's text is what a person would read aloud: no marks of emphasis, no link targets, no HTML. Sections point
into it by character offsets.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.token import Token

from selfsame.errors import BadInput
from selfsame.library.extract.kinds import MARKDOWN, PLAIN, Extracted
from selfsame.library.extract.writer import Writer

_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\r?\n---\r?\n", re.DOTALL)


def extract(source: str, content_type: str) -> Extracted:
    """Readable text and sections of a document. Raises BadInput for other types and for documents without text."""
    source = source.replace("\r\n", "\n").replace("\x00", "")
    if content_type == MARKDOWN:
        return _markdown(source)
    if content_type == PLAIN:
        return _plain(source)
    raise BadInput(f"documents of type {content_type} cannot be read as text")


def _plain(source: str) -> Extracted:
    writer = Writer()
    for paragraph in re.split(r"\n\s*\n", source):
        writer.paragraph(paragraph.strip("\n"))
    return writer.done(PLAIN)


def _markdown(source: str) -> Extracted:
    writer = Writer(anchors=True)
    tokens = MarkdownIt("commonmark").enable("table").parse(_FRONT_MATTER.sub("", source))
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type == "heading_open":
            writer.head(int(token.tag[1:]), _inline(tokens[place + 1]))
            place += 2
        elif token.type == "table_open":
            place = _table(writer, tokens, place)
        elif token.type == "inline":
            writer.paragraph(_inline(token), "\n" if token.level > 1 else "\n\n")
        elif token.type in ("fence", "code_block"):
            writer.body(token.content)
        place += 1
    return writer.done(MARKDOWN)


def _table(writer: Writer, tokens: list[Token], place: int) -> int:
    names: list[str] = []
    cells: list[str] = []
    heads = False
    while tokens[place].type != "table_close":
        token = tokens[place]
        if token.type in ("thead_open", "thead_close"):
            heads = token.type == "thead_open"
        elif token.type == "inline":
            (names if heads else cells).append(" ".join(_inline(token).split()))
        elif token.type == "tr_close" and not heads:
            writer.row(names, cells)
            cells = []
        place += 1
    return place


def _inline(token: Token) -> str:
    """The words of an inline token: text, code and image descriptions; markup and HTML left out."""
    words: list[str] = []
    for child in token.children or ():
        if child.type in ("text", "code_inline"):
            words.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            words.append("\n")
        elif child.type == "image":
            words.append(_inline(child))
    return "".join(words)
