"""What rooms, microphones and careless hands do to a recording, by program."""

from __future__ import annotations

import numpy as np

from selfsame.kit.pcm import MICROPHONE_RATE, Pcm

Wide = np.ndarray


def noisy(pcm: Pcm, snr_db: float, seed: int = 5) -> Pcm:
    """White noise, so many dB under the louder half of the frames."""
    noise = np.random.default_rng(seed).standard_normal(len(pcm))
    return _fitting(pcm + noise * speech_rms(pcm) * 10 ** (-snr_db / 20))


def clipped(pcm: Pcm, share: float, gain: float = 1.0) -> Pcm:
    """The loudest share of the samples cut off; then made quieter by `gain`."""
    top = np.quantile(np.abs(pcm.astype(float)), 1 - share)
    return _fitting(np.clip(pcm.astype(float), -top, top) * (32_000 / top) * gain)


def reverberant(pcm: Pcm, seconds: float, direct_db: float = 0.0, seed: int = 2) -> Pcm:
    """Convolved with decaying noise of that reverberation time; `direct_db` is the direct over the late sound."""
    time = np.arange(int(seconds * MICROPHONE_RATE)) / MICROPHONE_RATE
    room = np.random.default_rng(seed).standard_normal(len(time)) * 10 ** (-3 * time / seconds)
    room[:32] = 0
    room *= 10 ** (-direct_db / 20) / np.sqrt((room**2).sum())
    room[0] = 1
    size = len(pcm) + len(room)
    wet = np.fft.irfft(np.fft.rfft(pcm.astype(float), size) * np.fft.rfft(room, size), size)[: len(pcm)]
    return _fitting(wet * speech_rms(pcm) / max(1.0, speech_rms(wet)))


def narrow(pcm: Pcm, hertz: float) -> Pcm:
    """Nothing above `hertz`."""
    spectrum = np.fft.rfft(pcm.astype(float))
    bins = np.fft.rfftfreq(len(pcm), 1 / MICROPHONE_RATE)
    return _fitting(np.fft.irfft(spectrum / (1 + np.exp(np.clip((bins - hertz) / 60, -50, 50))), len(pcm)))


def speech_rms(sound: Wide) -> float:
    """Root mean square of the louder half of the frames."""
    frames = sound[: len(sound) // 400 * 400].astype(float).reshape(-1, 400)
    power = np.sort((frames**2).mean(1))
    return float(np.sqrt(power[len(power) // 2 :].mean()))


def _fitting(sound: Wide) -> Pcm:
    return np.clip(sound, -32768, 32767).astype(np.int16)
