"""Measure the ears on real recordings: `python -m tests.ears.measure SPEECH_FOLDER SILERO_ONNX`.

Prints, per white-noise ratio: onset latency (energy onset to `SpeechStarted`), false starts before any voice, the
silence that ended the turn, and the wait from the last voice by energy to `SpeechPaused` and `UtteranceEnded`; then
CPU seconds per session-minute. The recogniser is a stand-in that says the true transcript as the sound goes by, and
costs nothing.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import numpy as np

from selfsame.ears.listen import ListenEngines, ListenOptions, listen
from selfsame.ears.port import HearingAbilities, HearingOptions, Recognition, VoiceActivityDetector
from selfsame.ears.turn_detector import TextTurnDetector
from selfsame.events.audio import AudioFrame
from selfsame.events.heard import Heard, Hypothesis, SpeechPaused, SpeechStarted, UtteranceEnded
from selfsame.kit.clock import cpu_seconds
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.providers.embedded.voice_activity.choice import DetectorChoice, detectors
from tests.ears.sounds import LEVEL, Recording, noise, recordings, silence


class Reader:
    """Says `text` word by word over `seconds` of sound."""

    abilities = HearingAbilities("reader", frozenset({"EN", "ES", "ZH"}))

    def __init__(self, text: str, seconds: float) -> None:
        self._words, self._seconds, self._heard = text.split(), seconds, 0.0

    @asynccontextmanager
    async def open(self, options: HearingOptions) -> AsyncIterator[Recognition]:
        yield self

    async def accept(self, pcm: Pcm) -> None:
        self._heard += len(pcm) / MICROPHONE_RATE

    async def hypothesis(self) -> Hypothesis:
        return Hypothesis(" ".join(self._words[: round(len(self._words) * self._heard / self._seconds)]))

    async def finish(self) -> Hypothesis:
        return await self.hypothesis()


def heard(pcm: Pcm, reader: Reader, detector: VoiceActivityDetector) -> list[Heard]:
    out: list[Heard] = []
    anyio.run(listen, _frames(pcm), ListenEngines(reader, detector, TextTurnDetector()), ListenOptions(), out.append)
    return out


async def _frames(pcm: Pcm, size: int = 320) -> AsyncIterator[AudioFrame]:
    for end in range(size, len(pcm) + 1, size):
        yield AudioFrame(pcm[end - size : end], end / MICROPHONE_RATE)


def latencies(recording: Recording, number: int, snr: float, choice: DetectorChoice) -> dict[str, float]:
    """One recording between silences, in noise; seconds by name, absent where it does not apply."""
    lead = 2.0 + number * 0.0137 % 0.032
    quiet = np.concatenate((silence(lead), recording.pcm, silence(2.5)))
    hiss = noise(len(quiet) / MICROPHONE_RATE, LEVEL * 10 ** (-snr / 20), seed=number)
    sound = np.clip(quiet.astype(np.int32) + hiss[: len(quiet)], -32768, 32767).astype(np.int16)
    onset, offset = lead + recording.onset, lead + recording.offset
    events = heard(sound, Reader(recording.text, recording.offset - recording.onset + 0.45), choice.open())
    ends = [each for each in events if isinstance(each, UtteranceEnded)]
    found = {"before voice": float(events[0].at < lead), "ends too soon": len(ends) - 1.0}
    if isinstance(events[0], SpeechStarted) and events[0].at > onset - 0.05:
        found["onset to started"] = events[0].at - onset
    if recording.offset < 6.5:  # recordings that were cut at 7 s end in mid-word
        paused = [each.at for each in events if isinstance(each, SpeechPaused)]
        found["silence that ended"] = ends[-1].at - ends[-1].last_voice
        found["last voice to paused"] = paused[-1] - offset
        found["last voice to ended"] = ends[-1].at - offset
    return found


def cpu_per_minute(pcm: Pcm, choice: DetectorChoice) -> float:
    before = cpu_seconds()
    heard(pcm, Reader("word " * 180, 60.0), choice.open())
    return (cpu_seconds() - before) * 60 * MICROPHONE_RATE / len(pcm)


def main(folder: Path, model: Path) -> None:
    speech = recordings(folder)
    choice = detectors("auto", model)
    for snr in (45.0, 20.0, 10.0, 5.0, 0.0):
        rows = [latencies(each, i, snr, choice) for i, each in enumerate(speech)]
        print(f"{choice.name}, {len(rows)} recordings, white noise at {snr:.0f} dB")
        for name in ("onset to started", "silence that ended", "last voice to paused", "last voice to ended"):
            values = [row[name] * 1000 for row in rows if name in row]
            p50, p95 = np.percentile(values, [50, 95])
            print(f"  {name:22} p50 {p50:4.0f} ms  p95 {p95:4.0f} ms  (n = {len(values)})")
        print(f"  false starts before voice {sum(row['before voice'] for row in rows):.0f},", end=" ")
        print(f"ends inside a recording {sum(row['ends too soon'] for row in rows):.0f}")
    talk = np.concatenate([part for each in speech for part in (each.pcm[: 4 * MICROPHONE_RATE], silence(6))])
    room = noise(60, 0.001)
    minute = 60 * MICROPHONE_RATE
    sounds = {
        "digital silence": silence(60),
        "a quiet room": room,
        "a talk (4 s of 10 are speech)": talk[:minute] + room,
        "speech without end": np.concatenate([each.pcm for each in speech])[:minute],
    }
    for name, sound in sounds.items():
        print(f"CPU seconds per session-minute, {name:30} {cpu_per_minute(sound, choice):.3f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
