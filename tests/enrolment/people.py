"""People who are tones: each has a pitch, hisses like speech, and is known by an encoder that hears pitches."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
import soundfile

from selfsame.errors import BadInput
from selfsame.kit.pcm import Pcm
from selfsame.studio.voice.cleaning import speech_spans
from selfsame.voice.port import SpeakerAbilities

RATE = 16_000
PEOPLE = 8


class Tones:
    """A `SpeakerEncoder` that knows people by their pitch: 200, 400, 600 ... Hz; silence sounds like all of them."""

    abilities = SpeakerAbilities("tones", PEOPLE, 0.75, 1.6)

    def embed(self, pcm: Pcm) -> np.ndarray:
        if not speech_spans(pcm, RATE):
            raise BadInput("There is no speech in the recording.")
        return self.embed_pieces([pcm])[0]

    def embed_pieces(self, pieces: Sequence[Pcm]) -> np.ndarray:
        rows = np.zeros((len(pieces), PEOPLE), np.float32)
        for row, pcm in zip(rows, pieces, strict=True):
            time = np.arange(len(pcm)) / RATE
            for number in range(PEOPLE):
                row[number] = abs(np.mean(pcm * np.exp(-2j * np.pi * 200 * (number + 1) * time))) + 1e-6
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def speech(person: int, seconds: float, rate: int = RATE) -> Pcm:
    """Four syllables a second of one person, with a pause of half a second at both ends and every four seconds."""
    time = np.arange(round(seconds * rate)) / rate
    random = np.random.default_rng(person)
    hiss = random.standard_normal(len(time)) * 0.35
    syllables = np.sin(np.pi * (time * 4 % 1)) ** 2 * (time % 4.0 < 3.5)
    voice = (np.sin(2 * np.pi * 200 * person * time) + hiss) * syllables * 7_000
    quiet = random.normal(0, 4, round(0.5 * rate))
    room = random.normal(0, 4, len(time))
    return np.concatenate([quiet, voice + room, quiet]).astype(np.int16)


def wav(pcm: Pcm, rate: int = RATE) -> bytes:
    """The sound as a file."""
    out = io.BytesIO()
    soundfile.write(out, pcm, rate, format="WAV", subtype="PCM_16")
    return out.getvalue()
