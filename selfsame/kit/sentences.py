"""Where sentences end, in English, Spanish and Chinese text. Pure."""

from __future__ import annotations

import re

_END = re.compile(r"""[.!?…]+["'”’)\]]*(?=\s|$)|[。！？]+[”’」）]*|\n\s*\n""")
_ABBREVIATION = re.compile(
    r"(?:\b(?i:dr|mr|mrs|ms|prof|st|sr|sra|vs|approx|fig|e\.g|i\.e|p\.ej)|\b[A-Z]|(?:^|\n)\s*\d{1,2})\.$",
)


def ends(text: str) -> list[int]:
    """Offsets just behind each sentence's last mark. A full stop at the very end of the text counts."""
    found = []
    for match in _END.finditer(text):
        upto = text[max(0, match.end() - 12) : match.end()]
        if match.group() == "." and _ABBREVIATION.search(upto):
            continue
        found.append(match.end())
    return found


def sentences(text: str) -> list[str]:
    """The sentences of a text, trimmed, none empty; a last one without a mark counts as one."""
    start, found = 0, []
    for end in [*ends(text), len(text)]:
        piece = text[start:end].strip()
        start = end
        if piece:
            found.append(piece)
    return found
