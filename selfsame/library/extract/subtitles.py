"""Subtitles (SubRip, WebVTT): what is said, by the time at which it is said. Pure."""

from __future__ import annotations

import html
import re

from selfsame.errors import BadInput
from selfsame.library.extract.clean import joined, one_line
from selfsame.library.extract.kinds import Extracted
from selfsame.library.extract.writer import Writer

_TIMES = re.compile(r"^\s*((?:\d+:)?\d{1,2}:\d{2})[.,]\d{1,3}\s*-->\s*(?:(?:\d+:)?\d{1,2}:\d{2})[.,]\d{1,3}")
_MARKUP = re.compile(r"<[^<>]{0,80}>|\{\\[^{}]{0,80}\}")
_SPEAKER = re.compile(r"<v(?:\.[\w.]+)?\s+([^<>]{1,60})>")
_SOUND = re.compile(r"^\s*[\[(（【♪][^\])）】]*[\])）】♪]?\s*$")
PARAGRAPH_LETTERS = 500
"""A paragraph ends at the first end of a sentence after so many letters."""


def read_subtitles(source: str, content_type: str) -> Extracted:
    """Cues joined to paragraphs; each stands at the time of its first cue. Raises BadInput."""
    cues = _cues(source.replace("\r\n", "\n").replace("\r", "\n"))
    if not cues:
        raise BadInput("The file names no times, so it is no subtitle file. Save it as SRT or VTT, or as plain text.")
    writer = Writer()
    lines: list[str] = []
    begun, before = "", ""
    for at, text in cues:
        if text == before:  # rolling captions repeat what still stands on the screen
            continue
        before = text
        begun = begun or at
        lines.append(text)
        if sum(map(len, lines)) > PARAGRAPH_LETTERS and text.rstrip("\"'”’)").endswith(
            (".", "!", "?", "。", "！", "？")
        ):
            _paragraph(writer, begun, lines)
            begun = ""
    _paragraph(writer, begun, lines)
    return writer.done(content_type)


def _paragraph(writer: Writer, at: str, lines: list[str]) -> None:
    if lines:
        writer.stand(at)
        writer.body(one_line(joined(lines)))
        lines.clear()


def _cues(source: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at: str | None = None
    speaker = ""
    lines: list[str] = []

    def end() -> None:
        text = one_line(" ".join(lines))
        if at is not None and text:
            found.append((at, text))
        lines.clear()

    for line in source.split("\n"):
        times = _TIMES.match(line)
        if times:
            end()
            at = times.group(1)
        elif not line.strip():
            end()
            at = None
        elif at is not None:
            said = _SPEAKER.search(line)
            bare = html.unescape(_MARKUP.sub("", line))
            if said and said.group(1) != speaker:
                speaker = said.group(1)
                bare = f"{speaker}: {bare}"
            if not _SOUND.match(bare):
                lines.append(bare)
    end()
    return found
