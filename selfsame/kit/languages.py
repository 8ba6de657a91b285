"""Which of the three languages a short text is in: by script, then by signs and small words. Pure (LANG-04, -05)."""

from __future__ import annotations

import re

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SPANISH_SIGNS = re.compile(r"[¿¡ñ]")
_ACCENTS = re.compile(r"[áéíóúü]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENGLISH = _words(
    """the and of to is are was were it it's that this these those you your i i'm my we our they he she his her for
    with not don't can could will would what how who where when why which have has had do does did be been but
    or if so there here yes from by as at about more some any very just like know think thank thanks please
    hello hi good"""
)
_SPANISH = _words(
    """el la los las un una unos unas y de del que en es son está están por para con se su sus mi mis tu tus lo le les
    al pero como más muy sí qué cómo quién dónde cuándo cuál porque este esta eso yo tú él ella nosotros ustedes
    usted ser estar hay tiene tengo puede puedo hola gracias buenos buenas días bien también ya o cuando donde
    sobre"""
)


def detect(text: str, default: str = "EN") -> str:
    """EN, ZH or ES; `default` when nothing speaks for one of them.

    A text counts as Chinese when Han characters, each being a word, are at least a third of its words.
    """
    han = len(_HAN.findall(text))
    words = [word.lower().replace("’", "'") for word in _WORD.findall(_HAN.sub(" ", text))]
    if han and 2 * han >= len(words):
        return "ZH"
    english = sum(word in _ENGLISH for word in words)
    spanish = sum(word in _SPANISH for word in words)
    spanish += 2 * len(_SPANISH_SIGNS.findall(text.lower())) + 0.5 * len(_ACCENTS.findall(text.lower()))
    if english == spanish:
        return default
    return "EN" if english > spanish else "ES"


def evidence(text: str, language: str) -> int:
    """How many small words and signs of EN or ES a text holds; a Spanish sign counts twice."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    known = _ENGLISH if language == "EN" else _SPANISH
    found = sum(word in known for word in words)
    return found + (2 * len(_SPANISH_SIGNS.findall(text.lower())) if language == "ES" else 0)
