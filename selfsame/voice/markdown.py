"""Plain text out of Markdown: what a reply says without the signs that only lay it out. Pure; no word is lost."""

from __future__ import annotations

import re

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^[ \t]*(?:```|~~~)[\w+-]*[ \t]*$", re.M), " "),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.M), " "),
    (re.compile(r"^[ \t]*\|?(?:[ \t]*:?-{3,}:?[ \t]*\|)+[ \t]*:?-*:?[ \t]*$", re.M), " "),
    (re.compile(r"!?\[([^\]\n]+)\]\((?:[^()\s]|\([^()\s]*\))+(?:\s+\"[^\"\n]*\")?\)"), r"\1"),
    (re.compile(r"\s*\[\^?\d{1,3}\](?!\()"), ""),
    (re.compile(r"\[([^\]\n]+)\]\[[^\]\n]*\]"), r"\1"),
    (re.compile(r"<((?:https?://|mailto:)?[^<>\s]+[@/.][^<>\s]+)>"), r"\1"),
    (re.compile(r"</?(?:br|p|b|i|em|strong|u|s|sub|sup|code|pre|ul|ol|li|a|span|div)\b[^<>\n]*>", re.I), " "),
    (re.compile(r"^[ \t]*(?:>[ \t]?)+", re.M), ""),
    (re.compile(r"^[ \t]*#{1,6}[ \t]+", re.M), ""),
    (re.compile(r"^[ \t]*[-*+•‣◦][ \t]+(?:\[[ xX]\][ \t]+)?", re.M), ""),
    (re.compile(r"`+"), ""),
    (re.compile(r"\*{2,}|~~|(?<!\w)_{2,}|_{2,}(?!\w)"), ""),
    (re.compile(r"(?<![\w*])\*(?=[\w\"'“(¿¡])|(?<=[\w\"'”).,!?])\*(?!\w)"), ""),
    (re.compile(r"(?<![\w_])_(?=\w)|(?<=[\w.,!?])_(?!\w)"), ""),
    (re.compile(r"[ \t]*\|[ \t]*"), ", "),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])"), r"\1"),
)
_EMPTY_CELLS = re.compile(r"^(?:, ?)+|(?<=,)(?: ?,)+")
_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u200d\ufe0e\ufe0f\U000e0020-\U000e007f]")


def plain(text: str) -> str:
    """`text` on one line, without Markdown, layout tags, citation numbers and emoji."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    text = _EMOJI.sub(" ", text)
    return " ".join(_EMPTY_CELLS.sub("", " ".join(text.split())).split())
