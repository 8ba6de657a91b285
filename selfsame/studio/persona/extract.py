"""One extraction: measured always, read by a language model where there is one, and joined."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from selfsame.clones.persona import checked_profile
from selfsame.errors import ProviderError
from selfsame.kit.tasks import offload
from selfsame.studio.persona.measure import Measured, measure
from selfsame.studio.persona.reading import Ask, Reading, read_profile
from selfsame.studio.persona.sound import SoundMeasures
from selfsame.studio.persona.transcript import Transcript

log = structlog.get_logger(__name__)
STATISTICS = "statistics"
COUNTED = ("fillers", "openers", "catchphrases", "common_expressions")
"""Fields in which counting is surer than reading; a reading only adds to them."""
MOST_ENTRIES = 10
DOUBTFUL = 0.7
"""Confidence of a recogniser below which a sentence that was heard once is not put into anybody's mouth."""
WORD_FOR_WORD = ("greeting", "closing")


@dataclass(frozen=True, slots=True)
class Reader:
    """A language model to read with; `name` is told to the owner."""

    name: str
    ask: Ask


@dataclass(frozen=True, slots=True)
class Extraction:
    """A profile and where it comes from; all small JSON. `engine` is "statistics" or a model's name and "statistics".

    `measured` is the profile by counting alone, also where a model has read. `notes` are for the owner.
    """

    profile: dict[str, Any]
    measured: dict[str, Any]
    evidence: dict[str, Any]
    figures: dict[str, Any]
    engine: str
    notes: tuple[str, ...] = field(default_factory=tuple)


async def extract(
    transcript: Transcript, sound: SoundMeasures | None = None, reader: Reader | None = None
) -> Extraction:
    """The profile of the transcript's speaker. A model that fails leaves what was measured, with a note."""
    measured = await offload(measure, transcript, sound)
    notes: list[str] = []
    if transcript.confidence < DOUBTFUL:
        measured = _without_hearsay(measured)
        notes.append(
            "The recogniser was unsure of many words, so greeting and goodbye were left out: check the phrases, or "
            "upload a transcript (text, SRT, VTT)."
        )
    if not measured.figures.get("enough"):
        notes.insert(0, "This is too little to judge by: give at least a minute of speech, better ten.")
    if reader is None or not measured.figures.get("enough"):
        return _alone(measured, notes)
    try:
        reading = await read_profile(transcript, reader.ask)
    except ProviderError as error:
        log.warning("the language model could not read the profile; it was measured", code=error.code)
        notes.append("The language model could not read this, so the profile was measured by counting alone.")
        return _alone(measured, notes)
    if reading.dropped:
        notes.append(f"{len(reading.dropped)} statement(s) of the language model were dropped: nothing shows them.")
    if transcript.confidence < DOUBTFUL:
        reading = replace(reading, profile=reading.profile | dict.fromkeys(WORD_FOR_WORD))
    profile, evidence = _together(measured, reading)
    return Extraction(
        checked_profile(profile),
        measured.profile,
        evidence,
        measured.figures,
        f"{reader.name} and {STATISTICS}",
        tuple(notes),
    )


def _without_hearsay(measured: Measured) -> Measured:
    """What was heard only once may be something else altogether; what comes back again and again is surer."""
    profile = measured.profile | dict.fromkeys(WORD_FOR_WORD)
    evidence = {name: found for name, found in measured.evidence.items() if name not in WORD_FOR_WORD}
    return replace(measured, profile=profile, evidence=evidence)


def _alone(measured: Measured, notes: list[str]) -> Extraction:
    return Extraction(measured.profile, measured.profile, measured.evidence, measured.figures, STATISTICS, tuple(notes))


def _together(measured: Measured, reading: Reading) -> tuple[dict[str, Any], dict[str, Any]]:
    """Counted lists first, with what was read behind; energy by the sound where it was heard; the rest as it was read,
    and as it was measured where nothing was read."""
    heard = measured.figures.get("wordsPerMinute") is not None
    profile, evidence = dict(measured.profile), {name: list(found) for name, found in measured.evidence.items()}
    for name, value in reading.profile.items():
        if value is None:
            continue
        mine = measured.profile[name]
        if name in COUNTED or (name == "patterns" and mine):
            known = {each.casefold() for each in mine or ()}
            profile[name] = [*(mine or ()), *(each for each in value if each.casefold() not in known)][:MOST_ENTRIES]
        elif not (mine is not None and (name == "answer_length" or (name == "energy" and heard))):
            profile[name] = value
        evidence[name] = [*evidence.get(name, []), *(found | {"by": "reading"} for found in reading.evidence[name])]
    return profile, evidence
