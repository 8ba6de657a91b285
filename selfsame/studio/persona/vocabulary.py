"""How rich and how formal a person's words are. Pure.

Richness is MTLD: the mean length of stretches whose share of different words stays above 0.72, forwards and backwards
(McCarthy and Jarvis, "MTLD, vocd-D, and HD-D", Behavior Research Methods 42, 2010). Unlike the plain share of
different words it hardly depends on how long the text is.

Formality is a stand-in. The F-score of Heylighen and Dewaele (1999) needs parts of speech, and no tagger ships here; we
count words and forms that belong to easy or to formal speech instead, and say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from selfsame.studio.persona.background import background
from selfsame.studio.persona.counting import marked, per_hundred
from selfsame.studio.persona.finding import Finding
from selfsame.studio.persona.marks import CASUAL, FAR, FORMAL, NEAR
from selfsame.studio.persona.script import Script

THRESHOLD = 0.72
LEAST_WORDS = 100
"""Below this neither is judged."""
COMMON = 7000
"""Entries of the table of common English words and phrases (some 3000 words) beyond which a word counts as rare."""
RARE_PLAIN, RARE_RICH = 0.04, 0.13
MTLD_PLAIN = {"EN": 42.0, "ES": 45.0, "ZH": 30.0}
MTLD_RICH = {"EN": 95.0, "ES": 110.0, "ZH": 70.0}
SHORTENED, ADDRESS = 0.2, 0.4
"""How much a contraction and a way to speak to the other count beside a word of easy or formal speech."""
SWAY = 0.8
"""Score from which speech is casual or formal."""
Level = Literal["plain", "everyday", "rich"]
Formality = Literal["casual", "neutral", "formal"]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """`rare`: different words outside the common ones, in all words; None where no list of them is long enough."""

    words: int
    different: int
    mtld: float
    word_length: float
    rare: float | None
    level: Level | None
    rare_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FormalitySigns:
    """`score` is formal minus casual uses in a hundred words; a contraction, or a way to speak to the other (tú, usted,
    你, 您), counts less than a whole one."""

    score: float
    formality: Formality | None
    casual: tuple[Finding, ...] = ()
    formal: tuple[Finding, ...] = ()


def mtld(words: Sequence[str], threshold: float = THRESHOLD) -> float:
    """MTLD of a text in words, the mean of both directions; 0 for no words.

    A text whose words are all different is one whole stretch: its length.
    """
    if not words:
        return 0.0
    return (_one_way(words, threshold) + _one_way(words[::-1], threshold)) / 2


def _one_way(words: Sequence[str], threshold: float) -> float:
    factors, seen, count = 0.0, set[str](), 0
    for word in words:
        seen.add(word)
        count += 1
        if len(seen) / count <= threshold:
            factors, seen, count = factors + 1, set(), 0
    if count:
        factors += (1 - len(seen) / count) / (1 - threshold)
    return len(words) / factors if factors else float(len(words))


def find_vocabulary(script: Script) -> Vocabulary:
    """The measures of a script; `level` is None below 100 words."""
    words = [word for word in script.words if word[0].isalpha()]
    names = {clause.words[place] for clause in script.clauses for place in clause.names}
    richness = mtld(words)
    length = sum(map(len, words)) / max(1, len(words))
    rare, examples = _rare(words, names, script.language)
    level = None if len(words) < LEAST_WORDS else _level(richness, rare, script.language)
    return Vocabulary(len(words), len(set(words)), richness, length, rare, level, examples)


def _rare(words: list[str], names: set[str], language: str) -> tuple[float | None, tuple[str, ...]]:
    if language != "EN" or not words:
        return None, ()
    common = background("EN")
    judged = [word for word in words if word not in names]
    rare = [word for word in judged if not common.is_common(word, COMMON) and "'" not in word]
    examples = sorted(set(rare), key=lambda word: (-len(word), word))[:8]
    return len(set(rare)) / max(1, len(judged)), tuple(examples)


def _level(richness: float, rare: float | None, language: str) -> Level:
    votes = (richness >= MTLD_RICH[language]) - (richness < MTLD_PLAIN[language])
    if rare is not None:
        votes += (rare >= RARE_RICH) - (rare < RARE_PLAIN)
        return "rich" if votes >= 1 and rare >= RARE_PLAIN else "plain" if votes <= -1 else "everyday"
    return "rich" if votes > 0 else "plain" if votes < 0 else "everyday"


def find_formality(script: Script) -> FormalitySigns:
    """The signs of easy and of formal speech; judged from 100 words on."""
    if not script.words:
        return FormalitySigns(0.0, None)
    casual, formal = marked(script, CASUAL[script.language]), marked(script, FORMAL[script.language])
    shortened = sum("'" in word for word in script.words) if script.language == "EN" else 0
    near, far = (marked(script, marks[script.language]) for marks in (NEAR, FAR))
    score = per_hundred(formal, script) - per_hundred(casual, script) - 100 * SHORTENED * shortened / len(script.words)
    score += ADDRESS * (per_hundred(far, script) - per_hundred(near, script))
    if len(script.words) < LEAST_WORDS:
        return FormalitySigns(score, None, tuple(casual[:5]), tuple(formal[:5]))
    verdict: Formality = "casual" if score <= -SWAY else "formal" if score >= SWAY else "neutral"
    return FormalitySigns(score, verdict, tuple(casual[:5]), tuple(formal[:5]))
