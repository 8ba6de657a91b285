"""Where in a recording there is speech, how loud it is, and its utterances cut out at one level. Pure.

Loudness is that of ITU-R BS.1770-4 (K-weighted, gated), its weighting applied in the frequency domain. No noise is
taken away: nothing was measured yet that helps (docs/decisions/0031-speaker-and-consent.md).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from selfsame.kit.pcm import Pcm, Samples, from_float, to_float

HOP_SECONDS = 0.01
WINDOW_HOPS = 3
BAND = (150.0, 4_000.0)
"""Hz in which speech is looked for: hum and rumble lie below, hiss above."""
SILENCE_DB = -75.0
STANDS_OUT_DB = 6.0
"""What a recording's loud frames must rise above its quiet ones for there to be speech at all."""
PART_WAY = 0.35
"""Of the way from the quiet to the loud, in decibels: above it is speech."""
GAP, BURST, MARGIN = 0.3, 0.12, 0.08
"""Seconds: shorter pauses belong to the speech, shorter sounds (clicks) do not; so much is kept around speech."""
LOUDNESS = -20.0
"""LUFS of a cleaned utterance, loud enough for any synthesiser and far from clipping."""
PEAK = 10 ** (-1 / 20)
UTTERANCE_LEAST, UTTERANCE_MOST, PAUSE = 1.2, 12.0, 0.25
"""Seconds of an utterance, and between two spans (which have their margins) where one may be cut from the next."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to `end`, in seconds."""

    start: float
    end: float

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self.end - self.start

    def of(self, pcm: Pcm, rate: int) -> Pcm:
        """That part of a sound."""
        return pcm[round(self.start * rate) : round(self.end * rate)]


def frame_levels(pcm: Pcm, rate: int) -> Samples:
    """Level in the band of speech, in dB of full scale, of 30 ms around each 10 ms."""
    hop = round(rate * HOP_SECONDS)
    size = hop * WINDOW_HOPS
    frames = len(pcm) // hop
    if not frames:
        return np.zeros(0, np.float32)
    padded = np.pad(to_float(pcm[: frames * hop]), hop)
    views = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    hertz = np.fft.rfftfreq(size, 1 / rate)
    inside = (hertz >= BAND[0]) & (hertz <= BAND[1])
    window = np.hanning(size).astype(np.float32)
    levels = np.empty(len(views), np.float32)
    for start in range(0, len(views), 4096):  # bounded memory, whatever the length
        spectrum = np.fft.rfft(views[start : start + 4096] * window, axis=1)[:, inside]
        power = (spectrum.real**2 + spectrum.imag**2).sum(1) * 2 / (window**2).sum() / size
        levels[start : start + 4096] = 10 * np.log10(power + 1e-12)
    return levels


def speech_mask(levels: Samples) -> np.ndarray:
    """Which frames are speech: part way from the quiet to the loud ones, short gaps filled, clicks left out."""
    audible = levels[levels > SILENCE_DB]
    if len(audible) < 10:
        return np.zeros(len(levels), bool)
    low, high = np.percentile(levels, 8), np.percentile(audible, 95)
    low = max(float(low), SILENCE_DB)
    if high - low < STANDS_OUT_DB:
        return np.zeros(len(levels), bool)
    smooth = np.convolve(np.pad(levels, 2, mode="edge"), np.ones(5) / 5, "valid")
    mask = smooth > low + PART_WAY * (high - low)
    mask = _filled(mask, round(GAP / HOP_SECONDS))
    return ~_filled(~mask, round(BURST / HOP_SECONDS))


def _filled(mask: np.ndarray, most: int) -> np.ndarray:
    """The mask with false runs up to `most` frames between true ones made true."""
    filled = mask.copy()
    for first, end in runs(~mask):
        if first > 0 and end < len(mask) and end - first <= most:
            filled[first:end] = True
    return filled


def runs(mask: np.ndarray) -> list[tuple[int, int]]:
    """First and end of each true run."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def speech_spans(pcm: Pcm, rate: int) -> list[Span]:
    """Stretches of speech, in order, with a little around each."""
    total = len(pcm) / rate
    found: list[Span] = []
    for first, end in runs(speech_mask(frame_levels(pcm, rate))):
        start, stop = max(0.0, first * HOP_SECONDS - MARGIN), min(total, end * HOP_SECONDS + MARGIN)
        if found and start <= found[-1].end:
            found[-1] = Span(found[-1].start, stop)
        else:
            found.append(Span(start, stop))
    return found


def loudness(pcm: Pcm, rate: int) -> float:
    """LUFS by ITU-R BS.1770-4 for one channel; -70 when all is silence."""
    block, step = round(0.4 * rate), round(0.1 * rate)
    if len(pcm) < block:
        pcm = np.pad(pcm, (0, block - len(pcm)))
    weighted = _k_weighted(to_float(pcm), rate)
    sums = np.concatenate([[0.0], np.cumsum(weighted.astype(np.float64) ** 2)])
    starts = np.arange(0, len(pcm) - block + 1, step)
    powers = np.maximum((sums[starts + block] - sums[starts]) / block, 1e-12)
    loud = -0.691 + 10 * np.log10(powers)
    kept = powers[loud > -70]
    if not len(kept):
        return -70.0
    gate = -0.691 + 10 * np.log10(kept.mean()) - 10
    kept = powers[(loud > -70) & (loud > gate)]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def _k_weighted(sound: Samples, rate: int) -> Samples:
    """The pre-filter and the high-pass of BS.1770, by their magnitudes (their phases do not matter to power)."""
    hertz = np.fft.rfftfreq(len(sound), 1 / rate)
    z = np.exp(-2j * np.pi * hertz / 48_000)  # the filters are defined at 48 kHz
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.fft.irfft(np.fft.rfft(sound) * np.abs(shelf * high), len(sound)).astype(np.float32)


def at_level(pcm: Pcm, rate: int) -> Pcm:
    """The sound at LOUDNESS without its mean; quieter where its peaks would clip."""
    sound = to_float(pcm)
    sound = sound - sound.mean() if len(sound) else sound
    gain = 10 ** ((LOUDNESS - loudness(pcm, rate)) / 20)
    peak = float(np.abs(sound).max()) if len(sound) else 0.0
    return from_float(sound * min(gain, PEAK / peak if peak > 0 else 1.0))


def utterances(spans: list[Span]) -> list[Span]:
    """Spans joined over short pauses and cut at long ones, so that each is a sentence or so.

    A stretch without a pause that is longer than UTTERANCE_MOST stays whole up to twice that, then it is cut evenly.
    What stays shorter than UTTERANCE_LEAST is left out.
    """
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last is not None and span.start - last.end < PAUSE and span.end - last.start <= UTTERANCE_MOST:
            joined[-1] = Span(last.start, span.end)
        else:
            joined.append(span)
    cut: list[Span] = []
    for span in joined:
        parts = max(1, round(span.seconds / UTTERANCE_MOST)) if span.seconds > 2 * UTTERANCE_MOST else 1
        edges = np.linspace(span.start, span.end, parts + 1)
        cut += [Span(float(a), float(b)) for a, b in zip(edges[:-1], edges[1:], strict=True)]
    return [span for span in cut if span.seconds >= UTTERANCE_LEAST]
