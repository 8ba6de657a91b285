"""Text as it may be kept, indexed and spoken: nothing invisible, one form for each letter. Pure."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = {code: unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_SPACES = dict.fromkeys((0x00A0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000, 0x09), " ")
_LINES = dict.fromkeys((0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029), "\n")
_DROPPED = ("Cc", "Cf", "Cs", "Co", "Cn")
"""Controls, invisible marks (zero width, direction, soft hyphen), halves of pairs, private and unassigned ones."""
_JOINERS = "\u200c\u200d"
"""Kept: Persian and Indic words and emoji need them."""


def readable(text: str) -> str:
    """The text with unusual spaces and line ends made usual, composed (NFC), and without what cannot be seen.

    Applying it twice changes nothing more.
    """
    if not text.replace("\n", "").isprintable():
        text = "".join(filter(_shown, text.replace("\r\n", "\n").translate(_SPACES | _LINES)))
    if text.isascii():
        return text
    if _LIGATURE.search(text):
        text = text.translate(_LIGATURES)
    return unicodedata.normalize("NFC", text)


def one_line(text: str) -> str:
    """The readable text with every run of spaces and line ends as one space."""
    return " ".join(readable(text).split())


def joined(lines: list[str]) -> str:
    """Printed lines as one paragraph: a word broken by a hyphen at a line's end is whole; Chinese needs no space."""
    text = ""
    for line in lines:
        line = line.strip()
        if not line:
            continue
        if re.search(r"[^\W\d_]-$", text) and re.match(r"[^\W\d_A-Z]", line):
            text = text[:-1] + line
        elif text and not (_is_wide(text[-1]) and _is_wide(line[0])):
            text += " " + line
        else:
            text += line
    return text


def _is_wide(mark: str) -> bool:
    return unicodedata.east_asian_width(mark) in ("W", "F")


def _shown(mark: str) -> bool:
    return mark == "\n" or mark in _JOINERS or unicodedata.category(mark) not in _DROPPED
