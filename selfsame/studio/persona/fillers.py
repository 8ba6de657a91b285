"""Fillers: the sounds and small words with which a person fills or opens sentences. Pure.

Known ones count where they do no other work: alone between marks, or at the opening of a sentence. Text without marks
(as recognisers write it) has no such places; there a word must be said far more often than others say it.
"""

from __future__ import annotations

from dataclasses import dataclass

from selfsame.studio.persona.background import background, surprise
from selfsame.studio.persona.counting import LINKS, Uses, gram, uses_of, written
from selfsame.studio.persona.finding import Finding
from selfsame.studio.persona.marks import AT_WORK, FILLERS, HESITATIONS, OPEN_WORDS, OPENERS
from selfsame.studio.persona.script import Clause, Script, joined

LEAST = 3
LEAST_RATE = 0.3
"""Uses in a hundred words from which a filler is a habit."""
UNLIKELY = 10.8
"""Surprise (`background.surprise`) from which a word of unmarked text counts."""
MOST = 8
_PLAIN_ANSWERS = frozenset({
    "yes", "no", "and", "but", "or", "i", "you", "we", "it", "he", "she", "they", "the", "a", "si", "sí", "y", "pero",
    "yo", "tú", "是", "不", "我", "你", "但", "和", "in", "on", "at", "en", "de", "que", "because", "if",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fillers:
    """`fillers` and, of these, the `openers`: those that mostly open a sentence."""

    fillers: tuple[Finding, ...] = ()
    openers: tuple[Finding, ...] = ()


def find_fillers(script: Script) -> Fillers:
    """The fillers that are habits, the most frequent first."""
    filling = _known(script) | _discovered(script)
    total = len(script.words)
    kept = {
        phrase: uses
        for phrase, uses in filling.items()
        if uses.count >= _least(phrase, script) and 100 * uses.count / max(1, total) >= LEAST_RATE
    }
    ranked = sorted(kept.items(), key=lambda item: (-item[1].count, item[0]))[:MOST]
    findings = {
        phrase: uses.finding(written(gram(phrase, script.language), script), script, 100 * uses.count / total)
        for phrase, uses in ranked
    }
    opening = [findings[phrase] for phrase, uses in ranked if uses.begins >= max(2, 0.5 * uses.count)]
    return Fillers(tuple(findings.values()), tuple(opening))


def _least(phrase: str, script: Script) -> int:
    return 2 if phrase in HESITATIONS.get(script.language, ()) else LEAST


def _known(script: Script) -> dict[str, Uses]:
    sounds, words = HESITATIONS[script.language], FILLERS[script.language]
    found: dict[str, Uses] = {}
    for phrase, uses in uses_of(script, [*sounds, *words]).items():
        if phrase in sounds:
            found[phrase] = uses
        elif script.punctuated:
            filling = _where_it_fills(phrase, script)
            if filling.count:
                found[phrase] = filling
        elif _said_more(phrase, uses.count, script):
            found[phrase] = uses
    return found


def _where_it_fills(phrase: str, script: Script) -> Uses:
    """Uses alone or in a row of fillers between marks, and those that open a sentence and do no work there."""
    wanted, found = gram(phrase, script.language), Uses()
    opens = phrase in OPENERS[script.language]
    for clause in script.clauses:
        for place in _places(clause, wanted):
            follows = clause.words[place + len(wanted) : place + len(wanted) + 1]
            bare = opens and place == 0 and clause.begins and (phrase, *follows) not in AT_WORK
            if bare or _fills(clause, place, len(wanted), script.language):
                found.add(clause, place, len(wanted))
    return found


def _places(clause: Clause, wanted: tuple[str, ...]) -> list[int]:
    length = len(wanted)
    return [place for place in range(len(clause.words) - length + 1) if clause.words[place : place + length] == wanted]


def _fills(clause: Clause, place: int, length: int, language: str) -> bool:
    """Whether everything else in the clause is filler too. A question "right?" is a filler, an answer "No." is not."""
    rest = [*clause.words[:place], *clause.words[place + length :]]
    if not rest:
        alone = clause.begins and clause.ends and clause.mark not in ("?", "？")
        return not (alone and clause.words in (("no",), ("verdad",), ("对",), ("好",)))
    known = {word for phrase in (*FILLERS[language], *HESITATIONS[language]) for word in gram(phrase, language)}
    return len(rest) <= 4 and all(word in known or word in ("and", "but", "y", "pero") for word in rest)


def _said_more(phrase: str, count: int, script: Script) -> bool:
    words = gram(phrase, script.language)
    if script.language != "EN" and len(words) == 1 and words[0] in OPEN_WORDS[script.language]:
        return False
    total = len(script.words)
    return surprise(count, total, background(script.language).share(words)) >= UNLIKELY


def _discovered(script: Script) -> dict[str, Uses]:
    """Words that nobody listed: one or two that stand alone between marks again and again."""
    if not script.punctuated:
        return {}
    known = {*FILLERS[script.language], *HESITATIONS[script.language]}
    longest = 3 if script.language == "ZH" else 2
    alone: dict[tuple[str, ...], Uses] = {}
    for clause in script.clauses:
        cut = 1 if clause.words[0] in LINKS and joined(clause.words, script.language) not in known else 0
        words = clause.words[cut:]
        bare = 0 < len(words) <= longest and not (clause.begins and clause.ends)
        if bare and not clause.names and words[0] not in _PLAIN_ANSWERS and not words[0][0].isdigit():
            alone.setdefault(words, Uses()).add(clause, cut, len(words))
    phrases = {"".join(run) if script.language == "ZH" else " ".join(run): uses for run, uses in alone.items()}
    return {phrase: uses for phrase, uses in phrases.items() if uses.count > LEAST and phrase not in known}
