"""Word documents and presentations: their XML read as it is, so that nothing a person sees is missed. Pure.

Text that was inserted under "track changes" counts, deleted and hidden text does not. Macros and pictures are not
looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from selfsame.errors import BadInput
from selfsame.library.extract.archive import DAMAGED, Archive
from selfsame.library.extract.clean import one_line
from selfsame.library.extract.kinds import DOCX, LIMITS, PPTX, Extracted
from selfsame.library.extract.writer import LONGEST_HEADING, Writer, is_question
from selfsame.library.extract.xml import Element, attribute, local, parse, relations

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STYLE_LEVEL = re.compile(r"^(?:heading|überschrift|título|titulo|encabezado|标题|標題)\s*(\d)$", re.IGNORECASE)
_DIGITS = re.compile(r"(\d+)")


def read_docx(data: bytes) -> Extracted:
    """A Word document in reading order, its notes at the end. Raises BadInput, TooLarge."""
    archive = Archive(data)
    writer = Writer(anchors=False)
    main = _main_part(archive, "word/document.xml")
    body = next((child for child in parse(archive.read(main)) if local(child) == "body"), None)
    if body is None:
        raise BadInput(DAMAGED)
    levels = _style_levels(archive, relations(archive, main))
    _Word(writer, levels).blocks(body)
    for name in ("word/footnotes.xml", "word/endnotes.xml"):
        if name in archive:
            for note in parse(archive.read(name)):
                text = " ".join(_words(paragraph) for paragraph in note.iter(f"{_W}p"))
                writer.body(one_line(text), "\n")
    return writer.done(DOCX)


def _main_part(archive: Archive, usual: str) -> str:
    for part in relations(archive, "").values():
        if part.endswith(("document.xml", "presentation.xml")):
            return part
    if usual in archive:
        return usual
    raise BadInput(DAMAGED)


def _style_levels(archive: Archive, related: dict[str, str]) -> dict[str, int]:
    """Heading levels by style, also of styles that are based on a heading's."""
    part = next((name for name in related.values() if name.endswith("styles.xml")), "word/styles.xml")
    if part not in archive:
        return {}
    levels: dict[str, int] = {}
    bases: dict[str, str] = {}
    for style in parse(archive.read(part)):
        if local(style) != "style":
            continue
        style_id = attribute(style, "styleId")
        for child in style.iter():
            match local(child):
                case "name":
                    name = attribute(child, "val")
                    found = _STYLE_LEVEL.match(name)
                    if found:
                        levels[style_id] = int(found.group(1)) + 1
                    elif name.lower() in ("title", "título", "标题"):
                        levels[style_id] = 1
                case "outlineLvl" if attribute(child, "val").isdigit() and int(attribute(child, "val")) < 9:
                    levels.setdefault(style_id, int(attribute(child, "val")) + 2)
                case "basedOn":
                    bases[style_id] = attribute(child, "val")
    for style_id in bases:
        at, steps = style_id, 0
        while at not in levels and at in bases and steps < 20:
            at, steps = bases[at], steps + 1
        if at in levels:
            levels[style_id] = levels[at]
    return levels


class _Word:
    """Writes the blocks of a body or of a cell. The depth of the tree was checked."""

    def __init__(self, writer: Writer, levels: dict[str, int]) -> None:
        self._writer = writer
        self._levels = levels

    def blocks(self, parent: Element) -> None:
        for block in parent:
            match local(block):
                case "p":
                    self._paragraph(block)
                case "tbl":
                    self._table(block)
                case "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo" | "smartTag":
                    self.blocks(block)

    def _paragraph(self, paragraph: Element) -> None:
        text = _words(paragraph).strip()
        if not text:
            return
        properties = paragraph.find(f"{_W}pPr")
        style = outline = None
        listed = False
        if properties is not None:
            for each in properties:
                match local(each):
                    case "pStyle":
                        style = attribute(each, "val")
                    case "outlineLvl":
                        outline = attribute(each, "val")
                    case "numPr":
                        listed = True
        level = self._levels.get(style or "")
        if level is None and outline is not None and outline.isdigit() and int(outline) < 9:
            level = int(outline) + 2
        if level is not None and len(text) <= LONGEST_HEADING:
            self._writer.head(level, text)
        elif is_question(text) and len(text) <= LONGEST_HEADING and _is_bold(paragraph):
            self._writer.ask(one_line(text))  # a question that stands out, as people write FAQs
        else:
            self._writer.paragraph(text, "\n" if listed else "\n\n")

    def _table(self, table: Element) -> None:
        names: list[str] = []
        first = True
        for row in _children(table, "tr"):
            cells = []
            for cell in _children(row, "tc"):
                cells.append(one_line(" ".join(_words(paragraph) for paragraph in cell.iter(f"{_W}p"))))
            if first and len(cells) > 1 and all(0 < len(cell) <= 80 for cell in cells):
                names = cells
            else:
                self._writer.row(names, cells)
            first = False
        if names and len(list(_children(table, "tr"))) == 1:
            self._writer.row([], names)


def _children(parent: Element, name: str) -> Iterator[Element]:
    """Children of a name, also inside wrappers such as content controls."""
    for child in parent:
        if local(child) == name:
            yield child
        elif local(child) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _children(child, name)


def _words(paragraph: Element) -> str:
    words: list[str] = []
    for node in paragraph.iter():
        match local(node):
            case "t" if not _is_gone(node, paragraph):
                words.append(node.text or "")
            case "tab":
                words.append(" ")
            case "br" | "cr":
                words.append("\n")
            case "noBreakHyphen":
                words.append("-")
    return "".join(words)


def _is_gone(text: Element, paragraph: Element) -> bool:
    """Whether a run is deleted, hidden, or a picture's fallback."""
    for node in text.iterancestors():
        if node is paragraph:
            return False
        if local(node) in ("del", "moveFrom", "Fallback"):
            return True
        if local(node) == "r":
            properties = node.find(f"{_W}rPr")
            if properties is not None and any(
                local(each) == "vanish" and attribute(each, "val") not in ("0", "false") for each in properties
            ):
                return True
    return False


def _is_bold(paragraph: Element) -> bool:
    runs = [run for run in paragraph.iter(f"{_W}r") if any((t.text or "").strip() for t in run.iter(f"{_W}t"))]
    return bool(runs) and all(run.find(f"{_W}rPr/{_W}b") is not None for run in runs)


def read_pptx(data: bytes) -> Extracted:
    """A presentation: each slide a section under its title, with what the speaker noted. Raises BadInput, TooLarge."""
    archive = Archive(data)
    writer = Writer()
    slides = _slides(archive)
    if len(slides) > LIMITS.pages:
        raise BadInput(f"The presentation has {len(slides)} slides; at most {LIMITS.pages} are read. Split it.")
    for number, part in enumerate(slides, 1):
        writer.cut()
        writer.locator = f"slide {number}"
        root = parse(archive.read(part))
        if attribute(root, "show") == "0":
            writer.note("Hidden slides were left out.")
            continue
        title = _slide_title(root)
        writer.head(2, title) if title else writer.path.clear()
        _Slide(writer, title).shapes(root)
        notes = next((name for name in relations(archive, part).values() if "/notesSlide" in f"/{name}"), None)
        if notes is not None and notes in archive:
            for text in _note_texts(parse(archive.read(notes))):
                writer.paragraph(text)
    return writer.done(PPTX)


def _slides(archive: Archive) -> list[str]:
    main = _main_part(archive, "ppt/presentation.xml")
    related = relations(archive, main)
    ids = [attribute_of_relation(each) for each in parse(archive.read(main)).iter() if local(each) == "sldId"]
    found = [related[each] for each in ids if each in related and related[each] in archive]
    if found:
        return found
    names = [name for name in archive.names if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
    return sorted(names, key=lambda name: int(_DIGITS.findall(name)[-1]))


def attribute_of_relation(element: Element) -> str:
    """The relation that an element names: `r:id`, beside which it has an `id` of its own."""
    for key, value in element.attrib.items():
        if str(key).startswith("{") and str(key).endswith("}id"):
            return str(value)
    return ""


def _slide_title(root: Element) -> str:
    for shape in root.iter():
        if local(shape) == "sp" and any(
            local(each) == "ph" and attribute(each, "type") in ("title", "ctrTitle") for each in shape.iter()
        ):
            return one_line(" ".join(_paragraphs(shape)))
    return ""


class _Slide:
    def __init__(self, writer: Writer, title: str) -> None:
        self._writer = writer
        self._title = title

    def shapes(self, parent: Element) -> None:
        for shape in parent:
            match local(shape):
                case "sp" | "cxnSp":
                    for text in _paragraphs(shape):
                        if one_line(text) != self._title:
                            self._writer.paragraph(text, "\n")
                case "graphicFrame":
                    self._frame(shape)
                case "Fallback":
                    continue
                case _:
                    self.shapes(shape)

    def _frame(self, frame: Element) -> None:
        for table in (node for node in frame.iter() if local(node) == "tbl"):
            names: list[str] = []
            for number, row in enumerate(node for node in table if local(node) == "tr"):
                cells = [one_line(" ".join(_paragraphs(cell))) for cell in row if local(cell) == "tc"]
                if number == 0 and len(cells) > 1 and all(cells):
                    names = cells
                else:
                    self._writer.row(names, cells)


def _paragraphs(shape: Element) -> list[str]:
    found = []
    for paragraph in shape.iter():
        if local(paragraph) != "p":
            continue
        words = []
        for node in paragraph.iter():
            if local(node) == "t":
                words.append(node.text or "")
            elif local(node) in ("br", "tab"):
                words.append(" ")
        if "".join(words).strip():
            found.append("".join(words))
    return found


def _note_texts(root: Element) -> list[str]:
    found: list[str] = []
    for shape in root.iter():
        if local(shape) == "sp" and any(
            local(each) == "ph" and attribute(each, "type") == "body" for each in shape.iter()
        ):
            found += _paragraphs(shape)
    return found
