"""Text from outside made harmless before it stands in a prompt (SAFE-05). Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

MAX_CONTEXT = 2000
"""Characters of `update_context` text that are kept."""

_MARKS = re.compile(
    r"<\s*(/?)\s*(knowledge|conversation|question|context|system|user|assistant|instructions?|think)\s*>", re.IGNORECASE
)
_SPECIAL = re.compile(r"<\|[^|<>]{0,40}\|>|\[/?INST\]|<</?SYS>>|</?s>", re.IGNORECASE)
_ROLE = re.compile(
    r"^([ \t>*#\-]*)(system|assistant|developer|user|human|instructions?)([ \t*]*)[:：]", re.IGNORECASE | re.MULTILINE
)
_FENCE = re.compile(r"^[ \t]*(?:#{3,}|`{3,}|-{3,}|={3,})[ \t]*", re.MULTILINE)


def neutral(text: str) -> str:
    """The text without control characters, with marks and role tags broken so that they close and claim nothing.

    Applying it twice changes nothing more.
    """
    text = _visible(text)
    while True:  # breaking one tag may join the halves of another
        broken = _ROLE.sub(r"\1\2\3 -", _MARKS.sub(r"(\1\2)", _SPECIAL.sub(" ", text))).strip()
        if broken == text:
            return text
        text = broken


def sanitise_context(text: str) -> str:
    """The text of `update_context` as it may enter the system prompt: at most `MAX_CONTEXT` characters (SAFE-05)."""
    text = neutral(_FENCE.sub("", unicodedata.normalize("NFKC", text)))
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    return text[:MAX_CONTEXT].strip()


def clip(text: str, tokens: int, measure: Callable[[str], int]) -> str:
    """The longest head of the text, by halves, that measures at most `tokens`."""
    if measure(text) <= tokens:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if measure(text[:middle]) <= tokens else (low, middle - 1)
    return text[:low]


def _visible(text: str) -> str:
    """Without control, format (zero-width, direction) and private characters; tabs and line ends stay."""
    if text.isprintable():
        return text
    return "".join(filter(_shown, text.replace("\r\n", "\n").replace("\r", "\n")))


@lru_cache(maxsize=4096)
def _shown(mark: str) -> bool:
    return mark in "\n\t" or unicodedata.category(mark) not in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp")
