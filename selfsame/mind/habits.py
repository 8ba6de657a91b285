"""A person's habits around an answer: an opener before it, a catchphrase behind it, never anything inside. Pure.

Facts stay as they are: what a habit adds stands before the first letter or behind the last mark of a sentence, and
taking it away gives the bare answer (`Framed.bare`). Habits are sparing, as people's are when they answer a question,
and the same turn always gets the same ones.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

from selfsame.kit.languages import detect
from selfsame.kit.words import fold
from selfsame.mind.port import Manner

OPENED, FORMALLY_OPENED = 40, 25
"""Of a hundred answers, how many get an opener; fewer of people who speak formally."""
TAGGED = 20
"""Of a hundred answers that have room for another sentence, how many end with a catchphrase."""
_HAN = re.compile(r"[\u3400-\u9fff]")
_HESITATIONS = frozenset(
    {"um", "uh", "er", "erm", "uhm", "hmm", "eh", "em", "ehm", "mmm", "mm", "ah", "嗯", "呃", "额"}
)
_MAY_OPEN = frozenset({
    "well", "so", "okay", "actually", "basically", "honestly", "anyway", "look", "listen", "frankly", "you know",
    "i mean", "you see", "to be honest", "obviously", "pues", "bueno", "o sea", "a ver", "mira", "mire", "oye",
    "la verdad", "digamos", "ahora bien", "mire usted", "其实", "说实话", "说白了", "老实说", "怎么说呢", "基本上",
    "反正", "总之",
})  # fmt: skip
"""Fillers that can stand before any sentence, also where the person was not heard to open with them."""
_LEADS = re.compile(
    r"^(?:in|at|to|on|for|from|let me|here's|listen|look|the truth|the fact|the thing|as|en|al|por|para|a|de|déjame|"
    r"déjeme|te digo|le digo|la verdad|como)\b|(?:看|说|讲|来讲|来说)$",
    re.IGNORECASE,
)
"""Catchphrases that want something behind them, and so stand in front."""
_ANNOUNCES = re.compile(r"^(?:let me|here's|the (?:truth|fact|thing)|déj[ae]me|te digo|le digo)\b", re.IGNORECASE)
"""What wants a colon behind it: "let me be clear: ..."."""
_SMALL_WORDS = """
    because when while although though since once after before until unless yet then please nothing everything something
    somebody nobody people only even both sometimes usually often always never today most more less other another
    porque mientras aunque desde hasta antes después entonces nada algo alguien nadie siempre nunca a veces otra otro
    the a an this that these those it its it's there here he she they we you my your his her our their what when where
    who how why if in on at for from with by to of as no not yes all some any many most each every both one two three
    el la los las un una unos unas este esta esto estos estas ese esa eso es son hay está están se lo le les me te nos
    mi mis tu tus su sus en de del al a por para con sin sobre como cuando donde si no sí cada todo toda todos todas
    muy más menos también ya hoy yo tú usted nosotros ellos ellas él ella qué quién"""
_SMALL = frozenset(_SMALL_WORDS.split())
"""First words that lose their capital behind an opener; any other may be a name."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """When something is said: `turn` counts exchanges, `last` is the clone's reply before, `most` the sentences that
    there is room for. `answered` is false for "I do not know", to which no catchphrase fits."""

    query: str
    language: str = "EN"
    turn: int = 0
    last: str = ""
    most: int = 3
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Framed:
    """Sentences with the habits in their places: `before` leads the first, `after` are sentences behind the last."""

    sentences: tuple[str, ...]
    before: str = ""
    after: tuple[str, ...] = ()
    lowered: bool = False

    @property
    def bare(self) -> tuple[str, ...]:
        """The sentences as they were."""
        kept = self.sentences[: len(self.sentences) - len(self.after)]
        if not kept:
            return kept
        first = kept[0][len(self.before) :]
        return (first[:1].upper() + first[1:] if self.lowered else first, *kept[1:])


def framed(said: Sequence[str], manner: Manner, occasion: Occasion) -> Framed:
    """The sentences of an answer, as this person would say them on this occasion."""
    kept = tuple(said[: _length(manner, occasion)])
    if not kept:
        return Framed(kept)
    seed = zlib.crc32(f"{manner.name}:{occasion.turn}:{occasion.query}".encode())
    result = Framed(kept)
    chance = FORMALLY_OPENED if manner.formality == "formal" else OPENED
    if seed % 100 < chance:
        result = _opened(result, manner, occasion, seed)
    if occasion.answered and len(kept) < occasion.most and (seed >> 8) % 100 < TAGGED:
        result = _tagged(result, manner, occasion, seed)
    return result


def greeting_of(manner: Manner, language: str) -> str:
    """The words with which this person greets, in that language; empty when there are none."""
    return manner.greeting if manner.greeting and _tongue(manner.greeting, manner) == language else ""


def closing_of(manner: Manner, language: str) -> str:
    """The words with which this person says goodbye, in that language; empty when there are none."""
    return manner.closing if manner.closing and _tongue(manner.closing, manner) == language else ""


def described(manner: Manner) -> tuple[str, ...]:
    """The habits in words, for models that converse freely (PERS-05)."""
    found = (
        ("filler words, used sparingly", manner.fillers),
        ("often opens a sentence with", manner.openers),
        ("catchphrases, at most one in a reply", manner.catchphrases),
        ("common expressions", manner.common_expressions),
    )
    lists = [f"{what}: {', '.join(words[:6])}" for what, words in found if words]
    texts = (
        ("vocabulary", manner.vocabulary_style or manner.vocabulary_level),
        ("formality", manner.formality),
        ("energy", manner.energy),
        ("answers are", manner.answer_length),
        ("when winning somebody over", manner.selling_approach),
        ("says goodbye with", manner.closing),
    )
    return (*lists, *(f"{what}: {text}" for what, text in texts if text))


def _length(manner: Manner, occasion: Occasion) -> int:
    return max(1, occasion.most - 1) if manner.answer_length == "short" else occasion.most


def _opened(result: Framed, manner: Manner, occasion: Occasion, seed: int) -> Framed:
    leads = [phrase for phrase in manner.catchphrases if _LEADS.search(phrase)]
    able = [filler for filler in manner.fillers if fold(filler) in _MAY_OPEN]
    choices = _fitting([*manner.openers, *able, *leads[:2]], manner, occasion, result)
    if manner.formality == "formal":
        choices = [phrase for phrase in choices if phrase.casefold() not in _HESITATIONS]
    if not choices:
        return result
    chosen = choices[(seed >> 16) % len(choices)]
    first, *rest = result.sentences
    word = re.split(r"[\s,.;:!?]", first, maxsplit=1)[0]
    lowered = occasion.language != "ZH" and word.casefold() in _SMALL and word[:1].isupper() and word[1:].islower()
    lowered = lowered or (word == "A" and occasion.language != "ZH")
    mark = "，" if occasion.language == "ZH" else ": " if _ANNOUNCES.match(chosen) else ", "
    before = chosen[:1].upper() + chosen[1:] + mark
    opened = before + (first[:1].lower() + first[1:] if lowered else first)
    return replace(result, sentences=(opened, *rest), before=before, lowered=lowered)


def _tagged(result: Framed, manner: Manner, occasion: Occasion, seed: int) -> Framed:
    whole = [phrase for phrase in manner.catchphrases if not _LEADS.search(phrase)]
    choices = _fitting(whole, manner, occasion, result)
    if not choices:
        return result
    chosen = choices[(seed >> 20) % len(choices)]
    ended = chosen[-1:] in ".!?…。！？"
    text = chosen[:1].upper() + chosen[1:] + ("" if ended else "。" if occasion.language == "ZH" else ".")
    return replace(result, sentences=(*result.sentences, text), after=(text,))


def _fitting(phrases: Sequence[str], manner: Manner, occasion: Occasion, result: Framed) -> list[str]:
    """Phrases of the reply's language that neither this reply nor the one before holds already."""
    said = _flat(" ".join(result.sentences))
    last = _flat(occasion.last)
    found = []
    for phrase in dict.fromkeys(phrases):
        flat = _flat(phrase)
        fits = flat.strip() and _tongue(phrase, manner) == occasion.language
        if fits and flat not in said and flat not in last:
            found.append(phrase)
    return found


def _flat(text: str) -> str:
    folded = re.sub(r"[\W_]+", " ", fold(text.replace("'", "").replace("’", ""))).strip()
    return folded.replace(" ", "") if _HAN.search(folded) else f" {folded} " if folded else ""


def _tongue(phrase: str, manner: Manner) -> str:
    """The language of a phrase of this person."""
    if _HAN.search(phrase):
        return "ZH"
    own = manner.language if manner.language != "ZH" else ""
    return own or detect(phrase, default="EN")
