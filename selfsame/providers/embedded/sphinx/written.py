"""Recognised words as a sentence: capitals, names as their owner writes them, a question mark. Pure (ASR-06)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ASKING = _words("what what's who who's whose whom which when where where's why how how's")
AUXILIARY = _words(
    "is are am was were do does did can could will would shall should may might have has had isn't aren't wasn't "
    "weren't don't doesn't didn't can't couldn't won't wouldn't shouldn't haven't hasn't"
)
LEADS = _words("hello hi hey so and but okay ok well please then sorry yes no")
EXCLAIMED = frozenset(["what a", "what an", "how nice", "how wonderful", "how lovely", "have a", "do not", "don't"])
SUBJECTS = _words("i you he she it we they the a an this that these those there your my his her its our")
ALWAYS = {"i": "I", "i'm": "I'm", "i've": "I've", "i'd": "I'd", "i'll": "I'll"}


def is_question(words: Sequence[str]) -> bool:
    """Whether lower-case words open like a question ("so what ...", "can you ...")."""
    rest = list(words)
    while len(rest) > 1 and rest[0] in LEADS:
        rest = rest[1:]
    if not rest or rest[0] in EXCLAIMED or " ".join(rest[:2]) in EXCLAIMED:
        return False
    if rest[0] in ASKING:
        return True
    return rest[0] in AUXILIARY and (len(rest) == 1 or rest[0] not in ("have", "do", "may") or rest[1] in SUBJECTS)


def as_written(word: str, forms: Mapping[str, str]) -> str:
    """One word inside a sentence."""
    return ALWAYS.get(word) or forms.get(word) or word


def sentence(words: Sequence[str], forms: Mapping[str, str], settled: bool) -> str:
    """The words as written text; the closing mark comes only when the utterance is `settled`."""
    if not words:
        return ""
    text = " ".join(as_written(word, forms) for word in words)
    text = text[0].upper() + text[1:]
    if not settled:
        return text
    return text + ("?" if is_question(words) else ".")
