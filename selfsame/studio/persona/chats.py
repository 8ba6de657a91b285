"""Transcripts with speakers as text: exports of messengers, and lines that begin with a name. Pure."""

from __future__ import annotations

import re
from collections import Counter

from selfsame.studio.persona.transcript import Said

_STAMP = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},?\s+\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[\s  ]*[AaPp]\.?\s?[Mm]\.?)?"
_CHAT = re.compile(rf"^[‎‏]?(?:\[{_STAMP}\]|{_STAMP}\s+-)\s+(.*)$")
_FROM = re.compile(r"^([^:\n]{1,60}):\s?(.*)$")
_LEFT_OUT = re.compile(
    r"^[‎‏]?(?:<[^<>]{3,40}>|(?:image|video|audio|sticker|GIF|document) omitted|.{0,40}\bdeleted this message|"
    r"this message was deleted|se eliminó este mensaje|eliminaste este mensaje|图片|\[.{1,6}\])\.?$",
    re.IGNORECASE,
)
_CLOCK = r"[\[(]?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,]\d{1,3})?[\])]?"
_NAMED = re.compile(rf"^\s*(?:{_CLOCK}\s+)?([^\W\d_][^:：\n]{{0,39}}?)\s*(?:{_CLOCK}\s*)?[:：]\s*(.*)$")
LEAST_NAMED = 0.5
"""Share of the lines that must begin with a name for names to be believed."""


def chat_parts(text: str) -> tuple[Said, ...]:
    """The messages of a WhatsApp export (or of one that looks alike); empty when it is none."""
    lines = text.split("\n")
    stamped = [match for match in map(_CHAT.match, lines[:200]) if match]
    if len(stamped) < 2 or len(stamped) < 0.3 * sum(bool(line.strip()) for line in lines[:200]):
        return ()
    found: list[Said] = []
    for line in lines:
        match = _CHAT.match(line)
        if match is None:
            if found and line.strip():  # a message of several lines
                found[-1] = Said(f"{found[-1].text}\n{line.strip()}", found[-1].speaker)
            continue
        named = _FROM.match(match.group(1))
        if named:  # lines without a name are the messenger's own
            found.append(Said(named.group(2).strip(), named.group(1).strip(" ‎‏~")))
    return tuple(part for part in found if part.text and not _LEFT_OUT.match(part.text))


def named_parts(text: str) -> tuple[Said, ...]:
    """Lines such as `Ada: ...`, `[00:12] Ada: ...` or `Ada (00:12): ...`; empty when most lines have no name.

    A name is believed when it comes back, or when most lines have one.
    """
    lines = [line for line in text.split("\n") if line.strip()]
    matches = [_NAMED.match(line[:4000]) for line in lines]
    names = Counter(match.group(4).strip() for match in matches if match)
    real = {name for name in names if len(name.split()) <= 4}
    believed = sum(names[name] for name in real)
    if believed < 2 or believed < LEAST_NAMED * len(lines) or len(real) > max(8, believed // 2):
        return ()
    found: list[Said] = []
    for line, match in zip(lines, matches, strict=True):
        if match and match.group(4).strip() in real:
            hours, minutes, seconds = match.group(1, 2, 3) if match.group(2) else match.group(5, 6, 7)
            start = None if minutes is None else 3600.0 * int(hours or 0) + 60 * int(minutes) + int(seconds)
            found.append(Said(match.group(8).strip(), match.group(4).strip(), start))
        elif found:
            last = found[-1]
            found[-1] = Said(f"{last.text} {line.strip()}", last.speaker, last.start)
    return tuple(part for part in found if part.text)
