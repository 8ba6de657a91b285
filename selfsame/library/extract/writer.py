"""Gathers a document's text and cuts it into sections. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selfsame.errors import BadInput, TooLarge
from selfsame.library.extract.clean import readable
from selfsame.library.extract.kinds import LIMITS, MEGABYTE, PLAIN, Extracted
from selfsame.library.products import Product
from selfsame.library.split import Section

LONGEST_HEADING = 200
DEEPEST_PATH = 4
"""Headings above a section that are kept as its context; of more, the outermost and the nearest."""

_ASK = re.compile(r"^\s*(?:Q|Question|P|Pregunta|问|問)\s*\d*\s*[:：.]\s*", re.IGNORECASE)
_ANSWER = re.compile(r"^\s*(?:A|Answer|R|Respuesta|答)\s*\d*\s*[:：.]\s*", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?:Q?\d+[.):]|Q[:.])\s*")


def is_question(text: str) -> bool:
    """Whether a heading asks."""
    return text.rstrip().endswith(("?", "？")) or text.lstrip().startswith("¿")


def slug(heading: str) -> str:
    """The anchor that common Markdown renderers give a heading."""
    return re.sub(r"\s+", "-", re.sub(r"[^\w\s-]", "", heading.strip().lower()))


@dataclass(slots=True)
class Writer:
    """The text so far and the section that runs. `anchors`: sections name their heading's anchor as their place."""

    anchors: bool = False
    title: str | None = None
    parts: list[str] = field(default_factory=list)
    length: int = 0
    sections: list[Section] = field(default_factory=list)
    places: list[tuple[int, str]] = field(default_factory=list)
    path: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    question: str | None = None
    locator: str = ""
    _begun: int | None = None
    _ended: int = 0
    _place: str = ""

    def write(self, text: str, gap: str = "\n\n") -> tuple[int, int]:
        """Append `text` after a gap; its offsets. Raises TooLarge when the document says too much."""
        text = readable(text)
        gap = gap if self.length else ""
        start = self.length + len(gap)
        if self._place and (not self.places or self.places[-1][1] != self._place):
            self.places.append((start, self._place))
        self.parts += (gap, text)
        self.length = start + len(text)
        if self.length > LIMITS.letters:
            raise TooLarge(f"The document holds more than {LIMITS.letters // MEGABYTE} million letters. Split it.")
        return start, self.length

    def stand(self, place: str) -> None:
        """What is written from now on stands at `place`: a page, a slide, a time."""
        self._place = place

    def body(self, text: str, gap: str = "\n\n") -> None:
        """Append to the running section."""
        text = readable(text).strip()
        if text:
            start, self._ended = self.write(text, gap)
            self._begun = start if self._begun is None else self._begun

    def cut(self) -> None:
        """End the running section."""
        if self._begun is not None:
            names = [name for _, name in self.path]
            if len(names) > DEEPEST_PATH:
                names = [names[0], *names[1 - DEEPEST_PATH :]]
            anchor = "#" + slug(self.path[-1][1]) if self.path and self.anchors else ""
            place = self.locator or anchor
            self.sections.append(Section(self._begun, self._ended, " > ".join(names), place, self.question))
        self._begun = None
        self.question = None

    def ask(self, question: str) -> None:
        """Begin a section that answers `question`."""
        self.cut()
        question = " ".join(readable(question).split())
        if not question:
            return
        self.write(question)
        self.question = question[:LONGEST_HEADING]

    def head(self, level: int, name: str) -> None:
        """Begin a section under a heading; one that asks is a question."""
        self.cut()
        name = " ".join(readable(name).split())
        if not name:
            return
        self.write(name)
        name = name[:LONGEST_HEADING]
        self.title = name if self.title is None and level == 1 else self.title
        while self.path and self.path[-1][0] >= level:
            self.path.pop()
        self.path.append((level, name))
        self.question = _NUMBER.sub("", name) if is_question(name) else None

    def paragraph(self, text: str, gap: str = "\n\n") -> None:
        """A paragraph, or a run of `Q:` and `A:` lines; line ends inside a paragraph are spaces."""
        lines: list[str] = []

        def flush() -> None:
            self.body(" ".join(" ".join(lines).split()), gap)
            lines.clear()

        for line in text.split("\n"):
            if _ASK.match(line):
                flush()
                self.ask(_ASK.sub("", line).strip())
            elif self.question is not None and _ANSWER.match(line):
                flush()
                lines.append(_ANSWER.sub("", line))
            else:
                lines.append(line)
        flush()

    def row(self, names: list[str], cells: list[str]) -> None:
        """A row of a table as `Column: value; Column: value.`, which can be read aloud and found by its words."""
        pairs = [
            f"{names[place]}: {cell}" if place < len(names) and names[place] else cell
            for place, cell in enumerate(cells)
            if cell
        ]
        if pairs:
            self.body("; ".join(pairs) + ("" if pairs[-1].endswith((".", "。")) else "."), "\n")

    def note(self, text: str) -> None:
        """Something that the owner should know; said once."""
        if text not in self.notes:
            self.notes.append(text)

    def done(self, content_type: str = PLAIN) -> Extracted:
        """What was gathered. Raises BadInput when that is nothing."""
        self.cut()
        if not self.sections:
            raise BadInput("The document holds no text. Look into it, and upload one that does.")
        return Extracted(
            "".join(self.parts),
            self.sections,
            self.title,
            self.places,
            tuple(self.notes),
            tuple(self.products),
            content_type,
        )
