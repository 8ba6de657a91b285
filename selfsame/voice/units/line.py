"""What is to be said, as phones on a time line: read from the chunks of the synthesiser that guides the voice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from selfsame.events.spoken import PhonemeTime, SpokenChunk, WordTime
from selfsame.kit.pcm import Pcm
from selfsame.voice.units.phones import PAUSE, is_stop, name_of, parts_of

SHORTEST_PAUSE = 0.075
"""Shorter gaps between phones are closures and belong to the phone behind."""

_SHORTEST_PHONE = 0.012
_FIRST_PART = 0.6  # of a phone of two parts


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone and when it sounds, in seconds from the line's start; `name` PAUSE is silence.

    `ipa` is what the guide called it, or this part of it; `stress` 0 to 2; `opens` a word.
    """

    name: str
    start: float
    end: float
    stress: int = 0
    opens: bool = False
    ipa: str = ""

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Line:
    """A phrase as the guide said it: sound at `rate`, its phones without gaps, its words, the text."""

    pcm: Pcm
    rate: int
    text: str
    phones: tuple[Phone, ...]
    words: tuple[WordTime, ...]


def line_of(chunks: Sequence[SpokenChunk]) -> Line:
    """Joins a phrase's chunks. A line of which nothing sounds has no phones."""
    rate = chunks[0].sample_rate if chunks else 22_050
    origin, words, phonemes = 0.0, [], []
    for chunk in chunks:
        words += [WordTime(w.text, origin + w.start, origin + w.end) for w in chunk.words]
        phonemes += [PhonemeTime(p.ipa, origin + p.start, origin + p.end) for p in chunk.phonemes]
        origin += chunk.seconds
    pcm = np.concatenate([np.zeros(0, np.int16), *(chunk.pcm for chunk in chunks)])
    text = "".join(chunk.text for chunk in chunks)
    return Line(pcm, rate, text, tuple(_phones(phonemes, words, origin)), tuple(words))


def _phones(phonemes: Iterable[PhonemeTime], words: Sequence[WordTime], total: float) -> list[Phone]:
    starts = np.array([word.start for word in words] or [-1.0])
    found: list[Phone] = []
    now = 0.0
    for phoneme in phonemes:
        name, stress = name_of(phoneme.ipa)
        start, end = max(now, phoneme.start), max(phoneme.start, phoneme.end)
        if not name or end - start < 1e-4:
            continue
        gap = start - now
        opens = bool(((starts > now - 0.02) & (starts < start + 0.02)).any())
        allowed = SHORTEST_PAUSE + (0.03 if is_stop(name) else 0.0)
        if gap >= allowed:
            found.append(Phone(PAUSE, now, start))
        else:
            start = now
        parts = parts_of(phoneme.ipa)
        end = max(end, start + _SHORTEST_PHONE * len(parts))
        middle = start + (_FIRST_PART if len(parts) > 1 else 1.0) * (end - start)
        for (part, ipa), a, b in zip(parts, (start, middle), (middle, end), strict=False):
            found.append(Phone(part, a, b, stress, opens and a == start, ipa))
        now = end
    if found and total - now > 1e-3:
        found.append(Phone(PAUSE, now, total))
    return found


def clauses(line: Line, shortest: float = 0.11) -> list[Line]:
    """The line cut in the middle of its pauses of at least `shortest` seconds; each clause holds its words and text.

    The pauses stay: half of each ends a clause, half begins the next. A line without such a pause is its only clause.
    """
    cuts = [0.0]
    sounding = [n for n, phone in enumerate(line.phones) if phone.name != PAUSE]
    for n, phone in enumerate(line.phones):
        inside = sounding and sounding[0] < n < sounding[-1]
        if phone.name == PAUSE and phone.seconds >= shortest and inside:
            cuts.append(0.5 * (phone.start + phone.end))
    total = len(line.pcm) / line.rate
    if len(cuts) == 1:
        return [line]
    return [_part(line, a, b, b == total) for a, b in zip(cuts, [*cuts[1:], total], strict=True)]


def _part(line: Line, begin: float, end: float, is_last: bool) -> Line:
    phones = [
        replace(p, start=max(p.start, begin) - begin, end=min(p.end, end) - begin)
        for p in line.phones
        if p.end > begin + 1e-6 and p.start < end - 1e-6
    ]
    words = [w for w in line.words if w.start >= begin and (w.start < end or is_last)]
    if begin == 0.0:
        words = [w for w in line.words if w.start < end]
    pcm = line.pcm[round(begin * line.rate) : None if is_last else round(end * line.rate)]
    return Line(
        pcm,
        line.rate,
        _text_of(line, words, is_last),
        tuple(phones),
        tuple(WordTime(w.text, w.start - begin, w.end - begin) for w in words),
    )


def _text_of(line: Line, words: Sequence[WordTime], is_last: bool) -> str:
    """The text from the first of these words to the one behind them."""
    if not words:
        return ""
    at, places = 0, []
    for word in line.words:
        found = line.text.find(word.text, at)
        places.append(at if found < 0 else found)
        at = places[-1] + len(word.text) if found >= 0 else at
    first = line.words.index(words[0])
    after = first + len(words)
    start = places[first] if first else 0
    end = places[after] if after < len(places) and not is_last else len(line.text)
    return line.text[start:end]
