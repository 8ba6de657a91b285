"""Whether a sentence is supported by the passages a reply may rest on. Pure, by words: no second model is asked.

A sentence stands when its content words, its numbers and its names are found in one passage, and when it denies what
the passage denies. This is lexical support, weaker than entailment: a sentence that turns round who does what to whom
passes, and a true sentence in quite other words, or in another language than its passage, is withheld.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from selfsame.events.thought import Passage
from selfsame.kit.sentences import ends, sentences
from selfsame.kit.words import alike, content_words, fold, stem, tokens

LEAST = 0.6
"""The share of a sentence's content words that its passage must hold. Set on tests/mind/support_cases.json."""

_ALIKE = 0.75
_CHINESE_MARKS = "。！？"
_HAN = re.compile(r"[㐀-鿿]")
_NAME = re.compile(r"(?<=[^.!?¿¡:;\s] )[A-ZÁÉÍÓÚÑ][\w'’-]+")
_COMMA = re.compile(r"[,;:，；：、]|(?<=[.!?])\s")
_REFUSAL = re.compile(r"\s*(?:no|not|never|nunca|todavía no)\b|\s*(?:还|现在)?(?:不|没)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_DENIALS = frozenset(
    tokens(
        "no not never nothing none nobody cannot cant dont doesnt isnt arent wont without nor neither "
        "nunca nada nadie ninguno ningun ninguna jamas sin tampoco"
    )
)
_CHINESE_DENIALS = re.compile(r"不|没|無|无|未|别")
_SPELT = """zero cero|one uno una|two dos|three tres|four cuatro|five cinco|six seis|seven siete|eight ocho|nine nueve|
ten diez|eleven once|twelve doce|thirteen trece|fourteen catorce|fifteen quince|sixteen dieciseis|
seventeen diecisiete|eighteen dieciocho|nineteen diecinueve|twenty veinte"""
_NUMBERS = {word: number for number, words in enumerate(_SPELT.split("|")) for word in words.split()} | {
    "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
    "thousand": 1000, "million": 1_000_000, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60,
    "setenta": 70, "ochenta": 80, "noventa": 90, "cien": 100, "ciento": 100, "mil": 1000, "millon": 1_000_000,
}  # fmt: skip
_ARTICLES = frozenset(["one", "uno", "una"])
"""Number words that are mostly something else."""


@dataclass(frozen=True, slots=True)
class Support:
    """How well a sentence is supported: the share of its words found (0..1) and, when it is not, why."""

    share: float
    fault: str = ""

    @property
    def stands(self) -> bool:
        """Whether it may be said."""
        return not self.fault


def support(sentence: str, passages: tuple[Passage, ...], least: float = LEAST) -> Support:
    """The best support that one passage gives the sentence."""
    best = Support(-1.0, "no source")
    for passage in passages:
        found = _by(sentence, passage, least)
        if (found.stands, found.share) > (best.stands, best.share):
            best = found
    return best


def _by(sentence: str, passage: Passage, least: float) -> Support:
    whole = f"{passage.question or ''} {passage.heading} {passage.text}"
    said = content_words(sentence)
    if not said:
        return Support(0.0, "says nothing")
    known = frozenset(content_words(whole))
    share = sum(_known(word, known) for word in said) / len(said)
    if share < least:
        return Support(share, "words")
    if not numbers(sentence) <= numbers(whole):
        return Support(share, "numbers")
    if any(stem(fold(name)) not in known and fold(name) not in tokens(whole) for name in _NAME.findall(sentence)):
        return Support(share, "names")
    claims = _claims(passage)
    if not all(_agrees(clause, claims) for clause in _clauses(sentence)):
        return Support(share, "denial")
    return Support(share)


def _known(word: str, known: frozenset[str]) -> bool:
    return word in known or any(alike(word, other) >= _ALIKE for other in known)


def _clauses(text: str) -> list[str]:
    """The parts between commas; one that is nothing but yes or no belongs to nothing."""
    return [part for part in _COMMA.split(text) if len(content_words(part)) > 1] or [text]


def _claims(passage: Passage) -> list[tuple[frozenset[str], bool]]:
    """The words of each part of a passage and whether it denies them; a question is denied by a "No." behind it."""
    said = sentences(passage.text.replace("\n", " ")) or [passage.text]
    asked = passage.question or passage.heading.split(">")[-1]
    claims = [(frozenset(content_words(asked)), bool(_REFUSAL.match(passage.text)))]
    return claims + [(frozenset(content_words(part)), denies(part)) for one in said for part in _clauses(one)]


def _agrees(clause: str, claims: list[tuple[frozenset[str], bool]]) -> bool:
    """Whether the claims that speak most of the same deny it, or not, as the clause does.

    The first claim, the question, decides alone when it is among them; others must be of one mind.
    """
    words = frozenset(content_words(clause))
    most = max(len(words & known) for known, _ in claims)
    nearest = [denied for known, denied in claims if len(words & known) == most]
    if len(words & claims[0][0]) == most:
        nearest = nearest[:1]
    return most == 0 or all(denied == denies(clause) for denied in nearest)


@lru_cache(maxsize=1024)
def numbers(text: str) -> frozenset[int]:
    """The numbers that a text holds, in digits or as English or Spanish words."""
    spelt = {_NUMBERS[word] for word in tokens(text) if word in _NUMBERS and word not in _ARTICLES}
    return frozenset(int(digits) for digits in _DIGITS.findall(text)) | spelt


def denies(text: str) -> bool:
    """Whether a text denies something."""
    return bool(_CHINESE_DENIALS.search(text)) or any(word in _DENIALS for word in tokens(text))


class Sieve:
    """Lets a streamed reply through sentence by sentence, as far as each is supported.

    `withheld` counts the sentences that were not.
    """

    def __init__(self, passages: tuple[Passage, ...], least: float = LEAST) -> None:
        self._passages = passages
        self._least = least
        self._held = ""
        self.said = ""
        self.withheld = 0

    def feed(self, piece: str) -> str:
        """Take the next piece; return the sentences that are whole and may be said."""
        self._held += piece
        let = ""
        while True:
            whole = [end for end in ends(self._held) if self._is_whole(end)]
            if not whole:
                return let
            let += self._judged(self._held[: whole[0]])
            self._held = self._held[whole[0] :]

    def finish(self) -> str:
        """The stream is over: the rest, when it may be said."""
        rest, self._held = self._held, ""
        return self._judged(rest)

    def _is_whole(self, end: int) -> bool:
        return end < len(self._held) or self._held[end - 1] in _CHINESE_MARKS

    def _judged(self, sentence: str) -> str:
        if not re.search(r"\w", sentence):
            return ""
        if not support(sentence, self._passages, self._least).stands:
            self.withheld += 1
            return ""
        lead = "" if not self.said or self.said[-1] in _CHINESE_MARKS else " "
        let = lead + sentence.strip()
        self.said += let
        return let
