"""What can be measured of a recording of speech without knowing what it should sound like. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from selfsame.kit.pcm import Pcm, Samples, to_float
from selfsame.studio.voice.cleaning import HOP_SECONDS, frame_levels, loudness, runs, speech_mask

CLEAN_DB = 60.0
"""The most that a signal-to-noise ratio is said to be: pauses of digital silence tell nothing of the room."""
EDGE = 0.1
"""Seconds around speech that count neither as speech nor as pause."""
DECAY_FROM, DECAY_TO = 3.0, 13.0
"""Decibels below the end of speech between which a decay is followed."""
BANDS = 25
"""Bands of 200 Hz and more in which the reach of the spectrum is looked for."""


@dataclass(frozen=True, slots=True)
class Measures:
    """`speech_seconds` of `seconds`; `snr_db` up to 60; `clipping` share of the samples of speech that are cut off;
    `modulation` and `decay_seconds` tell of reverberation (see `modulation`, `decay`); `loudness` in LUFS;
    `bandwidth` in Hz, up to where there is speech."""

    seconds: float
    speech_seconds: float
    snr_db: float
    clipping: float
    modulation: float
    decay_seconds: float
    loudness: float
    bandwidth: float


def measure(pcm: Pcm, rate: int) -> Measures:
    """All measures of a recording of one voice at 16 kHz or more; takes some 4 ms of a core per second."""
    levels = frame_levels(pcm, rate)
    mask = speech_mask(levels)
    spoken = np.repeat(mask, round(rate * HOP_SECONDS))
    sound = to_float(pcm[: len(spoken)])
    seconds = len(pcm) / rate
    if not mask.any():
        return Measures(seconds, 0.0, 0.0, 0.0, 0.0, 0.0, loudness(pcm, rate), 0.0)
    return Measures(
        seconds=seconds,
        speech_seconds=float(mask.sum() * HOP_SECONDS),
        snr_db=snr(levels, mask),
        clipping=clipping(sound[spoken]),
        modulation=modulation(sound, mask, rate),
        decay_seconds=decay(levels, mask),
        loudness=loudness(pcm, rate),
        bandwidth=bandwidth(sound, spoken, rate),
    )


def snr(levels: Samples, mask: np.ndarray) -> float:
    """Speech over noise in dB: power of the frames of speech, less that of the pauses, over that of the pauses.

    Where there are no pauses, the quietest twentieth of the frames stands for them.
    """
    edge = round(EDGE / HOP_SECONDS)
    near = np.convolve(mask, np.ones(2 * edge + 1))[edge : edge + len(mask)] > 0
    power = 10 ** (levels.astype(np.float64) / 10)
    quiet = power[~near]
    noise = float(np.mean(quiet)) if len(quiet) >= 30 else float(np.quantile(power, 0.05))
    speech = max(float(np.mean(power[mask])) - noise, 1e-12)
    return float(np.clip(10 * np.log10(speech / max(noise, 1e-12)), 0.0, CLEAN_DB))


def clipping(speech: Samples) -> float:
    """Share of samples that pile up at the top of the range, wherever that top is now.

    The density of speech falls steeply towards its peak. Where it was cut off, the topmost twelfth holds more than
    the one below; what it holds more is what was cut. Recordings that were made quieter after clipping show it too.
    """
    size = np.abs(speech)
    top = float(np.quantile(size, 0.9999)) if len(size) else 0.0
    if top <= 0.001:
        return 0.0
    first = np.count_nonzero(size >= 0.917 * top)
    second = np.count_nonzero((size >= 0.833 * top) & (size < 0.917 * top))
    return max(0.0, (first - second - 3e-4 * len(size)) / len(size))


def modulation(sound: Samples, mask: np.ndarray, rate: int) -> float:
    """Speech-to-reverberation modulation ratio in dB, after Falk, Zheng and Chan (2010): energy of the envelopes' slow
    modulations (2 to 16 Hz) over that of quick ones (16 to 90 Hz), the mean over bands. Reverberation smears both, but
    adds quick ones between the words."""
    envelopes, fps = _envelopes(sound, rate)
    length = min(len(mask) * round(fps * HOP_SECONDS), envelopes.shape[0])
    envelopes = envelopes[:length]
    size = round(0.5 * fps)
    if len(envelopes) < size:
        return 0.0
    hertz = np.fft.rfftfreq(size, 1 / fps)
    slow, quick = (hertz >= 2) & (hertz < 16), (hertz >= 16) & (hertz < 90)
    spoken = np.repeat(mask, round(fps * HOP_SECONDS))[: len(envelopes)]
    total = np.zeros((2, envelopes.shape[1]))
    window = np.hanning(size)[:, None]
    for start in range(0, len(envelopes) - size + 1, size // 2):
        if spoken[start : start + size].mean() < 0.5:
            continue
        part = envelopes[start : start + size]
        spectrum = np.abs(np.fft.rfft((part - part.mean(0)) * window, axis=0)) ** 2
        total += np.stack([spectrum[slow].sum(0), spectrum[quick].sum(0)])
    if not total[1].all():
        return 0.0
    return float(np.mean(10 * np.log10(total[0] / total[1])))


def _envelopes(sound: Samples, rate: int) -> tuple[np.ndarray, float]:
    """Magnitudes in 18 bands from 125 Hz to 6.5 kHz, 400 a second, shape (frames, bands)."""
    hop = rate // 400
    size = 2 * hop * 3
    padded = np.pad(sound, size // 2)
    views = np.lib.stride_tricks.sliding_window_view(padded, size)[::hop]
    hertz = np.fft.rfftfreq(size, 1 / rate)
    edges = np.geomspace(125, min(6_500, 0.45 * rate), 19)
    bands = [(hertz >= low) & (hertz < high) for low, high in zip(edges[:-1], edges[1:], strict=True)]
    bands = [band for band in bands if band.any()]
    window = np.hanning(size).astype(np.float32)
    found = np.empty((len(views), len(bands)), np.float32)
    for start in range(0, len(views), 8192):
        power = np.abs(np.fft.rfft(views[start : start + 8192] * window, axis=1)) ** 2
        found[start : start + 8192] = np.stack([np.sqrt(power[:, band].sum(1)) for band in bands], axis=1)
    return found, rate / hop


def decay(levels: Samples, mask: np.ndarray) -> float:
    """Seconds in which sound would fall by 60 dB, by the quicker falls at the ends of speech; a bound from above.

    A fall is followed from 3 to 13 dB under the last loud frame. The 30 % quickest falls count, as slow ones are the
    speaker's own (Wen, Habets and Naylor, "Blind estimation of reverberation time", 2008, choose so as well).
    """
    falls = []
    for _, end in runs(mask):
        start = max(0, end - 25)
        part = np.convolve(levels[start : end + 60], np.ones(3) / 3, "valid")
        if len(part) < 20:
            continue
        peak = int(np.argmax(part[:26] if len(part) > 26 else part))
        below = part[peak] - part[peak:]
        first, last = np.argmax(below > DECAY_FROM), np.argmax(below > DECAY_TO)
        if last > first:
            falls.append((last - first) * HOP_SECONDS * 60 / (below[last] - below[first]))
    return float(np.quantile(falls, 0.3)) if len(falls) >= 3 else 0.0


def bandwidth(sound: Samples, spoken: np.ndarray, rate: int) -> float:
    """Hz up to which speech reaches: the highest band within 55 dB of the loudest that stands out of the pauses."""
    size = 1024
    frames = len(sound) // size
    if not frames:
        return 0.0
    views = sound[: frames * size].reshape(frames, size)
    share = spoken[: frames * size].reshape(frames, size).mean(1)
    power = np.abs(np.fft.rfft(views * np.hanning(size), axis=1)) ** 2
    hertz = np.fft.rfftfreq(size, 1 / rate)
    edges = np.arange(200, rate / 2 + 1, 200)
    loud, quiet = power[share > 0.7], power[share < 0.05]
    if not len(loud):
        return 0.0  # it is spoken in snatches shorter than a block
    speech = np.array([loud[:, _between(hertz, a)].mean() for a in edges[:-1]])
    noise = np.array([quiet[:, _between(hertz, a)].mean() for a in edges[:-1]]) if len(quiet) > 3 else 0.0
    if not np.isfinite(speech).all() or speech.max() <= 0:
        return 0.0
    reach = (speech > speech.max() * 10**-5.5) & (speech > 2 * noise)
    return float(edges[np.flatnonzero(reach)[-1]] + 200) if reach.any() else 0.0


def _between(hertz: np.ndarray, low: float) -> np.ndarray:
    return (hertz >= low) & (hertz < low + 200)
