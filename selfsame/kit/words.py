"""Words of English, Spanish and Chinese: tokens, stems, content words, and how much two words look or sound alike.

Small and rule-based on purpose: it serves text as recognisers write it (lower case, no punctuation, wrong words that
sound right), needs no data file, and costs microseconds. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_TOKEN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
_HAN = re.compile(r"[\u3400-\u9fff]")

_STOP_EN = """a an the and or but so if then than as of to in on at by for from with about into over after before up
down out off again is are was were be been being am do does did doing done have has had having i me my mine myself you
your
yours yourself he him his she her hers it its we us our ours they them their this that these those there here what which
who whom whose when where why how can could will would shall should may might must not no nor only just too very also
some any all both each few more most other such own same s t d ll ve re m please um uh er hmm well okay ok hey hi hello
tell know want like need get got go going let lets say said mean really actually maybe ever now still even much many
exactly called"""
_STOP_ES = """el la los las un una unos unas y o u pero si de del al a en con por para sin sobre entre hasta desde que
qué cual cuál cuales quien quién como cómo cuando cuándo donde dónde cuanto cuánto porque es son era soy eres ser estar
esta está este esto estos estas ese esa eso mi mis tu tus su sus me te se le les lo nos yo tú él ella usted ustedes
nosotros ellos hay ha he has han muy más mas ya no sí también puedo puede puedes quiero hacer hago hace tengo tiene
tienes ser algo todo"""
_STOP_ZH = "的 了 是 我 你 您 他 她 它 们 吗 呢 吧 啊 在 和 与 就 都 也 很 有 不 这 那 什么 怎么"
_STOP_ZH += " 怎样 如何 可以 能 会 要 请 么 一 个"


@lru_cache(maxsize=1)
def _stops() -> dict[str, frozenset[str]]:
    return {
        "EN": frozenset(fold(_STOP_EN).split()),
        "ES": frozenset(fold(_STOP_ES).split()),
        "ZH": frozenset(_STOP_ZH.split()),
    }


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower case, without accents, compatibility forms made plain."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'").casefold())
    return "".join(mark for mark in plain if not unicodedata.combining(mark))


@lru_cache(maxsize=4096)
def tokens(text: str) -> tuple[str, ...]:
    """Words in order, folded; a run of Chinese characters becomes its overlapping pairs ("麦克风" -> 麦克, 克风)."""
    found: list[str] = []
    for run in _TOKEN.findall(fold(text).replace("'", "")):
        if not _HAN.match(run) or len(run) == 1:
            found.append(run)
        else:
            found.extend(run[i : i + 2] for i in range(len(run) - 1))
    return tuple(found)


def stem(word: str) -> str:
    """The word without its commonest English or Spanish endings; words of Chinese are left alone.

    A light stemmer after the manner of Porter, "An algorithm for suffix stripping" (1980), steps 1a-1c only.
    """
    if len(word) <= 3 or not word.isascii():
        return word
    for ending, put, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: len(word) - len(ending)] + put
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeslz":
        word = word[:-1]
    if word[-1] == "y":
        return word[:-1] + "i"
    return word[:-1] if len(word) > 3 and word[-1] in "eao" else word


_ENDINGS = (
    ("nesses", "", 3),
    ("ations", "at", 3),
    ("ation", "at", 3),
    ("ciones", "c", 3),
    ("cion", "c", 3),
    ("ments", "", 4),
    ("ment", "", 4),
    ("ness", "", 3),
    ("ingly", "", 3),
    ("edly", "", 3),
    ("ings", "", 3),
    ("ing", "", 3),
    ("ies", "y", 2),
    ("ied", "y", 2),
    ("ers", "e", 3),
    ("er", "e", 4),
    ("ed", "", 3),
    ("sses", "ss", 2),
    ("es", "e", 3),
    ("ss", "ss", 1),
    ("us", "us", 1),
    ("ly", "", 3),
    ("s", "", 3),
)


@lru_cache(maxsize=4096)
def content_words(text: str) -> tuple[str, ...]:
    """Stems of the words that carry meaning, in order, each once."""
    stops = _stops()["EN"] | _stops()["ES"]
    kept = (stem(word) for word in tokens(text) if word not in stops and not _is_chinese_filler(word))
    return tuple(dict.fromkeys(kept))


def _is_chinese_filler(word: str) -> bool:
    stops = _stops()["ZH"]
    return bool(_HAN.match(word)) and (word in stops or all(mark in stops for mark in word))


@lru_cache(maxsize=8192)
def trigrams(text: str) -> frozenset[str]:
    """Sets of three letters of the folded text without spaces, edges marked."""
    flat = "#" + "".join(tokens(text)) + "#"
    return frozenset(flat[i : i + 3] for i in range(max(1, len(flat) - 2)))


def likeness(first: str, second: str) -> float:
    """How alike two texts are written, 0..1: Dice's coefficient of their letter trigrams, blind to word edges."""
    a, b = trigrams(first), trigrams(second)
    return 2.0 * len(a & b) / (len(a) + len(b))


_SOUNDS = (
    ("ph", "f"), ("gh", ""), ("ck", "k"), ("sch", "s"), ("sh", "s"), ("ch", "s"), ("th", "t"), ("qu", "k"), ("x", "ks"),
    ("c", "k"), ("z", "s"), ("v", "f"), ("d", "t"), ("b", "p"), ("g", "k"), ("j", "k"), ("w", ""), ("h", ""),
    ("y", "a"),
)  # fmt: skip


@lru_cache(maxsize=8192)
def sound(word: str) -> str:
    """A rough key of how an English word sounds: voiced and unvoiced consonants fall together, vowels become one.

    In the spirit of Russell's Soundex and Philips's Metaphone (1990), coarser, as recognisers confuse more.
    """
    key = fold(word).replace("ce", "se").replace("ci", "si")
    for written, said in _SOUNDS:
        key = key.replace(written, said)
    key = re.sub(r"[aeiou]+", "a", key)
    return re.sub(r"(.)\1+", r"\1", key)


@lru_cache(maxsize=65536)
def alike(first: str, second: str) -> float:
    """How likely two stems are the same word heard or spelt differently: 1 the same, 0 not at all."""
    if first == second:
        return 1.0
    if len(first) < 4 or len(second) < 4 or not (first.isascii() and second.isascii()):
        return 0.0
    if first.startswith(second) or second.startswith(first):
        return 0.85 if abs(len(first) - len(second)) <= 3 else 0.6
    if abs(len(first) - len(second)) > 3:
        return 0.0
    written = likeness(first, second)
    heard = 1.0 - distance(sound(first), sound(second)) / max(len(sound(first)), len(sound(second)), 1)
    best = max(written, 0.85 * heard)
    return 0.9 * best if best >= 0.6 else 0.0


def distance(first: str, second: str) -> int:
    """Levenshtein's edit distance."""
    row = list(range(len(second) + 1))
    for i, a in enumerate(first, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(second, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
