"""The speaker network where it is here, a small one of the same shape, and voices."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from selfsame.kit.pcm import Pcm
from selfsame.models.check import status
from selfsame.models.manifest import SPEAKER
from selfsame.providers.embedded.speaker import Ge2eSpeakerEncoder
from selfsame.providers.embedded.speaker.files import CHECKPOINT
from selfsame.settings import load
from tests.speaker.tiny_checkpoint import weights, write

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def real() -> Ge2eSpeakerEncoder:
    found = status(SPEAKER, load().models_dir)
    if found.state != "ready":
        pytest.skip(f"the speaker network is not here ({found.problem}); get it with: selfsame models pull speaker")
    return Ge2eSpeakerEncoder(found.folder)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Ge2eSpeakerEncoder:
    folder = tmp_path_factory.mktemp("tiny-speaker")
    write(folder / CHECKPOINT, weights())
    return Ge2eSpeakerEncoder(folder)


@pytest.fixture(scope="session")
def flite_voices() -> list[Pcm]:
    """Three synthetic men and women, each asking four questions."""
    folder = ROOT / "tests" / "data" / "questions"
    files = json.loads((folder / "manifest.json").read_text())
    names = sorted(file.name for file in folder.glob("*.flac"))
    assert files and len(names) == 12
    voices = []
    for speaker in ("awb", "rms", "slt"):
        parts = [soundfile.read(folder / name, dtype="int16") for name in names if name.endswith(f"-{speaker}.flac")]
        assert all(rate == 16_000 for _, rate in parts)
        voices.append(np.concatenate([pcm for pcm, _ in parts]))
    return voices
