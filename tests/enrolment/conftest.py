"""Speech to enrol: made by the embedded synthesiser, from the repository's recordings, and real where it is at hand."""

from __future__ import annotations

import json
import os
from pathlib import Path

import numpy as np
import pytest
import soundfile

from selfsame.kit.pcm import Pcm
from selfsame.models.check import status
from selfsame.models.manifest import SPEAKER
from selfsame.providers.embedded.speaker import Ge2eSpeakerEncoder
from selfsame.settings import load

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def encoder() -> Ge2eSpeakerEncoder:
    found = status(SPEAKER, load().models_dir)
    if found.state != "ready":
        pytest.skip(f"the speaker network is not here ({found.problem}); get it with: selfsame models pull speaker")
    return Ge2eSpeakerEncoder(found.folder)


@pytest.fixture(scope="session")
def voices() -> dict[str, Pcm]:
    """Three voices, each asking four questions with pauses between them, at 16 kHz."""
    folder = ROOT / "tests" / "data" / "questions"
    found = {}
    for speaker in ("awb", "rms", "slt"):
        parts: list[np.ndarray] = [_pause(0.5, 0)]
        for number, path in enumerate(sorted(folder.glob(f"*-{speaker}.flac"))):
            parts += [soundfile.read(path, dtype="int16")[0], _pause(0.5, number)]
        found[speaker] = np.concatenate(parts)
    return found


def _pause(seconds: float, seed: int) -> np.ndarray:
    """A quiet room, not digital silence."""
    return np.random.default_rng(seed).normal(0, 6, round(seconds * 16_000)).astype(np.int16)


@pytest.fixture(scope="session")
def readers() -> dict[str, list[Pcm]]:
    """Real readers of six and more recordings each, at 16 kHz."""
    folder = Path(os.environ.get("SELFSAME_TEST_DATA", ROOT.parent / "shared" / "data")) / "speech"
    if not (folder / "manifest.json").is_file():
        pytest.skip(f"no speech at {folder}; set SELFSAME_TEST_DATA to a folder with speech/manifest.json")
    found: dict[str, list[Pcm]] = {}
    for entry in json.loads((folder / "manifest.json").read_text()):
        pcm, rate = soundfile.read(folder / entry["file"], dtype="int16")
        if rate == 16_000:
            found.setdefault(entry["speaker"], []).append(pcm)
    return {name: parts for name, parts in found.items() if len(parts) >= 6}
