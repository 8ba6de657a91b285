"""How good a cloned voice is: likeness, melody and words, measured on sentences that it was not made of.

Every figure stands beside what it should be read against: likeness beside the raw synthesiser's (what cloning adds),
the person's own recordings (the most there can be) and other people's (the least); word error beside the raw
synthesiser's and that of the person's real recordings, heard by the same recogniser.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import soxr

from selfsame.kit.pcm import MICROPHONE_RATE, Pcm, from_float, to_float
from selfsame.kit.streams import closing
from selfsame.kit.tasks import offload
from selfsame.kit.wordspans import split_words
from selfsame.studio.voice.align import warp
from selfsame.studio.voice.train import ENOUGH_SECONDS
from selfsame.studio.voice.utterance import Heard, heard, speech_mask
from selfsame.voice.port import Phrase, TextToSpeech
from selfsame.voice.units.line import clauses, line_of
from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.sound import RATE
from selfsame.voice.units.speak import Manner, manner_of, say

Print = npt.NDArray[np.floating]
"""What an encoder of voices makes of a recording: a vector of length 1."""

USUAL_FLOOR = 0.55
"""Likeness of other people where none are given: their mean on public recordings, by the GE2E encoder."""

_WORST_PITCH = 80.0  # Hz of f0 error that count as no likeness of melody
"""Melody counts least: the same person's two readings of a sentence differ by 20 to 50 Hz."""


class Said(Protocol):
    """A recording with its text; enrol.Recording is one."""

    @property
    def pcm(self) -> Pcm: ...
    @property
    def rate(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Judges:
    """Who judges. `embed` makes a Print of 16 kHz sound and blocks; `recognise` hears 16 kHz sound in a language.

    Recognise each sentence with a fresh decoder. Without a judge its figures are None. `others` are prints of other
    people, for the floor.
    """

    embed: Callable[[Pcm], Print] | None = None
    recognise: Callable[[Pcm, str], Awaitable[str]] | None = None
    others: Sequence[Print] = ()


@dataclass(frozen=True, slots=True)
class VoiceQuality:
    """The report. Likenesses are mean cosines to the person's held-back recordings; word errors are rates.

    `score` is likeness ** 0.5 x words ** 0.4 x melody ** 0.1, each 0 to 1 (what was not measured is left out):
    likeness = (similarity - floor) / (ceiling - floor); words = (1 - word_error) / (1 - the better of the raw
    synthesiser's and the real recordings'), at most 1; melody = 1 - f0_rmse_hz / 80.
    """

    seconds: float
    sentences: int
    similarity: float | None
    raw_similarity: float | None
    ceiling: float | None
    floor: float | None
    f0_rmse_hz: float | None
    word_error: float | None
    raw_word_error: float | None
    real_word_error: float | None
    score: float
    warnings: tuple[str, ...]
    clear_is_better: bool


async def measure(
    model: VoiceModel, held: Sequence[Said], enrolled: Sequence[Said], guide: TextToSpeech, judges: Judges
) -> VoiceQuality:
    """Measures a voice on `held`, recordings that it was not made of; `enrolled` are those it was made of."""
    cloned, raw = [], []
    for each in held:
        line, clone = await in_voice(model, guide, each.text, each.language)
        cloned.append(clone)
        raw.append(await offload(at_16k, line, RATE))
    real = [await offload(at_16k, each.pcm, each.rate) for each in held]
    likeness = await offload(_likeness, judges, (cloned, raw, real), enrolled)
    errors: list[float | None] = [None, None, None]
    if judges.recognise is not None:
        errors = [await word_error(judges.recognise, held, sounds) for sounds in (cloned, raw, real)]
    pitch = await offload(_pitch_error, real, cloned)
    score = quality_score(likeness, errors, pitch)
    warnings = warnings_for(model, likeness, errors)
    behind = errors[0] is not None and errors[1] is not None and errors[0] > errors[1] + 0.1
    return VoiceQuality(
        model.facts.seconds,
        len(held),
        likeness[0],
        likeness[1],
        likeness[2],
        likeness[3],
        pitch,
        errors[0],
        errors[1],
        errors[2],
        score,
        warnings,
        behind or model.facts.seconds < ENOUGH_SECONDS,
    )


async def in_voice(
    model: VoiceModel, guide: TextToSpeech, text: str, language: str, manner: Manner | None = None
) -> tuple[Pcm, Pcm]:
    """A text as the guide says it, at RATE, and in the voice, at 16 kHz."""
    stream = guide.synthesize(Phrase(text, language))
    async with closing(stream):
        line = line_of([chunk async for chunk in stream])
    manner = manner or manner_of(model, language)
    parts = [(await offload(say, model, clause, manner)).chunk.pcm for clause in clauses(line)]
    return line.pcm, await offload(at_16k, np.concatenate(parts), RATE)


def at_16k(pcm: Pcm, rate: int) -> Pcm:
    """The sound at the rate that judges hear."""
    if rate == MICROPHONE_RATE:
        return pcm
    return from_float(soxr.resample(to_float(pcm), rate, MICROPHONE_RATE))


# --- likeness --------------------------------------------------------------------------------------------------------


Likeness = tuple[float | None, float | None, float | None, float | None]
"""Of the clone, the raw synthesiser, the person's own enrolment (the ceiling), and other people (the floor)."""


def _likeness(judges: Judges, sounds: tuple[list[Pcm], list[Pcm], list[Pcm]], enrolled: Sequence[Said]) -> Likeness:
    if judges.embed is None:
        return None, None, None, None
    cloned, raw, real = ([judges.embed(pcm) for pcm in part] for part in sounds)
    centre = np.mean(real, axis=0)
    centre = centre / np.linalg.norm(centre)
    some = [judges.embed(at_16k(each.pcm, each.rate)) for each in enrolled[:8]]
    rows = [cloned, raw, some, list(judges.others)]
    found = [round(float(np.mean([row @ centre for row in part])), 4) if part else None for part in rows]
    return found[0], found[1], found[2], found[3]


# --- words -----------------------------------------------------------------------------------------------------------


async def word_error(
    recognise: Callable[[Pcm, str], Awaitable[str]], texts: Sequence[Said], sounds: Sequence[Pcm]
) -> float:
    """Substitutions, insertions and deletions of all sentences, by the number of their words."""
    found = await errors_of(recognise, texts, sounds)
    return round(sum(wrong for wrong, _ in found) / max(1, sum(words for _, words in found)), 4)


async def errors_of(
    recognise: Callable[[Pcm, str], Awaitable[str]], texts: Sequence[Said], sounds: Sequence[Pcm]
) -> list[tuple[int, int]]:
    """Of each sentence: substitutions, insertions and deletions together, and how many words it has."""
    found = []
    for each, pcm in zip(texts, sounds, strict=True):
        said = plain_words(each.text)
        found.append((_edits(said, plain_words(await recognise(pcm, each.language))), len(said)))
    return found


def plain_words(text: str) -> list[str]:
    """Words as they are compared: lower case, without signs; each Han character is a word."""
    plain = "".join(sign if sign.isalnum() or sign == "'" else " " for sign in text.lower().replace("’", "'"))
    return [word.text for word in split_words(plain)]


def _edits(said: Sequence[str], found: Sequence[str]) -> int:
    """Levenshtein's distance over words."""
    row = list(range(len(found) + 1))
    for i, a in enumerate(said):
        last, row[0] = row[:], i + 1
        for j, b in enumerate(found):
            row[j + 1] = min(last[j] + (a != b), last[j + 1] + 1, row[j] + 1)
    return row[-1]


# --- melody ----------------------------------------------------------------------------------------------------------


def _pitch_error(real: Sequence[Pcm], cloned: Sequence[Pcm]) -> float | None:
    """Root mean square of the difference of pitch in Hz where both are voiced, the sentences warped onto each other."""
    parts = [pitch_differences(heard(a, MICROPHONE_RATE), heard(b, MICROPHONE_RATE))
             for a, b in zip(real, cloned, strict=True) if len(a) and len(b)]  # fmt: skip
    every = np.concatenate([np.zeros(0), *parts])
    return round(float(np.sqrt((every**2).mean())), 2) if len(every) else None


def pitch_differences(a: Heard, b: Heard) -> npt.NDArray[np.float64]:
    """Differences of pitch, in Hz, at the moments of two readings of a text that correspond."""
    first, second = (np.flatnonzero(speech_mask(each))[::2] for each in (a, b))
    if not len(first) or not len(second):
        return np.zeros(0)
    rows = [each.cepstra[at, 1:14] for each, at in ((a, first), (b, second))]
    rows = [((r - r.mean(0)) / (r.std(0) + 1e-6)).astype(np.float32) for r in rows]
    pairs = np.array(warp(rows[0], rows[1]))
    x, y = a.hertz[first[pairs[:, 0]]], b.hertz[second[pairs[:, 1]]]
    both = (x > 0) & (y > 0)
    return (x - y)[both].astype(np.float64)


# --- the verdict -----------------------------------------------------------------------------------------------------


def quality_score(likeness: Likeness, errors: Sequence[float | None], pitch: float | None) -> float:
    """VoiceQuality.score."""
    total, weight = 0.0, 0.0
    similarity, _, ceiling, floor = likeness
    parts: list[tuple[float, float]] = []
    if similarity is not None and ceiling is not None:
        low = USUAL_FLOOR if floor is None else floor
        parts.append(((similarity - low) / max(0.05, ceiling - low), 0.5))
    if errors[0] is not None:
        best = min([e for e in errors[1:] if e is not None] or [0.0])
        parts.append(((1 - errors[0]) / max(0.05, 1 - best), 0.4))
    if pitch is not None:
        parts.append((1 - pitch / _WORST_PITCH, 0.1))
    for value, share in parts:
        total += share * np.log(min(1.0, max(0.01, value)))
        weight += share
    return round(float(np.exp(total / weight)), 3) if weight else 0.0


def warnings_for(model: VoiceModel, likeness: Likeness, errors: Sequence[float | None]) -> tuple[str, ...]:
    """What the person should know and can do something about."""
    found = []
    if model.facts.seconds < ENOUGH_SECONDS:
        found.append(
            f"Only {model.facts.seconds:.0f} seconds of speech: words will be lost. Record {ENOUGH_SECONDS:.0f} "
            "seconds or more, best two minutes, or use the clear manner."
        )
    if errors[0] is not None and errors[1] is not None and errors[0] > errors[1] + 0.1:
        found.append("The voice is harder to understand than the synthesiser. Record more, in a quiet room, or use the "
                     "clear manner.")  # fmt: skip
    if likeness[0] is not None and likeness[0] < 0.8:
        found.append("The voice is not very like the person. Record more, with the same microphone and distance.")
    return tuple(found)
