"""Spoken questions: from a folder of recordings, or said by a synthesiser."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from selfsame.errors import BadInput
from selfsame.evaluator.sound import load
from selfsame.kit.pcm import Pcm

Say = Callable[[str, int], Pcm]
"""Says a text in voice number n, as 16 kHz PCM. Blocking."""

GUIDE_QUESTIONS = (
    "How do I make a clone?",
    "What is Selfsame?",
    "Do I need a graphics card?",
    "Is my voice stored?",
    "Which languages can you speak?",
    "How long must my recording be?",
    "Who can talk with my clone?",
    "How do I delete my data?",
    "Can you be interrupted?",
    "What do I need to start?",
)
_ENDINGS = (".flac", ".wav", ".ogg")


@dataclass(frozen=True, slots=True)
class Question:
    """Sound, and what is said in it where that is known."""

    name: str
    pcm: Pcm
    text: str | None = None


def from_folder(folder: Path, most: int) -> list[Question]:
    """The first recordings of a folder. Texts come from `manifest.json` (file, text or transcript) or `NAME.txt`.

    Raises BadInput when there is none.
    """
    known = _manifest(folder / "manifest.json")
    paths = islice((p for p in sorted(folder.iterdir()) if p.suffix in _ENDINGS), most)
    questions = [Question(path.name, load(path), known.get(path.name) or _beside(path)) for path in paths]
    if not questions:
        raise BadInput(f"{folder} holds no {', '.join(_ENDINGS)} files")
    return questions


def _manifest(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    entries = json.loads(path.read_text("utf-8"))
    return {entry["file"]: entry.get("text") or entry.get("transcript", "") for entry in entries}


def _beside(path: Path) -> str | None:
    text = path.with_suffix(".txt")
    return text.read_text("utf-8").strip() if text.is_file() else None


def synthesised(say: Say, many: int) -> list[Question]:
    """`many` questions about the guide, said in changing voices."""
    return [
        Question(
            f"said-{n}", say(GUIDE_QUESTIONS[n % len(GUIDE_QUESTIONS)], n), GUIDE_QUESTIONS[n % len(GUIDE_QUESTIONS)]
        )
        for n in range(many)
    ]


def hum(seconds: float) -> Pcm:
    """A voice-like buzz, for engines that do not listen to words: harmonics of 120 Hz swelling four times a second."""
    t = np.arange(int(16_000 * seconds)) / 16_000
    buzz = sum(np.sin(2 * np.pi * 120 * k * t) / k for k in range(1, 20))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * t)
    fade = np.minimum(1.0, np.minimum(t, t[::-1]) / 0.01)
    return (3_500 * buzz * swell * fade).astype(np.int16)
