"""The sentences that a person reads for a voice: ours, written for the sounds of the language. Pure but for its files.

They stand in the order of a greedy choice: each next sentence brings the most pairs of neighbouring sounds (diphones)
that the ones before it have not had, for its length, so that whoever stops early has covered most (after van Santen
and Buchsbaum, "Methods for optimal text selection", 1997).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files

from selfsame.errors import BadInput

Phonemes = Callable[[str, str], list[str]]
"""The phonemes of a text in a language."""


@lru_cache(maxsize=3)
def sentences(language: str) -> tuple[str, ...]:
    """Forty sentences of EN, ES or ZH, best first. Raises BadInput for another language."""
    if language not in ("EN", "ES", "ZH"):
        raise BadInput("there are sentences to read in EN, ES and ZH")
    text = files("selfsame.studio.voice.reading").joinpath(f"{language.lower()}.txt").read_text("utf-8")
    return tuple(line for line in text.splitlines() if line)


def diphones(text: str, language: str, phonemes: Phonemes) -> frozenset[tuple[str, str]]:
    """Neighbouring sounds of a text, silence at both ends; stress and tone marks do not count."""
    sounds = ["", *(_plain(each) for each in phonemes(text, language)), ""]
    return frozenset(zip(sounds[:-1], sounds[1:], strict=True))


def chosen(texts: Sequence[str], language: str, phonemes: Phonemes) -> list[str]:
    """The texts in the order in which each brings the most new diphones for its length."""
    left = {text: diphones(text, language, phonemes) for text in texts}
    covered: set[tuple[str, str]] = set()
    order: list[str] = []
    while left:
        best = max(left, key=lambda text: (len(left[text] - covered) / len(left[text]), len(left[text])))
        order.append(best)
        covered |= left.pop(best)
    return order


def _plain(sound: str) -> str:
    return "".join(mark for mark in sound if mark.isalpha())
