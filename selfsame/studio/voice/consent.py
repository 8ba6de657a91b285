"""The spoken consent: the sentence to say, whether it was said, and whether the voice that said it is the voice cloned.

A recogniser's words are compared with the sentence: its four words that matter, no denial, the name, the date. Words
are matched by their letters, as recognisers write what sounds alike. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from selfsame.errors import BadInput
from selfsame.kit.words import fold
from selfsame.studio.voice.dates import date_words, day_forms, month_name, year_forms
from selfsame.voice.port import VoicePrint

LANGUAGES = ("EN", "ES", "ZH")
WORDS_LEAST = 0.7
"""Share of the sentence's fixed words, in order. The measured distributions are in decision 0031."""
NAME_LEAST = 0.6
WORD_ALIKE = 0.72
SAME_VOICE = 0.73
"""Likeness of the consent's voice to the samples. One reader on one day: 0.87 and more, on another day 0.76. Two
readers: at most 0.724 in 1,066 trials."""
LONGEST_NAME = 80
_SENTENCES = {
    "EN": "I, {name}, agree that Selfsame makes a clone of my voice and face. {date}.",
    "ES": "Yo, {name}, acepto que Selfsame haga un clon de mi voz y de mi cara. {date}.",
    "ZH": "我，{name}，同意Selfsame制作我的声音和面容的克隆。{date}。",
}
_FIXED = {
    "EN": "i agree that selfsame makes a clone of my voice and face",
    "ES": "yo acepto que selfsame haga un clon de mi voz y de mi cara",
    "ZH": "我同意制作我的声音和面容的克隆",
}
_CORE = {
    "EN": ("agree", "clone", "voice", "face"),
    "ES": ("acepto", "clon", "voz", "cara"),
    "ZH": ("同意", "声音", "面容", "克隆"),
}
_DENIALS = {
    "EN": frozenset(
        ("not", "no", "dont", "never", "disagree", "refuse", "object", "cannot", "cant", "wont", "without")
    ),
    "ES": frozenset(("no", "nunca", "jamas", "rechazo", "niego", "tampoco", "sin")),
    "ZH": frozenset("不没拒反别勿"),
}
_DECOYS = {
    "EN": "Mary Johnson,David Miller,Linda Garcia,Robert Wilson,Susan Lee,Thomas Baker,Nina Patel,George Evans,"
    "Helen Schmidt,Peter Novak,Olga Ivanova,Samuel Okafor,Julia Rossi,Martin Dubois,Yuki Tanaka,Omar Hassan",
    "ES": "María López,José García,Lucía Torres,Carlos Ruiz,Elena Vega,Pedro Molina,Ana Castro,Luis Herrera",
    "ZH": "王芳,李伟,张敏,刘洋,陈静,杨勇,赵磊,黄丽",
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What is to be said: who agrees, when, in which language (EN, ES, ZH)."""

    name: str
    day: date
    language: str = "EN"

    @property
    def text(self) -> str:
        """The sentence as it is shown."""
        return _SENTENCES[self.language].format(name=self.name, date=_shown(self.day, self.language))


def statement(name: str, day: date, language: str = "EN") -> Statement:
    """A statement whose name can be said. Raises BadInput."""
    name = " ".join(name.split())
    if not 2 <= len(name) <= LONGEST_NAME or not re.search(r"[^\W\d_]", name):
        raise BadInput(f"Give your full name, 2 to {LONGEST_NAME} letters, as you will say it.")
    if not name.isprintable() or re.search(r"[<>{}\[\]|\\]", name):
        raise BadInput("The name holds signs that cannot be spoken. Write it with letters only.")
    if language not in LANGUAGES:
        raise BadInput("The consent can be given in EN, ES or ZH.")
    return Statement(name, day, language)


@dataclass(frozen=True, slots=True)
class SaidWords:
    """What was recognised of a statement: `words` share of the sentence, `name` likeness of the name, both 0..1."""

    words: float
    name: float
    core: bool
    date: bool
    denied: bool
    problem: str = ""

    @property
    def is_said(self) -> bool:
        """Whether the sentence was said, by the right name, today, and not denied."""
        return not self.problem

    @property
    def missing(self) -> tuple[str, ...]:
        """All that lacks, by name: `agreement` where it was denied, `words` of the sentence, `name`, `date`."""
        lacks = {
            "agreement": self.denied,
            "words": self.words < WORDS_LEAST or not self.core,
            "name": self.name < NAME_LEAST,
            "date": not self.date,
        }
        return tuple(name for name, lacking in lacks.items() if lacking)


def compare(wanted: Statement, heard: str) -> SaidWords:
    """Whether what a recogniser heard is the statement. `problem` tells the person what to do when it is not."""
    said = _units(heard, wanted.language)
    fixed = _units(_FIXED[wanted.language], wanted.language)
    share = _in_order(fixed, said) / len(fixed)
    core = all(_holds(said, _units(word, wanted.language)) for word in _CORE[wanted.language])
    denied = any(unit in _DENIALS[wanted.language] for unit in _but_the_name(said, wanted))
    name = _name_likeness(wanted, said)
    dated = date_words(said, wanted.day, wanted.language)
    return SaidWords(share, name, core, dated, denied, _problem(wanted, (share, name), core, dated, denied))


def lessons(wanted: Statement) -> list[str]:
    """Texts that teach an adaptable recogniser the statement, and as much what else may be said in its place.

    Other names, other days and the denial are in them too, so that the recogniser has a choice: one that knew the
    right name and date alone would hear them whatever was said.
    """
    texts = []
    names = [wanted.name, *_DECOYS[wanted.language].split(",")]
    days = [wanted.day, *(date(2025 + k % 3, 1 + 5 * k % 12, 1 + 11 * k % 28) for k in range(9))]
    for number, day in enumerate(days):
        name = names[number % len(names)]
        for spoken in _spoken_dates(day, wanted.language):
            texts.append(_SENTENCES[wanted.language].format(name=name, date=spoken))
    if wanted.language == "EN":
        for name in names:
            texts.append(f"I, {name}, do not agree that Selfsame makes a clone of my voice and face.")
            texts.append(f"I, {name}, never agree to this. I disagree. I refuse. I agree to nothing.")
    return texts


def likeness(consent: VoicePrint, samples: Sequence[VoicePrint]) -> float:
    """How like the voice of the consent is to the mean of the samples'; 0 without samples."""
    if not len(samples):
        return 0.0
    mean = sum(samples[1:], samples[0].copy())
    length = float((mean @ mean) ** 0.5)
    return float(consent @ mean) / length if length > 0 else 0.0


def _shown(day: date, language: str) -> str:
    if language == "ZH":
        return f"{day.year}年{day.month}月{day.day}日"
    month = month_name(day.month, language)
    return f"{day.day} de {month} de {day.year}" if language == "ES" else f"{day.day} {month} {day.year}"


def _spoken_dates(day: date, language: str) -> list[str]:
    """The usual ways to say a date, as text that a recogniser's dictionary can spell out."""
    shown = _shown(day, language)
    if language != "EN":
        return [shown]
    month = month_name(day.month, language)
    years = [" ".join(form) for form in year_forms(day.year, "EN") if form[0].isalpha()]
    ordinals = [" ".join(form) for form in day_forms(day.day, "EN") if form[0].isalpha()]
    return [f"{d} {month} {y}" for d in ordinals for y in years] + [f"{month} {d} {y}" for d in ordinals for y in years]


def _units(text: str, language: str) -> list[str]:
    """Words; for Chinese, its characters, and words of other scripts whole."""
    plain = fold(text).replace("'", "")
    if language == "ZH":
        return re.findall(r"[a-z]+|[0-9]+|[\u3400-\u9fff〇]", plain)
    return re.findall(r"[^\W_]+", plain)


def _alike(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) > 2 and SequenceMatcher(None, a, b).ratio() >= WORD_ALIKE)


def _in_order(wanted: list[str], said: list[str]) -> int:
    """Words of `wanted` that were said, in their order: the longest common subsequence, by likeness."""
    row = [0] * (len(said) + 1)
    for word in wanted:
        last = 0
        for place, other in enumerate(said, 1):
            kept = row[place]
            row[place] = last + 1 if _alike(word, other) else max(row[place], row[place - 1])
            last = kept
    return row[-1]


def _holds(said: list[str], wanted: list[str]) -> bool:
    size = len(wanted)
    return any(all(map(_alike, wanted, said[i : i + size])) for i in range(len(said) - size + 1))


def _but_the_name(said: list[str], wanted: Statement) -> list[str]:
    """All that was said but the name, which may hold a word of denial ("Noah No")."""
    name = set(_units(wanted.name, wanted.language))
    return [unit for unit in said if unit not in name]


def _name_likeness(wanted: Statement, said: list[str]) -> float:
    """How like the name is to the run of words that comes nearest to it, by letters; 0..1.

    It stands before or after the sentence's own words: within them "agree that" would pass for a Mr Green.
    """
    parts = _units(wanted.name, wanted.language)
    name = "".join(parts)
    core = _CORE[wanted.language]
    opening, ending = _nearest(said, core[0], wanted.language), _nearest(said, core[-1], wanted.language)
    best = 0.0
    for words in (said[:opening], said[ending:]):
        for first in range(len(words)):
            for size in range(1, len(parts) + 3):
                run = "".join(words[first : first + size])
                best = max(best, SequenceMatcher(None, name, run).ratio())
    return best


def _nearest(said: list[str], word: str, language: str) -> int:
    """Where the word was said, or what is most like it; past the end where nothing is."""
    units = _units(word, language)
    size, whole = len(units), "".join(units)
    likeness = [
        SequenceMatcher(None, whole, "".join(said[at : at + size])).ratio() for at in range(len(said) - size + 1)
    ]
    best = max(likeness, default=0.0)
    return likeness.index(best) if best >= WORD_ALIKE else len(said)


def _problem(wanted: Statement, shares: tuple[float, float], core: bool, dated: bool, denied: bool) -> str:
    words, name = shares
    again = f'Please read this sentence aloud, slowly and clearly: "{wanted.text}"'
    if denied:
        return f"A refusal was heard. If you do agree, read the sentence as it is shown. {again}"
    if words < WORDS_LEAST or not core:
        return f"The consent was not heard. {again}"
    if name < NAME_LEAST:
        return f"Your name was not heard. {again}"
    return "" if dated else f"The date of today was not heard. {again}"
