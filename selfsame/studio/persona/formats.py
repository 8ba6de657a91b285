"""Transcripts as people have them: plain text, SubRip, WebVTT, JSON, chat exports. Pure; every byte is foreign.

What a file is, is told by its content; its name only helps. Nothing here raises anything but BadInput and TooLarge.
"""

from __future__ import annotations

import json
import re
from html import unescape

from selfsame.errors import BadInput, TooLarge
from selfsame.studio.persona.chats import chat_parts, named_parts
from selfsame.studio.persona.json_formats import json_parts
from selfsame.studio.persona.transcript import Said

MOST_BYTES = 5_000_000
LONGEST_LINE = 20_000
_ARROW = re.compile(
    r"^\s*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})\s*-->\s*((?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3})", re.MULTILINE
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^>]{1,80})>")
_TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,100}\}")
_SOUND = re.compile(r"^[\s♪♫-]*(?:[\[(][^\])]{1,40}[\])][\s♪♫]*)+$|^[\s♪♫]+$")


def read_transcript(data: bytes, filename: str = "") -> tuple[Said, ...]:
    """The stretches of a transcript file, with speakers and times where it tells them.

    Raises TooLarge above 5 MB, BadInput when it is no text or holds no words.
    """
    if len(data) > MOST_BYTES:
        raise TooLarge(f"A transcript has at most {MOST_BYTES // 1_000_000} MB of text.")
    text = _decoded(data)
    parts = _parsed(text, filename.lower())
    parts = tuple(part for part in parts if part.text.strip())
    if not any(mark.isalpha() for part in parts for mark in part.text):
        raise BadInput("There are no words in this file. Give a transcript as text, SRT, VTT, JSON or a chat export.")
    return parts


def _decoded(data: bytes) -> str:
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if b"\0" in data:
            raise BadInput("This file is no text. Save the transcript as UTF-8 text.") from None
        text = data.decode("cp1252", errors="replace")
    if text.count("\0") or text.count("�") > len(text) // 50 + 2:
        raise BadInput("This file is no text. Save the transcript as UTF-8 text.")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parsed(text: str, filename: str) -> tuple[Said, ...]:
    opening = text.lstrip()[:1]
    if opening in ("{", "["):
        try:
            return json_parts(json.loads(text))
        except (ValueError, RecursionError):
            if filename.endswith(".json"):
                raise BadInput("This JSON file is damaged, or holds no transcript that is known.") from None
    if _ARROW.search(text):
        return _cues(text)
    return chat_parts(text) or named_parts(text) or _plain(text)


def _plain(text: str) -> tuple[Said, ...]:
    """Paragraphs; single line ends inside one are spaces."""
    paragraphs = (" ".join(part.split()) for part in re.split(r"\n\s*\n", text))
    return tuple(Said(part) for part in paragraphs if part)


def _cues(text: str) -> tuple[Said, ...]:
    """SubRip and WebVTT. Captions that roll (each cue repeats the line before) are said once."""
    found: list[Said] = []
    shown: list[str] = []
    matches = list(_ARROW.finditer(text))
    for index, match in enumerate(matches):
        stop = matches[index + 1].start() if index + 1 < len(matches) else len(text)
        block = text[text.find("\n", match.end()) + 1 or len(text) : stop]
        body = re.split(r"\n[ \t]*\n", "\n" + block)[0] if "\n\n" not in block[:1] else ""
        speaker = next((name.strip() for name in _VOICE.findall(body)), None)
        lines = [_bare(line) for line in body.split("\n")[:20]]
        lines = [line for line in lines if line and not _SOUND.match(line)]
        fresh = [line for line in lines if line not in shown]
        shown = lines
        start, end = _seconds(match.group(1)), _seconds(match.group(2))
        if fresh and end >= start:
            said = " ".join(fresh)
            named = re.match(r"^\s*-?\s*([A-Z][\w .'-]{0,30}):\s+(\S.*)$", said)
            if speaker is None and named:
                speaker, said = named.group(1).strip(), named.group(2)
            found.append(Said(said, speaker, start, end))
    return tuple(found)


def _bare(line: str) -> str:
    text = unescape(_TAG.sub("", line[:LONGEST_LINE]))
    return " ".join(text.split()).removeprefix("- ").removeprefix(">> ")


def _seconds(stamp: str) -> float:
    whole, _, part = stamp.replace(",", ".").partition(".")
    total = 0.0
    for number in whole.split(":"):
        total = 60 * total + int(number)
    return total + float("0." + (part or "0"))
