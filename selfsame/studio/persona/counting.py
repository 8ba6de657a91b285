"""Where phrases stand in a script. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from selfsame.studio.persona.finding import Finding, quotes
from selfsame.studio.persona.script import Clause, Script, joined

Gram = tuple[str, ...]
LINKS = frozenset({"and", "but", "so", "or", "because", "y", "e", "o", "pero", "que", "porque"})
"""Words that join a clause to the one before and belong to no phrase."""


@dataclass(slots=True)
class Uses:
    """Every use of a phrase: the clauses it stands in, and how often at which edge of them."""

    clauses: list[Clause] = field(default_factory=list)
    alone: int = 0
    opens: int = 0
    closes: int = 0
    begins: int = 0
    """Uses that open a whole sentence."""
    named: int = 0
    """Uses with a name in them."""

    @property
    def count(self) -> int:
        return len(self.clauses)

    def add(self, clause: Clause, place: int, length: int) -> None:
        """Count a use of `length` words from `place` on."""
        first, last = all(word in LINKS for word in clause.words[:place]), place + length == len(clause.words)
        self.clauses.append(clause)
        self.alone += first and last
        self.opens += first
        self.closes += last
        self.begins += first and clause.begins
        self.named += any(place <= name < place + length for name in clause.names)

    def finding(self, what: str, script: Script, score: float = 0.0) -> Finding:
        """The uses as a finding."""
        return Finding(what, self.count, quotes(script, self.clauses), score)


def gram(phrase: str, language: str) -> Gram:
    """A phrase as the words that a script has."""
    return tuple(phrase) if language == "ZH" else tuple(phrase.split())


def uses_of(script: Script, phrases: Iterable[str]) -> dict[str, Uses]:
    """The uses of each phrase, longer ones first, so that a word counts for one phrase only."""
    wanted = {gram(phrase, script.language): phrase for phrase in phrases}
    longest = max(map(len, wanted), default=0)
    found: dict[str, Uses] = {}
    for clause in script.clauses:
        for place, length in _matches(clause.words, wanted, longest):
            phrase = wanted[clause.words[place : place + length]]
            found.setdefault(phrase, Uses()).add(clause, place, length)
    return found


def _matches(words: Gram, wanted: dict[Gram, str], longest: int) -> Iterator[tuple[int, int]]:
    place = 0
    while place < len(words):
        for length in range(min(longest, len(words) - place), 0, -1):
            if words[place : place + length] in wanted:
                yield place, length
                place += length
                break
        else:
            place += 1


def grams(script: Script, shortest: int, longest: int) -> dict[Gram, Uses]:
    """All runs of words within clauses, by length, that come at least twice."""
    counts: dict[Gram, int] = {}
    for clause in script.clauses:
        for run, _ in _runs(clause.words, shortest, longest):
            counts[run] = counts.get(run, 0) + 1
    found = {run: Uses() for run, count in counts.items() if count > 1}
    for clause in script.clauses:
        for run, place in _runs(clause.words, shortest, longest):
            if run in found:
                found[run].add(clause, place, len(run))
    return found


def _runs(words: Gram, shortest: int, longest: int) -> Iterator[tuple[Gram, int]]:
    for length in range(shortest, min(longest, len(words)) + 1):
        for place in range(len(words) - length + 1):
            yield words[place : place + length], place


def marked(script: Script, phrases: Iterable[str]) -> list[Finding]:
    """The phrases that are used, the most frequent first."""
    found = [uses.finding(phrase, script) for phrase, uses in uses_of(script, phrases).items()]
    return sorted(found, key=lambda finding: (-finding.count, finding.what))


def per_hundred(findings: Iterable[Finding], script: Script) -> float:
    """Uses of all of them in a hundred words."""
    return 100.0 * sum(finding.count for finding in findings) / max(1, len(script.words))


def written(run: Gram, script: Script) -> str:
    """A run of words as text, commas in their place; the English "i" stands tall."""
    text = joined(run, script.language).replace(" ,", ",")
    if script.language == "ZH":
        return text.replace(",", "，")
    if script.language != "EN":
        return text
    return " ".join(word.replace("i", "I", 1) if word.split("'")[0] == "i" else word for word in text.split())
