"""How a cloned voice does in each language, judged without a recogniser: what it borrows, its sounds, its tones.

Sounds: is each phone of the clone nearest to the centroid of its own kind, and not to that of another (Hastie,
Tibshirani and Friedman, "The Elements of Statistical Learning", 2009, section 4.3)? Beside it stands the same for the
synthesiser's own phones. Tones: how the pitch moves within vowels, against the synthesiser's. Neither says that a
person would understand it: it tells whether sounds that differ are told apart, and whether melody arrives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.events.spoken import PhonemeTime
from selfsame.kit.tasks import offload
from selfsame.studio.voice.enrol import guide_line
from selfsame.studio.voice.sentences import sentences
from selfsame.studio.voice.utterance import Heard, heard, speech_mask
from selfsame.voice.port import TextToSpeech
from selfsame.voice.units.line import Line, Phone, clauses
from selfsame.voice.units.model import VoiceModel
from selfsame.voice.units.phones import PAUSE, is_vowel
from selfsame.voice.units.pitch import filled
from selfsame.voice.units.sound import FRAMES, RATE, Floats
from selfsame.voice.units.speak import manner_of, say

LANGUAGES = ("EN", "ES", "ZH")
_SENTENCES = 10
_PLACES = (0.25, 0.5, 0.75)
_OCTAVE = 0.3  # of log pitch within a vowel: more is a slip of the tracker
_LEAST = 3  # times that a phone must be said to have a centroid


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language. `recorded` whether the person recorded it; `borrowed` the share of half-phones that another phone
    stands in for, as the person never said theirs; `sounds` and `raw_sounds` are shares of phones that are nearest to
    their own kind, of the clone and of the synthesiser; `tones` the correlation of pitch within vowels (it matters in
    Mandarin), None for too few. `lower_quality` where sounds of other languages stand in."""

    recorded: bool
    borrowed: float
    sounds: float | None
    raw_sounds: float | None
    tones: float | None
    lower_quality: bool


@dataclass(frozen=True, slots=True)
class _Token:
    name: str
    shape: Floats
    pitch: Floats
    voiced: bool


def tongue(model: VoiceModel, lines: Sequence[Line], language: str) -> Tongue:
    """Judges the voice on lines of one language; some ten sentences are needed for centroids."""
    manner = manner_of(model, language)
    raw: list[_Token] = []
    own: list[_Token] = []
    borrowed = count = 0
    for line in lines:
        raw += _tokens(line.phones, heard(line.pcm, line.rate, synthetic=True))
        for clause in clauses(line):
            spoken = say(model, clause, manner)
            units = [each for each in spoken.chosen if each.unit >= 0]
            borrowed, count = borrowed + sum(each.borrowed for each in units), count + len(units)
            own += _tokens(_said(clause.phones, spoken.chunk.phonemes), heard(spoken.chunk.pcm, RATE, synthetic=True))
    share = borrowed / max(1, count)
    foreign = model.borrows(language)
    return Tongue(
        not foreign,
        round(share, 3),
        _distinct(own),
        _distinct(raw),
        _tones(raw, own),
        foreign,
    )


async def tongues(model: VoiceModel, guide: TextToSpeech) -> dict[str, Tongue]:
    """Judges the voice in each language that there are sentences for; some seconds of CPU. Raises ProviderError."""
    found = {}
    for language in LANGUAGES:
        if language in guide.abilities.languages:
            texts = (await offload(sentences, language))[:_SENTENCES]
            lines = [await guide_line(guide, text, language) for text in texts]
            found[language] = await offload(tongue, model, lines, language)
    return found


def _said(planned: Sequence[Phone], times: Sequence[PhonemeTime]) -> list[Phone]:
    """The planned phones at the times where they were said."""
    sounding = [phone for phone in planned if phone.name != PAUSE]
    return [Phone(p.name, time.start, time.end, p.stress) for p, time in zip(sounding, times, strict=False)]


def _tokens(phones: Sequence[Phone], sound: Heard) -> list[_Token]:
    """Every phone's colour at three places and its pitch at five, each sentence brought to one mean and spread."""
    spoken = sound.cepstra[speech_mask(sound)]
    if len(spoken) < 20:
        return []
    rows = (sound.cepstra[:, 1:14] - spoken[:, 1:14].mean(0)) / (spoken[:, 1:14].std(0) + 1e-6)
    logs, last = filled(sound.hertz), len(rows) - 1
    found = []
    for phone in phones:
        if phone.name == PAUSE or phone.end <= phone.start:
            continue
        at = [min(last, int((phone.start + r * phone.seconds) * FRAMES)) for r in _PLACES]
        along = np.minimum((np.linspace(phone.start, phone.end, 7)[1:-1] * FRAMES).astype(int), last)
        pitch, is_voiced = logs[along] - logs[along].mean(), bool((sound.hertz[along] > 0).all())
        found.append(_Token(phone.name, rows[at].ravel(), pitch, is_voiced and float(np.abs(pitch).max()) < _OCTAVE))
    return found


def _distinct(tokens: Sequence[_Token]) -> float | None:
    """Share of tokens nearest to the centroid of the others of their name."""
    sums: dict[str, tuple[npt.NDArray[np.float64], int]] = {}
    for token in tokens:
        total, count = sums.get(token.name, (np.zeros(len(token.shape)), 0))
        sums[token.name] = total + token.shape, count + 1
    names = [name for name, (_, count) in sums.items() if count >= _LEAST]
    if len(names) < 5:
        return None
    centres = np.array([sums[name][0] / sums[name][1] for name in names])
    right = count = 0
    for token in (token for token in tokens if token.name in names):
        place, now = names.index(token.name), centres.copy()
        total, many = sums[token.name]
        now[place] = (total - token.shape) / (many - 1)
        right += int(((now - token.shape) ** 2).sum(1).argmin()) == place
        count += 1
    return round(right / count, 3)


def _tones(raw: Sequence[_Token], own: Sequence[_Token]) -> float | None:
    """Correlation of the pitch within corresponding vowels."""
    if len(raw) != len(own):
        return None
    both = [(a, b) for a, b in zip(raw, own, strict=True) if is_vowel(a.name) and a.voiced and b.voiced]
    pairs = [(a.pitch, b.pitch) for a, b in both]
    if len(pairs) < 10:
        return None
    x, y = (np.concatenate(side) for side in zip(*pairs, strict=True))
    spread = float(x.std() * y.std())
    return round(float((x * y).mean()) / spread, 3) if spread > 0 else None
