"""Dates as people say and recognisers write them, in English, Spanish and Chinese. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

_MONTHS = {
    "EN": "January February March April May June July August September October November December",
    "ES": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
_EN = f"{_ONES} eighteen nineteen".split()
_TENS = {20: "twenty", 30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 70: "seventy", 80: "eighty", 90: "ninety"}
_ORDINALS = {
    1: "first", 2: "second", 3: "third", 5: "fifth", 8: "eighth", 9: "ninth", 12: "twelfth", 20: "twentieth",
    30: "thirtieth",
}  # fmt: skip
_SPANISH = (
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete "
    "veintiocho veintinueve treinta"
)
_ES = _SPANISH.split()
_SPANISH_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_ZH = "零一二三四五六七八九"

Form = tuple[str, ...]


def month_name(month: int, language: str) -> str:
    """January is 1."""
    return _MONTHS[language].split()[month - 1]


def day_forms(day: int, language: str) -> list[Form]:
    """Ways to say the day of a month, as words in lower case without accents."""
    if language == "ZH":
        return [(*_chinese(day), mark) for mark in "日号"] + [(str(day), mark) for mark in "日号"]
    forms: list[Form] = [(str(day),)]
    if language == "ES":
        return [*forms, tuple(_spanish(day)), *([("primero",)] if day == 1 else [])]
    return [*forms, *((f"{day}{end}",) for end in ("st", "nd", "rd", "th")), tuple(_ordinal(day)), tuple(_english(day))]


def month_forms(month: int, language: str) -> list[Form]:
    """Ways to say a month."""
    if language == "ZH":
        return [(*_chinese(month), "月"), (str(month), "月")]
    name = month_name(month, language).lower()
    return [(name,), (name[:3],), *([("setiembre",)] if name == "septiembre" else [])]


def year_forms(year: int, language: str) -> list[Form]:
    """Ways to say a year of this century."""
    rest = year % 100
    if language == "ZH":
        return [(*(_ZH[int(digit)] for digit in str(year)), "年"), (str(year), "年")]
    if language == "ES":
        return [(str(year),), ("dos", "mil", *(_spanish(rest) if rest else []))]
    said = _english(rest) if rest else []
    thousands = [("two", "thousand", *said), *([("two", "thousand", "and", *said)] if rest else [])]
    pairs: list[Form] = [("twenty", *said), ("20", str(rest))] if rest >= 10 else [("twenty", "oh", *said)]
    return [(str(year),), *thousands, *pairs]


def date_words(said: Sequence[str], day: date, language: str) -> bool:
    """Whether the words hold the day, the month and the year, in any order of them, each at its own place."""
    words = ["零" if word == "〇" else word for word in said]
    taken = [False] * len(words)
    for forms in (
        year_forms(day.year, language),
        month_forms(day.month, language),
        day_forms(day.day, language),
    ):
        for form in sorted(forms, key=len, reverse=True):
            place = _place(words, taken, form)
            if place >= 0:
                taken[place : place + len(form)] = [True] * len(form)
                break
        else:
            return False
    return True


def _place(words: list[str], taken: list[bool], form: Form) -> int:
    """Where the form stands, from the back: a sentence ends with its date. A number is no part of a longer one."""
    size = len(form)
    for first in range(len(words) - size, -1, -1):
        if tuple(words[first : first + size]) == form and not any(taken[first : first + size]):
            before = words[first - 1] if first and not taken[first - 1] else ""
            if not (before in _NUMBERS and form[0] in _NUMBERS_AFTER):
                return first
    return -1


_SMALL = "first second third fourth fifth sixth seventh eighth ninth"
_NUMBERS = frozenset(_TENS.values()) | frozenset("十二三四五六七八九")
_NUMBERS_AFTER = frozenset(_EN[1:10]) | frozenset(_SMALL.split())
_NUMBERS_AFTER |= frozenset("十一二三四五六七八九")


def _english(number: int) -> list[str]:
    if number < 20:
        return [_EN[number]]
    return [_TENS[number - number % 10], *([_EN[number % 10]] if number % 10 else [])]


def _ordinal(number: int) -> list[str]:
    *front, last = _english(number)
    value = number if number < 20 or number % 10 == 0 else number % 10
    return [*front, _ORDINALS.get(value, last + "th")]


def _spanish(number: int) -> list[str]:
    if number <= 30:
        return [_ES[number]]
    tens = _SPANISH_TENS.split()[number // 10 - 3]
    return [tens, *(["y", _ES[number % 10]] if number % 10 else [])]


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    return (_ZH[tens] if tens > 1 else "") + ("十" if tens else "") + (_ZH[ones] if ones or not tens else "")
