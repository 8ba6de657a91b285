"""How a person goes about it: tone, energy, greeting and goodbye, questions, stories, selling. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from selfsame.studio.persona.counting import marked, per_hundred
from selfsame.studio.persona.finding import Finding, quotes
from selfsame.studio.persona.marks import (
    CLOSINGS,
    DIRECT,
    FIRST_PERSON,
    GREETINGS,
    HEDGES,
    LIVELY,
    SELLING,
    STORIES,
    WARM,
)
from selfsame.studio.persona.script import Clause, Script
from selfsame.studio.persona.sound import SoundMeasures

Energy = Literal["calm", "steady", "lively"]
WARM_RATE, DIRECT_RATE, HEDGE_RATE = 1.2, 1.2, 1.2
"""Uses in a hundred words from which a tone is said of somebody."""
LEAST_TONE = 3
LONGEST_FRAME = 24
"""Words of a greeting or a goodbye."""
FAST = {"EN": (130.0, 175.0), "ES": (140.0, 185.0), "ZH": (200.0, 270.0)}
"""Words (characters) a minute of speech, below which it is calm and above which it is lively."""
SWING = (4.5, 7.0)
"""Standard deviation of loudness in decibels, likewise."""


@dataclass(frozen=True, slots=True)
class Tone:
    """Findings by tone; `names` are those that are habits, the strongest first."""

    warm: tuple[Finding, ...] = ()
    direct: tuple[Finding, ...] = ()
    hedging: tuple[Finding, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class EnergySigns:
    """What speaks for it. `words_a_minute` and `swing` (dB) need sound; `exclaimed` is a share of sentences."""

    energy: Energy | None
    exclaimed: float | None = None
    words_a_minute: float | None = None
    swing: float | None = None
    lively: tuple[Finding, ...] = ()


def find_tone(script: Script) -> Tone:
    """Whether the person is warm, direct or careful."""
    kinds = {
        "warm": (marked(script, WARM[script.language]), WARM_RATE),
        "direct": (marked(script, DIRECT[script.language]), DIRECT_RATE),
        "careful": (marked(script, HEDGES[script.language]), HEDGE_RATE),
    }
    rates = {name: per_hundred(found, script) / least for name, (found, least) in kinds.items()}
    told = {name for name, (found, _) in kinds.items() if sum(each.count for each in found) >= LEAST_TONE}
    names = sorted((name for name in told if rates[name] >= 1), key=lambda name: -rates[name])
    warm, direct, careful = (tuple(found[:5]) for found, _ in kinds.values())
    return Tone(warm, direct, careful, tuple(names))


def find_energy(script: Script, sound: SoundMeasures | None, seconds: float | None) -> EnergySigns:
    """How lively the person is: by the sound where there is any, else by marks of exclamation and lively words."""
    lively = tuple(marked(script, LIVELY[script.language])[:5])
    words, spoken = len(script.words), sound.voiced_seconds if sound else seconds
    rate = 60 * words / spoken if spoken and spoken > 20 and words > 40 else None
    swing = sound.swing if sound else None
    exclaimed = None
    if script.punctuated and len(script.sentences) >= 8:
        exclaimed = sum(_cried(sentence) for sentence in script.sentences) / len(script.sentences)
    votes = [_vote(rate, *FAST[script.language]), _vote(swing, *SWING), _vote(exclaimed, -1.0, 0.15)]
    if per_hundred(lively, script) >= 1.5 and sum(each.count for each in lively) >= LEAST_TONE:
        votes.append(1)
    known = [vote for vote in votes if vote is not None]
    # A text without a single mark of exclamation may come from anybody: only sound can tell that someone is calm.
    heard = rate is not None or swing is not None
    energy: Energy | None = None
    if known and words >= 60 and (heard or sum(known) > 0):
        energy = "lively" if sum(known) > 0 else "calm" if sum(known) < 0 else "steady"
    return EnergySigns(energy, exclaimed, rate, swing, lively)


def _cried(sentence: tuple[Clause, ...]) -> bool:
    return any(mark in clause.mark for clause in sentence for mark in ("!", "！"))


def _vote(value: float | None, low: float, high: float) -> int | None:
    return None if value is None else (value >= high) - (value < low)


def find_frame(script: Script, *, opening: bool) -> Finding | None:
    """The greeting (among the first three sentences), or the goodbye (among the last three), in the person's words."""
    markers = (GREETINGS if opening else CLOSINGS)[script.language]
    most = LONGEST_FRAME * (1 if script.spaced else 2)
    best: tuple[Clause, ...] = ()
    count = 0
    for sentence in script.sentences[:3] if opening else script.sentences[-3:]:
        found = sum(each.count for each in marked(Script("", script.language, sentence), markers))
        if not found or _length(sentence) > most:
            continue
        follows = best and best[-1].sentence + 1 == sentence[0].sentence
        if follows and _length((*best, *sentence)) <= most:  # "Hello, hello! Welcome to my kitchen."
            best, count = (*best, *sentence), count + found
        elif not best or (found > count or not opening):
            best, count = sentence, found
    if not best:
        return None
    said = " ".join(script.text[best[0].start : best[-1].stop].split()).lstrip("¡¿")
    said = said if said[-1:] in ".!?…。！？" else said + ("." if script.spaced else "。")
    before = script.text[max(0, best[0].start - 1) : best[0].start]
    said = before + said if before in ("¡", "¿") else said
    return Finding(said, count, (said,))


def _length(clauses: tuple[Clause, ...]) -> int:
    return sum(len(clause.words) for clause in clauses)


def find_questions(script: Script) -> tuple[float | None, tuple[str, ...]]:
    """The share of sentences that ask, and some of them; None where marks are missing."""
    if not script.punctuated or len(script.sentences) < 8:
        return None, ()
    asked = [sentence[-1] for sentence in script.sentences if any(m in sentence[-1].mark for m in ("?", "？"))]
    return len(asked) / len(script.sentences), quotes(script, asked)


def find_stories(script: Script) -> Finding | None:
    """Stories from the person's own life: marks of the past in sentences that say "I" or "we"."""
    first = FIRST_PERSON[script.language]
    own = [sentence for sentence in script.sentences if marked(Script("", script.language, sentence), first)]
    told = [sentence[0] for sentence in own if marked(Script("", script.language, sentence), STORIES[script.language])]
    return Finding("tells stories from their own life", len(told), quotes(script, told)) if told else None


def find_selling(script: Script) -> tuple[Finding, ...]:
    """The ways of selling that show, in the order of `marks.SELLING`; one mark of a kind is enough to name it."""
    found = []
    for kind, markers in SELLING.items():
        hits = marked(script, markers[script.language])
        if kind == "asks about needs":
            hits = [hit for hit in hits if any("?" in quote or "？" in quote for quote in hit.quotes)] or hits[:0]
        if hits:
            said = tuple(dict.fromkeys(quote for hit in hits for quote in hit.quotes))
            found.append(Finding(kind, sum(hit.count for hit in hits), said[:3]))
    return tuple(found)
