"""A phrase in a cloned voice: the guide's line in, sound with exact times out. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from selfsame.events.spoken import PhonemeTime, SpokenChunk, WordTime
from selfsame.kit.pcm import Pcm, from_float
from selfsame.voice.units.lend import NEVER, NOTHING, Lending, lend
from selfsame.voice.units.line import Line
from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.phones import PAUSE
from selfsame.voice.units.pitch import track
from selfsame.voice.units.plan import target_of
from selfsame.voice.units.render import Prosody, Rendered, render
from selfsame.voice.units.select import Chosen, Costs, select
from selfsame.voice.units.shape import Shaping, shaped
from selfsame.voice.units.sound import HOP, RATE, Floats

GUIDE_LEVEL = 0.06
LOUDER = 1.6
_KNEE = 0.8  # of full scale
MANNERS = {"EN": Prosody(), "ES": Prosody(melody=0.3), "ZH": Prosody(most_pitch=1.8, guided=1.0, sung=True)}
"""Mandarin tells words apart by melody: the guide's is said exactly, as units recorded in other tones lose it."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a phrase is said."""

    prosody: Prosody = field(default_factory=Prosody)
    costs: Costs = field(default_factory=Costs)
    speed: float = 1.0
    shaping: Shaping | None = None
    """None: as the voice's amount of speech allows."""
    lending: Lending | None = None
    """None: as the voice's amount of speech allows."""


def manner_of(model: VoiceModel, language: str) -> Manner:
    """How the voice speaks a language. In one that the person never recorded nothing is lent: it did not help there."""
    return Manner(MANNERS.get(language, Prosody()), lending=NOTHING if model.borrows(language) else None)


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """A clause as said, its sound with words and phonemes, and the units that were chosen."""

    chunk: SpokenChunk
    chosen: tuple[Chosen, ...]


def say(model: VoiceModel, line: Line, manner: Manner) -> Spoken:
    """The line, at RATE, in the person's voice. A line without phones is silence."""
    if not line.phones:
        return Spoken(SpokenChunk(np.zeros(0, np.int16), RATE, line.text), ())
    sound = guide_sound(line)
    hertz = track(sound, once=True)
    target = target_of(model, line.phones, sound, manner.speed, manner.prosody.guided, hertz)
    lending = manner.lending or Lending.learnt_from(model.facts.seconds)
    voice = lend(model, target, sound, hertz) if lending.price < NEVER else model
    chosen = select(voice, target, manner.costs, lending)
    rendered = render(voice, target, chosen, manner.prosody)
    shaping = manner.shaping or Shaping.learnt_from(model.facts.seconds)
    sound = shaped(rendered.sound, rendered.edges, target, shaping)
    return Spoken(_timed(line, Rendered(sound, rendered.edges)), tuple(chosen))


def guide_sound(line: Line) -> Floats:
    """The guide's sound as in training: its speech at one level."""
    sound = line.pcm.astype(np.float32) / 32768.0
    frames = sound[: len(sound) // HOP * HOP].reshape(-1, HOP)
    power = np.sort((frames**2).mean(1)) if len(frames) else np.zeros(1)
    level = float(np.sqrt(power[len(power) // 2 :].mean() * 0.7))
    return (sound * (GUIDE_LEVEL / max(1e-4, level))).astype(np.float32)


def as_loud(sound: Floats) -> Pcm:
    """Sound of the level of training, brought to the guide's -20 dBFS; peaks are bent, never cut."""
    loud = sound * LOUDER
    size = np.abs(loud)
    bent = _KNEE + (1 - _KNEE) * np.tanh((size - _KNEE) / (1 - _KNEE))
    return from_float(np.where(size > _KNEE, np.sign(loud) * bent, loud))


def _timed(line: Line, rendered: Rendered) -> SpokenChunk:
    """The sound with words and phonemes where they are now; a word reaches as far as its phones."""
    before = np.append([p.start for p in line.phones], line.phones[-1].end)
    edges = rendered.edges
    words = tuple(
        WordTime(w.text, float(np.interp(w.start, before, edges)), float(np.interp(w.end, before, edges)))
        for w in line.words
    )
    phonemes = tuple(
        PhonemeTime(p.ipa, float(a), float(b))
        for p, a, b in zip(line.phones, edges[:-1], edges[1:], strict=True)
        if p.name != PAUSE and b > a
    )
    return SpokenChunk(as_loud(rendered.sound), RATE, line.text, words, phonemes)
