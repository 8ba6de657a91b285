"""Questions about a folder of knowledge, spoken by the synthesisers at hand: the material of the `ears` benchmark."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from selfsame.kit.pcm import MICROPHONE_RATE, Pcm, from_float
from selfsame.providers.embedded.espeak.library import Manner, shared

ESPEAK = (("en-us", 150), ("en-us+m3", 165), ("en-us+f3", 150), ("en-gb", 160))
FLITE = ("slt", "rms", "awb")
FRAMES = (
    "what is {0}",
    "tell me about {0}",
    "what can you tell me about {0}",
    "how does {0} work",
    "why is {0} important",
)
TALK = (
    "hello can you hear me",
    "thank you very much",
    "could you say that again please",
    "what else can you do",
    "please stop talking",
    "let's talk about something else",
    "i have another question",
    "goodbye and take care",
)


@dataclass(frozen=True, slots=True)
class Clip:
    """16 kHz speech, the words said (lower case), and who said them."""

    pcm: Pcm
    words: str
    voice: str


def read_knowledge(folder: Path) -> list[str]:
    """The Markdown files of a folder, in order of their names."""
    return [path.read_text("utf-8") for path in sorted(folder.glob("**/*.md"))]


def questions(texts: list[str], most: int) -> list[str]:
    """Questions on what the texts' own topics are, a fixed choice: the frequent topics of two words or more first."""
    from selfsame.providers.embedded.sphinx.adaptation import questions as topics_of
    from selfsame.providers.embedded.sphinx.adaptation import spoken

    sentences = [s for text in texts for s in spoken.sentences(text)]
    found = topics_of.topics(sentences)
    ranked = sorted((t for t in found if 1 < len(t.split()) < 4), key=lambda t: (-found[t], t))[:most]
    return [FRAMES[i % len(FRAMES)].format(topic) for i, topic in enumerate(ranked)]


def speak(lines: list[str]) -> Iterator[Clip]:
    """Each line by every voice, voice by voice."""
    for name, rate in ESPEAK:
        for line in lines:
            yield Clip(_framed(_espeak(line, name, rate)), line, f"espeak {name}")
    if shutil.which("flite"):
        for name in FLITE:
            for line in lines:
                yield Clip(_framed(_flite(line, name)), line, f"flite {name}")


def recordings(folder: Path) -> Iterator[Clip]:
    """English recordings of a folder with a `manifest.json` (a list of file, speaker, language, transcript)."""
    import soundfile

    from selfsame.providers.embedded.sphinx.adaptation import spoken

    for row in json.loads((folder / "manifest.json").read_text("utf-8")):
        if row.get("language", "en") == "en":
            samples, rate = soundfile.read(folder / row["file"], dtype="float32")
            said = " ".join(spoken.words(row["transcript"]))
            yield Clip(from_float(_resampled(samples, rate)), said, row.get("speaker", ""))


def plain(text: str) -> str:
    """A recognised sentence as lower-case words, for comparison."""
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def _resampled(samples: Any, rate: int) -> Any:
    import soxr

    return samples if rate == MICROPHONE_RATE else soxr.resample(samples, rate, MICROPHONE_RATE)


def _framed(samples: Any) -> Pcm:
    """A room's faint noise around and below the voice, as a microphone would give."""
    padded = np.concatenate([np.zeros(3200), np.asarray(samples) * 0.7, np.zeros(4800)])
    return from_float(padded + np.random.default_rng(7).normal(0.0, 3e-4, len(padded)))


def _flite(line: str, voice: str) -> Any:
    import soundfile

    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "said.wav"
        subprocess.run(["flite", "-voice", voice, "-t", line, "-o", str(out)], check=True, capture_output=True)
        samples, rate = soundfile.read(out, dtype="float32")
    return _resampled(samples, rate)


def _espeak(line: str, voice: str, words_a_minute: int) -> Any:
    library = shared()
    pieces: list[Any] = []
    library.speak(line, Manner(voice, words_a_minute), lambda pcm, _events: pieces.append(pcm) is None)
    return _resampled(np.concatenate(pieces).astype(np.float32) / 32768.0, library.sample_rate)
