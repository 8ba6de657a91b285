"""Word error of the embedded recogniser in noise: `python -m tests.ears.measure_noise CACHE_FOLDER [SILERO_ONNX]`.

The questions of `tests/data/questions`, and sixteen short phrases in three voices if the program `flite` is here, go
through the whole ears in real time, twelve sessions at once: each a new speaker, with noise before, in and after the
voice. Prints word error, the share of utterances heard whole, and the wait from the last voice to the final words,
with and without the noise suppressor. `CACHE_FOLDER` keeps the adapted language model.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which

import anyio
import jiwer
import numpy as np
import soundfile

from selfsame.demo import DEMO
from selfsame.ears.listen import ListenEngines, ListenOptions, listen
from selfsame.ears.port import HearingOptions
from selfsame.ears.scribe import ScribeOptions
from selfsame.ears.turn_detector import TextTurnDetector
from selfsame.events.audio import AudioFrame, Sound
from selfsame.events.heard import Heard, UtteranceEnded
from selfsame.kit.pcm import MICROPHONE_RATE, Pcm
from selfsame.kit.pipes import Pipe
from selfsame.providers.embedded.sphinx.recogniser import Knowledge, SphinxOptions, SphinxSpeechToText
from selfsame.providers.embedded.voice_activity.choice import DetectorChoice, detectors
from tests.ears.sounds import noise, pink

QUESTIONS = Path(__file__).resolve().parents[1] / "data" / "questions"
PHRASES = [
    "hello",
    "hi",
    "thank you",
    "who are you",
    "stop",
    "yes",
    "no",
    "goodbye",
    "can you hear me",
    "what can you do",
    "what is your name",
    "hello who are you",
    "thanks",
    "wait",
    "tell me more",
    "how are you",
]
VOICES = ("slt", "rms", "awb")
PEAK = 16384
ROOM, END = 0.75, 2.0
FRAME = 512
TOGETHER = 12


@dataclass(frozen=True, slots=True)
class Spoken:
    text: str
    pcm: Pcm


@dataclass(frozen=True, slots=True)
class Result:
    text: str
    heard: str
    wait: float


def plain(text: str) -> str:
    return " ".join(re.sub(r"[^a-z' ]+", " ", text.lower()).split())


def questions() -> list[Spoken]:
    rows = json.loads((QUESTIONS / "manifest.json").read_text("utf-8"))
    return [Spoken(plain(row["text"]), soundfile.read(QUESTIONS / row["file"], dtype="int16")[0]) for row in rows]


def phrases() -> list[Spoken]:
    """Short things that people say first, as loud as the questions; none without `flite`."""
    made: list[Spoken] = []
    if which("flite") is None:
        return made
    with tempfile.TemporaryDirectory() as folder:
        for text in PHRASES:
            for voice in VOICES:
                subprocess.run(["flite", "-voice", voice, "-t", text, "-o", f"{folder}/said.wav"], check=True)
                sound = soundfile.read(f"{folder}/said.wav", dtype="float32")[0]
                made.append(Spoken(text, (sound * (PEAK / np.abs(sound).max())).astype(np.int16)))
    return made


def in_noise(pcm: Pcm, make: Callable[..., Pcm], level: float, seed: int) -> Pcm:
    """The sound in `level` (RMS, of 32768) of noise, which begins before it and goes on after it."""
    quiet = np.zeros(round(ROOM * MICROPHONE_RATE), np.int16), np.zeros(round(END * MICROPHONE_RATE), np.int16)
    sound = np.concatenate((quiet[0], pcm, quiet[1])).astype(np.int32)
    return np.clip(sound + make(len(sound) / MICROPHONE_RATE, level / 32768, seed=seed), -32768, 32767).astype(np.int16)


async def _hear(pcm: Pcm, engines: ListenEngines, filtered: bool) -> tuple[str, float]:
    pipe: Pipe[Sound] = Pipe("measure", 10_000, "wait")
    ended: list[UtteranceEnded] = []

    def emit(event: Heard) -> None:
        if isinstance(event, UtteranceEnded):
            ended.append(event)

    async def feed() -> None:
        begun = anyio.current_time()
        for start in range(0, len(pcm), FRAME):
            end = (start + FRAME) / MICROPHONE_RATE
            await anyio.sleep(max(0.0, begun + end - anyio.current_time()))
            pipe.put_now(AudioFrame(pcm[start : start + FRAME], end))
        pipe.close()

    options = ListenOptions(HearingOptions("demo"), scribe=ScribeOptions(filtered=filtered))
    async with anyio.create_task_group() as group:
        group.start_soon(feed)
        await listen(pipe, engines, options, emit)
    waits = [each.at - each.last_voice + each.decode_seconds for each in ended]
    return plain(" ".join(each.hypothesis.text for each in ended)), max(waits, default=0.0)


async def _all(sounds: list[Spoken], make, level: float, ears, filtered: bool) -> list[Result]:
    engine, choice = ears
    results: list[Result] = []
    limit = anyio.Semaphore(TOGETHER)

    async def one(number: int, spoken: Spoken) -> None:
        async with limit:
            engines = ListenEngines(engine, choice.open(), TextTurnDetector())
            heard, wait = await _hear(in_noise(spoken.pcm, make, level, number), engines, filtered)
            results.append(Result(spoken.text, heard, wait))

    async with anyio.create_task_group() as group:
        for number, spoken in enumerate(sounds):
            group.start_soon(one, number, spoken)
    return results


def _print(name: str, results: list[Result]) -> None:
    error = jiwer.wer([r.text for r in results], [r.heard for r in results])
    whole = np.mean([r.text == r.heard for r in results])
    wait = np.median([r.wait for r in results]) * 1000
    print(f"{name:48} word error {error:.3f}  heard whole {whole:.2f}  wait p50 {wait:.0f} ms", flush=True)


async def main(cache: Path, choice: DetectorChoice) -> None:
    texts = [text for _, text, language in DEMO.documents if language == "EN"]
    async with SphinxSpeechToText(cache, SphinxOptions(workers=2, prepare=False)) as engine:
        await engine.adapt("demo", Knowledge("1", texts))
        for filtered in (True, False):
            for name, make in (("white", noise), ("pink", pink)):
                for level in (8, 60, 150, 400):
                    results = await _all(questions(), make, level, (engine, choice), filtered)
                    _print(f"questions, {name} {level}, {'suppressed' if filtered else 'as it is'}", results)
            for level in (4, 150) if which("flite") else ():
                results = await _all(phrases(), noise, level, (engine, choice), filtered)
                _print(f"phrases, white {level}, {'suppressed' if filtered else 'as it is'}", results)


if __name__ == "__main__":
    anyio.run(main, Path(sys.argv[1]), detectors("auto", Path(sys.argv[2]) if len(sys.argv) > 2 else None))
