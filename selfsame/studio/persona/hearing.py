"""From sound to what its main speaker said: who speaks when, then the words, batch by batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import numpy as np

from selfsame.errors import BadInput
from selfsame.events.heard import Hypothesis
from selfsame.kit.languages import detect
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.studio.persona.sound import stretches
from selfsame.studio.persona.transcript import Said, Transcript

Span = tuple[float, float]
"""From and to, in seconds."""
Hear = Callable[[Pcm, str], Awaitable[Hypothesis]]
"""The words of sound at 16 kHz in a language (EN, ES, ZH or auto). Raises ProviderError."""
MainSpeaker = Callable[[Pcm], Awaitable[Sequence[Span]]]
"""When the one speaks who speaks most."""
ReadSound = Callable[[bytes], Awaitable[Pcm]]
"""A recording or video as sound at 16 kHz. Raises BadInput and TooLarge."""

BATCH = 60.0
"""Seconds of speech that are heard between two points from which the work can go on."""
SHORTEST = 5.0
"""Seconds of speech of the main speaker below which there is nothing to go by."""


async def everybody(pcm: Pcm) -> Sequence[Span]:
    """The `MainSpeaker` for recordings of a single person: everything is theirs."""
    return [(0.0, len(pcm) / MICROPHONE_RATE)]


def batches(pcm: Pcm, spans: Sequence[Span]) -> list[list[Span]]:
    """The stretches of speech within the spans, grouped to about a minute each. Raises BadInput when there is hardly
    any speech."""
    found: list[Span] = []
    for start, stop in spans:
        piece = _cut(pcm, start, stop)
        found += [(start + begin, start + end) for begin, end in stretches(piece)]
    if sum(end - begin for begin, end in found) < SHORTEST:
        raise BadInput("There is hardly any speech in this recording. Record at least a minute, better ten.")
    groups: list[list[Span]] = [[]]
    for span in found:
        if groups[-1] and span[1] - groups[-1][0][0] > BATCH:
            groups.append([])
        groups[-1].append(span)
    return groups


async def hear_batch(pcm: Pcm, spans: Sequence[Span], hear: Hear, language: str) -> list[list[Any]]:
    """What was said in each stretch, as plain JSON: [start, end, text, language, confidence]; those
    without words are left out."""
    found: list[list[Any]] = []
    for start, end in spans:
        heard = await hear(_cut(pcm, start, end), language)
        if heard.text.strip():
            found.append([round(start, 2), round(end, 2), heard.text.strip(), heard.language, heard.confidence])
    return found


def transcript_of(heard: Sequence[Sequence[Any]], language: str) -> Transcript:
    """What was heard as a transcript. Raises BadInput when no words were understood."""
    parts = tuple(Said(str(text), None, float(start), float(end)) for start, end, text, *_ in heard)
    if not parts:
        raise BadInput("No words were understood in this recording. Upload a transcript (text, SRT, VTT) instead.")
    if language not in ("EN", "ES", "ZH"):
        told = Counter(each[3] for each in heard if each[3] in ("EN", "ES", "ZH"))
        language = told.most_common(1)[0][0] if told else detect(" ".join(part.text for part in parts))
    letters = sum(len(part.text) for part in parts)
    sure = sum(len(part.text) * float(each[4]) for part, each in zip(parts, heard, strict=True)) / letters
    return Transcript(parts, language, confidence=sure)


def spoken_sound(pcm: Pcm, spans: Sequence[Span]) -> Pcm:
    """The sound of the spans alone."""
    pieces = [_cut(pcm, start, end) for start, end in spans]
    return np.concatenate(pieces) if pieces else pcm[:0]


def _cut(pcm: Pcm, start: float, end: float) -> Pcm:
    return pcm[max(0, int(start * MICROPHONE_RATE)) : max(0, int(end * MICROPHONE_RATE))]
