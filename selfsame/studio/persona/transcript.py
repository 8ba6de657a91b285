"""What a person said, in order, and who else did. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from selfsame.errors import BadInput
from selfsame.kit.languages import detect
from selfsame.kit.words import fold

MOST_CHARACTERS = 600_000
"""Kept of a transcript: about ten hours of speech. What lies beyond is not looked at."""


@dataclass(frozen=True, slots=True)
class Said:
    """A stretch of speech. `speaker` None: not told. Times in seconds from the beginning, None when not known."""

    text: str
    speaker: str | None = None
    start: float | None = None
    end: float | None = None


@dataclass(frozen=True, slots=True)
class Transcript:
    """Stretches in order; `language` is EN, ES or ZH.

    `confidence` 0..1 of whoever heard it, 1 for what was written. `turns`: the stretches are the turns of a
    conversation, so that their length says something about the person.
    """

    parts: tuple[Said, ...]
    language: str = "EN"
    turns: bool = False
    confidence: float = 1.0

    @property
    def text(self) -> str:
        """Everything, a stretch a line."""
        return "\n".join(part.text for part in self.parts)

    @property
    def seconds(self) -> float | None:
        """How long the stretches last together; None where a time is missing."""
        spans = [part.end - part.start for part in self.parts if part.start is not None and part.end is not None]
        return sum(spans) if spans and len(spans) == len(self.parts) else None


def speakers(parts: tuple[Said, ...]) -> list[tuple[str, int]]:
    """The named speakers and how many characters each said, the most talkative first."""
    counts: Counter[str] = Counter()
    for part in parts:
        if part.speaker:
            counts[part.speaker] += len(part.text)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def of_speaker(parts: tuple[Said, ...], wanted: str | None, language: str | None = None) -> Transcript:
    """What one speaker said: the one who is `wanted` (a name or its beginning), else who said most.

    Raises BadInput when nobody, or more than one, has that name, and when there are no words.
    """
    known = speakers(parts)
    if known:
        name = _chosen([each for each, _ in known], wanted)
        parts = tuple(part for part in parts if part.speaker == name)
    parts = _bounded(tuple(part for part in parts if part.text.strip()))
    if not any(mark.isalpha() for part in parts for mark in part.text):
        raise BadInput("There are no words in this transcript.")
    found = language or detect(" ".join(part.text for part in parts)[:20_000])
    return Transcript(parts, found, turns=len(known) > 1)


def _chosen(names: list[str], wanted: str | None) -> str:
    if not wanted:
        return names[0]
    key = fold(wanted).strip()
    exact = [name for name in names if fold(name).strip() == key]
    near = exact or [name for name in names if key and fold(name).strip().startswith(key)]
    if len(near) == 1:
        return near[0]
    told = ", ".join(name[:40] for name in names[:12])
    what = "More than one speaker is" if near else "Nobody is"
    raise BadInput(f"{what} called {wanted[:40]} here. The speakers are: {told}.")


def _bounded(parts: tuple[Said, ...]) -> tuple[Said, ...]:
    kept, room = [], MOST_CHARACTERS
    for part in parts:
        if room <= 0:
            break
        kept.append(replace(part, text=part.text[:room]))
        room -= len(part.text)
    return tuple(kept)
