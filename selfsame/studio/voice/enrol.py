"""From a person's recordings and what they said to a voice that is measured on held-back sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from selfsame.errors import BadInput
from selfsame.kit.pcm import Pcm
from selfsame.kit.streams import closing
from selfsame.kit.tasks import offload
from selfsame.studio.voice.align import Anchors
from selfsame.studio.voice.fitting import PLAN, Plan
from selfsame.studio.voice.measure import Judges, VoiceQuality, measure
from selfsame.studio.voice.train import train
from selfsame.studio.voice.utterance import Utterance, heard
from selfsame.voice.port import Phrase, TextToSpeech
from selfsame.voice.units.line import Line, line_of
from selfsame.voice.units.model import VoiceModel

LEAST_SECONDS = 8.0
"""Less speech cannot be made a voice of."""

HELD_BACK = 0.12
"""About this share of the recordings is kept for measuring."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """One sentence (or a few) as the person said it: 16-bit mono sound at `rate`, and exactly what was said.

    `words` are times of the line's words where an aligner found them; they help with noisy recordings.
    """

    pcm: Pcm
    rate: int
    text: str
    language: str = "EN"
    words: Anchors | None = None

    @property
    def seconds(self) -> float:
        """How long it is."""
        return len(self.pcm) / self.rate


@dataclass(frozen=True, slots=True, eq=False)
class Enrolled:
    """A voice made of all recordings, and how well one made without the held-back ones did."""

    model: VoiceModel
    quality: VoiceQuality


async def enrol(recordings: Sequence[Recording], guide: TextToSpeech, judges: Judges, plan: Plan = PLAN) -> Enrolled:
    """Makes and measures a voice: about a minute of two cores for two minutes of speech.

    Some recordings are held back, a voice made of the others is measured on them, and then the voice is made of all.
    Raises BadInput when there is too little speech, ProviderError when the guide fails.
    """
    utterances = await utterances_of(recordings, guide)
    kept, held = split_held_back(recordings)
    voice = await offload(train, [utterances[n] for n in kept], [recordings[n].words for n in kept], plan)
    quality = await measure(voice, [recordings[n] for n in held], [recordings[n] for n in kept], guide, judges)
    whole = await offload(train, utterances, [r.words for r in recordings], plan)
    facts = replace(whole.facts, score=quality.score, warnings=quality.warnings, clear=quality.clear_is_better)
    return Enrolled(replace(whole, facts=facts), quality)


async def make_voice(recordings: Sequence[Recording], guide: TextToSpeech, plan: Plan = PLAN) -> VoiceModel:
    """A voice of all recordings, not measured. Raises BadInput, ProviderError."""
    utterances = await utterances_of(recordings, guide)
    return await offload(train, utterances, [r.words for r in recordings], plan)


async def utterances_of(recordings: Sequence[Recording], guide: TextToSpeech) -> list[Utterance]:
    """The recordings with the guide's reading of their texts, measured. Raises BadInput, ProviderError."""
    if sum(r.seconds for r in recordings) < LEAST_SECONDS:
        raise BadInput(f"There are less than {LEAST_SECONDS:.0f} seconds of speech. Record more sentences.")
    found = []
    for recording in recordings:
        line = await guide_line(guide, recording.text, recording.language)
        if not any(phone.name for phone in line.phones):
            raise BadInput("A recording has no text that can be spoken. Write down what is said in it.")
        found.append(await offload(_measured, recording, line))
    return found


async def guide_line(guide: TextToSpeech, text: str, language: str) -> Line:
    """The text as the guide says it."""
    stream = guide.synthesize(Phrase(text, language))
    async with closing(stream):
        return line_of([chunk async for chunk in stream])


def _measured(recording: Recording, line: Line) -> Utterance:
    real, guide = heard(recording.pcm, recording.rate), heard(line.pcm, line.rate, synthetic=True)
    return Utterance(real, line, guide, recording.language)


def split_held_back(recordings: Sequence[Recording]) -> tuple[list[int], list[int]]:
    """Which recordings to train with and which to hold back: spread evenly, at least one, never the longest."""
    count = len(recordings)
    if count < 2:
        raise BadInput("One recording cannot be measured against another. Record more sentences.")
    many = max(1, min(6, round(HELD_BACK * count)))
    longest = max(range(count), key=lambda n: recordings[n].seconds)
    free = [n for n in range(count) if n != longest]
    held = sorted({free[int((k + 0.5) * len(free) / many)] for k in range(many)})
    return [n for n in range(count) if n not in held], held
