"""Catchphrases and common expressions: runs of words that one person says far more often than others do. Pure.

Candidates are ranked by Dunning's log-likelihood ratio against what everybody says. What a talk is about is frequent
too ("the solar panels"); it is told apart by where it stands: catchphrases stand at the edge of clauses or alone, and
are made of words for talking. Things that are named stand inside clauses, behind an article or a preposition.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from selfsame.studio.persona.background import background, surprise
from selfsame.studio.persona.counting import LINKS, Gram, Uses, gram, grams, written
from selfsame.studio.persona.finding import Finding
from selfsame.studio.persona.marks import FILLERS, HESITATIONS, LEADS, NOUN_OPENERS, OPEN_WORDS, PERSONAL, UNFINISHED
from selfsame.studio.persona.script import Script

COMMA = ","
LEAST = 3
LEAST_LONG = 2
"""Uses of a phrase of four words and more (of Chinese, six characters)."""
UNLIKELY = 20.0
LONGEST = {"EN": 7, "ES": 7, "ZH": 10}
LONG = {"EN": 4, "ES": 4, "ZH": 6}
EDGE = 0.6
"""Share of the uses at an edge of a clause from which a phrase is said for its own sake."""
MOST_CATCHPHRASES, MOST_EXPRESSIONS = 8, 8


@dataclass(frozen=True, slots=True)
class Phrases:
    """What was found, the strongest first."""

    catchphrases: tuple[Finding, ...] = ()
    expressions: tuple[Finding, ...] = ()


def find_phrases(script: Script, fillers: tuple[str, ...] = ()) -> Phrases:
    """The catchphrases and the common expressions of a script; `fillers` are known already and are left out."""
    language, total = script.language, len(script.words)
    known = _filling(language, fillers)
    runs = grams(script, 2 if language != "ZH" else 3, LONGEST[language]) | _pairs(script, known)
    strong: dict[Gram, float] = {}
    for run, uses in runs.items():
        least = LEAST_LONG if len(run) >= LONG[language] else LEAST
        if uses.count < least or _says_nothing(run, language) or _is_filler(run, known, language):
            continue
        words = tuple(word for word in run if word != COMMA)
        score = surprise(uses.count, total, background(language).share(words))
        if score >= UNLIKELY:
            strong[run] = score
    kept = _maximal(strong, runs)
    catch: list[tuple[float, Gram]] = []
    common: list[tuple[float, Gram]] = []
    for run in kept:
        if uses_is_name(runs[run]):
            continue
        if _is_catchphrase(run, runs[run], script):
            catch.append((strong[run], run))
        elif _is_expression(run, runs[run], language):
            common.append((strong[run], run))
    return Phrases(
        _best(catch, runs, script, MOST_CATCHPHRASES),
        _best(common, runs, script, MOST_EXPRESSIONS),
    )


def _pairs(script: Script, known: frozenset[Gram]) -> dict[Gram, Uses]:
    """Two whole clauses with a comma between them that come together again ("easy as pie, only better")."""
    found: dict[Gram, Uses] = {}
    for first, second in pairwise(script.clauses):
        together = first.sentence == second.sentence and first.mark.strip() in (",", "，", "、")
        bare = first.words in known or second.words in known
        if together and not bare and 3 <= len(first.words) + len(second.words) <= LONGEST[script.language]:
            run = (*first.words, COMMA, *second.words)
            uses = found.setdefault(run, Uses())
            uses.add(first, 0, len(first.words))
            uses.closes += second.ends
    return {run: uses for run, uses in found.items() if uses.count > 1}


def uses_is_name(uses: Uses) -> bool:
    """Whether most uses hold a capital inside a sentence: somebody's or something's name."""
    return uses.named > 0.5 * uses.count


def _best(found: list[tuple[float, Gram]], runs: dict[Gram, Uses], script: Script, most: int) -> tuple[Finding, ...]:
    ranked = sorted(found, key=lambda item: (-item[0], item[1]))[:most]
    return tuple(runs[run].finding(written(run, script), script, score) for score, run in ranked)


def _filling(language: str, fillers: tuple[str, ...]) -> frozenset[Gram]:
    listed = (*FILLERS[language], *HESITATIONS[language], *(each.lower() for each in fillers))
    return frozenset(gram(phrase, language) for phrase in listed)


def _is_filler(run: Gram, known: frozenset[Gram], language: str) -> bool:
    """Whether a run is a filler, a row of fillers, or a filler with an open word beside it."""
    if run in known or any(len(filler) > len(run) and _inside(run, filler) for filler in known):
        return True
    least = min(len(run) - 1, 4)
    for cut in range(1, least + 1):
        head, tail = run[:cut], run[cut:]
        loose = all(word in OPEN_WORDS[language] for word in tail) or all(word in OPEN_WORDS[language] for word in head)
        if head in known and (tail in known or loose):
            return True
        if tail in known and loose:
            return True
    return False


def _says_nothing(run: Gram, language: str) -> bool:
    """Whether a run is made of open words alone, or begins or ends in the middle of something."""
    open_words = OPEN_WORDS[language]
    if all(word in open_words for word in run) or any(word[0].isdigit() for word in run):
        return True
    return language != "ZH" and (run[-1] in open_words or run[0] in LINKS)


def _maximal(strong: dict[Gram, float], runs: dict[Gram, Uses]) -> list[Gram]:
    """Without the runs that are nearly always part of a longer one, and without chance extensions of a shorter one."""
    kept = []
    for run in strong:
        count = runs[run].count
        longer = [other for other in strong if len(other) > len(run) and _inside(run, other)]
        if any(runs[other].count >= 0.7 * count for other in longer):
            continue
        shorter = [other for other in strong if len(other) < len(run) and _inside(other, run)]
        if any(runs[other].count >= 1.7 * count and _edged(runs[other]) for other in shorter):
            continue
        kept.append(run)
    return [
        run
        for run in kept
        if not any(len(other) > len(run) and _inside(run, other) and runs[other].count >= 0.5 * runs[run].count
                   for other in kept)
    ]  # fmt: skip


def _inside(short: Gram, long: Gram) -> bool:
    return any(long[place : place + len(short)] == short for place in range(len(long) - len(short) + 1))


def _edged(uses: Uses) -> bool:
    return max(uses.opens, uses.closes) >= EDGE * uses.count


def _spread(uses: Uses) -> int:
    return len({clause.sentence for clause in uses.clauses})


def _is_catchphrase(run: Gram, uses: Uses, script: Script) -> bool:
    if not script.punctuated:
        whole = run[0] not in NOUN_OPENERS[script.language] and not _breaks_off(run, uses, script.language)
        return len(run) >= 3 and whole and _spoken(run, script.language)
    if _spread(uses) < 2 or not _edged(uses):
        return False
    if uses.alone >= 0.5 * uses.count:
        return len(run) > 2 or _spoken(run, script.language) or uses.count > LEAST
    if _breaks_off(run, uses, script.language):
        return False
    if uses.opens >= EDGE * uses.count and run[0] in LEADS[script.language] and len(run) > 2:
        return True  # "in my considered opinion", "at the end of the day"
    whole_long = len(run) >= LONG[script.language] + 1
    if _names_a_thing(run, script.language) and not whole_long:
        return False
    return _spoken(run, script.language) or whole_long


def _breaks_off(run: Gram, uses: Uses, language: str) -> bool:
    """Whether it is the mere beginning of something: "how do I", "and what is"."""
    return run[-1] in UNFINISHED[language] and uses.closes < 0.5 * uses.count


def _is_expression(run: Gram, uses: Uses, language: str) -> bool:
    if _names_a_thing(run, language) or _spread(uses) < 2 or _breaks_off(run, uses, language):
        return False
    if language == "ZH":
        return len(run) >= 4 and _spoken(run, language)
    return _spoken(run, language) and (uses.count > LEAST or len(run) > 2)


def _spoken(run: Gram, language: str) -> bool:
    return any(word in PERSONAL[language] or "'" in word for word in run)


def _names_a_thing(run: Gram, language: str) -> bool:
    """Whether it reads like a thing that is talked about: "the solar panels", "of our bakery", "fresh bread"."""
    if language == "ZH":
        return False
    return run[0] in NOUN_OPENERS[language] and not any(word in PERSONAL[language] for word in run[1:])
