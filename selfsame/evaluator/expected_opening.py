"""How far a mouth should be open at each moment, from phoneme times or from the sound alone. Pure numpy.

Both answers are tracks of `HZ` samples a second, 0 (closed) to about 1 (open vowel), with a mask of when somebody
speaks: long silences say nothing about lip-sync, and counting them would reward any mouth that rests in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from selfsame.kit.pcm import Pcm

HZ = 100
"""Samples a second of every track: the offset is found in steps of 10 ms."""
Track = npt.NDArray[np.float64]
TimedPhoneme = tuple[str, float, float]
"""(IPA, start, end) in seconds."""

CLOSURES = frozenset("mbpɓ")
"""Sounds that cannot be made without closing the lips."""
CLOSING_PAUSE = 0.12
"""A silence of at most this many seconds before a stop is its closure: the lips or the tongue hold the air back."""
PAUSE = 0.25
"""A silence longer than this is a pause; the mouth may do in it what it likes."""
MARGIN = 0.1
_SPREAD, _FAST_SPREAD = 0.05, 0.03  # seconds after which a sound's pull has fallen to 1/e; lips that close are fast
_REACH = 0.3
_BLOCK = 500  # windows at once, to bound the memory
_REST = (0.0, 0.5)
_OTHER = (0.4, 0.3)
# Opening and dominance. Vowels by height (IPA chart); lips decide bilabials and labiodentals; sibilants need the teeth
# together; velar and glottal sounds leave the mouth to their neighbours.
_SOUNDS = {
    "aɑɐɒäæᵄ": (1.0, 1.0),
    "ʌɛɔœɜɞ": (0.7, 1.0),
    "əɚɘɵeoøɤɝ": (0.5, 0.8),
    "ɪʊʏᵻ": (0.35, 0.8),
    "iyɨʉɯu": (0.25, 0.8),
    "mbpɓ": (0.0, 4.0),
    "fvɱʋ": (0.08, 2.0),
    "βɸwɥʍ": (0.15, 1.5),
    "szʃʒɕʑʂʐç": (0.15, 1.0),
    "tdnlrɾɹɻθðɬɫɲʎɖʈ": (0.25, 0.6),
    "jʝ": (0.25, 0.6),
    "kɡgŋxχɣhɦʔqʁ": (0.35, 0.25),
}
_OF_SOUND = {symbol: value for symbols, value in _SOUNDS.items() for symbol in symbols}


@dataclass(frozen=True, slots=True)
class Expected:
    """`opening` and `speaking` (True where somebody speaks), `HZ` samples a second from time 0."""

    opening: Track
    speaking: npt.NDArray[np.bool_]


def symbols(ipa: str) -> str:
    """The letters of a phoneme without stress, length, tone and tie marks: "ˈaɪ" is "aɪ", "ts.h" is "tsh"."""
    return "".join(c for c in ipa if c in _OF_SOUND or (c.isalpha() and c not in "ˈˌːʰʲʷ˞"))


def closures(phonemes: Sequence[TimedPhoneme]) -> list[tuple[float, float]]:
    """(start, end) of every sound for which the lips must close, its silent hold included."""
    return [(start, end) for ipa, start, end in _held(phonemes) if symbols(ipa)[:1] in CLOSURES and symbols(ipa)]


def from_phonemes(phonemes: Sequence[TimedPhoneme], seconds: float) -> Expected:
    """The opening that the sounds ask for, blended by dominance.

    Each sound pulls the mouth to its own opening, most while it lasts and ever less before and after it (dominance
    functions: Cohen and Massaro, Modeling coarticulation in synthetic visual speech, 1993).
    """
    count = max(1, round(seconds * HZ))
    pull, weight = np.zeros(count), np.full(count, 1e-9)
    speaking = np.zeros(count, bool)
    for target, dominance, start, end in _segments(phonemes, seconds):
        first, last = max(0, int((start - _REACH) * HZ)), min(count, int((end + _REACH) * HZ) + 2)
        if last <= first:
            continue
        t = (np.arange(first, last) + 0.5) / HZ
        away = np.maximum(0.0, np.maximum(start - t, t - end))
        strength = dominance * np.exp(-away / (_FAST_SPREAD if dominance >= 2.0 else _SPREAD))
        pull[first:last] += strength * target
        weight[first:last] += strength
    for ipa, start, end in phonemes:
        if symbols(ipa):
            speaking[max(0, int((start - MARGIN) * HZ)) : max(0, int((end + MARGIN) * HZ))] = True
    return Expected(pull / weight, _without_short_gaps(speaking, PAUSE - 2 * MARGIN))


def from_sound(pcm: Pcm, rate: int, seconds: float) -> Expected:
    """The opening that the sound suggests: level between 500 and 1500 Hz, in dB below the loud parts, smoothed.

    The first formant rises as the jaw opens (Lindblom and Sundberg, Acoustical consequences of lip, tongue, jaw and
    larynx movement, 1971), so open vowels are loud in that band; close vowels, sibilants and closures are not.
    """
    count = max(1, round(seconds * HZ))
    decibel = _band_level(pcm, rate, count)
    loud = float(np.percentile(decibel, 97))
    if not len(pcm) or loud < -75.0:
        return Expected(np.zeros(count), np.zeros(count, bool))
    opening = np.clip((decibel - loud + 35.0) / 35.0, 0.0, 1.1)
    kernel = np.hanning(15)[1:-1]
    smooth: Track = np.convolve(np.pad(opening, 6, mode="edge"), kernel / kernel.sum(), "valid").real
    voiced = decibel > loud - 30.0
    spread = np.convolve(voiced, np.ones(round(2 * MARGIN * HZ) + 1), "same") > 0
    return Expected(smooth, spread)


def _band_level(pcm: Pcm, rate: int, count: int) -> Track:
    """dB of full scale between 500 and 1500 Hz, in windows of 30 ms every 10 ms."""
    width = int(0.03 * rate)
    size = 1 << width.bit_length()
    window = np.hanning(width).astype(np.float32)
    band = np.fft.rfftfreq(size, 1 / rate)
    band = (band >= 500) & (band <= 1500)
    sound = np.zeros(int((count + 1) * rate / HZ) + width, np.float32)
    lead = width // 2  # so that the window's middle is the sample's time
    fits = min(len(pcm), len(sound) - lead)
    sound[lead : lead + fits] = pcm[:fits].astype(np.float32) / 32768.0
    level = np.empty(count)
    for first in range(0, count, _BLOCK):
        at = ((np.arange(first, min(count, first + _BLOCK)) + 0.5) * rate / HZ).astype(int)
        spectra = np.fft.rfft(sound[at[:, None] + np.arange(width)] * window, size, axis=1)[:, band]
        level[first : first + _BLOCK] = 10 * np.log10((np.abs(spectra) ** 2).sum(axis=1) / (width * width) + 1e-12)
    return level


def _segments(phonemes: Sequence[TimedPhoneme], seconds: float) -> Iterator[tuple[float, float, float, float]]:
    """(opening, dominance, start, end): each letter of a phoneme has its share, and pauses are the mouth at rest."""
    held = [(symbols(ipa), start, end) for ipa, start, end in _held(phonemes) if symbols(ipa)]
    before = 0.0
    for letters, start, end in held:
        if start - before > PAUSE:
            yield *_REST, before, start
        before = max(before, end)
        step = (end - start) / len(letters)
        for k, letter in enumerate(letters):
            yield *_OF_SOUND.get(letter, _OTHER), start + k * step, start + (k + 1) * step
    if seconds - before > MARGIN:
        yield *_REST, before, seconds


def _held(phonemes: Sequence[TimedPhoneme]) -> list[TimedPhoneme]:
    """In order, with the short silence before a stop counted to the stop."""
    ordered = sorted(((ipa, start, max(start, end)) for ipa, start, end in phonemes), key=lambda p: p[1])
    held = ordered[:1]
    for (_, _, before), (ipa, start, end) in pairwise(ordered):
        stop = symbols(ipa)[:1] in frozenset("pbtdkgɡqɓʈɖ")
        held.append((ipa, before if stop and 0 < start - before <= CLOSING_PAUSE else start, end))
    return held


def _without_short_gaps(mask: npt.NDArray[np.bool_], longest: float) -> npt.NDArray[np.bool_]:
    whole = mask.copy()
    edges = np.flatnonzero(np.diff(mask.astype(np.int8)))
    for left, right in pairwise(edges):
        if not mask[left + 1] and right - left <= longest * HZ + 1:
            whole[left + 1 : right + 1] = True
    return whole
