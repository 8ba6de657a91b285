"""Written text as it is spoken: sentences of lower-case words, with numbers spelled out. Pure.

Also learns from the text how its names are written, so that "mira" comes back as "Mira".
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

ONES_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
TENS_WORDS = "- - twenty thirty forty fifty sixty seventy eighty ninety"
ONES, TENS = ONES_WORDS.split(), TENS_WORDS.split()
SCALES = ((1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred"))
ORDINALS = {"one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth"}
ORDINALS |= {"twelve": "twelfth"}
SIGNS = {"%": " percent ", "&": " and ", "+": " plus ", "€": " euros ", "£": " pounds ", "°": " degrees ", "=": " is "}
UNITS = {"km": "kilometers", "cm": "centimeters", "mm": "millimeters", "kg": "kilograms", "m": "meters"}
TITLES = {"mr": "mister", "mrs": "missus", "dr": "doctor", "st": "saint"}
WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
NUMBER = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
MARKUP = re.compile(r"^[ \t]*(?:#+|[-*+>]|\d+[.)])[ \t]+", re.MULTILINE)
LINK = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")
CODE = re.compile(r"```.*?```|~~~.*?~~~|<[^>]+>|https?://\S+|\A---\n.*?\n---\n", re.DOTALL)
ENDS = re.compile(r"(?<=[.!?;:])[\"')\]]*\s+|\n\s*\n|\n(?=[ \t]*(?:#|[-*+>] |\d+[.)] ))|[()|]|(?<=[^\n])\n(?=\n)")


def number(value: int) -> str:
    """A whole number in words."""
    if value < 20:
        return ONES[value]
    if value < 100:
        return TENS[value // 10] + (f" {ONES[value % 10]}" if value % 10 else "")
    for size, name in SCALES:
        if value >= size:
            rest = value % size
            return f"{number(value // size)} {name}" + (f" {number(rest)}" if rest else "")
    raise AssertionError(value)


def year(value: int) -> str:
    """A four-digit year as it is said."""
    high, low = divmod(value, 100)
    if low == 0:
        return number(value) if high % 10 == 0 else f"{number(high)} hundred"
    if high == 20 and low < 10:
        return f"two thousand {number(low)}"
    return f"{number(high)} {'oh ' if low < 10 else ''}{number(low)}"


def ordinal(value: int) -> str:
    """first, second, twenty third."""
    head, _, last = number(value).rpartition(" ")
    last = ORDINALS.get(last, last[:-1] + "ieth" if last.endswith("y") else last + "th")
    return f"{head} {last}".strip()


def _spell(match: re.Match[str]) -> str:
    digits = match[0].replace(",", "")
    whole, _, fraction = digits.partition(".")
    if len(whole) > 12:
        return " " + " ".join(ONES[int(d)] for d in whole) + " "
    value = int(whole)
    if fraction:
        return f" {number(value)} point {' '.join(ONES[int(d)] for d in fraction)} "
    is_year = len(match[0]) == 4 and 1100 <= value <= 2099
    return f" {year(value) if is_year else number(value)} "


def spell_numbers(text: str) -> str:
    """Digits and signs as words."""
    text = re.sub(r"\$\s?(\d[\d,.]*\d|\d)", r"\1 dollars", text)
    text = re.sub(r"\b(\d+)(?:st|nd|rd|th)\b", lambda m: ordinal(int(m[1])), text)
    text = re.sub(r"(?<=\d)\s?(km|cm|mm|kg|m)\b", lambda m: f" {UNITS[m[1]]}", text)
    for sign, said in SIGNS.items():
        text = text.replace(sign, said)
    return NUMBER.sub(_spell, text)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\u2019", "'").replace("\u2018", "'")
    text = CODE.sub("\n\n", LINK.sub(r"\1", text.replace("\r\n", "\n")))
    return text


def pieces(text: str) -> Iterator[str]:
    """Sentences of plain text or Markdown, still as written."""
    for piece in ENDS.split(_plain(text)):
        piece = MARKUP.sub("", piece).strip(" *_`\t\n")
        if piece:
            yield re.sub(r"\s+", " ", piece)


def fold(word: str) -> str:
    """Lower case without accents: the form that the dictionary knows."""
    flat = unicodedata.normalize("NFD", word.lower())
    return "".join(c for c in flat if not unicodedata.combining(c)).strip("'")


def words(sentence: str) -> list[str]:
    """The spoken words of one written sentence."""
    folded = (fold(w) for w in WORD.findall(spell_numbers(sentence).replace("-", " ")))
    return [TITLES.get(w, w) for w in folded if w and w.replace("'", "").isascii()]


def sentences(text: str) -> list[str]:
    """Spoken sentences of a text, in order, without empty ones."""
    spoken = (" ".join(words(piece)) for piece in pieces(text))
    return [s for s in spoken if s]


def written_forms(texts: Iterable[str]) -> dict[str, str]:
    """How words are written that are mostly capitalised inside sentences: {"okafor": "Okafor", "rov": "ROV"}."""
    capital: Counter[tuple[str, str]] = Counter()
    total: Counter[str] = Counter()
    for text in texts:
        for piece in pieces(text):
            found = WORD.findall(piece)
            title = len(found) > 1 and all(w[0].isupper() for w in found if len(w) > 3)
            for w in [] if title else found[1:]:
                total[fold(w)] += 1
                if w[0].isupper():
                    capital[fold(w), w.removesuffix("'s")] += 1
    forms: dict[str, str] = {}
    for (word, written), n in sorted(capital.items(), key=lambda item: (item[1], item[0])):
        if 2 * n > total[word] and word != "i" and not word.startswith("i'"):
            forms[word] = written
    return {w: f + "'s" if w.endswith("'s") and not f.lower().endswith("'s") else f for w, f in sorted(forms.items())}
