"""Text out of documents: pure. Markdown and plain text; questions with answers are recognised.

The document's text is what a person would read aloud: no marks of emphasis, no link targets, no HTML. Sections point
into it by character offsets.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from selfsame.errors import BadInput
from selfsame.library.split import Section

MARKDOWN = "text/markdown"
PLAIN = "text/plain"

_FRONT_MATTER = re.compile(r"\A---\r?\n.*?\r?\n---\r?\n", re.DOTALL)
_ASK = re.compile(r"^\s*(?:Q|Question|P|Pregunta|问|問)\s*\d*\s*[:：.]\s*", re.IGNORECASE)
_ANSWER = re.compile(r"^\s*(?:A|Answer|R|Respuesta|答)\s*\d*\s*[:：.]\s*", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?:Q?\d+[.):]|Q[:.])\s*")


@dataclass(frozen=True, slots=True)
class Extracted:
    """A document's readable text and its sections, in order. `title` is the first top heading, if any."""

    text: str
    sections: list[Section]
    title: str | None = None


@dataclass(slots=True)
class _Writer:
    """Gathers the text and cuts it into sections."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    sections: list[Section] = field(default_factory=list)
    path: list[tuple[int, str]] = field(default_factory=list)
    question: str | None = None
    begun: int | None = None
    ended: int = 0

    def write(self, text: str, gap: str = "\n\n") -> tuple[int, int]:
        """Append `text` after a gap; its offsets."""
        gap = gap if self.length else ""
        start = self.length + len(gap)
        self.parts += (gap, text)
        self.length = start + len(text)
        return start, self.length

    def body(self, text: str, gap: str = "\n\n") -> None:
        """Append to the running section."""
        if text.strip():
            start, self.ended = self.write(text.strip(), gap)
            self.begun = start if self.begun is None else self.begun

    def cut(self) -> None:
        """End the running section."""
        if self.begun is not None:
            heading = " > ".join(name for _, name in self.path)
            locator = "#" + slug(self.path[-1][1]) if self.path else ""
            self.sections.append(Section(self.begun, self.ended, heading, locator, self.question))
        self.begun = None
        self.question = None

    def ask(self, question: str) -> None:
        """Begin a section that answers `question`."""
        self.cut()
        self.write(question)
        self.question = question

    def head(self, level: int, name: str) -> None:
        """Begin a section under a heading; one that asks is a question."""
        self.cut()
        self.write(name)
        while self.path and self.path[-1][0] >= level:
            self.path.pop()
        self.path.append((level, name))
        self.question = _NUMBER.sub("", name) if is_question(name) else None


def extract(source: str, content_type: str) -> Extracted:
    """Readable text and sections of a document. Raises BadInput for other types and for documents without text."""
    source = source.replace("\r\n", "\n").replace("\x00", "")
    if content_type == MARKDOWN:
        found = _markdown(source)
    elif content_type == PLAIN:
        found = _plain(source)
    else:
        raise BadInput(f"documents of type {content_type} cannot be read")
    if not found.sections:
        raise BadInput("the document holds no text")
    return found


def is_question(text: str) -> bool:
    """Whether a heading asks."""
    return text.rstrip().endswith(("?", "？")) or text.lstrip().startswith("¿")


def slug(heading: str) -> str:
    """The anchor that common Markdown renderers give a heading."""
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading.strip().lower()))


def _plain(source: str) -> Extracted:
    writer = _Writer()
    for paragraph in re.split(r"\n\s*\n", source):
        _paragraph(writer, paragraph.strip("\n"))
    writer.cut()
    return Extracted("".join(writer.parts), writer.sections)


def _markdown(source: str) -> Extracted:
    writer = _Writer()
    tokens = MarkdownIt("commonmark").enable("table").parse(_FRONT_MATTER.sub("", source))
    title: str | None = None
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type == "heading_open":
            name = " ".join(_inline(tokens[place + 1]).split())
            level = int(token.tag[1:])
            title = name if title is None and level == 1 else title
            if name:
                writer.head(level, name)
            place += 2
        elif token.type == "table_open":
            place = _table(writer, tokens, place)
        elif token.type == "inline":
            _paragraph(writer, _inline(token), "\n" if token.level > 1 else "\n\n")
        elif token.type in ("fence", "code_block"):
            writer.body(token.content)
        place += 1
    writer.cut()
    return Extracted("".join(writer.parts), writer.sections, title)


def _paragraph(writer: _Writer, text: str, gap: str = "\n\n") -> None:
    """A paragraph, or a run of `Q:` and `A:` lines; line ends inside a paragraph are spaces."""
    lines: list[str] = []

    def flush() -> None:
        writer.body(" ".join(" ".join(lines).split()), gap)
        lines.clear()

    for line in text.split("\n"):
        if _ASK.match(line):
            flush()
            writer.ask(_ASK.sub("", line).strip())
        elif writer.question is not None and _ANSWER.match(line):
            flush()
            lines.append(_ANSWER.sub("", line))
        else:
            lines.append(line)
    flush()


def _table(writer: _Writer, tokens: list[Token], place: int) -> int:
    """Rows as `Column: value; Column: value.`, which can be read aloud and found by its words."""
    names: list[str] = []
    cells: list[str] = []
    heads = False
    while tokens[place].type != "table_close":
        token = tokens[place]
        if token.type in ("thead_open", "thead_close"):
            heads = token.type == "thead_open"
        elif token.type == "inline":
            (names if heads else cells).append(" ".join(_inline(token).split()))
        elif token.type == "tr_close" and not heads and cells:
            pairs = [f"{name}: {cell}" if name else cell for name, cell in zip(names, cells, strict=False) if cell]
            writer.body("; ".join(pairs) + ".", "\n")
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
