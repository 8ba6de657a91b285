"""Texts cut to what the network can say at once. Pure."""

from __future__ import annotations

import re

LONGEST = {"EN": 250, "ES": 239, "ZH": 82}
"""Characters by language; behind them the network breaks off."""

_BREAKS = (re.compile(r"(?<=[.!?;:。！？；：])\s*"), re.compile(r"(?<=[,，、])\s*|\s+(?=[–—(])"), re.compile(r"\s+"))


def pieces(text: str, language: str) -> list[str]:
    """The text in pieces that are short enough, cut at sentences, else at commas, words, and anywhere at the last.

    Pieces in which no letter or digit stands are left out.
    """
    longest = LONGEST.get(language, min(LONGEST.values()))
    return [piece for piece in _cut(text.strip(), longest, 0) if any(map(str.isalnum, piece))]


def _cut(text: str, longest: int, level: int) -> list[str]:
    if len(text) <= longest:
        return [text]
    if level == len(_BREAKS):
        return [text[start : start + longest] for start in range(0, len(text), longest)]
    found: list[str] = []
    for part in filter(None, _BREAKS[level].split(text)):
        joined = f"{found[-1]} {part}" if found and part.isascii() else (found[-1] if found else "") + part
        if found and len(joined) <= longest:
            found[-1] = joined
        else:
            found += _cut(part, longest, level + 1)
    return found
