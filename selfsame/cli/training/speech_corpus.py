"""Speech whose mouth is known: the embedded synthesiser in many voices, and what rooms and microphones do to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from selfsame.cli.training.sentences import SENTENCES
from selfsame.demo import DEMO
from selfsame.events.spoken import SpokenChunk
from selfsame.face.articulation import Mouths, articulate, with_rests
from selfsame.face.motion import segments_of
from selfsame.face.sound.features import HOP, WINDOW
from selfsame.face.visemes import MOUTH
from selfsame.kit.pcm import Pcm, from_float, to_float
from selfsame.kit.sentences import sentences
from selfsame.providers.embedded.espeak.library import Manner, shared
from selfsame.providers.embedded.espeak.timeline import Timeline

VOICES = {"EN": ("en-us", "en-gb-x-rp"), "ES": ("es-419", "es"), "ZH": ("cmn",)}
# fmt: off
VARIANTS = (
    "klatt", "klatt2", "klatt4", "klatt6", "m1", "m2", "m3", "m4", "m6", "m8", "f1", "f2", "f3", "f4", "Alex", "Andy",
    "Annie", "Diogo", "Gene", "Lee", "Mario", "Michael", "adam", "anika", "belinda", "boris", "david", "ed", "grandma",
    "iven2", "john", "linda", "marcelo", "max", "paul", "rob", "sandro", "steph", "victor", "zac",
)
# fmt: on
HELD_OUT = ("klatt3", "m5", "m7", "f5", "Denis", "Andrea", "Mike", "robert", "shelby", "caleb")
"""Variants that training never hears."""


@dataclass(frozen=True, slots=True)
class Example:
    """Sound, and the mouth of the phoneme track at the middle of every row of its features."""

    pcm: Pcm
    sample_rate: int
    mouths: Mouths


def speak(text: str, manner: Manner) -> SpokenChunk:
    """The text as one chunk with its phonemes. Raises Refused for an unknown voice."""
    timeline = Timeline(text, shared().sample_rate)

    def take(pcm: Pcm, events: list) -> bool:
        timeline.feed(pcm, events)
        return True

    shared().speak(text, manner, take)
    chunks, origin, phonemes = timeline.take() + timeline.finish(), 0.0, []
    for chunk in chunks:
        phonemes += [type(p)(p.ipa, p.start + origin, p.end + origin) for p in chunk.phonemes]
        origin += chunk.seconds
    sound = np.concatenate([np.zeros(0, np.int16), *(chunk.pcm for chunk in chunks)])
    return SpokenChunk(sound, shared().sample_rate, text, (), tuple(phonemes))


def texts() -> dict[str, list[str]]:
    """Sentences by language: those written for training, and the demonstration clone's guide."""
    found = {language: list(lines) for language, lines in SENTENCES.items()}
    for _, document, language in DEMO.documents:
        plain = re.sub(r"```.*?```|`[^`]*`|[#*|_<>\[\]()]", " ", document, flags=re.DOTALL)
        for paragraph in plain.split("\n\n"):
            cut = sentences(" ".join(paragraph.split()))
            found[language] += [s for s in cut if (4 if language == "ZH" else 15) < len(s) < 160]
    return found


def corpus(seconds: float, variants: tuple[str, ...], seed: int, *, clean: bool = False) -> Iterator[Example]:
    """About so many seconds of speech: half of it English, the rest Spanish and Mandarin, every sentence otherwise."""
    chance, written, made = np.random.default_rng(seed), texts(), 0.0
    while made < seconds:
        language = str(chance.choice(["EN", "ES", "ZH"], p=[0.5, 0.25, 0.25]))
        text = " ".join(chance.choice(written[language], 2))
        voice = f"{chance.choice(VOICES[language])}+{chance.choice(variants)}"
        manner = Manner(
            voice, int(chance.integers(115, 260)), int(chance.integers(20, 85)), int(chance.integers(20, 90))
        )
        chunk = speak(text, manner)
        if chunk.seconds < 1.0:
            continue
        made += chunk.seconds
        yield example(chunk) if clean else disturbed(chunk, chance)


def example(chunk: SpokenChunk, faster: float = 1.0) -> Example:
    """The chunk with its mouths. `faster` is by how much its sound was sped up after its times were taken."""
    rows = max(0, int((chunk.seconds - WINDOW) / HOP) + 1)
    times = (np.arange(rows, dtype=np.float64) * HOP + WINDOW / 2) * faster
    segments = with_rests(segments_of(chunk.phonemes))
    pieces = [articulate(times[at : at + 200], segments) for at in range(0, rows, 200)]
    mouths = np.concatenate([np.zeros((0, len(MOUTH))), *pieces])
    return Example(chunk.pcm, chunk.sample_rate, mouths)


def disturbed(chunk: SpokenChunk, chance: np.random.Generator) -> Example:
    """The chunk as another mouth, microphone and room would give it."""
    sound, rate = to_float(chunk.pcm).astype(np.float64), chunk.sample_rate
    # Another length of the vocal tract, and with it another speed and pitch.
    faster = float(np.exp(chance.uniform(-0.17, 0.17)))
    sound = np.interp(np.arange(0, len(sound) - 1, faster), np.arange(len(sound)), sound)
    if chance.random() < 0.6:
        tail = int(chance.uniform(0.05, 0.35) * rate)
        echo = chance.standard_normal(tail) * np.exp(-5.0 * np.arange(tail) / tail)
        echo *= chance.uniform(0.1, 0.6) / np.sqrt((echo**2).sum())
        echo[0] += 1.0
        sound = np.fft.irfft(np.fft.rfft(sound, len(sound) + tail) * np.fft.rfft(echo, len(sound) + tail))[: len(sound)]
    sound = _equalised(sound, rate, chance)
    sound *= 10 ** (chance.uniform(-36, -16) / 20) / max(1e-6, np.sqrt((sound**2).mean()))
    if chance.random() < 0.7:
        noise = np.fft.rfft(chance.standard_normal(len(sound)))
        noise *= (1.0 + np.arange(len(noise))) ** -chance.uniform(0.0, 0.6)
        hiss = np.fft.irfft(noise, len(sound))
        sound += hiss * np.sqrt((sound**2).mean() / (hiss**2).mean()) * 10 ** (-chance.uniform(8, 40) / 20)
    return example(SpokenChunk(from_float(sound), rate, chunk.text, (), chunk.phonemes), faster)


def _equalised(sound: npt.NDArray[np.float64], rate: int, chance: np.random.Generator) -> npt.NDArray[np.float64]:
    """Through a random smooth filter of up to some 10 dB; one in six through a narrow line."""
    spectrum = np.fft.rfft(sound)
    octaves = np.log2(np.maximum(30.0, np.fft.rfftfreq(len(sound), 1 / rate)) / 30.0)
    points = np.linspace(0, octaves[-1], 7)
    gains = np.interp(octaves, points, chance.normal(0, 5.0, 7)) + chance.uniform(-2.5, 2.5) * (octaves - 4)
    if chance.random() < 1 / 6:
        gains[(octaves > np.log2(3600 / 30)) | (octaves < np.log2(250 / 30))] -= 35.0
    return np.fft.irfft(spectrum * 10 ** (gains / 20), len(sound))
