"""Phonemes as names, and how alike two of them are: for units borrowed where one was never said. Pure."""

from __future__ import annotations

from functools import lru_cache

PAUSE = ""
"""The name of silence."""

_STRESS = "ˈˌ"
_DROPPED = str.maketrans("", "", _STRESS + " _|-")

# Vowels: height 0 (open) to 3 (close), backness 0 (front) to 2 (back), rounded.
_VOWELS: dict[str, tuple[float, float, float]] = {
    "i": (3.0, 0.0, 0), "y": (3.0, 0.0, 1), "ɨ": (3.0, 1.0, 0), "ʉ": (3.0, 1.0, 1), "ɯ": (3.0, 2.0, 0),
    "u": (3.0, 2.0, 1), "ɪ": (2.6, 0.4, 0), "ᵻ": (2.6, 0.7, 0), "ʏ": (2.6, 0.4, 1), "ʊ": (2.6, 1.7, 1),
    "e": (2.0, 0.0, 0), "ø": (2.0, 0.0, 1), "ɘ": (2.0, 1.0, 0), "ɵ": (2.0, 1.0, 1), "ɤ": (2.0, 2.0, 0),
    "o": (2.0, 2.0, 1), "ə": (1.5, 1.0, 0), "ɐ": (0.6, 1.0, 0), "ɛ": (1.0, 0.0, 0), "œ": (1.0, 0.0, 1),
    "ɜ": (1.3, 1.0, 0), "ɝ": (1.4, 1.0, 0.5), "ɚ": (1.5, 1.0, 0.5), "ʌ": (1.0, 1.6, 0), "ɔ": (1.0, 2.0, 1),
    "æ": (0.4, 0.2, 0), "a": (0.0, 0.6, 0), "ɑ": (0.0, 2.0, 0), "ɒ": (0.0, 2.0, 1),
}  # fmt: skip
# Consonants: place 0 (lips) to 10 (glottis), manner, voiced.
_PLACES = {"pbmɸβʙ": 0, "wʍ": 0.5, "fvɱʋ": 1, "θð": 2, "tdnszlrɾɬɹʦʣ": 3, "ʃʒʧʤ": 4, "ʂʐʈɖɳɻɽɭ": 4.5, "ɕʑ": 5,
           "cɟçʝɲjʎ": 6, "kɡgxɣŋɫ": 7, "qɢχʁɴ": 8, "ħʕ": 9, "hɦʔ": 10}  # fmt: skip
_MANNERS = {"pbtdkɡgqɢcɟʈɖʔ": "stop", "mɱnɳɲŋɴ": "nasal", "ɸβfvθðszʃʒʂʐɕʑçʝxɣχʁħʕhɦ": "fricative",
            "ʦʣʧʤ": "affricate", "wʍʋɹɻj": "glide", "lɭʎɫɬ": "lateral", "rɾɽʙ": "tap"}  # fmt: skip
_VOICED = set("bmβwvɱʋðdnzlrɾɹʣʒʤʐɖɳɻɽɭʑɟʝɲjʎɡgɣŋɫɢʁɴʕɦ")
_KIN = {frozenset(pair): cost for *pair, cost in (
    ("fricative", "affricate", 0.5), ("stop", "affricate", 0.5), ("glide", "lateral", 0.5), ("glide", "tap", 0.5),
    ("lateral", "tap", 0.5), ("nasal", "lateral", 0.7), ("stop", "tap", 0.6))}  # fmt: skip


def name_of(ipa: str) -> tuple[str, int]:
    """The phoneme without its stress mark, and its stress: 2 main, 1 second, 0 none."""
    stress = 2 if "ˈ" in ipa else 1 if "ˌ" in ipa else 0
    return ipa.translate(_DROPPED), stress


_ALIKE = {"ᵻ": "ɪ", "ɐ": "ə", "ɔ": "ɔː", "oː": "ɔː"}
_COMPOUND = {
    "əl": ("ə", "l"),
    "n̩": ("ə", "n"),
    "iə": ("i", "ə"),
    "aɪə": ("aɪ", "ə"),
    "aɪɚ": ("aɪ", "ɚ"),
    "aʊɚ": ("aʊ", "ɚ"),
}


@lru_cache(maxsize=2048)
def parts_of(ipa: str) -> tuple[tuple[str, str], ...]:
    """What a phoneme of the guide is made of: each part's name and its own IPA.

    Compounds (a vowel with r, a syllabic consonant) are scarce in a few minutes of speech, their parts are not; and
    phonemes that the guide tells apart but mouths hardly do count as one.
    """
    name, _ = name_of(ipa)
    marks = "".join(sign for sign in ipa if sign in _STRESS)
    if name in _COMPOUND:
        first, second = _COMPOUND[name]
    elif len(name) > 1 and name.endswith("ɹ") and name[0] in _VOWELS:
        first, second = name[:-1], "ɹ"
    else:
        return ((_ALIKE.get(name, name), ipa),)
    return (_ALIKE.get(first, first), marks + first), (second, second)


@lru_cache(maxsize=2048)
def letters_of(name: str) -> tuple[str, ...]:
    """The IPA letters of a phoneme; affricates are one letter, and signs behind a letter are left out."""
    plain = name.replace("tʃ", "ʧ").replace("dʒ", "ʤ").replace("ts", "ʦ").replace("dz", "ʣ").replace("tɕ", "ʧ")
    found = tuple(sign for sign in plain if sign in _VOWELS or _place(sign) is not None)
    return found or ("ə",)


def is_vowel(name: str) -> bool:
    """Whether the phoneme begins with a vowel."""
    return bool(name) and letters_of(name)[0] in _VOWELS


def is_stop(name: str) -> bool:
    """Whether it begins with a closure (a stop or an affricate)."""
    return bool(name) and _manner(letters_of(name)[0]) in ("stop", "affricate")


@lru_cache(maxsize=65536)
def distance(a: str, b: str, half: int | None = None) -> float:
    """How unlike two phonemes sound, 0 (the same) to 1; of `half` 0 or 1 only that half, as a diphthong changes."""
    if a == b:
        return 0.0
    if not a or not b:
        return 1.0
    first, second = letters_of(a), letters_of(b)
    halves = [0, 1] if half is None else [half]
    parts = [_between(first[-1 if h else 0], second[-1 if h else 0]) for h in halves]
    length = 0.05 * (("ː" in a) != ("ː" in b)) + 0.05 * (len(first) != len(second))
    return min(1.0, 0.04 + length + sum(parts) / len(parts))


def _between(a: str, b: str) -> float:
    if a == b:
        return 0.0
    if (a in _VOWELS) != (b in _VOWELS):
        close = {frozenset("ij"): 0.3, frozenset("uw"): 0.3, frozenset("ɚɹ"): 0.3, frozenset("ɪj"): 0.35}
        return close.get(frozenset((a, b)), 1.0)
    if a in _VOWELS:
        (h1, b1, r1), (h2, b2, r2) = _VOWELS[a], _VOWELS[b]
        return min(0.9, 0.22 * abs(h1 - h2) + 0.2 * abs(b1 - b2) + 0.12 * abs(r1 - r2))
    place = abs((_place(a) or 0.0) - (_place(b) or 0.0))
    manners = frozenset((_manner(a), _manner(b)))
    manner = 0.0 if len(manners) == 1 else _KIN.get(manners, 1.0)
    return min(1.0, 0.08 * place + 0.5 * manner + 0.2 * ((a in _VOICED) != (b in _VOICED)))


@lru_cache(maxsize=256)
def _place(sign: str) -> float | None:
    return next((place for signs, place in _PLACES.items() if sign in signs), None)


@lru_cache(maxsize=256)
def _manner(sign: str) -> str:
    return next((manner for signs, manner in _MANNERS.items() if sign in signs), "")
